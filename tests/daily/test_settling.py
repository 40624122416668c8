"""Whoever writes down how a delivery went on learns whether it was written, whatever becomes of the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.daily.settling import Settling
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.history import History
from bot.store.records import Delivery, NextDue, Plan, Settlement, Subscription
from bot.store.subscriptions import Subscriptions
from tests.daily.stage import CHANNEL

NOW = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


class Stumbling(Deliveries):
    """Cannot write the first time, when told to go on."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.writing, self.go_on = asyncio.Event(), asyncio.Event()

    async def settle(
        self, settlements: Sequence[Settlement], *, next_due: NextDue | None = None
    ) -> tuple[set[int], list[Subscription]]:
        first = not self.writing.is_set()
        self.writing.set()
        await self.go_on.wait()
        if first:
            raise RuntimeError("disk full")
        return await super().settle(settlements, next_due=next_due)


async def claimed(database: Database, deliveries: Deliveries) -> list[Delivery]:
    """Two days' deliveries, to settle."""
    made = Subscription(CHANNEL, owner="u1", locale="ko", wishes="{}", next_due=NOW)
    await Subscriptions(database).change(CHANNEL, lambda _: made)
    days = (date(2026, 3, 1), date(2026, 3, 2))
    born = (Delivery(0, CHANNEL, day, NOW, NOW + DAY, "planned", cycle=0, advice=str(day), wake=NOW) for day in days)
    plan = Plan(NOW + DAY, 0, tuple(born))
    await deliveries.plan("test", NOW, lambda *_: plan, limit=1)
    return await deliveries.claim("test", NOW, limit=9, lease_s=60)


async def test_what_joins_a_write_that_fails_is_written_all_the_same(database: Database) -> None:
    deliveries = Stumbling(database)
    one, other = await claimed(database, deliveries)
    settling = Settling(deliveries, lambda _: None)

    first = asyncio.create_task(settling.settle(Settlement(one, "sent", message="m1")))
    await deliveries.writing.wait()
    second = asyncio.create_task(settling.settle(Settlement(other, "sent", message="m2")))
    await asyncio.sleep(0)
    deliveries.go_on.set()
    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(first, second, return_exceptions=True)

    assert [repr(outcome) for outcome in outcomes] == ["RuntimeError('disk full')", "None"]
    assert {each.message for each in await History(database).of(CHANNEL, limit=9)} == {"", "m2"}


async def test_whoever_waits_for_a_write_that_is_cut_off_is_cut_off_too(database: Database) -> None:
    deliveries = Stumbling(database)
    one, other = await claimed(database, deliveries)
    settling = Settling(deliveries, lambda _: None)
    first = asyncio.create_task(settling.settle(Settlement(one, "sent")))
    await deliveries.writing.wait()
    second = asyncio.create_task(settling.settle(Settlement(other, "sent")))
    await asyncio.sleep(0)

    assert settling._writing
    settling._writing.cancel()
    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(first, second, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 2
