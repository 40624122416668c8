"""Runs the daily advice on every platform that takes it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine, Sequence
from typing import Any

from bot.daily.engine import Engine
from bot.daily.figures import Figures
from bot.daily.posting import Poster
from bot.daily.telling import Telling
from bot.store.database import Database, told
from bot.store.deliveries import Deliveries
from bot.store.notices import Notices
from bot.store.retries import through_restarts
from bot.study import Study

_STOPPING_S = 5  # how long an upgrade under way may keep the bot from stopping


async def deliver_daily(study: Study, database: Database, posters: Sequence[Poster], figures: Figures) -> None:
    """Bring the tables up to date, then deliver until cancelled; a database that is away is waited for.

    Raises UnusableError where waiting will not help.
    """
    for poster in posters:
        figures.begun(poster.name)  # a database that stays away is not well
    deliveries, notices = Deliveries(database, patience_s=math.inf), Notices(database, patience_s=math.inf)
    try:
        with told():
            await through_restarts(lambda: _to_its_end(database.upgrade()), patience_s=math.inf)
        async with asyncio.TaskGroup() as tasks:
            for poster in posters:
                tasks.create_task(Engine(poster.name, poster, study, deliveries, figures=figures).run())
                tasks.create_task(Telling(poster.name, poster, study, notices).run())
    finally:
        await database.close()


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Do *work*, and when cancelled wait a little for its end.

    A bot that cannot listen stops while its database is being opened; a SQLite connection that is cut off there
    leaves a thread without a loop, whose traceback would stand below the sentence that says what is wrong.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=_STOPPING_S)
        task.cancel()
        raise
