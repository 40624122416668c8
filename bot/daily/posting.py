"""What the engine asks of a platform, and the ways a post can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.reply import Place, Reply


@dataclass(frozen=True, slots=True)
class Posted:
    """The platform took it."""

    message: str  # the platform's own id


@dataclass(frozen=True, slots=True)
class Found:
    """What a look into a channel's history proves about a post."""

    what: Literal["present", "absent", "unknowable"]  # unknowable: history cannot be read, so nothing is proven
    message: str = ""  # the platform's own id of what is present
    reason: str = ""  # why it is unknowable, or why nothing could be read now
    again_s: float = 0.0  # absent, but the history may lag or was not given: look again this much later


class PostError(Exception):
    """A post did not end well; the message says why, for the operator."""


class NotAcceptedError(PostError):
    """Surely not posted: told to wait, or never connected."""

    def __init__(self, reason: str, *, retry_after_s: float = 0.0, everywhere: bool = False) -> None:
        """*everywhere*: the whole bot was told to wait, and not only for this channel."""
        super().__init__(reason)
        self.retry_after_s = retry_after_s
        self.everywhere = everywhere


class RefusedError(PostError):
    """Surely not posted, and never will be: the channel is gone or the bot may not post there."""


class UnsureError(PostError):
    """It may have been posted or not: the server failed, or the connection broke."""


def traceback_of(error: Exception) -> Exception | None:
    """*error* where it is a fault of the bot's own, which the log needs whole; None for what platforms answer."""
    return None if isinstance(error, PostError | TimeoutError | OSError) else error


class Poster(Protocol):
    """A platform that takes the daily advice."""

    name: str  # as in Place.platform
    posts_per_s: float  # over all channels, as the platform allows this bot

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """Post *reply*, marked with *key* so that `find` knows it; the channel "dm:<user id>" is that user's own.

        Raises NotAcceptedError and RefusedError where it surely was not posted. Anything else that is raised leaves it
        unsure. It must not try again by itself.
        """

    async def find(self, place: Place, key: str, since: datetime) -> Found:
        """Whether the post with *key* stands among the messages since then; absent only where that is proven.

        It may have been made up to two minutes later than *since*, so a history that lags proves nothing before that.
        """
