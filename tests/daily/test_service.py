"""The daily advice's service stops as cleanly as it starts."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

from bot.daily.figures import Figures
from bot.daily.service import deliver_daily
from bot.store.database import Database
from bot.study import Study
from content import LiveLibrary
from tests.shipped import INDEX


async def test_stopped_while_it_opens_the_database_it_first_ends_that(tmp_path: Path) -> None:
    study = Study(LiveLibrary(cache=INDEX), lambda: datetime(2026, 3, 2, tzinfo=UTC), random.Random(1))
    before = set(threading.enumerate())
    file = tmp_path / "sunbae.db"
    serving = asyncio.create_task(deliver_daily(study, Database(f"sqlite+aiosqlite:///{file}"), (), Figures()))
    while not any("_connection_worker" in each.name for each in set(threading.enumerate()) - before):  # noqa: ASYNC110 -- threads set no event
        await asyncio.sleep(0)
    serving.cancel()
    await asyncio.wait([serving])

    assert serving.cancelled()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM deliveries").fetchone() == (0,)
