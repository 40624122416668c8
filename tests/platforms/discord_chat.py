"""Discord as its users meet it: commands, suggestions, buttons and mentions on the loopback server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

from tests.platforms.chat import Seen
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
        command = self._command(name)
        options = [{"type": 3, "name": option["name"], "value": words} for option in command["options"][:1] if words]
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        return await self._answer(Interaction(self.person, self.channel, 2), data)

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

    async def daily_post(self) -> Seen:
        def post() -> Message | None:
            return next((each for each in self.server.messages.values() if each.nonce and each.channel.guild), None)

        return self._seen(await self.server.until(post))

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

    async def _suggested(self, name: str, words: str) -> list[Json]:
        command = self._command(name)
        option = command["options"][0]
        assert option["autocomplete"]
        focused = {"type": 3, "name": option["name"], "value": words, "focused": True}
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": [focused]}
        interaction = await self.server.interact(Interaction(self.person, self.channel, 4), data)
        await self.server.until(interaction.answer.done)
        return list(interaction.answer.result())

    async def _answer(self, interaction: Interaction, data: Json) -> Seen:
        await self.server.interact(interaction, data)
        await self.server.until(interaction.answer.done)
        return self._seen(interaction.answer.result())

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


def pressed(message: Message, label: str) -> Json:
    """What a client sends when *label* is pressed or picked under *message*."""
    for each in message.walk():
        if each.get("label") == label and "custom_id" in each:
            return {"custom_id": each["custom_id"], "component_type": 2}
        for option in each.get("options", ()):
            if option["label"] == label:
                return {"custom_id": each["custom_id"], "component_type": 3, "values": [option["value"]]}
    raise AssertionError(f"no button {label!r} under the message")
