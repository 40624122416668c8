"""Runs the daily advice on every platform that takes it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence

from bot.daily.engine import Engine
from bot.daily.figures import Figures
from bot.daily.posting import Poster
from bot.daily.telling import Telling
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.notices import Notices
from bot.store.opening import upgrade_when_there
from bot.study import Study


async def deliver_daily(study: Study, database: Database, posters: Sequence[Poster], figures: Figures) -> None:
    """Bring the tables up to date, then deliver until cancelled; a database that is away is waited for.

    Raises UnusableError where waiting will not help.
    """
    for poster in posters:
        figures.begun(poster.name)  # a database that stays away is not well
    deliveries, notices = Deliveries(database, patience_s=math.inf), Notices(database, patience_s=math.inf)
    try:
        await upgrade_when_there(database)
        async with asyncio.TaskGroup() as tasks:
            for poster in posters:
                tasks.create_task(Engine(poster.name, poster, study, deliveries, figures=figures).run())
                tasks.create_task(Telling(poster.name, poster, study, notices).run())
    finally:
        await database.close()
