"""When a channel's advice is due, in its own time zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

GRACE_S = 3 * 3600
WORKDAYS = frozenset(range(5))
_LAST_DATE = date(2099, 12, 31)  # further on nobody knows the lunar holidays, nor the zones' rules
_DAY = timedelta(days=1)

Off = Literal["holiday", "pause"]


@dataclass(frozen=True, slots=True)
class Pause:
    """Days without advice, both ends among them."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a channel wants its advice."""

    zone: ZoneInfo
    at: time  # by the clocks on the wall there; naive
    weekdays: frozenset[int] = WORKDAYS  # Monday is 0; never empty
    holidays: str | None = "KR"  # the country whose public holidays are days off
    days_off: frozenset[date] = frozenset()  # the operator's own holidays
    days_on: frozenset[date] = frozenset()  # holidays that are none to the operator
    pauses: tuple[Pause, ...] = ()
    first: date | None = None  # the cohort's first and last day
    last: date | None = None
    grace_s: int = GRACE_S  # how late is still worth posting


@dataclass(frozen=True, slots=True)
class Day:
    """A day that the schedule names."""

    date: date  # as the channel's zone counts
    due: datetime  # UTC
    off: Off | None = None  # why nothing is posted on it


def upcoming(schedule: Schedule, after: datetime) -> Iterator[Day]:
    """The schedule's days, those off among them, due later than *after*; none where the cohort is over."""
    day = after.astimezone(schedule.zone).date() - _DAY  # a zone may jump over midnight
    if schedule.first is not None:
        day = max(day, schedule.first)
    while day <= min(schedule.last or _LAST_DATE, _LAST_DATE):
        if day.weekday() in schedule.weekdays or day in schedule.days_on:
            due = due_on(schedule, day)
            if due is not None and due > after:
                yield Day(day, due, _off(schedule, day))
        day += _DAY


def next_due(schedule: Schedule, after: datetime) -> Day | None:
    """The next day that something is posted on, or None where the cohort is over."""
    return next((day for day in upcoming(schedule, after) if day.off is None), None)


def due_on(schedule: Schedule, day: date) -> datetime | None:
    """The instant when *day*'s advice is due; None where the zone's clocks never show that day."""
    # fold=0 takes the first of two equal times in autumn, and in spring carries a time that is left out past the gap.
    due = datetime.combine(day, schedule.at, schedule.zone).astimezone(UTC)
    # Apia had no 2011-12-30: it crossed the date line.
    return due if due.astimezone(schedule.zone).date() == day else None


def knows_holidays(country: str) -> bool:
    """Whether *country* is an ISO 3166 code ("KR") whose holidays are known."""
    import holidays  # noqa: PLC0415 -- a tenth of a second that `sunbae ask` can do without

    return country in holidays.list_supported_countries(include_aliases=False)


def _off(schedule: Schedule, day: date) -> Off | None:
    if any(pause.first <= day <= pause.last for pause in schedule.pauses):
        return "pause"
    if day in schedule.days_on:
        return None
    if day in schedule.days_off or (schedule.holidays and day in _public_holidays(schedule.holidays, day.year)):
        return "holiday"
    return None


@cache
def _public_holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 -- as above

    return frozenset(holidays.country_holidays(country, years=year))
