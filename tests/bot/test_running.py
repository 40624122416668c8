"""The bot stops when it is told to, however often."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from bot.daily.figures import Figures
from bot.running import _serve
from bot.store.database import Database
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


async def _met() -> None:
    """Wait until the loop has met the signals that came so far."""
    met = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, met.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await met.wait()
    loop.remove_signal_handler(signal.SIGUSR1)
