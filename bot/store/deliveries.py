"""Each day's delivery to each channel: planned once, claimed by one worker, settled by whoever holds its token."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.history import dealt_in
from bot.store.records import (
    LATE_S,
    Channel,
    Choose,
    Delivery,
    Planner,
    Settlement,
    Subscription,
    columns_of,
    delivery_of,
    subscription_of,
    to_ms,
)
from bot.store.retries import PATIENCE_S, through_restarts
from bot.store.subscriptions import is_channel
from bot.store.tables import deliveries, subscriptions


def _of_subscription(column: sa.Column[str]) -> sa.Label[str]:
    """What the subscription of a delivery's channel has in *column*."""
    its = (
        subscriptions.c.platform == deliveries.c.platform,
        subscriptions.c.tenant == deliveries.c.tenant,
        subscriptions.c.channel == deliveries.c.channel,
    )
    return sa.select(column).where(*its).correlate(deliveries).scalar_subquery().label(column.name)


_WANTED = (_of_subscription(subscriptions.c.locale), _of_subscription(subscriptions.c.wishes))
_TWO_DAYS_MS = 2 * 86_400_000  # more than any two zones lie apart


class Deliveries:
    """Every change is one transaction; all but `plan_now` may be repeated without harm."""

    def __init__(self, database: Database, *, patience_s: float = PATIENCE_S) -> None:
        """*patience_s*: how long to ride out a database that is away."""
        self._database = database
        self._patience_s = patience_s

    async def plan(self, platform: str, now: datetime, planner: Planner, *, limit: int) -> int:
        """Plan for the subscriptions that are due, in one transaction; how many there were."""
        due = (
            sa.select(subscriptions)
            .where(subscriptions.c.next_due_ms <= to_ms(now), subscriptions.c.platform == platform)
            .order_by(subscriptions.c.next_due_ms)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

        async def work() -> int:
            async with self._database.transaction() as connection:
                return await _plan(connection, due, now, planner)

        return await through_restarts(work, patience_s=self._patience_s)

    async def plan_now(self, channel: Channel, now: datetime, planner: Planner) -> bool:
        """Plan for one channel, due or not; False where it has no subscription."""
        its = sa.select(subscriptions).where(is_channel(subscriptions, channel)).with_for_update()
        async with self._database.transaction() as connection:
            return await _plan(connection, its, now, planner) == 1

    async def claim(self, platform: str, now: datetime, *, limit: int, lease_s: float) -> list[Delivery]:
        """Take up to *limit* deliveries that wait, for *lease_s*: those to post are then "sending", others "unsure".

        Unsure are also those whose lease ran out while they were sent, and those that should have been claimed long
        ago: a database restored from a backup may have lost what became of them.
        """
        waiting = (
            sa.select(deliveries, *_WANTED)
            .where(deliveries.c.wake_ms <= to_ms(now), deliveries.c.platform == platform)
            .order_by(deliveries.c.wake_ms)
            .limit(limit)
            .with_for_update(skip_locked=True, of=deliveries)
        )
        until = now + timedelta(seconds=lease_s)

        async def work() -> list[Delivery]:
            token = secrets.token_hex(16)
            async with self._database.transaction() as connection:
                found = [delivery_of(row) for row in await connection.execute(waiting)]
                claimed = [_claimed(delivery, token, now, until) for delivery in found]
                await _write(connection, claimed)
            return claimed

        return await through_restarts(work, patience_s=self._patience_s)

    async def settle(self, settlements: Sequence[Settlement]) -> tuple[set[int], list[Subscription]]:
        """Write down how claimed deliveries went on: the ids of those still ours, and the subscriptions disabled now.

        A delivery that another worker has claimed since is left to it.
        """

        async def work() -> tuple[set[int], list[Subscription]]:
            async with self._database.transaction() as connection:
                ids = [settlement.delivery.id for settlement in settlements]
                held = (
                    sa.select(deliveries.c.id, deliveries.c.token)
                    .where(deliveries.c.id.in_(ids))
                    .order_by(deliveries.c.id)  # two workers that lock in one order never wait for each other
                    .with_for_update()
                )
                tokens = {row.id: row.token for row in await connection.execute(held)}
                ours = [each for each in settlements if tokens.get(each.delivery.id) == each.delivery.token]
                await _write(connection, map(_settled, ours))
                refused = {each.delivery.channel: each.error for each in ours if each.disable}
                disabled = [await _disable(connection, channel, why) for channel, why in refused.items()]
            return {each.delivery.id for each in ours}, [each for each in disabled if each]

        return await through_restarts(work, patience_s=self._patience_s)

    async def repick(self, delivery: Delivery, choose: Choose) -> Delivery:
        """Give a claimed delivery another piece; without one where there is none, or where it is not ours any more."""
        bare = replace(delivery, cycle=None, advice=None)

        async def work() -> Delivery:
            async with self._database.transaction() as connection:
                its = sa.select(subscriptions).where(is_channel(subscriptions, delivery.channel)).with_for_update()
                row = (await connection.execute(its)).one_or_none()
                if row is None:
                    return bare
                dealt = [each.advice_id for each in await connection.execute(dealt_in(delivery.channel, row.cycle))]
                picked = choose(subscription_of(row), [piece for piece in dealt if piece != delivery.advice])
                ours = sa.and_(deliveries.c.id == delivery.id, deliveries.c.token == delivery.token)
                if picked is None:
                    return bare
                values = {"cycle": picked[0], "advice_id": picked[1]}
                if (await connection.execute(sa.update(deliveries).where(ours).values(values))).rowcount == 0:
                    return bare
                its_cycle = sa.update(subscriptions).where(is_channel(subscriptions, delivery.channel))
                await connection.execute(its_cycle.values(cycle=picked[0]))
            return replace(delivery, cycle=picked[0], advice=picked[1])

        return await through_restarts(work, patience_s=self._patience_s)

    async def resend(self, id_: int, channel: Channel, now: datetime, expires: datetime) -> bool:
        """Post a delivery of *channel* after all that was held or closed unsent; False where it is none (any more)."""
        mine = sa.and_(deliveries.c.id == id_, is_channel(deliveries, channel))
        again = (
            sa.update(deliveries)
            .where(mine, deliveries.c.state.in_(["held", "failed", "expired", "skipped"]))
            .values(state="planned", wake_ms=to_ms(now), expires_ms=to_ms(expires), first_post_ms=None, token="")
        )

        async def work() -> bool:
            async with self._database.transaction() as connection:
                return (await connection.execute(again)).rowcount == 1

        return await through_restarts(work, patience_s=self._patience_s)


async def _plan(
    connection: AsyncConnection, chosen: sa.Select[tuple[object, ...]], now: datetime, planner: Planner
) -> int:
    rows = (await connection.execute(chosen)).all()
    if not rows:
        return 0
    dealt: dict[int, list[str]] = {row.id: [] for row in rows}
    taken: dict[int, set[date]] = {row.id: set() for row in rows}
    for row in await connection.execute(_known(list(dealt), now)):
        if row.in_round and row.advice_id is not None:
            dealt[row.id].append(row.advice_id)
        taken[row.id].add(date.fromisoformat(row.local_date))
    plans = {row.id: planner(subscription_of(row), dealt[row.id], taken[row.id]) for row in rows}
    born = [columns_of(delivery) for plan in plans.values() for delivery in plan.born]
    if born:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        await connection.execute(insert(deliveries).on_conflict_do_nothing(), born)
    advance = (
        sa.update(subscriptions)
        .where(subscriptions.c.id == sa.bindparam("id_"))
        .values(next_due_ms=sa.bindparam("due_ms"), cycle=sa.bindparam("round"))
    )
    moved = [{"id_": id_, "due_ms": to_ms(plan.next_due), "round": plan.cycle} for id_, plan in plans.items()]
    await connection.execute(advance, moved)
    return len(rows)


def _known(ids: list[int], now: datetime) -> sa.Select[tuple[object, ...]]:
    """What the planner must know of the past: each subscription's running round, and the days since it was due."""
    since_ms = sa.func.coalesce(
        sa.case((subscriptions.c.next_due_ms < to_ms(now), subscriptions.c.next_due_ms)), to_ms(now)
    )
    its = sa.and_(
        deliveries.c.platform == subscriptions.c.platform,
        deliveries.c.tenant == subscriptions.c.tenant,
        deliveries.c.channel == subscriptions.c.channel,
    )
    in_round = deliveries.c.cycle == subscriptions.c.cycle
    return (
        sa.select(
            subscriptions.c.id,
            deliveries.c.local_date,
            deliveries.c.advice_id,
            sa.func.coalesce(in_round, sa.false()).label("in_round"),
        )
        .join(deliveries, its)
        .where(subscriptions.c.id.in_(ids), sa.or_(in_round, deliveries.c.due_ms > since_ms - _TWO_DAYS_MS))
        .order_by(deliveries.c.local_date)
    )


def _claimed(delivery: Delivery, token: str, now: datetime, until: datetime) -> Delivery:
    late = delivery.wake is not None and now - delivery.wake > timedelta(seconds=LATE_S)
    if delivery.state != "planned" or late:
        return replace(delivery, state="unsure", token=token, wake=until)
    tries, first_post = delivery.tries + 1, delivery.first_post or now
    return replace(delivery, state="sending", token=token, wake=until, tries=tries, first_post=first_post)


def _settled(settlement: Settlement) -> Delivery:
    delivery = settlement.delivery
    return replace(
        delivery,
        state=settlement.state,
        wake=settlement.wake,
        # Planned again, it was surely not posted: history is searched, and may lag, from the next try on.
        first_post=None if settlement.state == "planned" else delivery.first_post,
        message=settlement.message or delivery.message,
        error=settlement.error,
    )


async def _write(connection: AsyncConnection, changed: Iterable[Delivery]) -> None:
    columns = ("state", "wake_ms", "token", "tries", "first_post_ms", "message_id", "error")
    rows = [{"id_": each.id, **{f"new_{name}": columns_of(each)[name] for name in columns}} for each in changed]
    if rows:
        values: dict[str, sa.BindParameter[object]] = {name: sa.bindparam(f"new_{name}") for name in columns}
        update = sa.update(deliveries).where(deliveries.c.id == sa.bindparam("id_")).values(values)
        await connection.execute(update, rows)


async def _disable(connection: AsyncConnection, channel: Channel, why: str) -> Subscription | None:
    """The subscription, or None where it was not active: its owner has been told."""
    disable = (
        sa.update(subscriptions)
        .where(is_channel(subscriptions, channel), subscriptions.c.status == "active")
        .values(status="disabled", error=why, next_due_ms=None)
        .returning(subscriptions)
    )
    row = (await connection.execute(disable)).one_or_none()
    return subscription_of(row) if row else None
