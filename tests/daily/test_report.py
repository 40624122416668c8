"""`sunbae doctor` tells what of the daily advice needs a person's eye, and changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.records import Delivery, Plan, Settlement, State, Subscription
from bot.store.report import examine
from bot.store.subscriptions import Subscriptions
from tests.daily.stage import CHANNEL

NOW = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


async def _bring(database: Database, states: list[State], *, end: datetime = NOW) -> None:
    """Have the channel's deliveries of the days up to *end* come to *states*."""
    made = Subscription(CHANNEL, owner="u1", locale="ko", wishes="{}", next_due=end)
    await Subscriptions(database).change(CHANNEL, lambda _: made)
    deliveries = Deliveries(database)
    days = [end - number * DAY for number in range(len(states))]
    born = [
        Delivery(0, CHANNEL, day.date(), day, day + DAY, "planned", cycle=0, advice=str(day), wake=day) for day in days
    ]
    await deliveries.plan("test", end, lambda *_: Plan(None, 0, tuple(born)), limit=1)
    claimed = {each.due: each for each in await deliveries.claim("test", end, limit=99, lease_s=60)}
    for state, day in zip(states, days, strict=True):
        refused = state == "failed"
        await deliveries.settle(
            [Settlement(claimed[day], state, error="gone" if refused else "", stopped=NOW if refused else None)]
        )


async def test_what_was_held_failed_or_late_within_a_week_is_told_with_what_to_do(url: str, database: Database) -> None:
    await _bring(database, ["held", "held", "expired", "sent", "failed"])

    facts = await examine(url, NOW)

    assert sorted(what for what, _ in facts) == [
        "daily advice: 1 expired within a week",
        "daily advice: 1 failed within a week",
        "daily advice: 2 held within a week",
        "daily advice: test channel bootcamp has stopped",
    ]
    assert all(remedy for _, remedy in facts)
    assert dict(facts)["daily advice: test channel bootcamp has stopped"].startswith("gone;")


async def test_what_is_well_or_long_past_needs_nothing(url: str, database: Database) -> None:
    await _bring(database, ["held", "expired", "sent"], end=NOW - 8 * DAY)

    assert await examine(url, NOW) == [("daily advice: nothing lost, held or late within a week", "")]


async def test_a_database_that_is_not_there_yet_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "sunbae.db"

    assert await examine(f"sqlite+aiosqlite:///{file}", NOW) == [("daily advice: none yet", "")]
    assert not file.exists()


async def test_a_database_that_could_not_be_made_is_told(tmp_path: Path) -> None:
    ((what, remedy),) = await examine(f"sqlite+aiosqlite:///{tmp_path}/nowhere/sunbae.db", NOW)

    assert what == "daily advice"
    assert f"({tmp_path}/nowhere is no folder); check SUNBAE_DATABASE_URL" in remedy


async def test_a_database_that_does_not_answer_is_told_with_its_setting(tmp_path: Path) -> None:
    nobody = f"postgresql+asyncpg://sunbae:secret@/sunbae?host={tmp_path}"

    ((what, remedy),) = await examine(nobody, NOW)

    assert what == "daily advice"
    assert "check SUNBAE_DATABASE_URL" in remedy
    assert "secret" not in remedy


async def test_an_older_database_is_told_to_be_upgraded(tmp_path: Path) -> None:
    file = tmp_path / "sunbae.db"
    file.touch()

    ((_, remedy),) = await examine(f"sqlite+aiosqlite:///{file}", NOW)

    assert "run `sunbae db upgrade`" in remedy
