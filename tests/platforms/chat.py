"""A platform as its users meet it: what a story may do and see, whatever the platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Seen:
    """A message of the bot as somebody sees it."""

    key: str  # the platform's own name for the message
    text: str
    buttons: tuple[str, ...]  # labels, the choices among them
    private: bool
    best: str | None = None  # the marked point of an answer
    links: tuple[str, ...] = ()


class Chat(Protocol):
    """One person in a channel of a platform, the bot running behind its real wire."""

    async def leave(self) -> None:
        """Go away again."""

    async def command(self, name: str, words: str = "") -> Seen:
        """Give a slash command in the channel; the bot's reply."""

    async def suggestions(self, name: str, words: str) -> tuple[str, ...]:
        """What the platform offers while *words* are typed after the command *name*."""

    async def choose_suggestion(self, name: str, words: str, label: str) -> Seen:
        """Pick the suggestion *label*; the bot's reply."""

    async def press(self, seen: Seen, label: str) -> Seen:
        """Press a button under a message; the bot's next reply."""

    async def say(self, words: str) -> str:
        """Say something in the channel that calls nobody; the platform's key of the message."""

    async def find_answer(self, message: str) -> Seen:
        """Use the message command on somebody's message; the bot's reply."""

    async def mention(self, words: str, *, thread: str | None = None) -> Seen:
        """Mention the bot in the channel, or in the thread on the message *thread*; the bot's reply."""

    async def daily_post(self, number: int = 1) -> Seen:
        """Wait for the advice of the first, second … day in the channel."""

    async def next_morning(self) -> None:
        """Let the bot's clock pass nine on the following day."""

    async def silence(self) -> bool:
        """Whether the bot has said nothing since this person last spoke."""

    async def others_see(self, seen: Seen) -> bool:
        """Whether somebody else in the channel sees the message."""

    async def speak(self, locale: str) -> None:
        """Use the platform in another language from now on."""

    async def restart_bot(self) -> None:
        """Stop the bot and start it again; the messages stay."""

    async def edit_content(self, edit: Callable[[Path], None]) -> None:
        """Change the content folder and have the bot read it again."""
