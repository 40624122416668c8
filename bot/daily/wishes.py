"""What a channel's operator wants: schedule, topics, pins and bans, kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.daily.calendar import Pause, Schedule
from content import Library


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything about a subscription that only the calendar and the deck read."""

    schedule: Schedule
    topics: tuple[str, ...] = ()  # only advice of these; none: any
    banned: frozenset[str] = frozenset()  # ids of advice
    pins: Mapping[date, str] = field(default_factory=dict)  # the advice wanted on a day
    thread: bool = False  # whether a thread is opened under each day's


def pool(library: Library, wishes: Wishes) -> tuple[str, ...]:
    """The ids of the advice that may come."""
    pieces = (
        {piece.id: piece for topic in wishes.topics for piece in library.advice(topic=topic)}
        if wishes.topics
        else {piece.id: piece for piece in library.advice()}
    )
    return tuple(id_ for id_ in pieces if id_ not in wishes.banned)


def to_json(wishes: Wishes) -> str:
    schedule = wishes.schedule
    return json.dumps(
        {
            "zone": schedule.zone.key,
            "at": schedule.at.isoformat(),
            "weekdays": sorted(schedule.weekdays),
            "holidays": schedule.holidays,
            "days_off": sorted(map(str, schedule.days_off)),
            "days_on": sorted(map(str, schedule.days_on)),
            "pauses": [[str(pause.first), str(pause.last)] for pause in schedule.pauses],
            "first": _text(schedule.first),
            "last": _text(schedule.last),
            "grace_s": schedule.grace_s,
            "topics": wishes.topics,
            "banned": sorted(wishes.banned),
            "pins": {str(day): piece for day, piece in wishes.pins.items()},
            "thread": wishes.thread,
        },
        ensure_ascii=False,
    )


def from_json(text: str) -> Wishes:
    stored: dict[str, Any] = json.loads(text)
    return Wishes(
        schedule=Schedule(
            zone=ZoneInfo(stored["zone"]),
            at=time.fromisoformat(stored["at"]),
            weekdays=frozenset(stored["weekdays"]),
            holidays=stored["holidays"],
            days_off=frozenset(map(date.fromisoformat, stored["days_off"])),
            days_on=frozenset(map(date.fromisoformat, stored["days_on"])),
            pauses=tuple(Pause(*map(date.fromisoformat, ends)) for ends in stored["pauses"]),
            first=_date(stored["first"]),
            last=_date(stored["last"]),
            grace_s=stored["grace_s"],
        ),
        topics=tuple(stored["topics"]),
        banned=frozenset(stored["banned"]),
        pins={date.fromisoformat(day): piece for day, piece in stored["pins"].items()},
        thread=stored.get("thread", False),  # the first version had none
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
