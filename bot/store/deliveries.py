"""Each day's delivery to each channel: planned once, claimed by one worker, settled by whoever holds its token."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.history import dealt_in
from bot.store.notices import write_notice
from bot.store.plans import write_plans
from bot.store.records import (
    CHANGING,
    Channel,
    Choose,
    Delivery,
    NextDue,
    Planner,
    Settlement,
    Subscription,
    changing_of,
    claimed,
    delivery_of,
    settled,
    subscription_of,
    to_ms,
)
from bot.store.retries import PATIENCE_S, Done, through_restarts
from bot.store.subscriptions import is_channel
from bot.store.tables import deliveries, subscriptions

_ITS_SUBSCRIPTION = sa.and_(
    subscriptions.c.platform == deliveries.c.platform,
    subscriptions.c.tenant == deliveries.c.tenant,
    subscriptions.c.channel == deliveries.c.channel,
)


class Deliveries:
    """Every change is one transaction; all but `plan_now` may be repeated without harm."""

    def __init__(self, database: Database, *, patience_s: float = PATIENCE_S) -> None:
        """*patience_s*: how long to ride out a database that is away."""
        self._database = database
        self._patience_s = patience_s
        self._known_since: datetime | None = None  # from then on no backup was restored; None: from the next claim

    async def channels(self, platform: str) -> int:
        """How many channels will get advice."""
        query = (
            sa.select(sa.func.count())
            .select_from(subscriptions)
            .where(subscriptions.c.platform == platform, subscriptions.c.next_due_ms.is_not(None))
        )

        async def work() -> int:
            async with self._database.reading() as connection:
                return int((await connection.execute(query)).scalar_one())

        return await self._through_restarts(work)

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
                return await write_plans(connection, due, now, planner)

        return await self._through_restarts(work)

    async def plan_now(self, channel: Channel, now: datetime, planner: Planner) -> bool:
        """Plan for one channel, due or not; False where it has no subscription."""
        its = sa.select(subscriptions).where(is_channel(subscriptions, channel)).with_for_update()
        async with self._database.transaction() as connection:
            return await write_plans(connection, its, now, planner) == 1

    async def claim(self, platform: str, now: datetime, *, limit: int, lease_s: float) -> list[Delivery]:
        """Take up to *limit* deliveries that wait, for *lease_s*: those to post are then "sending", others "unsure".

        Unsure are also those whose lease ran out while they were sent, and those that should have been claimed long
        before the first claim, or the first since the database was away: one that was restored from a backup meanwhile
        has lost what became of them. A file that is put in a running bot's place needs a restart.
        """
        waiting = (
            sa.select(deliveries, subscriptions.c.locale, subscriptions.c.wishes)
            .outerjoin(subscriptions, _ITS_SUBSCRIPTION)
            .where(deliveries.c.wake_ms <= to_ms(now), deliveries.c.platform == platform)
            .order_by(deliveries.c.wake_ms)
            .limit(limit)
            .with_for_update(skip_locked=True, of=deliveries)
        )
        until = now + timedelta(seconds=lease_s)

        async def work() -> list[Delivery]:
            token = secrets.token_hex(16)
            known_since = self._known_since = self._known_since or now  # anew where the database was away just now
            async with self._database.transaction() as connection:
                found = [delivery_of(row) for row in await connection.execute(waiting)]
                mine = [claimed(delivery, token, now, until, known_since=known_since) for delivery in found]
                await _write(connection, mine)
            return mine

        return await self._through_restarts(work)

    async def settle(
        self, settlements: Sequence[Settlement], *, next_due: NextDue | None = None
    ) -> tuple[set[int], list[Subscription]]:
        """Write down how claimed deliveries went on: the ids of those still ours, and the subscriptions disabled now.

        A delivery that another worker has claimed since is left to it. A channel that was disabled and has taken a post
        goes on as *next_due* says.
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
                await _write(connection, map(settled, ours))
                sent = [each.delivery.id for each in ours if each.state == "sent"]
                if sent and next_due:
                    await _enable(connection, sent, next_due)
                disabled = [await _disable(connection, each, each.stopped) for each in ours if each.stopped]
            return {each.delivery.id for each in ours}, [each for each in disabled if each]

        return await self._through_restarts(work)

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

        return await self._through_restarts(work)

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

        return await self._through_restarts(work)

    async def _through_restarts(self, work: Callable[[], Awaitable[Done]]) -> Done:
        return await through_restarts(work, patience_s=self._patience_s, lost=self._doubt)

    def _doubt(self) -> None:
        self._known_since = None


_SETTLE = (
    sa.update(deliveries)
    .where(deliveries.c.id == sa.bindparam("id_"))
    .values({name: sa.bindparam(f"new_{name}") for name in CHANGING})
)


async def _write(connection: AsyncConnection, changed: Iterable[Delivery]) -> None:
    rows = [{"id_": each.id, **{f"new_{name}": value for name, value in changing_of(each).items()}} for each in changed]
    if rows:
        await connection.execute(_SETTLE, rows)


async def _enable(connection: AsyncConnection, sent: Sequence[int], next_due: NextDue) -> None:
    """Let those channels of the deliveries *sent* go on that were disabled: they can be posted to after all."""
    disabled = (
        sa.select(subscriptions)
        .join(deliveries, _ITS_SUBSCRIPTION)
        .where(deliveries.c.id.in_(sent), subscriptions.c.status == "disabled")
        .with_for_update(of=subscriptions)
    )
    for row in (await connection.execute(disabled)).all():
        enable = sa.update(subscriptions).where(subscriptions.c.id == row.id)
        due_ms = to_ms(next_due(subscription_of(row)))
        await connection.execute(enable.values(status="active", error="", next_due_ms=due_ms))


async def _disable(connection: AsyncConnection, settlement: Settlement, now: datetime) -> Subscription | None:
    """The subscription, whose owner is to be told; None where it was not active: they are told already."""
    disable = (
        sa.update(subscriptions)
        .where(is_channel(subscriptions, settlement.delivery.channel), subscriptions.c.status == "active")
        .values(status="disabled", error=settlement.error, next_due_ms=None)
        .returning(subscriptions)
    )
    row = (await connection.execute(disable)).one_or_none()
    if row is None:
        return None
    await write_notice(connection, subscription_of(row), now)
    return subscription_of(row)
