"""The Slack platform as its users meet it: the running bot on the loopback Slack."""

from __future__ import annotations

import asyncio
import contextlib
import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from tests.platforms.chat import Seen
from tests.platforms.processes import BotProcess
from tests.platforms.slack_server import APP_TOKEN, BOT, BOT_TOKEN, CHANNEL, Shown, SlackServer
from tests.platforms.slack_shapes import texts

_NOTE = " · "  # parts a choice from its note
_LINK = re.compile(r"<(https?://[^|>]+)\|([^>]+)>")


@contextlib.asynccontextmanager
async def slack_platform(folder: Path) -> AsyncIterator[Callable[[], Awaitable[SlackChat]]]:
    """The bot in Socket Mode on a loopback Slack; gives the way to join it."""
    async with SlackServer() as server:
        environment = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{server.address}/api",
        }
        bot = await asyncio.to_thread(BotProcess, folder, **environment)
        await server.connected()

        async def join() -> SlackChat:
            return SlackChat(bot, server)

        yield join
        assert await asyncio.to_thread(bot.stop) == 0
        assert not re.search(r"xoxb-|xapp-", bot.logged())
        assert not server.faults, server.faults


class SlackChat:
    """An admin in #bootcamp."""

    def __init__(self, bot: BotProcess, server: SlackServer) -> None:
        self.bot = bot
        self.server = server
        self.user = server.person(admin=True)
        self._spoken = len(server.shown)

    async def leave(self) -> None:
        assert not self.server.faults, self.server.faults

    async def command(self, name: str, words: str = "") -> Seen:
        self._mark()
        await self.server.command(self.user, f"{name} {words}".strip())
        return await self._next_reply()

    async def suggestions(self, name: str, words: str) -> tuple[str, ...]:
        """Slash commands have no suggestions in Slack; App Home's search has."""
        assert name == "질문"
        await self.home_view()
        return tuple(option["text"]["text"] for option in await self._options(words))

    async def choose_suggestion(self, name: str, words: str, label: str) -> Seen:
        assert name == "질문"
        home = await self.home_view()
        option = next(option for option in await self._options(words) if option["text"]["text"] == label)
        self._mark()
        action = {"type": "external_select", "action_id": "suggest", "selected_option": option}
        await self.server.interact(self.user, {"type": "block_actions", "actions": [action], **self._inside(home)})
        return await self._next_reply()

    async def press(self, seen: Seen, label: str) -> Seen:
        shown = next(each for each in reversed(self.server.shown) if each.key == seen.key)
        button = next(each for each in _buttons(shown.body) if _label(each) == label)
        self._mark()
        action = {"type": "button", "action_id": button["action_id"], "value": button["value"], "block_id": "b"}
        await self.server.interact(self.user, {"type": "block_actions", "actions": [action], **self._inside(shown)})
        return await self._next_reply()

    async def submit(self, seen: Seen, **values: str | tuple[str, ...] | None) -> dict[str, Any] | Seen:
        """Fill in a form, what is not named as it stands; what is wrong by field, or what takes the form's place."""
        shown = next(each for each in reversed(self.server.shown) if each.key == seen.key)
        inputs = [block for block in shown.body["blocks"] if block["type"] == "input"]
        state = {
            block["block_id"]: {"picked": _filled(block["element"], values.get(block["block_id"], ...))}
            for block in inputs
        }
        view = {"id": shown.key, **shown.body, "state": {"values": state}}
        self._mark()
        ack = await self.server.interact(self.user, {"type": "view_submission", "view": view, "response_urls": []})
        return dict(ack["errors"]) if ack and "errors" in ack else await self._next_reply()

    async def say(self, words: str) -> str:
        self._mark()
        said = self.server.said(self.user, words)
        await self.server.event({**said, "channel_type": "channel"})
        return str(said["ts"])

    async def find_answer(self, message: str) -> Seen:
        self._mark()
        shortcut = {"type": "message_action", "callback_id": "find_answer", "message": self.server.messages[message]}
        await self.server.interact(self.user, {**shortcut, "message_ts": message, **self.server.at(self.user)})
        return await self._next_reply()

    async def mention(self, words: str, *, thread: str | None = None) -> Seen:
        self._mark()
        said = self.server.said(self.user, f"<@{BOT}> {words}".strip(), thread=thread)
        await self.server.event({**said, "type": "app_mention"})
        seen = await self._next_reply()
        assert self.server.shown[self._spoken].thread == (thread or said["ts"])
        return seen

    async def daily_post(self, number: int = 1) -> Seen:
        def posted(shown: Shown) -> bool:
            before = self.server.shown[: self.server.shown.index(shown)]
            return "metadata" in shown.body and sum("metadata" in each.body for each in before) == number - 1

        return seen(await self.server.next_shown(0, posted))

    async def next_morning(self) -> None:
        self.bot.next_morning()

    async def silence(self) -> bool:
        # A reply would come before that of a command given after it.
        spoken = self._spoken
        await self.command("help")
        return len(self.server.shown) == spoken + 1

    async def others_see(self, seen: Seen) -> bool:
        shown = next(each for each in self.server.shown if each.key == seen.key)
        return shown.channel == CHANNEL and shown.only_for is None

    async def speak(self, locale: str) -> None:
        self.server.people[self.user]["locale"] = {"en": "en-US", "ko": "ko-KR"}[locale]

    async def restart_bot(self) -> None:
        await asyncio.to_thread(self.bot.stop)
        await asyncio.to_thread(self.bot.start)
        await self.server.connected()

    async def edit_content(self, edit: Callable[[Path], None]) -> None:
        edit(self.bot.content)
        await self.command("library", "reload")

    async def home(self) -> Seen:
        return seen(await self.home_view())

    async def home_view(self) -> Shown:
        before = len(self.server.shown)
        await self.server.event({"type": "app_home_opened", "user": self.user, "channel": "D0", "tab": "home"})
        return await self.server.next_shown(before)

    async def _options(self, words: str) -> list[dict[str, Any]]:
        asked = {"type": "block_suggestion", "action_id": "suggest", "block_id": "b", "value": words}
        answer = await self.server.interact(self.user, asked)
        assert answer is not None
        return list(answer["options"])

    def _inside(self, shown: Shown) -> dict[str, Any]:
        if shown.view:
            view = {"id": shown.key, "previous_view_id": self.server.under.get(shown.key), **shown.body}
            return {"container": {"type": "view", "view_id": shown.key}, "view": view}
        container = {"type": "message", "message_ts": shown.key, "channel_id": shown.channel, "is_ephemeral": True}
        placed = {"thread_ts": shown.thread} if shown.thread else {}
        return {"container": container | placed, **self.server.at(self.user, shown.channel, shown.thread)}

    def _mark(self) -> None:
        self._spoken = len(self.server.shown)

    async def _next_reply(self) -> Seen:
        # App Home may be redrawn beside it.
        return seen(await self.server.next_shown(self._spoken, lambda shown: shown.view != "home"))


