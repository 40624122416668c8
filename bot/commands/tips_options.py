"""What an operator types after `tips set`: "09:00 Asia/Seoul 월수금 topic=진로 from=2026-03-02"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.daily.calendar import WORKDAYS, knows_holidays
from bot.daily.wishes import Wishes
from content import Library

_NAMED_DAYS = {"매일": frozenset(range(7)), "daily": frozenset(range(7)), "평일": WORKDAYS, "weekdays": WORKDAYS}
_DAYS = "월화수목금토일"


class OptionError(ValueError):
    """A word that is no option; it is the message."""


def with_options(wishes: Wishes, words: list[str], library: Library) -> Wishes:
    """*wishes* with every option among *words*; the others stay. Raises OptionError at the first word that is none."""
    for word in words:
        try:
            wishes = _with_option(wishes, word, library)
        except (ValueError, ZoneInfoNotFoundError, OSError) as error:
            raise OptionError(word) from error
    return wishes


def _with_option(wishes: Wishes, word: str, library: Library) -> Wishes:
    schedule = wishes.schedule
    name, equals, value = word.partition("=")
    if equals:
        return _with_named(wishes, name.casefold(), value, library)
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", word):
        return replace(wishes, schedule=replace(schedule, at=time.fromisoformat(word.zfill(5))))
    if word.casefold() in _NAMED_DAYS:
        return replace(wishes, schedule=replace(schedule, weekdays=_NAMED_DAYS[word.casefold()]))
    if set(word) <= set(_DAYS):
        return replace(wishes, schedule=replace(schedule, weekdays=frozenset(map(_DAYS.index, word))))
    return replace(wishes, schedule=replace(schedule, zone=ZoneInfo(word)))


def _with_named(wishes: Wishes, name: str, value: str, library: Library) -> Wishes:
    schedule = wishes.schedule
    none = value.casefold() in {"", "none", "없음"}
    match name:
        case "holidays" | "공휴일" if none or knows_holidays(value.upper()):
            return replace(wishes, schedule=replace(schedule, holidays=None if none else value.upper()))
        case "from" | "시작":
            return replace(wishes, schedule=replace(schedule, first=None if none else date.fromisoformat(value)))
        case "to" | "끝":
            return replace(wishes, schedule=replace(schedule, last=None if none else date.fromisoformat(value)))
        case "off" | "쉬는날":
            days_off = schedule.days_off | {date.fromisoformat(value)}
            return replace(wishes, schedule=replace(schedule, days_off=days_off))
        case "topic" | "주제" if none or library.advice(topic=value):
            return replace(wishes, topics=() if none else (value,))
        case _:
            raise ValueError(name)
