"""What an operator asks of a channel's advice: "09:00 월수금 zone=Asia/Seoul topics=진로 from=2026-03-02"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.daily.calendar import WORKDAYS, Pause, knows_holidays
from bot.daily.wishes import Wishes
from content import Library

DAY_NAMES = "월화수목금토일"
_NAMED_DAYS = {"매일": range(7), "daily": range(7), "평일": WORKDAYS, "weekdays": WORKDAYS}
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"(오전|오후)?(\d{1,2})(?::(\d{2})|시(?:(\d{1,2})분|(반))?)")
_HALF_DAYS = ("오전", "오후")
_NONE = frozenset({"", "none", "없음"})
_SWITCHES = {"on": True, "켬": True, "켜기": True, "off": False, "끔": False, "끄기": False}


class OptionsError(ValueError):
    """Options that cannot be taken."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        """*faults*: each option's name ("" for a word that is none) and the value that is wrong."""
        super().__init__(", ".join(f"{name}={value}" for name, value in faults.items()))
        self.faults = faults


def with_options(wishes: Wishes, words: Iterable[str], library: Library, now: datetime) -> Wishes:
    """*wishes* with every option among *words*; the others stay. Raises OptionsError with all that are wrong."""
    faults: dict[str, str] = {}
    given: set[str] = set()
    for word in _together(words):
        name, value = _named(word)
        if name not in _OPTIONS:
            faults[""] = ", ".join(filter(None, [faults.get(""), word]))
            continue
        given.add(name)
        try:
            wishes = _OPTIONS[name](wishes, value, library)
        except (KeyError, ValueError, ZoneInfoNotFoundError, OSError):
            faults[name] = value
    first, last = wishes.schedule.first, wishes.schedule.last
    over = last and "to" in given and last < now.astimezone(wishes.schedule.zone).date()
    if last and (over or (first and first > last)) and not faults:
        faults["to"] = str(last)
    if faults:
        raise OptionsError(faults)
    return wishes


def _together(words: Iterable[str]) -> Iterator[str]:
    """*words* with a time that is written in two of them ("오전 9시") as one."""
    half_day = ""
    for word in words:
        if word in _HALF_DAYS and not half_day:
            half_day = word
            continue
        yield from [half_day + word] if _TIME.fullmatch(half_day + word) else filter(None, [half_day, word])
        half_day = ""
    if half_day:
        yield half_day


def _named(word: str) -> tuple[str, str]:
    """The option's name and value; a time, days and a zone may go without a name."""
    name, equals, value = word.partition("=")
    if equals:
        return (_ALIASES.get(name.casefold(), name.casefold()), value) if name else ("", word)
    if _TIME.fullmatch(word):
        return "at", word
    if word and (word.casefold() in _NAMED_DAYS or all(map(_is_day, word.split(",")))):
        return "days", word
    return ("zone", word) if "/" in word or word == "UTC" else ("", word)


def _with_time(wishes: Wishes, value: str, _: Library) -> Wishes:
    found = _TIME.fullmatch(value.replace(" ", ""))
    if not found:
        raise ValueError(value)
    half_day, hour, minute, minute_in_words, half = found.groups()
    hour = int(hour) % 12 + 12 * (half_day == "오후") if half_day else int(hour)
    at = time(hour, 30 if half else int(minute or minute_in_words or 0))
    return replace(wishes, schedule=replace(wishes.schedule, at=at))


def _with_zone(wishes: Wishes, value: str, _: Library) -> Wishes:
    return replace(wishes, schedule=replace(wishes.schedule, zone=ZoneInfo(value)))


def _with_days(wishes: Wishes, value: str, _: Library) -> Wishes:
    wanted = value.casefold()
    if wanted in _NAMED_DAYS:
        days = frozenset(_NAMED_DAYS[wanted])
    elif wanted.strip(",") and set(wanted) <= {*DAY_NAMES, ","}:
        days = frozenset(map(DAY_NAMES.index, wanted.replace(",", "")))
    else:
        days = frozenset(_weekday(each) for each in wanted.split(","))
    return replace(wishes, schedule=replace(wishes.schedule, weekdays=days))


