"""Discord as its users meet it: commands, suggestions, buttons and mentions on the loopback server."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

from tests.platforms.chat import Chat, Seen
from tests.platforms.discord_payloads import EPHEMERAL, Channel, Json, Message, Person
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Interaction
from tests.platforms.processes import BotProcess

_BOLD_POINT = re.compile(r"^\s*- \*\*(.+?)\*\*", re.MULTILINE)
_LOCALES = {"ko": "ko", "en": "en-US"}


class DiscordChat:
    """One person in #bootcamp."""

    def __init__(self, bot: BotProcess, server: DiscordServer, person: Person, channel: Channel | None = None) -> None:
        self.bot = bot
        self.server = server
        self.person = person
        self.channel = channel or server.bootcamp
        self._threads: dict[str, Channel] = {}
        self._spoken = 0  # this person's newest message

    async def leave(self) -> None:
        """Nothing to close; the server must have seen nothing wrong."""
        assert not self.server.faults

    async def command(self, name: str, words: str = "") -> Seen:
        return await self._answer(Interaction(self.person, self.channel, 2), self._given(name, words))

    async def open_form(self, name: str, words: str = "") -> Json:
        """Give a command that opens a modal."""
        return await self._opened(Interaction(self.person, self.channel, 2), self._given(name, words))

    async def press_for_form(self, seen: Seen, label: str) -> Json:
        """Press a button that opens a modal."""
        message = self.server.messages[int(seen.key)]
        return await self._opened(Interaction(self.person, message.channel, 3, message), pressed(message, label))

    async def send_in(self, form: Json, **changes: str | list[str]) -> Seen:
        """Send a modal in as it came, but for *changes* by the fields' labels; the bot's reply."""
        components = [filled(label, changes.pop(label["label"], None)) for label in form["components"]]
        assert not changes
        data = {"custom_id": form["custom_id"], "components": components}
        return await self._answer(Interaction(self.person, self.channel, 5), data)

    async def suggestions(self, name: str, words: str) -> tuple[str, ...]:
        return tuple(choice["name"] for choice in await self._suggested(name, words))

    async def choose_suggestion(self, name: str, words: str, label: str) -> Seen:
        value = next(choice["value"] for choice in await self._suggested(name, words) if choice["name"] == label)
        return await self.command(name, value)

    async def press(self, seen: Seen, label: str) -> Seen:
        message = self.server.messages[int(seen.key)]
        return await self._answer(Interaction(self.person, message.channel, 3, message), pressed(message, label))

    async def say(self, words: str) -> str:
        message = await self.server.say(Message(self.channel, self.person, words))
        self._spoken = message.id
        return str(message.id)

    async def find_answer(self, message: str) -> Seen:
        command = self._command("Q&A에서 답 찾기")
        target = self.server.messages[int(message)]
        data = {
            "id": command["id"],
            "name": command["name"],
            "type": 3,
            "target_id": message,
            "resolved": {"messages": {message: target.json()}},
        }
        return await self._answer(Interaction(self.person, self.channel, 2), data)

    async def mention(self, words: str, *, thread: str | None = None) -> Seen:
        channel = self.channel
        if thread is not None:
            title = self.server.messages[int(thread)].content
            self._threads[thread] = self._threads.get(thread) or await self.server.open_thread(title)
            channel = self._threads[thread]
        return await self.call(f"<@{self.server.bot.id}> {words}".strip(), channel)

    async def call(self, content: str, channel: Channel | None = None, *, reply_to: Message | None = None) -> Seen:
        """Say something that mentions the bot; its next message, wherever it is."""
        said = await self.server.say(self.calling(content, channel or self.channel, reply_to=reply_to))
        self._spoken = said.id
        return await self.next_message()

    def calling(self, content: str, channel: Channel, *, reply_to: Message | None = None) -> Message:
        return Message(channel, self.person, content, mentions=(self.server.bot,), reply_to=reply_to)

    async def next_message(self) -> Seen:
        """The first message of the bot in a channel since this person last spoke."""
        return self._seen(await self.server.until(lambda: next(iter(self._since_spoken()), None)))

    async def daily_post(self, number: int = 1) -> Seen:
        def post() -> Message | None:
            posts = [each for each in self.server.messages.values() if each.nonce and each.channel.guild]
            return posts[number - 1] if len(posts) >= number else None

        return self._seen(await self.server.until(post))

    async def next_morning(self) -> None:
        self.bot.next_morning()

    async def silence(self) -> bool:
        # A reply would come before that to a command given after it.
        await self.command("help")
        return not [each for each in self._since_spoken() if each.only_for is None]

    async def others_see(self, seen: Seen) -> bool:
        return self.server.messages[int(seen.key)].only_for is None

    async def speak(self, locale: str) -> None:
        self.person.locale = _LOCALES[locale]

    async def restart_bot(self) -> None:
        await asyncio.to_thread(self.bot.stop)
        self.server.gateway.forget()
        await asyncio.to_thread(self.bot.start)
        await self.server.gateway.until(self.server.gateway.connected)

    async def edit_content(self, edit: Callable[[Path], None]) -> None:
        edit(self.bot.content)
        await self.command("library", "reload")

    def _command(self, name: str) -> Json:
        """A command as this person's client shows it."""
        commands = self.server.commands.get("global") or self.server.commands[str(self.server.guild)]
        for command in commands:
            if name in {command["name"], (command.get("name_localizations") or {}).get(self.person.locale)}:
                return command
        raise AssertionError(f"no command {name!r}")

    def _given(self, name: str, words: str) -> Json:
        """What a client sends for a command with *words* in its options."""
        command = self._command(name)
        data = {"id": command["id"], "name": command["name"], "type": 1}
        subcommands = {each: option for option in command["options"] if option["type"] == 1 for each in named(option)}
        if not subcommands:
            taken = [{"type": 3, "name": option["name"], "value": words} for option in command["options"][:1] if words]
            return data | {"options": taken}
        first, *rest = words.split()
        chosen = subcommands[first]
        return data | {"options": [{"type": 1, "name": chosen["name"], "options": list(given(chosen, rest))}]}

    async def _suggested(self, name: str, words: str, option: str = "") -> list[Json]:
        """*option*: "<subcommand> <option>" of a command that has subcommands."""
        command = self._command(name)
        data = {"id": command["id"], "name": command["name"], "type": 1}
        subcommand, _, own = option.partition(" ")
        within = next((each for each in command["options"] if subcommand in named(each)), command)
        asked = next((each for each in within["options"] if own in named(each)), within["options"][0])
        assert asked["autocomplete"]
        focused = [{"type": 3, "name": asked["name"], "value": words, "focused": True}]
        data["options"] = [{"type": 1, "name": within["name"], "options": focused}] if option else focused
        interaction = await self.server.interact(Interaction(self.person, self.channel, 4), data)
        await self.server.until(interaction.answer.done)
        return list(interaction.answer.result())

    async def _answer(self, interaction: Interaction, data: Json) -> Seen:
        await self.server.interact(interaction, data)
        await self.server.until(interaction.answer.done)
        return self._seen(interaction.answer.result())

    async def _opened(self, interaction: Interaction, data: Json) -> Json:
        await self.server.interact(interaction, data)
        form: Json = await self.server.until(lambda: interaction.answer.done() and interaction.answer.result())
        assert interaction.acknowledged == 9
        return form

    def _since_spoken(self) -> list[Message]:
        return [
            each
            for each in self.server.messages.values()
            if each.id > self._spoken and each.author is self.server.bot and each.only_for is None
        ]

    def _seen(self, message: Message) -> Seen:
        components = message.walk()
        options = [option for each in components if each["type"] == 3 for option in each["options"]]
        best = _BOLD_POINT.search(message.text())
        return Seen(
            key=str(message.id),
            text=message.text(),
            buttons=tuple(each["label"] for each in [*components, *options] if "label" in each),
            private=bool(message.flags & EPHEMERAL),
            best=best[1] if best else None,
            links=tuple(each["url"] for each in components if "url" in each),
        )


