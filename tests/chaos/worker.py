"""A bot's engine as a process of its own, which dies or stops at a named instant."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from random import Random
from typing import Any

import structlog
import uvloop
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.daily.delivery import Timing
from bot.daily.engine import Engine
from bot.daily.telling import Telling
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.notices import Notices
from bot.store.records import Delivery, NextDue, Notice, Settlement, Subscription
from bot.store.retries import through_restarts
from bot.study import Study
from tests.chaos.loopback import LoopbackPlatform

TIMING = Timing(poll_s=0.05, post_timeout_s=0.4, lease_s=1.2, first_pause_s=0.1, longest_pause_s=0.5, tell_poll_s=0.05)
INSTANTS = (
    "in plan",
    "after plan",
    "in claim",
    "after claim",
    "during POST",
    "after accept before reply",
    "after reply before confirm",
    "in confirm",
    "after confirm",
    "during reconcile",
    "after reconcile",
)


TELLING = (
    "after confirm",  # that the channel has stopped
    "after telling claim",
    "during telling",
    "after telling accept before reply",
    "after telling reply before confirm",
    "in telling confirm",
    "after telling",
)


def work(url: str, socket: str, platform: str, die: str = "", stop: str = "") -> None:
    """Deliver to *platform* until killed: at the instant *die*, or stopping (SIGSTOP) once at the instant *stop*."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(50)
    )  # its tracebacks would cost more than the work
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as `sunbae` does
        runner.run(_work(url, socket, platform, die, stop))


async def _work(url: str, socket: str, platform: str, die: str, stop: str) -> None:
    fate = _Fate(die, stop)
    database = _Database(url, fate)
    await through_restarts(database.upgrade)
    from tests.forked import LIBRARY  # noqa: PLC0415 -- stands in the process that workers are forked from

    study = Study(LIBRARY, lambda: datetime.now(UTC), Random(os.getpid()))
    poster = LoopbackPlatform(socket, die=die, reached=fate.reached)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(Engine(platform, poster, study, _Deliveries(database, fate), timing=TIMING).run())
        tasks.create_task(Telling(platform, poster, study, _Notices(database, fate), timing=TIMING).run())


class _Fate:
    def __init__(self, die: str, stop: str) -> None:
        self._die = die
        self._stop = stop
        self._inside: ContextVar[str] = ContextVar("inside", default="")  # each task has its own

    @contextlib.contextmanager
    def inside(self, instant: str) -> Iterator[None]:
        """Reach *instant* at the end of the transactions within, before they commit."""
        token = self._inside.set(instant)
        try:
            yield
        finally:
            self._inside.reset(token)

    def committing(self) -> None:
        self.reached(self._inside.get())

    def reached(self, instant: str) -> None:
        if not instant:
            return
        if instant == self._die:
            os.kill(os.getpid(), signal.SIGKILL)
        if instant == self._stop:
            self._stop = ""
            os.kill(os.getpid(), signal.SIGSTOP)


class _Database(Database):
    def __init__(self, url: str, fate: _Fate) -> None:
        super().__init__(url)
        self._fate = fate

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        async with super().transaction() as connection:
            yield connection
            self._fate.committing()


class _Deliveries(Deliveries):
    def __init__(self, database: _Database, fate: _Fate) -> None:
        super().__init__(database, patience_s=math.inf)
        self._fate = fate

    async def plan(self, *arguments: Any, **options: Any) -> int:
        with self._fate.inside("in plan"):
            planned = await super().plan(*arguments, **options)
        if planned:
            self._fate.reached("after plan")
        return planned

    async def claim(self, *arguments: Any, **options: Any) -> list[Delivery]:
        with self._fate.inside("in claim"):
            claimed = await super().claim(*arguments, **options)
        if claimed:
            self._fate.reached("after claim")
        return claimed

    async def settle(
        self, settlements: Sequence[Settlement], *, next_due: NextDue | None = None
    ) -> tuple[set[int], list[Subscription]]:
        with self._fate.inside("in confirm"):
            settled = await super().settle(settlements, next_due=next_due)
        self._fate.reached("after confirm")
        return settled


class _Notices(Notices):
    def __init__(self, database: _Database, fate: _Fate) -> None:
        super().__init__(database, patience_s=math.inf)
        self._fate = fate

    async def claim(self, *arguments: Any, **options: Any) -> Notice | None:
        claimed = await super().claim(*arguments, **options)
        if claimed:
            self._fate.reached("after telling claim")
        return claimed

    async def settle(self, settlement: Settlement) -> bool:
        with self._fate.inside("in telling confirm"):
            settled = await super().settle(settlement)
        self._fate.reached("after telling")
        return settled
