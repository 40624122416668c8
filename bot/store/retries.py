"""Rides out a database that restarts: work is done again once it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

PATIENCE_S = 60.0
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 2.0
# SQLSTATEs.
_AWAY = ("08", "57P", "53300")  # connection lost, shutting down or starting up, too many connections
_CONFLICTS = ("40P01", "40001")  # deadlock, serialization

Done = TypeVar("Done")
log = structlog.get_logger()


async def through_restarts(
    work: Callable[[], Awaitable[Done]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    patience_s: float = PATIENCE_S,
    lost: Callable[[], None] = lambda: None,
) -> Done:
    """What *work* gives, which must be safe to do twice: a commit may have succeeded though its answer was lost.

    *lost* is told each time that the database was away, and not merely busy.
    """
    waited_s, pause_s = 0.0, _FIRST_PAUSE_S
    while True:
        try:
            return await work()
        except Exception as error:
            if _away(error):
                lost()
            if waited_s >= patience_s or not passing(error):
                raise
            log.warning("database away, trying again", error=type(error).__name__, pause_s=pause_s)
        await sleep(pause_s)
        waited_s += pause_s
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def passing(error: BaseException) -> bool:
    """Whether the database may answer the next time."""
    return _away(error) or _busy(error)


def _away(error: BaseException) -> bool:
    """Whether the database cannot be reached, but may be the next time."""
    return any(
        isinstance(each, OSError)
        or (isinstance(each, DBAPIError) and each.connection_invalidated)
        or _state(each).startswith(_AWAY)
        for each in _chain(error)
    )


def _busy(error: BaseException) -> bool:
    """Whether the database gave way to somebody else's work."""
    return any(_state(each).startswith(_CONFLICTS) or "database is locked" in str(each) for each in _chain(error))


def _state(error: BaseException) -> str:
    return str(getattr(error, "sqlstate", None) or "")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = getattr(error, "orig", None) or error.__cause__
