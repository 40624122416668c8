"""Deliveries are planned once a day, claimed by one worker and settled by the one that holds them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.history import History
from bot.store.records import Channel, Delivery, Plan, Settlement, Subscription
from bot.store.retries import through_restarts
from bot.store.subscriptions import Subscriptions
from bot.store.tables import metadata
from tests.daily.stage import CHANNEL

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def born(channel: Channel = CHANNEL, day: date = TODAY, advice: str = "a", cycle: int = 0) -> Delivery:
    due = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Delivery(0, channel, day, due, due + DAY / 8, "planned", cycle=cycle, advice=advice, wake=due)


def tomorrow(*deliveries: Delivery, cycle: int = 0) -> Plan:
    return Plan(NOW + DAY, cycle, deliveries)


@pytest.fixture
def subscriptions(database: Database) -> Subscriptions:
    return Subscriptions(database)


@pytest.fixture
def history(database: Database) -> History:
    return History(database)


@pytest.fixture
def deliveries(database: Database) -> Deliveries:
    return Deliveries(database)


async def subscribe(subscriptions: Subscriptions, channel: Channel = CHANNEL) -> Subscription:
    made = Subscription(channel, owner="u1", locale="ko", wishes="{}", next_due=NOW)
    changed = await subscriptions.change(channel, lambda _: made)
    assert changed is not None
    return changed


async def claim(deliveries: Deliveries, now: datetime = NOW) -> list[Delivery]:
    return await deliveries.claim("test", now, limit=10, lease_s=60)


async def test_the_migrations_make_the_tables_that_the_code_names(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.transaction() as connection:
        assert await connection.run_sync(differences) == []


async def test_upgrading_twice_changes_nothing(database: Database, subscriptions: Subscriptions) -> None:
    made = await subscribe(subscriptions)

    await database.upgrade()

    assert await subscriptions.find(CHANNEL) == made


async def test_a_due_subscription_is_planned_once_and_moves_on(
    subscriptions: Subscriptions, deliveries: Deliveries, history: History
) -> None:
    await subscribe(subscriptions)

    counts = [await deliveries.plan("test", NOW, lambda *_: tomorrow(born()), limit=10) for _ in range(2)]
    moved = await subscriptions.find(CHANNEL)

    assert counts == [1, 0]
    assert moved is not None
    assert moved.next_due == NOW + DAY
    assert [each.state for each in await history.of(CHANNEL, limit=9)] == ["planned"]


async def test_the_planner_is_told_what_was_dealt_in_the_round_and_which_days_are_taken(
    subscriptions: Subscriptions, deliveries: Deliveries, history: History
) -> None:
    await subscribe(subscriptions)
    told: list[tuple[Sequence[str], Collection[date]]] = []

    def planner(_: Subscription, dealt: Sequence[str], taken: Collection[date]) -> Plan:
        told.append((list(dealt), set(taken)))
        days = [TODAY - DAY, TODAY]
        return tomorrow(*(born(day=day, advice=advice) for day, advice in zip(days, "ba", strict=True)))

    await deliveries.plan("test", NOW, planner, limit=10)
    await deliveries.plan_now(CHANNEL, NOW, planner)

    assert told == [([], set()), (["b", "a"], {TODAY - DAY, TODAY})]
    assert await history.dealt(CHANNEL, 0) == ["b", "a"]


async def test_a_day_that_has_a_delivery_keeps_it(
    subscriptions: Subscriptions, deliveries: Deliveries, history: History
) -> None:
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born(advice="a")), limit=10)

    await deliveries.plan_now(CHANNEL, NOW, lambda *_: tomorrow(born(advice="b")))

    assert [each.advice for each in await history.of(CHANNEL, limit=9)] == ["a"]


async def test_whoever_unsubscribes_and_comes_back_keeps_the_day_and_the_round(
    subscriptions: Subscriptions, deliveries: Deliveries, history: History
) -> None:
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born(cycle=4), cycle=4), limit=10)
    (mine,) = await claim(deliveries)
    await deliveries.settle([Settlement(mine, "sent", message="m1")])

    await subscriptions.change(CHANNEL, lambda _: None)
    gone = await subscriptions.find(CHANNEL)
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born(advice="b", cycle=4), cycle=4), limit=10)
    back = await subscriptions.find(CHANNEL)

    assert gone is None
    assert back is not None
    assert back.cycle == 4
    assert [each.advice for each in await history.of(CHANNEL, limit=9)] == ["a"]


async def test_workers_never_claim_the_same_delivery(subscriptions: Subscriptions, deliveries: Deliveries) -> None:
    for number in range(30):
        await subscribe(subscriptions, Channel("test", "guild", f"c{number}"))
    await deliveries.plan("test", NOW, lambda subscription, *_: tomorrow(born(subscription.channel)), limit=99)

    claims = await asyncio.gather(*(deliveries.claim("test", NOW, limit=10, lease_s=60) for _ in range(6)))

    claimed = [each.id for claim in claims for each in claim]
    assert sorted(claimed) == sorted(set(claimed))
    assert len(claimed) + len(await deliveries.claim("test", NOW, limit=99, lease_s=60)) == 30


async def test_a_settled_delivery_is_closed(
    subscriptions: Subscriptions, deliveries: Deliveries, history: History
) -> None:
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born()), limit=10)
    (mine,) = await claim(deliveries)

    ours, _ = await deliveries.settle([Settlement(mine, "sent", message="m1")])
    again, _ = await deliveries.settle([Settlement(mine, "sent", message="m1")])  # its answer may have been lost
    (kept,) = await history.of(CHANNEL, limit=9)

    assert ours == again == {mine.id}
    assert (mine.state, mine.tries, mine.first_post) == ("sending", 1, NOW)
    assert (kept.state, kept.message, kept.wake) == ("sent", "m1", None)
    assert await claim(deliveries, NOW + DAY) == []


async def test_a_lease_that_ran_out_leaves_the_delivery_unsure_and_its_first_worker_outside(
    subscriptions: Subscriptions, deliveries: Deliveries, history: History
) -> None:
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born()), limit=10)
    (first,) = await claim(deliveries)
    early = await claim(deliveries, NOW + timedelta(seconds=59))
    (second,) = await claim(deliveries, NOW + timedelta(seconds=60))

    late, _ = await deliveries.settle([Settlement(first, "planned", wake=NOW)])

    assert early == []
    assert second.state == "unsure"
    assert late == set()
    assert [each.state for each in await history.of(CHANNEL, limit=9)] == ["unsure"]


async def test_what_waited_long_before_the_first_claim_is_looked_up_first(
    subscriptions: Subscriptions, deliveries: Deliveries
) -> None:
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born()), limit=10)

    (mine,) = await claim(deliveries, NOW + 3 * MINUTE)

    assert mine.state == "unsure"


async def test_what_a_running_engine_claims_late_was_surely_not_posted(
    subscriptions: Subscriptions, deliveries: Deliveries
) -> None:
    await claim(deliveries, NOW - MINUTE)
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born()), limit=10)

    (mine,) = await claim(deliveries, NOW + 10 * MINUTE)

    assert mine.state == "sending"


@pytest.mark.parametrize("told_by", ["another claim", "its own"])
async def test_a_database_that_was_away_may_have_been_restored(
    url: str, subscriptions: Subscriptions, deliveries: Deliveries, told_by: str
) -> None:
    if url.startswith("sqlite"):
        pytest.skip("a file is never away")
    await claim(deliveries, NOW - MINUTE)
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born()), limit=10)

    other = Database(url)
    async with other.transaction() as connection:
        await connection.execute(sa.text(_CUT_OFF))
    await other.close()
    if told_by == "another claim":
        assert await deliveries.claim("elsewhere", NOW + MINUTE, limit=1, lease_s=60) == []
    (mine,) = await claim(deliveries, NOW + 10 * MINUTE)

    assert mine.state == "unsure"


_CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_a_refusing_channel_is_disabled_once(
    subscriptions: Subscriptions, deliveries: Deliveries, history: History
) -> None:
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born()), limit=10)
    (mine,) = await claim(deliveries)
    refusal = Settlement(mine, "failed", error="gone", stopped=NOW)

    _, disabled = await deliveries.settle([refusal])
    _, again = await deliveries.settle([refusal])

    assert [(each.status, each.error, each.next_due) for each in disabled] == [("disabled", "gone", None)]
    assert again == []
    assert await subscriptions.disabled() == disabled
    assert await history.to_look_at(NOW - DAY) == {"failed": 1}


async def test_a_held_delivery_is_posted_again_only_on_request(
    subscriptions: Subscriptions, deliveries: Deliveries
) -> None:
    await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(replace(born(), state="unsure")), limit=10)
    (mine,) = await claim(deliveries)
    await deliveries.settle([Settlement(mine, "held", error="unreadable")])

    elsewhere = await deliveries.resend(mine.id, Channel("test", "guild", "other"), NOW, NOW + DAY)
    before = await claim(deliveries, NOW + DAY)
    resent = [await deliveries.resend(mine.id, CHANNEL, NOW, NOW + DAY) for _ in range(2)]
    after = await claim(deliveries)

    assert elsewhere is False
    assert before == []
    assert resent == [True, False]
    assert [each.state for each in after] == ["sending"]


async def test_reading_waits_for_no_writer(
    database: Database, subscriptions: Subscriptions, deliveries: Deliveries, history: History
) -> None:
    made = await subscribe(subscriptions)
    await deliveries.plan("test", NOW, lambda *_: tomorrow(born()), limit=10)

    async with database.transaction() as connection, asyncio.timeout(5):  # SQLite would wait for twice as long
        await connection.execute(sa.update(metadata.tables["subscriptions"]).values(owner="u2"))
        found = [
            await subscriptions.find(CHANNEL),
            *await subscriptions.of("test"),
            *await subscriptions.active(limit=9),
        ]
        kept = await history.of(CHANNEL, limit=9), await history.dealt(CHANNEL, 0), await history.to_look_at(NOW)

    assert [each.owner for each in found if each] == [made.owner] * 3
    assert [len(each) for each in kept] == [1, 1, 0]


async def test_what_is_read_at_once_is_of_one_moment(database: Database, subscriptions: Subscriptions) -> None:
    count = sa.select(sa.func.count()).select_from(metadata.tables["subscriptions"])

    async with database.reading() as connection:
        before = (await connection.execute(count)).scalar_one()
        await subscribe(subscriptions)
        after = (await connection.execute(count)).scalar_one()

    assert before == after == 0
    assert await subscriptions.find(CHANNEL)


async def test_a_list_of_channels_is_no_more_patient_than_it_was_told() -> None:
    nowhere = Subscriptions(Database("postgresql+asyncpg://nobody@127.0.0.1:1/none"), patience_s=0)

    async with asyncio.timeout(5):
        with pytest.raises(OSError):  # noqa: PT011 -- the system's words for it are its own
            await nowhere.of("test")


async def test_work_is_done_again_once_the_database_is_back() -> None:
    paused: list[float] = []
    answers = iter([ConnectionRefusedError("away"), ConnectionRefusedError("away"), "done"])

    async def work() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    assert await through_restarts(work, sleep=sleep) == "done"
    assert len(paused) == 2


async def test_an_error_that_does_not_pass_is_raised_at_once(database: Database) -> None:
    async def work() -> None:
        async with database.transaction() as connection:
            await connection.execute(sa.text("SELECT * FROM nowhere"))

    with pytest.raises(sa.exc.DBAPIError):
        await through_restarts(work)
