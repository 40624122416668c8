"""A town: a loopback platform, a database with channels that are due, and workers that can be killed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.daily.calendar import Schedule
from bot.daily.wishes import Wishes, to_json
from bot.store.database import Database
from bot.store.history import History
from bot.store.records import Channel, Subscription
from bot.store.subscriptions import Subscriptions
from bot.store.tables import notices
from tests.chaos.loopback import Control, serve
from tests.chaos.worker import work
from tests.daily.conftest import postgres, url
from tests.forking import PROCESSES

__all__ = ["postgres", "url"]

_PATIENCE_S = 30


class Town:
    """What a chaos test plays with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = Database(url)
        self._folder = tempfile.TemporaryDirectory(prefix="sunbae-")  # a socket's path holds 107 characters
        self._socket = f"{self._folder.name}/loopback.sock"
        self._processes: list[BaseProcess] = []
        self.platform = Control(self._socket)
        self.channels: list[Channel] = []

    async def open(self) -> None:
        self._start(serve, self._socket, 7)
        await self.platform.ready()
        await self.database.upgrade()

    async def subscribe(self, count: int, *, name: str = "c", late: timedelta = timedelta(0)) -> None:
        """Add *count* channels called *name* with a number whose advice is due now, or was a while ago."""
        due = datetime.now(UTC) - late
        wishes = to_json(Wishes(Schedule(ZoneInfo("UTC"), due.time(), frozenset(range(7)), holidays=None)))
        channels = [
            Channel(_platform(name), "town", f"{name}{number}")
            for number in range(len(self.channels), len(self.channels) + count)
        ]
        for channel in channels:
            made = Subscription(channel, f"owner of {channel.id}", "ko", wishes, next_due=due)
            await Subscriptions(self.database).change(channel, lambda _, made=made: made)  # type: ignore[misc]
        self.channels += channels

    def worker(self, *, url: str = "", name: str = "c", die: str = "", stop: str = "") -> BaseProcess:
        """Start one for the channels called *name*."""
        return self._start(work, url or self.url, self._socket, _platform(name), die, stop)

    async def dead(self, worker: BaseProcess) -> None:
        """Wait until it has died of SIGKILL."""
        await asyncio.to_thread(worker.join, _PATIENCE_S)
        assert worker.exitcode == -signal.SIGKILL

    async def stopped(self, worker: BaseProcess) -> None:
        """Wait until it stands still (SIGSTOP)."""
        while _state(worker) != "T":  # noqa: ASYNC110 -- of another process
            await asyncio.sleep(0.02)

    async def done(self, state: str = "sent", database: Database | None = None, *, within_s: float = 0.0) -> None:
        """Wait until every channel's delivery has ended so; *within_s*: or for so long."""
        try:
            async with asyncio.timeout(within_s or _PATIENCE_S):
                while await self.states(database) != [state] * len(self.channels):  # noqa: ASYNC110 -- of another process
                    await asyncio.sleep(0.05)
        except TimeoutError:
            if not within_s:
                raise

    async def told(self) -> None:
        """Wait until every owner's notice has ended well."""
        query = sa.select(sa.func.count()).where(notices.c.state == "sent")
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                async with self.database.reading() as connection:
                    if (await connection.execute(query)).scalar_one() == len(self.channels):
                        return
                await asyncio.sleep(0.05)

    async def states(self, database: Database | None = None) -> list[str]:
        history = History(database or self.database)
        return [each.state for channel in self.channels for each in await history.of(channel, limit=9)]

    async def miscounted(self) -> dict[str, int]:
        """The channels that did not get exactly one post, and how many they got."""
        posts = Counter(await self.platform.posts())
        return {channel.id: posts[channel.id] for channel in self.channels if posts[channel.id] != 1}

    async def close(self) -> None:
        for process in self._processes:
            if process.is_alive():
                process.kill()
            process.join()
        await self.database.close()
        self._folder.cleanup()

    def _start(self, target: object, *arguments: object) -> BaseProcess:
        process = PROCESSES.Process(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        process.start()
        self._processes.append(process)
        return process


def _platform(name: str) -> str:
    """A short one for each name, so that its workers leave the others' deliveries alone."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def _state(worker: BaseProcess) -> str:
    """As Linux shows it: T is stopped."""
    return Path(f"/proc/{worker.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]


def wake(worker: BaseProcess) -> None:
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGCONT)


@pytest.fixture
async def town(url: str) -> AsyncIterator[Town]:
    opened = Town(url)
    await opened.open()
    yield opened
    await opened.close()
