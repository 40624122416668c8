"""Answering messages: where they stand, or in private where the bot may not write, and telling the operator once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import discord
import structlog

from bot.platforms.discord.limits import THREAD_NAME, shortened
from bot.platforms.discord.mentions import words_of
from bot.platforms.discord.render import render
from bot.reply import Reply, Words
from bot.wording import Phrases, phrases

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_NO_REPLIES = 160002  # replying needs Read Message History
_REMEDIES = {
    50001: "give the bot View Channel there",
    50013: "give the bot Send Messages, Send Messages in Threads and, to open them, Create Public Threads",
    50083: "unarchive the thread, or leave it",
    160005: "the thread is locked; give the bot Manage Threads there, or leave it",
    200000: "the server's AutoMod blocked the answer; exempt the bot's role",
}

log = structlog.get_logger()


class Answers:
    """Writes answers; remembers what the operator was told, so that nothing is told twice."""

    def __init__(self, *, open_threads: bool = False) -> None:
        """*open_threads*: answer what stands in a plain channel in a thread of its own."""
        self._open_threads = open_threads
        self._told: set[tuple[int, int]] = set()

    async def answer(self, message: discord.Message, reply: Reply, locale: str, *, worth_a_thread: bool = True) -> None:
        """Answer *message* where it stands. Where that is refused, tell its writer in private with the answer."""
        phrase = phrases(locale)
        without = {"share"} if message.guild is None else set()
        try:
            view = render(reply, phrase, without=without)
            if self._open_threads and worth_a_thread and (thread := await self._thread_on(message, phrase)):
                await thread.send(view=view)
                return
            try:
                await message.channel.send(view=view, reference=message.to_reference(fail_if_not_exists=False))
            except discord.HTTPException as error:
                if error.code != _NO_REPLIES:
                    raise
                await message.channel.send(view=view)
        except discord.HTTPException as error:
            self.refused(message)(error)
            if error.code in _REMEDIES and message.guild is not None:
                place = getattr(message.channel, "name", message.guild.name)
                excuse = Words(phrase("discord.cannot_post", place=discord.utils.escape_markdown(place)))
                await self._tell_writer(message, replace(reply, blocks=(excuse, *reply.blocks)), locale)

    def refused(self, message: discord.Message) -> Callable[[discord.HTTPException], None]:
        """What tells the operator, once for a channel and a reason, that Discord refused something there."""

        def tell(error: discord.HTTPException) -> None:
            if (message.channel.id, error.code) in self._told:
                return
            self._told.add((message.channel.id, error.code))
            log.warning(
                "discord refused",
                guild=message.guild.id if message.guild else None,
                channel=message.channel.id,
                status=error.status,
                code=error.code,
                remedy=_REMEDIES.get(error.code, ""),
            )

        return tell

    async def _thread_on(self, message: discord.Message, phrase: Phrases) -> discord.Thread | None:
        """None where there can be none, or Discord refuses it: the answer then goes where the message is."""
        if not isinstance(message.channel, discord.TextChannel):
            return None
        words = shortened(words_of(message.content), THREAD_NAME) or phrase("bot.name")
        try:
            return await message.create_thread(name=words)
        except discord.HTTPException as error:
            self.refused(message)(error)
            return None

    async def _tell_writer(self, message: discord.Message, reply: Reply, locale: str) -> None:
        try:
            await message.author.send(view=render(reply, phrases(locale), without={"share"}))
        except discord.HTTPException as error:
            log.info("discord writer takes no messages", code=error.code)