def _is_day(name: str) -> bool:
    """Whether it reads as days ("월", "월수금", "mon") without being told that they are."""
    english = len(name) >= 3 and any(day.startswith(name.casefold()) for day in _ENGLISH_DAYS)
    return english or set(name) <= set(DAY_NAMES)


def _weekday(name: str) -> int:
    """0 for Monday, by its number or its English name."""
    if name.isdecimal() and int(name) < 7:
        return int(name)
    found = [number for number, day in enumerate(_ENGLISH_DAYS) if len(name) >= 3 and day.startswith(name)]
    if not found:
        raise ValueError(name)
    return found[0]


def _with_holidays(wishes: Wishes, value: str, _: Library) -> Wishes:
    country = None if value.casefold() in _NONE else value.upper()
    if country and not knows_holidays(country):
        raise ValueError(value)
    return replace(wishes, schedule=replace(wishes.schedule, holidays=country))


def _with_first(wishes: Wishes, value: str, _: Library) -> Wishes:
    return replace(wishes, schedule=replace(wishes.schedule, first=_date(value)))


def _with_last(wishes: Wishes, value: str, _: Library) -> Wishes:
    return replace(wishes, schedule=replace(wishes.schedule, last=_date(value)))


def _with_day_off(wishes: Wishes, value: str, _: Library) -> Wishes:
    schedule, day = wishes.schedule, _date(value)
    days_off = schedule.days_off | {day} if day else frozenset[date]()
    return replace(wishes, schedule=replace(schedule, days_off=days_off, days_on=schedule.days_on - days_off))


def _with_day_on(wishes: Wishes, value: str, _: Library) -> Wishes:
    """A day that is posted on whatever else says: a holiday, the weekend, a pause."""
    schedule, day = wishes.schedule, _date(value)
    if day is None:
        return replace(wishes, schedule=replace(schedule, days_on=frozenset()))
    pauses = tuple(rest for pause in schedule.pauses for rest in _around(pause, day))
    on, off = schedule.days_on | {day}, schedule.days_off - {day}
    return replace(wishes, schedule=replace(schedule, days_on=on, days_off=off, pauses=pauses))


def _around(pause: Pause, day: date) -> Iterator[Pause]:
    """What is left of *pause* without *day*."""
    if not pause.first <= day <= pause.last:
        yield pause
        return
    if pause.first < day:
        yield Pause(pause.first, day - timedelta(days=1))
    if day < pause.last:
        yield Pause(day + timedelta(days=1), pause.last)


def _with_topics(wishes: Wishes, value: str, library: Library) -> Wishes:
    topics = () if value.casefold() in _NONE else tuple(value.split(","))
    if not all(library.advice(topic=topic) for topic in topics):
        raise ValueError(value)
    return replace(wishes, topics=topics)


def _with_thread(wishes: Wishes, value: str, _: Library) -> Wishes:
    return replace(wishes, thread=_SWITCHES[value.casefold()])


def _with_grace(wishes: Wishes, value: str, _: Library) -> Wishes:
    """In hours."""
    hours = int(value.removesuffix("시간").removesuffix("h"))
    if not 1 <= hours <= 24:
        raise ValueError(value)
    return replace(wishes, schedule=replace(wishes.schedule, grace_s=hours * 3600))


def _date(value: str) -> date | None:
    return None if value.casefold() in _NONE else date.fromisoformat(value)


_OPTIONS: dict[str, Callable[[Wishes, str, Library], Wishes]] = {
    "at": _with_time,
    "zone": _with_zone,
    "days": _with_days,
    "holidays": _with_holidays,
    "topics": _with_topics,
    "from": _with_first,
    "to": _with_last,
    "off": _with_day_off,
    "on": _with_day_on,
    "thread": _with_thread,
    "grace": _with_grace,
}
_ALIASES = {
    "time": "at",
    "시각": "at",
    "시간대": "zone",
    "weekdays": "days",
    "요일": "days",
    "공휴일": "holidays",
    "topic": "topics",
    "주제": "topics",
    "시작": "from",
    "끝": "to",
    "쉬는날": "off",
    "올리는날": "on",
    "스레드": "thread",
    "유예": "grace",
}
