"""What an operator asks of a channel's advice: "09:00 월수금 zone=Asia/Seoul topics=진로 from=2026-03-02"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.tips.weekdays import UnknownNamesError, read_days, reads_as_days
from bot.commands.tips.zones import zone_names
from bot.daily.calendar import Pause, knows_holidays
from bot.daily.wishes import Wishes
from bot.wording import LOCALES, phrases
from content import Library

_TIME = re.compile(r"(오전|오후)?\s*(\d{1,2})\s*(?::\s*(\d{2})|시\s*(?:(\d{1,2})\s*분|(반))?)")
_TIME_WORDS = 5  # "오후 3 시 30 분"
_NONE = frozenset({"", "none", "없음"})
_SWITCHES = {"on": True, "켬": True, "켜기": True, "off": False, "끔": False, "끄기": False}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an option was not taken."""

    key: str  # of the phrase that says so, under tips.wrong
    value: str  # what is wrong, as it was written


class OptionsError(ValueError):
    """Options that cannot be taken."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        """*faults*: by each option's name, "" for all words that are none."""
        super().__init__(", ".join(f"{name}={fault.value}" for name, fault in faults.items()))
        self.faults = faults


def with_options(wishes: Wishes, words: Iterable[str], library: Library, now: datetime) -> Wishes:
    """*wishes* with every option among *words*; the others stay. Raises OptionsError with all that are wrong."""
    faults: dict[str, Fault] = {}
    given = _given(words)
    for name, values in given.items():
        taken = _taken(wishes, name, values, library)
        if isinstance(taken, Fault):
            faults[name] = taken
        else:
            wishes = taken
    first, last = wishes.schedule.first, wishes.schedule.last
    over = last and "to" in given and last < now.astimezone(wishes.schedule.zone).date()
    if last and (over or (first and first > last)) and not faults:
        faults["to"] = Fault("to", str(last))
    if faults:
        raise OptionsError(faults)
    return wishes


def _given(words: Iterable[str]) -> dict[str, list[str]]:
    """What was given for each option, in order; "" has the words that belong to none."""
    given: dict[str, list[str]] = {}
    for word in _with_lists(_with_times(words)):
        if word.strip(","):
            name, value = _named(word)
            given.setdefault(name, []).append(value)
    return given


def _taken(wishes: Wishes, name: str, values: Sequence[str], library: Library) -> Wishes | Fault:
    """*wishes* with the option *name*; values of which one undoes another are a fault, too."""
    together = ", ".join(values)
    if name not in _OPTIONS:
        return Fault("unknown", together)
    if name == "days":
        values = [together]
    if name in _NEVER_EMPTY and not all(value.strip(", ") for value in values):
        return Fault(f"missing.{name}", "")
    for value in values:
        try:
            wishes = _OPTIONS[name](wishes, value, library)
        except UnknownNamesError as error:
            return Fault(name, str(error))
        except (KeyError, ValueError):
            return Fault("date" if name in _DATES else name, value)
    if any(_OPTIONS[name](wishes, value, library) != wishes for value in values):
        return Fault("twice", together)
    return wishes


def _with_times(words: Iterable[str]) -> Iterator[str]:
    """*words* with a time that is written in several of them ("오전 9시 반") as one."""
    left = list(words)
    while left:
        size = next((size for size in range(_TIME_WORDS, 1, -1) if _is_time(" ".join(left[:size]))), 1)
        yield " ".join(left[:size])
        del left[:size]


def _with_lists(words: Iterable[str]) -> Iterator[str]:
    """*words* with a list that has spaces at its commas ("주제=연구, 진로") as one."""
    held = ""
    for word in words:
        if "=" in held and (held.endswith(",") or word.startswith(",")) and _named(word)[0] in {"", _named(held)[0]}:
            held += word
            continue
        yield from filter(None, [held])
        held = word
    yield from filter(None, [held])


def _is_time(text: str) -> bool:
    """Whether *text* is a time, with its option's name or without."""
    name, _, value = text.rpartition("=")
    return (not name or _option(name) == "at") and _TIME.fullmatch(value) is not None


def _named(word: str) -> tuple[str, str]:
    """The option's name and value; a time, days and a zone may go without a name."""
    name, equals, value = word.partition("=")
    if equals:
        return (_option(name), value.strip()) if _option(name) in _OPTIONS else ("", word)
    if _TIME.fullmatch(word):
        return "at", word
    if reads_as_days(word):
        return "days", word
    return ("zone", word) if "/" in word or word.casefold() == "utc" else ("", word)


def _option(name: str) -> str:
    """The option called *name* in any locale; "" is none."""
    return _ALIASES.get(name.casefold(), name.casefold())


def _with_time(wishes: Wishes, value: str, _: Library) -> Wishes:
    found = _TIME.fullmatch(value)
    if not found:
        raise ValueError(value)
    half_day, hour, minute, minute_in_words, half = found.groups()
    hour = int(hour) % 12 + 12 * (half_day == "오후") if half_day else int(hour)
    at = time(hour, 30 if half else int(minute or minute_in_words or 0))
    return replace(wishes, schedule=replace(wishes.schedule, at=at))


def _with_zone(wishes: Wishes, value: str, _: Library) -> Wishes:
    return replace(wishes, schedule=replace(wishes.schedule, zone=ZoneInfo(zone_names()[value.casefold()])))


def _with_days(wishes: Wishes, value: str, _: Library) -> Wishes:
    days = read_days(value)
    if not days:
        raise ValueError(value)
    return replace(wishes, schedule=replace(wishes.schedule, weekdays=days))


def _with_holidays(wishes: Wishes, value: str, _: Library) -> Wishes:
    country = _country_offered(value) or (None if _is_none(value, "tips.no_holidays") else value.upper())
    if country and not knows_holidays(country):
        raise ValueError(value)
    return replace(wishes, schedule=replace(wishes.schedule, holidays=country))


def _country_offered(value: str) -> str | None:
    """The country in "KR 공휴일에 쉬기", as a form has it."""
    return next((each for each in value.split() if _is_label("tips.holidays_of", value, country=each)), None)


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
    if _is_none(value, "discord.any_topic"):
        return replace(wishes, topics=())
    topics = tuple(topic for each in value.split(",") if (topic := each.strip()))
    if unknown := [topic for topic in topics if not library.advice(topic=topic)]:
        raise UnknownNamesError(unknown)
    return replace(wishes, topics=topics)


def _with_thread(wishes: Wishes, value: str, _: Library) -> Wishes:
    return replace(wishes, thread=_SWITCHES[value.casefold()])


def _with_grace(wishes: Wishes, value: str, _: Library) -> Wishes:
    """In hours."""
    hours = int(value.removesuffix("시간").removesuffix("h"))
    if not 1 <= hours <= 24:
        raise ValueError(value)
    return replace(wishes, schedule=replace(wishes.schedule, grace_s=hours * 3600))


def _is_none(value: str, label: str) -> bool:
    """Whether *value* says that there is none, as people do or as the phrase *label* does."""
    return value.casefold() in _NONE or _is_label(label, value)


def _is_label(key: str, value: str, **values: object) -> bool:
    """Whether *value* is the phrase *key* in any locale."""
    return value.casefold() in {phrases(locale)(key, **values).casefold() for locale in LOCALES}


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
_NEVER_EMPTY = frozenset({"at", "zone", "days", "thread", "grace"})  # of the others an empty value means none
_DATES = frozenset({"from", "to", "off", "on"})
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
