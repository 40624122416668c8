"""What became of the deliveries, for operators."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.records import Channel, Delivery, State, delivery_of, to_ms
from bot.store.retries import PATIENCE_S, through_restarts
from bot.store.subscriptions import is_channel
from bot.store.tables import deliveries

TO_LOOK_AT: tuple[State, ...] = ("held", "failed", "expired")


class History:
    """Reads only."""

    def __init__(self, database: Database, *, patience_s: float = PATIENCE_S) -> None:
        """*patience_s*: how long to ride out a database that is away."""
        self._database = database
        self._patience_s = patience_s

    async def of(self, channel: Channel, *, limit: int) -> list[Delivery]:
        """The channel's deliveries, newest first."""
        newest = deliveries.c.local_date.desc()
        query = sa.select(deliveries).where(is_channel(deliveries, channel)).order_by(newest).limit(limit)
        return await self._read(query)

    async def dealt(self, channel: Channel, cycle: int) -> list[str]:
        """The ids of the advice dealt to a channel in a round, oldest first."""
        return [delivery.advice or "" for delivery in await self._read(dealt_in(channel, cycle))]

    async def to_look_at(self, since: datetime) -> dict[State, int]:
        """How many deliveries due since then need a person's eye, by state."""
        query = (
            sa.select(deliveries.c.state, sa.func.count().label("number"))
            .where(is_to_look_at(), deliveries.c.due_ms >= to_ms(since))
            .group_by(deliveries.c.state)
        )

        async def work() -> dict[State, int]:
            async with self._database.reading() as connection:
                return {row.state: row.number for row in await connection.execute(query)}

        return await through_restarts(work, patience_s=self._patience_s)

    async def _read(self, query: sa.Select[tuple[object, ...]]) -> list[Delivery]:
        async def work() -> list[Delivery]:
            async with self._database.reading() as connection:
                return [delivery_of(row) for row in await connection.execute(query)]

        return await through_restarts(work, patience_s=self._patience_s)


def is_to_look_at() -> sa.ColumnElement[bool]:
    """Written out, for SQLite takes an index of some states only where it sees them."""
    return deliveries.c.state.in_(sa.bindparam("states", TO_LOOK_AT, expanding=True, literal_execute=True))


def dealt_in(channel: Channel, cycle: int) -> sa.Select[tuple[object, ...]]:
    """The query for a channel's deliveries of a round, oldest first."""
    return (
        sa.select(deliveries)
        .where(is_channel(deliveries, channel), deliveries.c.cycle == cycle, deliveries.c.advice_id.is_not(None))
        .order_by(deliveries.c.local_date)
    )
