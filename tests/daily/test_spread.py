"""Channels that are due together are spread over as long as their platform needs, each on its day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.daily.calendar import Day, Schedule
from bot.daily.planning import planner
from bot.daily.spread import NONE, spread_due, window
from bot.daily.wishes import Wishes, to_json
from bot.store.records import Channel, Subscription
from content import LiveLibrary

SEOUL = ZoneInfo("Asia/Seoul")
NINE = Day(date(2026, 3, 3), datetime(2026, 3, 3, tzinfo=UTC))
HOUR = timedelta(hours=1)
CHANNELS = [Channel("test", "guild", f"c{number}") for number in range(2000)]


@pytest.mark.parametrize(
    ("channels", "expected"),
    [(0, NONE), (2_700, NONE), (27_000, timedelta(seconds=750)), (10_000_000, timedelta(hours=6))],
)
def test_a_window_is_as_long_as_discord_needs_and_none_for_few(channels: int, expected: timedelta) -> None:
    assert window(channels, posts_per_s=45) == expected


def test_turns_come_evenly_within_the_window_and_at_one_time_each_day() -> None:
    turns = [spread_due(NINE, SEOUL, channel, HOUR) - NINE.due for channel in CHANNELS]
    tomorrow = Day(date(2026, 3, 4), NINE.due + timedelta(days=1))

    quarters = Counter(turn // (HOUR / 4) for turn in turns)

    assert sorted(quarters) == [0, 1, 2, 3]
    assert min(quarters.values()) > 400
    assert turns == [spread_due(tomorrow, SEOUL, channel, HOUR) - tomorrow.due for channel in CHANNELS]


@pytest.mark.parametrize("minutes", [1, 10])
def test_a_turn_late_in_the_evening_stays_on_its_day(minutes: int) -> None:
    late = Day(date(2026, 3, 3), datetime(2026, 3, 3, 15, tzinfo=UTC) - timedelta(minutes=minutes))

    turns = [spread_due(late, SEOUL, channel, HOUR) for channel in CHANNELS]

    assert {turn.astimezone(SEOUL).date() for turn in turns} == {late.date}


@pytest.mark.parametrize("windows", [[NONE, HOUR, 6 * HOUR], [6 * HOUR, HOUR, NONE]])
def test_each_day_comes_once_while_the_window_grows_or_shrinks(live: LiveLibrary, windows: list[timedelta]) -> None:
    wishes = to_json(Wishes(Schedule(SEOUL, time(9), frozenset(range(7)), holidays=None)))
    now = NINE.due
    for channel in CHANNELS[:20]:
        subscription = Subscription(channel, "u1", "ko", wishes, next_due=NINE.due)
        taken: list[date] = []
        while len(taken) < 9:
            assert subscription.next_due is not None
            now = max(now, subscription.next_due) if taken else subscription.next_due
            plan = planner(live.current, now, within=windows[len(taken) // 3])(subscription, (), taken)
            taken += [each.date for each in plan.born]
            subscription = Subscription(channel, "u1", "ko", wishes, next_due=plan.next_due)

        assert taken == [NINE.date + timedelta(days=number) for number in range(9)]
