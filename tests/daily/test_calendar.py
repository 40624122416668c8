"""Advice is due at the channel's own time, on its own days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.daily.calendar import Pause, Schedule, due_on, knows_holidays, next_due, upcoming

SEOUL = ZoneInfo("Asia/Seoul")
NEW_YORK = ZoneInfo("America/New_York")
EVERY_DAY = frozenset(range(7))
NINE = Schedule(SEOUL, time(9))


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type, misc]


def dates(schedule: Schedule, after: datetime, count: int) -> list[date]:
    """The next days that something is posted on."""
    days = (day.date for day in upcoming(schedule, after) if day.off is None)
    return list(islice(days, count))


def test_the_next_workday_at_nine_in_seoul_is_midnight_utc() -> None:
    day = next_due(NINE, utc(2026, 3, 6, 5))  # a Friday afternoon there

    assert day is not None
    assert (day.date, day.due) == (date(2026, 3, 9), utc(2026, 3, 9))


def test_an_instant_that_has_come_is_not_due_again() -> None:
    first = next_due(NINE, utc(2026, 3, 9) - timedelta(milliseconds=1))
    second = next_due(NINE, utc(2026, 3, 9))

    assert first is not None
    assert second is not None
    assert (first.date, second.date) == (date(2026, 3, 9), date(2026, 3, 10))


def test_korean_holidays_are_days_off_with_their_substitutes() -> None:
    days = {day.date: day.off for day in islice(upcoming(NINE, utc(2026, 1, 31)), 240)}

    for holiday in (
        (2026, 2, 16),
        (2026, 2, 17),
        (2026, 2, 18),
        (2026, 3, 2),
        (2026, 5, 5),
        (2026, 5, 25),
        (2026, 8, 17),
    ):
        assert days[date(*holiday)] == "holiday"
    assert days[date(2026, 3, 3)] is None


def test_an_operator_adds_a_day_off_and_takes_a_holiday_back() -> None:
    schedule = Schedule(SEOUL, time(9), days_off=frozenset({date(2026, 3, 3)}), days_on=frozenset({date(2026, 3, 2)}))

    assert dates(schedule, utc(2026, 2, 28), 2) == [date(2026, 3, 2), date(2026, 3, 4)]


def test_a_day_on_may_be_a_weekend() -> None:
    schedule = Schedule(SEOUL, time(9), days_on=frozenset({date(2026, 3, 7)}))

    assert dates(schedule, utc(2026, 3, 6, 5), 2) == [date(2026, 3, 7), date(2026, 3, 9)]


def test_nothing_is_posted_in_a_pause() -> None:
    schedule = Schedule(SEOUL, time(9), pauses=(Pause(date(2026, 3, 10), date(2026, 3, 12)),))

    assert dates(schedule, utc(2026, 3, 8), 3) == [date(2026, 3, 9), date(2026, 3, 13), date(2026, 3, 16)]


def test_a_pause_until_the_last_day_leaves_no_day() -> None:
    pauses = (Pause(date(2026, 3, 10), date(2026, 3, 31)),)

    assert next_due(Schedule(SEOUL, time(9), last=date(2026, 3, 31), pauses=pauses), utc(2026, 3, 9, 5)) is None


def test_a_cohort_has_its_first_and_last_day() -> None:
    schedule = Schedule(SEOUL, time(9), first=date(2026, 3, 10), last=date(2026, 3, 12))

    assert dates(schedule, utc(2026, 1, 1), 9) == [date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12)]
    assert next_due(schedule, utc(2026, 3, 12)) is None


def test_a_time_that_spring_leaves_out_comes_after_the_gap() -> None:
    schedule = Schedule(NEW_YORK, time(2, 30), EVERY_DAY, holidays=None)

    assert due_on(schedule, date(2026, 3, 8)) == utc(2026, 3, 8, 7, 30)  # 03:30 by the new clocks


def test_a_time_that_autumn_shows_twice_comes_the_first_time_only() -> None:
    schedule = Schedule(NEW_YORK, time(1, 30), EVERY_DAY, holidays=None)

    days = list(islice(upcoming(schedule, utc(2026, 10, 31, 12)), 2))

    assert [day.due for day in days] == [utc(2026, 11, 1, 5, 30), utc(2026, 11, 2, 6, 30)]


def test_a_day_that_a_zone_never_had_is_left_out() -> None:
    schedule = Schedule(ZoneInfo("Pacific/Apia"), time(9), EVERY_DAY, holidays=None)

    assert due_on(schedule, date(2011, 12, 30)) is None
    assert dates(schedule, utc(2011, 12, 29), 3) == [date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]


@pytest.mark.parametrize(("country", "known"), [("KR", True), ("US", True), ("XX", False), ("", False), ("KOR", False)])
def test_a_country_without_a_calendar_is_known_as_such(country: str, *, known: bool) -> None:
    assert knows_holidays(country) is known


SOME_DATE = st.dates(date(2010, 1, 1), date(2027, 1, 1))
schedules = st.builds(
    Schedule,
    zone=st.sampled_from(
        ["Asia/Seoul", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Europe/Dublin", "America/Sao_Paulo"]
    ).map(ZoneInfo),
    at=st.times(),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.sampled_from(["KR", "US", None]),
    pauses=st.lists(st.tuples(SOME_DATE, st.integers(0, 40)), max_size=2).map(
        lambda pairs: tuple(Pause(first, first + timedelta(days=length)) for first, length in pairs)
    ),
    first=st.none() | SOME_DATE,
)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- given one


@given(schedules, moments)
def test_the_next_due_is_in_the_future_and_on_an_allowed_day(schedule: Schedule, now: datetime) -> None:
    day = next_due(schedule, now)

    assert day is not None
    assert day.off is None
    assert day.due > now
    assert day.due.astimezone(schedule.zone).date() == day.date
    assert day.date.weekday() in schedule.weekdays
    assert schedule.first is None or day.date >= schedule.first
    assert not any(pause.first <= day.date <= (pause.last or day.date) for pause in schedule.pauses)


@given(schedules, moments)
def test_days_come_in_order_and_each_once(schedule: Schedule, now: datetime) -> None:
    days = list(islice(upcoming(schedule, now), 20))

    assert [day.date for day in days] == sorted({day.date for day in days})
    assert [day.due for day in days] == sorted({day.due for day in days})
