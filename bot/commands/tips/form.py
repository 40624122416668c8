"""The settings of a channel's advice as a form, with what they are now."""

from __future__ import annotations

from bot.commands.tips.weekdays import DAY_NAMES
from bot.daily.wishes import Wishes
from bot.reply import Field, Form
from bot.wording import Phrases
from content import Library

_COUNTRIES = ("KR", "US", "JP")  # whose holidays are offered; any other can be typed
_GRACE_H = (1, 3, 6, 12)


def tips_form(wishes: Wishes, library: Library, phrase: Phrases) -> Form:
    """Its fields are named as `with_options` names them."""
    schedule = wishes.schedule
    country = schedule.holidays
    countries = dict.fromkeys([*_COUNTRIES, *filter(None, [country])])
    grace_h = schedule.grace_s // 3600
    topics = dict.fromkeys([*wishes.topics, *(each for each in library.topics() if library.advice(topic=each))])
    first, last = schedule.first, schedule.last

    def choice(name: str, value: str, *options: tuple[str, str]) -> Field:
        return Field(name, phrase(f"tips.field.{name}"), "choice", (value,), options, required=True)

    return Form(
        title=phrase("tips.form"),
        command="tips",
        argument="set",
        submit=phrase("tips.save"),
        fields=(
            Field("at", phrase("tips.field.at"), "time", (f"{schedule.at:%H:%M}",), hint="09:00", required=True),
            Field(
                "days",
                phrase("tips.field.days"),
                "choices",
                tuple(map(str, sorted(schedule.weekdays))),
                tuple((str(day), phrase(f"tips.day.{day}")) for day in range(len(DAY_NAMES))),
                required=True,
            ),
            Field(
                "topics",
                phrase("tips.field.topics"),
                "choices",
                wishes.topics,
                tuple((topic, topic) for topic in topics),
                hint=phrase("tips.any_topic"),
            ),
            choice(
                "holidays",
                country or "none",
                *((each, phrase("tips.holidays_of", country=each)) for each in countries),
                ("none", phrase("tips.no_holidays")),
            ),
            choice("thread", _switch(on=wishes.thread), *((each, phrase(f"tips.thread.{each}")) for each in _SWITCHES)),
            Field("from", phrase("tips.field.from"), "date", (str(first),) if first else (), hint="2026-03-02"),
            Field("to", phrase("tips.field.to"), "date", (str(last),) if last else (), hint="2026-06-30"),
            Field("zone", phrase("tips.field.zone"), "text", (schedule.zone.key,), hint="Asia/Seoul", required=True),
            choice(
                "grace",
                str(grace_h),
                *((str(each), phrase("tips.hours", count=each)) for each in sorted({*_GRACE_H, grace_h})),
            ),
        ),
    )


_SWITCHES = ("off", "on")


def _switch(*, on: bool) -> str:
    return _SWITCHES[on]
