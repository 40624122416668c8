"""Turns subscriptions that are due into deliveries, within the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.records import REMEMBERED, Planner, columns_of, from_ms, subscription_of, to_ms
from bot.store.tables import deliveries, subscriptions

_TWO_DAYS = timedelta(days=2)  # more than any two zones lie apart
_ADVANCE = (
    sa.update(subscriptions)
    .where(subscriptions.c.id == sa.bindparam("id_"))
    .values(next_due_ms=sa.bindparam("due_ms"), cycle=sa.bindparam("round"))
)


async def write_plans(
    connection: AsyncConnection, chosen: sa.Select[tuple[object, ...]], now: datetime, planner: Planner
) -> int:
    """Plan for the *chosen* subscriptions, which it locks; how many there were."""
    rows = (await connection.execute(chosen)).all()
    if not rows:
        return 0
    dealt: dict[int, list[str]] = {row.id: [] for row in rows}
    taken: dict[int, set[date]] = {row.id: set() for row in rows}
    known = (await connection.execute(_known(rows, now))).all()
    for row in sorted(known, key=lambda row: row.local_date):  # SQLite would read every year of it to sort them
        if row.advice_id is not None:
            dealt[row.id].append(row.advice_id)
        else:
            taken[row.id].add(date.fromisoformat(row.local_date))
    plans = {row.id: planner(subscription_of(row), dealt[row.id], taken[row.id]) for row in rows}
    born = [columns_of(delivery) for plan in plans.values() for delivery in plan.born]
    if born:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        await connection.execute(insert(deliveries).on_conflict_do_nothing(), born)
    moved = [{"id_": id_, "due_ms": to_ms(plan.next_due), "round": plan.cycle} for id_, plan in plans.items()]
    await connection.execute(_ADVANCE, moved)
    return len(rows)


def _known(rows: Sequence[Any], now: datetime) -> sa.CompoundSelect[tuple[object, ...]]:
    """What the planner must know: the pieces of each running round and the days since it was due.

    Two ranges of two indexes, so that a channel's tenth year costs no more than its first.
    """
    due = [from_ms(row.next_due_ms) or now for row in rows]
    since = (max(min(*due, now), now - REMEMBERED) - _TWO_DAYS).date().isoformat()
    its = sa.and_(
        subscriptions.c.id.in_([row.id for row in rows]),
        deliveries.c.platform == subscriptions.c.platform,
        deliveries.c.tenant == subscriptions.c.tenant,
        deliveries.c.channel == subscriptions.c.channel,
    )
    pieces = sa.select(subscriptions.c.id, deliveries.c.local_date, deliveries.c.advice_id).where(
        its, deliveries.c.cycle == subscriptions.c.cycle, deliveries.c.advice_id.is_not(None)
    )
    days = sa.select(subscriptions.c.id, deliveries.c.local_date, sa.null()).where(
        its, deliveries.c.local_date >= since
    )
    return sa.union_all(pieces, days)
