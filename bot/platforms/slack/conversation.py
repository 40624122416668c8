"""What people do in Slack, as requests to the core; what they get back, as Slack's messages and views."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from bot.commands import find_command, handle, press
from bot.commands.ask import has_words
from bot.platforms.slack import views
from bot.platforms.slack.people import Person
from bot.platforms.slack.render import message
from bot.platforms.slack.richtext import Json
from bot.platforms.slack.text import plain
from bot.reply import Answer, Place, Reply, Request, Words
from bot.study import Study
from bot.wording import phrases

COMMAND = "/sunbae"  # command names collide between Slack apps, so there is one for all


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody speaks."""

    team: str
    channel: str = ""  # "": App Home
    thread: str | None = None

    @property
    def direct(self) -> bool:
        return self.channel.startswith("D")


class Conversation:
    """One person's part at a spot."""

    def __init__(self, study: Study, turns: asyncio.Semaphore, person: Person, spot: Spot) -> None:
        self._study = study
        self._turns = turns
        self._person = person
        self._spot = spot
        self.phrase = phrases(person.locale)

    async def command(self, words: str) -> Reply:
        """Answer `/sunbae` *words*: a command's name in any language, or a question."""
        words = plain(words)
        name, _, argument = words.partition(" ")
        command = find_command(name) if name else find_command("help")
        # "help me choose a field" is a question: the command takes no words.
        if command is None or (command.takes is None and argument.strip()):
            return await self._handle("ask", self._request(words))
        return await self._handle(command.key, self._request(argument))

    async def direct(self, words: str) -> Reply:
        """Answer a direct message: a command's name alone, or a question."""
        command = find_command(plain(words))
        if command is None:
            return await self._handle("ask", self._request(plain(words)))
        return await self._handle(command.key, self._request(""))

    async def mention(self, words: str, around: tuple[str, ...]) -> Reply:
        """Answer a mention with *words*, or without any the messages *around* it."""
        heard = tuple(plain(each) for each in around)
        return await self._handle("mention", replace(self._request(plain(words)), thread=heard))

    async def find_answer(self, words: str) -> Reply:
        """Look somebody's message up."""
        return await self._handle("ask", self._request(plain(words)))

    async def press(self, button: str) -> Reply:
        """Answer the press of the button with the id *button*."""
        async with self._turns:
            return await press(self._study, button, self._request(""))

    async def suggest(self, words: str) -> list[Json]:
        """Questions that *words* may become, as a select's options."""
        found = await asyncio.to_thread(self._study.library.suggest, words)
        return views.options([(question.short, f"show:{question.id}") for question in found])

    async def home(self) -> Json:
        """App Home."""
        operator = self._person.user.operator
        return views.home_view(
            await self._handle("today", self._request("")),
            await self._handle("browse", self._request("")),
            await self._handle("library", self._request("")) if operator else None,
            self.phrase,
        )

    def page(self, turned: str) -> Json:
        """The view of a long answer's page; *turned* is "<question id>/<marked point>/<page>"."""
        id_, _, rest = turned.partition("/")
        best, _, page = rest.partition("/")
        library = self._study.library
        question = library.question(id_)
        if question is None:
            return views.reply_view(Reply((Words(self.phrase("show.removed")),)), self.phrase)
        answer = Answer(question, library.session_of(question), best if question.point(best) else None)
        return views.page_view(answer, int(page) if page.isdecimal() else 1, self.phrase)

    def message(self, reply: Reply) -> Json:
        """*reply* as a response: in a direct conversation nobody else is there to hide it from."""
        seen = "in_channel" if reply.visibility == "public" or self._spot.direct else "ephemeral"
        placed = {"thread_ts": self._spot.thread} if self._spot.thread else {}
        return {**message(reply, self.phrase), "response_type": seen, "replace_original": False, **placed}

    async def _handle(self, name: str, request: Request) -> Reply:
        async with self._turns:
            return await handle(self._study, name, request)

    def _request(self, text: str) -> Request:
        place = Place("slack", self._spot.team, self._spot.channel, self._spot.thread)
        return Request(text, self._person.user, place, self._person.locale, prefix=f"{COMMAND} ")


def silent(words: str) -> bool:
    """Whether *words* of a mention say nothing, so that the conversation around it is asked."""
    return not has_words(plain(words))