def seen(shown: Shown) -> Seen:
    """What a person sees of it."""
    blocks = shown.body["blocks"]
    markup = "\n".join(texts(blocks))
    return Seen(
        key=shown.key,
        text=html.unescape(_LINK.sub(r"\2", markup)),
        buttons=tuple(_label(button) for button in _buttons(shown.body)),
        private=shown.only_for is not None or bool(shown.view),
        best=next(_marked(blocks), None),
        links=tuple(html.unescape(found[1]) for found in _LINK.finditer(markup)),
    )


def _buttons(body: dict[str, Any]) -> list[dict[str, Any]]:
    elements = (
        block["elements"] if block["type"] == "actions" else filter(None, [block.get("accessory")])
        for block in body["blocks"]
    )
    return [element for row in elements for element in row if element["type"] == "button"]


def _filled(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """The state of an input, as Slack sends it; *value* ... leaves it as it was shown."""
    one, many = lambda each: each, lambda chosen: [{"value": each} for each in chosen or ()]
    state, initial, made = {
        "timepicker": ("selected_time", "initial_time", one),
        "datepicker": ("selected_date", "initial_date", one),
        "plain_text_input": ("value", "initial_value", one),
        "static_select": ("selected_option", "initial_option", lambda each: {"value": each} if each else None),
        "multi_static_select": ("selected_options", "initial_options", many),
    }[element["type"]]
    return {"type": element["type"], state: element.get(initial) if value is ... else made(value)}


def _label(button: dict[str, Any]) -> str:
    return str(button["text"]["text"]).partition(_NOTE)[0]


def _marked(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _marked(each)
    elif isinstance(part, dict):
        elements = part.get("elements", [])
        if part.get("type") == "rich_text_section" and elements[0].get("name") == "point_right":
            yield elements[-1]["text"]
        else:
            yield from _marked(elements)
