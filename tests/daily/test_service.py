"""The daily advice's service stops as cleanly as it starts."""

from __future__ import annotations

import asyncio
import random
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.daily.figures import Figures
from bot.daily.service import deliver_daily
from bot.store.database import Database
from bot.study import Study
from content import LiveLibrary


@pytest.mark.parametrize("turns", [1, 3])
async def test_stopped_while_it_opens_the_database_it_leaves_nothing_behind(tmp_path: Path, turns: int) -> None:
    study = Study(LiveLibrary(), lambda: datetime(2026, 3, 2, tzinfo=UTC), random.Random(1))
    before = set(threading.enumerate())
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/sunbae.db")
    serving = asyncio.create_task(deliver_daily(study, database, (), Figures()))
    for _ in range(turns):
        await asyncio.sleep(0)
    serving.cancel()
    await asyncio.wait([serving])

    assert {each.name for each in set(threading.enumerate()) - before if "_connection_worker" in each.name} == set()
