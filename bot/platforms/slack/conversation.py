"""What people do in Slack, as requests to the core; what they get back, as Slack's messages and views."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands import find_command, handle, press
from bot.commands.ask import has_words
from bot.platforms.slack import views
from bot.platforms.slack.forms import form_view
from bot.platforms.slack.home import home_view
from bot.platforms.slack.membership import obstacle
from bot.platforms.slack.people import People, Person
from bot.platforms.slack.render import message
from bot.platforms.slack.richtext import Json
from bot.platforms.slack.text import plain
from bot.reply import Answer, Place, Reply, Request, Words
from bot.store.database import DatabaseError
from bot.store.records import Subscription
from bot.study import Study
from bot.wording import phrases

COMMAND = "/sunbae"  # command names collide between Slack apps, so there is one for all

# Searches hold Python's lock: with several at once the loop, which must ack in time, waits for each in turn.
_AT_ONCE = 1
_STORE_S = 0.5

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody speaks."""

    team: str
    channel: str = ""  # "": App Home
    thread: str | None = None

    @property
    def direct(self) -> bool:
        return self.channel.startswith("D")


class Conversations:
    """Everybody's conversations with the bot."""

    def __init__(self, study: Study, operators: tuple[str, ...]) -> None:
        """*operators*: the ids of those who run the bot besides the workspace's admins."""
        self._study = study
        self._people = People(study.locale, operators)
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def join(
        self, client: AsyncWebClient, context: AsyncBoltContext, user: str, spot: Spot, name: str = ""
    ) -> Conversation:
        """The part of *user*, called *name* where Slack tells no other."""
        # In a shared channel somebody may come from another workspace.
        person = await self._people.who(client, context.team_id or "", user, name)
        return Conversation(self._study, self._turns, client, person, spot)


class Conversation:
    """One person's part at a spot."""

    def __init__(
        self, study: Study, turns: asyncio.Semaphore, client: AsyncWebClient, person: Person, spot: Spot
    ) -> None:
        self._study = study
        self._turns = turns
        self._client = client
        self._person = person
        self._spot = spot
        self.phrase = phrases(person.locale)

    async def do(self, name: str, argument: str) -> Reply:
        """Give the command *name*."""
        request = self._request(argument, await self._obstacle(name))
        async with self._turn(name):
            return await handle(self._study, name, request)

    async def direct(self, words: str) -> Reply:
        """Answer a direct message: a command's name alone, or a question."""
        command = find_command(plain(words))
        return await (self.do("ask", plain(words)) if command is None else self.do(command.key, ""))

    async def mention(self, words: str, around: tuple[str, ...]) -> Reply:
        """Answer a mention with *words*, or without any the messages *around* it."""
        heard = tuple(plain(each) for each in around)
        async with self._turns:
            return await handle(self._study, "mention", replace(self._request(plain(words)), thread=heard))

    async def find_answer(self, words: str) -> Reply:
        """Look somebody's message up."""
        return await self.do("ask", plain(words))

    async def press(self, button: str) -> Reply:
        """Answer the press of the button with the id *button*."""
        command = button.partition(":")[0]
        request = self._request("", await self._obstacle(command))
        async with self._turn(command):
            return await press(self._study, button, request)

    async def suggest(self, words: str) -> list[Json]:
        """Questions that *words* may become, as a select's options."""
        found = await asyncio.to_thread(self._study.library.suggest, words)
        return views.options([(question.short, f"show:{question.id}") for question in found])

    async def home(self) -> Json:
        """App Home."""
        operator = self._person.user.operator
        return home_view(
            await self.do("today", ""),
            await self.do("browse", ""),
            await self.do("library", "") if operator else None,
            await self._channels() if operator else [],
            self.phrase,
        )

    async def _channels(self) -> list[Subscription]:
        """The workspace's channels with daily advice; none while the database is away: App Home has more."""
        if self._study.store is None:
            return []
        try:
            async with asyncio.timeout(_STORE_S):
                return await self._study.store.subscriptions.of("slack", self._spot.team)
        except (DatabaseError, OSError, TimeoutError) as error:
            log.warning("channels not shown", error=type(error).__name__)
            return []

    def page(self, turned: str) -> Json:
        """The view of a long answer's page; *turned* is "<question id>/<marked point>/<page>"."""
        id_, _, rest = turned.partition("/")
        best, _, page = rest.partition("/")
        library = self._study.library
        question = library.question(id_)
        if question is None:
            return self.view(Reply((Words(self.phrase("show.removed")),)))
        answer = Answer(question, library.session_of(question), best if question.point(best) else None)
        return views.page_view(answer, int(page) if page.isdecimal() else 1, self.phrase)

    def view(self, reply: Reply) -> Json:
        """*reply* as a modal: what is to be filled in, else what is to be read."""
        channel = self._spot.channel
        if reply.form:
            return form_view(reply.form, channel, self.phrase)
        return views.reply_view(reply, channel, self.phrase)

    def message(self, reply: Reply) -> Json:
        """*reply* as a response: in a direct conversation nobody else is there to hide it from."""
        seen = "in_channel" if reply.visibility == "public" or self._spot.direct else "ephemeral"
        placed = {"thread_ts": self._spot.thread} if self._spot.thread else {}
        return {**message(reply, self.phrase), "response_type": seen, "replace_original": False, **placed}

    def _turn(self, command: str) -> AbstractAsyncContextManager[object]:
        # Arranging the daily advice waits for the database, and should keep no search waiting.
        return nullcontext() if command == "tips" else self._turns

    async def _obstacle(self, command: str) -> str:
        if command != "tips" or not self._person.user.operator:
            return ""
        return await obstacle(self._client, self._spot.channel, self.phrase)

    def _request(self, text: str, obstacle: str = "") -> Request:
        place = Place("slack", self._spot.team, self._spot.channel, self._spot.thread)
        return Request(text, self._person.user, place, self._person.locale, prefix=f"{COMMAND} ", obstacle=obstacle)


def meant(words: str) -> tuple[str, str]:
    """The command and its argument in `/sunbae` *words*: its name in any language, or a question."""
    words = plain(words)
    name, *rest = words.split(maxsplit=1) or [""]  # a line's end parts them as well as a space
    argument = "".join(rest)
    command = find_command(name) if name else find_command("help")
    # "help me choose a field" is a question: the command takes no words.
    if command is None or (command.takes is None and argument.strip()):
        return "ask", words
    return command.key, argument


def wants_modal(command: str, reply: Reply) -> bool:
    """Whether *reply* is better filled in or leafed through in a modal than read in the channel."""
    return reply.form is not None or command == "browse"


def silent(words: str) -> bool:
    """Whether *words* of a mention say nothing, so that the conversation around it is asked."""
    return not has_words(plain(words))
