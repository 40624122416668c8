"""How many deliveries are open or need a person's eye, for those who watch over the bot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.store.database import Database
from bot.store.history import is_to_look_at
from bot.store.records import to_ms
from bot.store.tables import deliveries, notices, subscriptions

_SOON_S = 5.0


@dataclass(frozen=True, slots=True)
class Counts:
    """By platform, where there are any."""

    deliveries: dict[tuple[str, str], int]  # by platform and state: the open ones, and those held, failed, expired
    stopped: dict[str, int]  # channels that cannot be posted to any more
    untold: dict[str, int]  # owners who have yet to be told so


class Census:
    """Reads little, whatever the tables hold: each of its queries has an index of just what it counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, since: datetime) -> Counts | None:
        """Closed deliveries count where they were due *since* then; None where the database does not answer soon."""
        open_ = _count(deliveries, deliveries.c.state).where(deliveries.c.wake_ms.is_not(None))
        closed = _count(deliveries, deliveries.c.state).where(is_to_look_at(), deliveries.c.due_ms >= to_ms(since))
        stopped = _count(subscriptions).where(subscriptions.c.status == sa.literal("disabled", literal_execute=True))
        untold = _count(notices).where(notices.c.wake_ms.is_not(None))
        try:
            async with asyncio.timeout(_SOON_S), self._database.reading() as connection:
                found = [(await connection.execute(query)).all() for query in (open_, closed, stopped, untold)]
        except (DBAPIError, OSError):
            return None
        return Counts(
            {(row.platform, row.state): row.number for row in (*found[0], *found[1])},
            *({row.platform: row.number for row in rows} for rows in found[2:]),
        )


def _count(table: sa.Table, *columns: sa.Column[str]) -> sa.Select[tuple[object, ...]]:
    by = (table.c.platform, *columns)
    return sa.select(*by, sa.func.count().label("number")).group_by(*by)
