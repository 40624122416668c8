"""What an operator changes between a day's time and its post neither loses that day's advice nor doubles it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import handle
from bot.reply import Place, Request, User
from bot.store.store import Store
from tests.daily.stage import CHANNEL, MORNING, Stage

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def told(stage: Stage, words: str) -> str:
    """What the bot answers an operator of the channel."""
    study = replace(stage.study, store=Store.on(stage.database))
    request = Request(words, User("u1", "민지", operator=True), Place("test", "guild", CHANNEL.id), "ko")
    return (await handle(study, "tips", request)).text


async def seen(stage: Stage) -> list[tuple[str, str]]:
    """The last days that have a delivery, newest first, and its state."""
    return [(str(each.date)[5:], each.state) for each in await stage.history.of(CHANNEL, limit=3)]


def spread(stage: Stage) -> None:
    """Have the channel's turn come two minutes after its time, as where there are many channels."""
    stage.platform.posts_per_s = 1.0
    stage.engine._channels = 2000
    stage.engine._count_again = float("inf")


@pytest.mark.parametrize("spreads", [True, False])
@pytest.mark.parametrize(
    "words", ["ban {piece}", "pin 2026-03-10 {piece}", "set 스레드=켬", "set 끝=2026-06-30", "skip 2026-03-09", "swap"]
)
async def test_a_change_between_the_time_and_the_turn_loses_no_advice(
    stage: Stage, words: str, *, spreads: bool
) -> None:
    if spreads:
        spread(stage)
    await told(stage, "set 09:00")
    stage.clock.now = MORNING
    if spreads:
        await stage.settle()  # the turn is known now

    stage.clock.now = MORNING + MINUTE / 2
    answer = await told(stage, words.format(piece=stage.study.library.advice()[3].id))
    await stage.until(MORNING + HOUR)

    assert answer.splitlines()[1].startswith("2026-03-03 — “")
    assert await seen(stage) == [("03-03", "sent")]


async def test_a_time_moved_on_before_the_turn_is_kept(stage: Stage) -> None:
    spread(stage)
    await told(stage, "set 09:00")
    stage.clock.now = MORNING
    await stage.settle()

    await told(stage, "set 11:00")
    await stage.until(MORNING + 2 * HOUR - MINUTE)
    early = await seen(stage)
    await stage.until(MORNING + 9 * HOUR)

    assert early == []
    assert await seen(stage) == [("03-03", "sent")]


async def test_a_time_moved_back_before_the_turn_posts_at_once_and_once(stage: Stage) -> None:
    await told(stage, "set 09:00")
    stage.clock.now = MORNING + MINUTE / 2

    await told(stage, "set 08:30")
    await stage.until(MORNING + HOUR)
    await told(stage, "set 11:00")
    await stage.until(MORNING + 9 * HOUR)

    assert len(stage.platform.posts) == 1
    assert await seen(stage) == [("03-03", "sent")]


async def test_a_time_moved_to_one_that_is_over_begins_tomorrow_as_is_shown(stage: Stage) -> None:
    await told(stage, "set 14:00")
    stage.clock.now = MORNING + HOUR

    answer = await told(stage, "set 08:30")
    await stage.until(MORNING + 9 * HOUR)
    today = await seen(stage)
    await stage.until(MORNING + 24 * HOUR)

    assert answer.splitlines()[1].startswith("2026-03-04 — “")
    assert today == []
    assert await seen(stage) == [("03-04", "sent")]


async def test_a_day_skipped_before_its_turn_rests_and_says_so(stage: Stage) -> None:
    spread(stage)
    await told(stage, "set 09:00")
    stage.clock.now = MORNING
    await stage.settle()

    answer = await told(stage, "skip")
    await stage.until(MORNING + HOUR)

    assert answer.splitlines()[1] == "2026-03-03 — 쉬는 날이에요"
    assert await seen(stage) == [("03-03", "skipped")]


async def test_days_missed_by_a_bot_that_was_away_are_written_down_whatever_is_changed_first(stage: Stage) -> None:
    await told(stage, "set 09:00")
    stage.clock.now = MORNING + timedelta(days=2, hours=1)

    await told(stage, "set 14:00")
    await stage.settle()

    assert await seen(stage) == [("03-04", "expired"), ("03-03", "expired")]
