"""The bot stops when it is told to, however often."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest

from bot.daily.figures import Figures
from bot.running import _serve
from bot.store.database import Database, UnusableError
from bot.study import Study


class SlowToStop:
    """A platform that puts something away before it stops."""

    name = "slow"
    posts_per_s = 1.0

    def __init__(self) -> None:
        self.runs, self.stopping, self.may_stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.put_away = False

    async def run(self) -> None:
        self.runs.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopping.set()
            await self.may_stop.wait()
            self.put_away = True


async def test_a_second_signal_cuts_nothing_short(tmp_path: Path, study: Study) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/sunbae.db")
    platform = SlowToStop()
    serving = asyncio.create_task(_serve(study, database, Figures(), [platform], ()))
    await platform.runs.wait()

    os.kill(os.getpid(), signal.SIGTERM)
    await platform.stopping.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await _met()
    platform.may_stop.set()
    await serving

    assert platform.put_away


async def test_no_platform_runs_on_a_database_that_cannot_be_used(tmp_path: Path, study: Study) -> None:
    (tmp_path / "sunbae.db").write_text("This is no database. " * 100)
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/sunbae.db")
    platform = SlowToStop()

    with pytest.raises(ExceptionGroup) as failed:
        await _serve(study, database, Figures(), [platform], ())

    assert {type(each) for each in failed.value.exceptions} == {UnusableError}
    assert not platform.runs.is_set()


async def test_a_platform_runs_while_the_database_is_away(study: Study) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    database = Database(f"postgresql+asyncpg://somebody@127.0.0.1:{port}/sunbae")
    platform = SlowToStop()
    platform.may_stop.set()
    serving = asyncio.create_task(_serve(study, database, Figures(), [platform], ()))

    await asyncio.wait_for(platform.runs.wait(), timeout=10)

    os.kill(os.getpid(), signal.SIGTERM)
    await serving


async def _met() -> None:
    """Wait until the loop has met the signals that came so far."""
    met = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, met.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await met.wait()
    loop.remove_signal_handler(signal.SIGUSR1)
