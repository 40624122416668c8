"""Opens a database that may still be starting."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine
from typing import Any

from bot.store.database import Database, told
from bot.store.retries import passing, through_restarts

_FIRST_TRY_S = 2.0  # how long a start waits for a database that does not answer
_STOPPING_S = 5  # how long an upgrade under way may keep the bot from stopping


async def try_to_open(database: Database) -> None:
    """Raise UnusableError where no waiting will open *database*; one that is away is left for later."""
    with told():
        try:
            async with asyncio.timeout(_FIRST_TRY_S):
                await database.open()
        except Exception as error:
            if not passing(error):
                raise


async def upgrade_when_there(database: Database) -> None:
    """Bring the tables up to date; a database that is away is waited for, however long.

    Raises UnusableError where waiting will not help.
    """
    with told():
        await through_restarts(lambda: _to_its_end(database.upgrade()), patience_s=math.inf)


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