@contextlib.asynccontextmanager
async def discord_platform(folder: Path) -> AsyncIterator[Callable[[], Awaitable[Chat]]]:
    """The bot in a loopback Discord; gives what brings somebody new into its channel."""
    async with running_discord(folder) as (running, server):

        async def join() -> Chat:
            return DiscordChat(running, server, server.person("학생 1"))

        yield join


@contextlib.asynccontextmanager
async def running_discord(folder: Path) -> AsyncIterator[tuple[BotProcess, DiscordServer]]:
    """The bot's process and its Discord."""
    async with DiscordServer() as server:
        running = await asyncio.to_thread(BotProcess, folder, **server.environment())
        await server.gateway.until(server.gateway.connected)
        yield running, server
        assert await asyncio.to_thread(running.stop) == 0
        assert not server.faults


def named(option: Json) -> set[str]:
    """What people may call it."""
    return {option["name"], *(option.get("name_localizations") or {}).values()}


def given(subcommand: Json, words: list[str]) -> Iterator[Json]:
    """*words* as options: "공휴일=KR" by its name, 09:00 as the time, 매일 as the weekdays, others in their order."""
    left = list(subcommand["options"])
    for word in words:
        name, equals, value = word.rpartition("=")
        wanted = name if equals else "time" if ":" in word else "weekdays" if word in {"매일", "평일"} else None
        option = next(each for each in left if wanted is None or wanted in named(each))
        left.remove(option)
        yield {"type": option["type"], "name": option["name"], "value": value if option["type"] == 3 else value == "on"}


def filled(label: Json, change: str | list[str] | None) -> Json:
    """What a client sends for a modal's field: what was chosen or written, else what it held."""
    field = label["component"]
    if field["type"] == 3:
        shown = {option["label"]: option["value"] for option in field["options"]}
        held = [option["value"] for option in field["options"] if option.get("default")]
        sent = {"values": held if change is None else [shown[each] for each in change]}
    else:
        sent = {"value": field.get("value") or "" if change is None else change}
    return {"type": 18, "id": 1, "component": {"type": field["type"], "id": 2, "custom_id": field["custom_id"], **sent}}


def pressed(message: Message, label: str) -> Json:
    """What a client sends when *label* is pressed or picked under *message*."""
    for each in message.walk():
        if each.get("label") == label and "custom_id" in each:
            return {"custom_id": each["custom_id"], "component_type": 2}
        for option in each.get("options", ()):
            if option["label"] == label:
                return {"custom_id": each["custom_id"], "component_type": 3, "values": [option["value"]]}
    raise AssertionError(f"no button {label!r} under the message")
