"""Whether a message calls the bot, and what it asks."""

from __future__ import annotations

import re
from collections.abc import Callable

import discord

from bot.wording import LOCALES, phrases

EARLIER = 20  # messages of a thread that are read, where the bot may

# What Discord writes for people, roles, channels, commands, emoji and times; their ids are no words of a question.
_TOKEN = re.compile(r"<(?:@[!&]?\d+|#\d+|/[^:>]+:\d+|a?:\w+:\d+|t:-?\d+(?::\w)?)>")
_LEADING_USERS = re.compile(r"\s*((?:<@!?\d+>[\s,:]*)+)")
_USER = re.compile(r"<@!?(\d+)>")


def calls(message: discord.Message, bot: int) -> bool:
    """Whether a person calls the bot by name: no reply that only pings, no @everyone, no word for somebody else."""
    if message.author.bot or message.webhook_id or message.mention_everyone:
        return False
    if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
        return False
    called = _USER.findall(message.content)
    if str(bot) not in called:
        return False
    first = _LEADING_USERS.match(message.content)
    return first is None or str(bot) in _USER.findall(first[1])


def words_of(content: str) -> str:
    """What a message says beside mentions and emoji of a server's own."""
    return " ".join(_TOKEN.sub(" ", content).split(" ")).strip()


def is_stop(words: str) -> bool:
    """Whether the bot is told to stop, in any language."""
    said = "".join(char for char in words if char.isalnum()).casefold()
    return said in {word for locale in LOCALES for word in phrases(locale)("discord.stop_words").split()}


async def around(
    message: discord.Message, *, read_earlier: bool, refused: Callable[[discord.HTTPException], None]
) -> tuple[str, ...]:
    """What stands around *message*, most telling last: the thread's title, earlier messages, the one it replies to.

    Words that Discord hides from the bot are missing.
    """
    found: list[str] = []
    if isinstance(message.channel, discord.Thread):
        found.append(message.channel.name)
        if read_earlier:
            try:
                earlier = [said async for said in message.channel.history(limit=EARLIER, before=message)]
            except discord.HTTPException as error:
                refused(error)
            else:
                found += [words_of(said.content) for said in reversed(earlier) if not said.author.bot]
    replied_to = replied(message)
    if replied_to is not None and not replied_to.author.bot:
        found.append(words_of(replied_to.content))
    return tuple(filter(None, found))


def replied(message: discord.Message) -> discord.Message | None:
    """The message that *message* replies to, where it still stands."""
    reference = message.reference
    resolved = reference.resolved if reference else None
    return resolved if isinstance(resolved, discord.Message) else None
