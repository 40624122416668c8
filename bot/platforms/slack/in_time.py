"""Work that Slack waits three seconds for, and that goes on after it was told "heard"."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

from bot.platforms.slack import limits

_FINISH_S = 5.0  # what is being answered when the bot is told to stop
_CROWD = 20  # requests under way; those beyond are acked at once, since none can tell how long their turn takes
_T = TypeVar("_T")

log = structlog.get_logger()


class InTime:
    """What is under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def do(self, work: Coroutine[Any, Any, _T], *, even_in_a_crowd: bool = False) -> asyncio.Task[_T]:
        """Do *work*; comes back when it is done, or when Slack must be told that it was heard.

        *even_in_a_crowd*: it is worth waiting for, because it takes no turn behind others.
        """
        task = self._begin(work)
        in_line = len(self._tasks) > _CROWD and not even_in_a_crowd
        await asyncio.wait({task}, timeout=0 if in_line else limits.ACK_S)
        if task.done():
            task.result()  # raises what went wrong
        else:
            task.add_done_callback(_report)
        return task

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do *work* without anybody waiting."""
        self._begin(work).add_done_callback(_report)

    async def finish(self) -> None:
        """Let what is under way end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_FINISH_S)

    def _begin(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _report(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("slack listener failed", exc_info=error)
