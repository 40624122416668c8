"""What people do in the local chat, as requests to the core: saying, mentioning, commanding, pressing."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.commands import COMMANDS, find_command, handle, press
from bot.platforms.web.room import CHANNEL, Message, Room, Spot
from bot.reply import Form, Place, Reply, Request, User, Words
from bot.study import Study
from bot.wording import LOCALES, phrases

MESSAGE_LENGTH = 4_000  # characters of one message, so that no paste outgrows the socket's 1 MB


def _called(name: str) -> str:
    """The pattern of *name* where it is called, not where it is a part of an address: foo@sunbae.io."""
    called = f"@{re.escape(name)}"
    return rf"(?<![a-z0-9._%+-]){called}(?![a-z0-9_-]|\.[a-z])" if name.isascii() else called


_NAMES = "|".join(_called(phrases(locale)("bot.name")) for locale in LOCALES)
_MENTION = re.compile(rf"(?:{_NAMES})(?:님)?", re.IGNORECASE)


class Conversation:
    """One person's part in the room."""

    def __init__(self, room: Room, study: Study, user: User, locale: str) -> None:
        self.room = room
        self.study = study
        self.user = user
        self.locale = locale

    async def say(self, spot: Spot, text: str) -> None:
        """Take what was typed at *spot*: a command, a mention, or words among people, which the bot leaves alone."""
        text = text.strip()
        if not text:
            return
        if len(text) > MESSAGE_LENGTH:
            notice = phrases(self.locale)("web.too_long", count=f"{len(text):,}", limit=f"{MESSAGE_LENGTH:,}")
            self._answer(spot, Reply((Words(notice),)))
            return
        if text.startswith("/"):
            await self._command(spot, text)
            return
        said = self._add(spot, text)
        if spot.direct:
            reply = await handle(self.study, "ask", self._request(spot, _MENTION.sub(" ", text).strip()))
            self._answer(spot, replace(reply, visibility="public"))
        elif _MENTION.search(text):
            request = self._request(spot, _MENTION.sub(" ", text).strip())
            around = tuple(
                _MENTION.sub(" ", message.words).strip()
                for message in self.room.messages(spot, self.user.id)
                if spot.thread is not None and message.reply is None and message.id != said.id
            )
            self._answer(spot, await handle(self.study, "mention", replace(request, thread=around)))

    async def find_answer(self, spot: Spot, message: Message) -> None:
        """The message command: look *message* up, in private."""
        reply = await handle(self.study, "ask", self._request(spot, _MENTION.sub(" ", message.words).strip()))
        self._answer(spot, reply, cause=message.words)

    async def press(self, message: Message, button: str) -> Form | None:
        """Press the button with the id *button* under *message*; the form that it opens, if any."""
        reply = await press(self.study, button, self._request(message.spot, ""))
        if reply.form:
            return reply.form
        shared = message.spot.direct and button.startswith("share:") and reply.visibility == "public"
        self._answer(Spot(CHANNEL) if shared else message.spot, reply)
        if shared:
            self._answer(message.spot, Reply((Words(phrases(self.locale)("web.shared", channel=CHANNEL)),)))
        return None

    async def choose(self, spot: Spot, command: str, key: str, label: str) -> None:
        """Give *command* the suggestion *key*, which was shown as *label*."""
        if command in COMMANDS:
            reply = await handle(self.study, command, self._request(spot, key))
            self._answer(spot, reply, cause=f"/{COMMANDS[command].name(self.locale)} {label}")

    async def _command(self, spot: Spot, text: str) -> None:
        name, *rest = text[1:].split(maxsplit=1) or [""]
        argument = "".join(rest)
        command = find_command(name)
        if command is None:
            reply = Reply((Words(phrases(self.locale)("web.unknown_command", name=name[:40])),))
        else:
            reply = await handle(self.study, command.key, self._request(spot, argument))
        self._answer(spot, reply, cause=text)

    def _request(self, spot: Spot, text: str) -> Request:
        place = Place("web", "local", spot.channel, str(spot.thread) if spot.thread is not None else None)
        return Request(text, self.user, place, self.locale)

    def _add(self, spot: Spot, words: str) -> Message:
        return self.room.add(spot, author=self.user.id, name=self.user.name, words=words, locale=self.locale)

    def _answer(self, spot: Spot, reply: Reply, *, cause: str = "") -> None:
        private = reply.visibility == "private" and not spot.direct
        self.room.add(
            spot,
            author="",
            name=phrases(self.locale)("bot.name"),
            words=cause,
            locale=self.locale,
            reply=reply,
            only_for=self.user.id if private else None,
        )
