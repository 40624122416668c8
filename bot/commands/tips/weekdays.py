"""Days of the week as people name them: "월수금", "월, 수", "평일 토", "월요일", "mon wed", "월~금"."""

from __future__ import annotations

import re

from bot.daily.calendar import WORKDAYS

DAY_NAMES = "월화수목금토일"
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EVERY, _WORKDAYS, _WEEKEND = frozenset(range(7)), frozenset(WORKDAYS), frozenset({5, 6})
_GROUPS = {
    "매일": _EVERY,
    "daily": _EVERY,
    "평일": _WORKDAYS,
    "weekdays": _WORKDAYS,
    "workdays": _WORKDAYS,
    "주말": _WEEKEND,
    "weekend": _WEEKEND,
    "weekends": _WEEKEND,
}
_EVERY_DAY = re.compile(r"every\s+day", re.IGNORECASE)
_UNTIL = re.compile(r"\s*[~–-]\s*|\s+to\s+", re.IGNORECASE)
_APART = re.compile(r"[\s,/·()]+")


class UnknownNamesError(ValueError):
    """Names in a list that are none of what was asked for."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))


def read_days(text: str) -> frozenset[int]:
    """All days that *text* names, 0 for Monday, which a number says, too. Raises UnknownNamesError for the others."""
    names = _names(text)
    if unknown := [name for name in names if not _days_called(name)]:
        raise UnknownNamesError(unknown)
    return frozenset[int]().union(*map(_days_called, names))


def reads_as_days(text: str) -> bool:
    """Whether *text* names days without being told that it does; numbers do not."""
    names = _names(text)
    return bool(names) and all(_days_called(name) and not re.search(r"\d", name) for name in names)


def _names(text: str) -> list[str]:
    """Its days, groups and stretches ("월~금"), as they are written."""
    return [name for name in _APART.split(_UNTIL.sub("~", _EVERY_DAY.sub("daily", text))) if name]


def _days_called(name: str) -> frozenset[int]:
    """None for a name that is no day's."""
    first, until, last = name.casefold().partition("~")
    if until:
        return _stretch(_days_called(first), _days_called(last))
    if first in _GROUPS:
        return _GROUPS[first]
    if set(letters := first.removesuffix("요일")) <= set(DAY_NAMES):
        return frozenset(map(DAY_NAMES.index, letters))
    if first.isdecimal():
        return _EVERY & {int(first)}
    return frozenset(number for number, day in enumerate(_ENGLISH) if len(first) >= 3 and day.startswith(first))


def _stretch(first: frozenset[int], last: frozenset[int]) -> frozenset[int]:
    """From one day to another, over Sunday where need be; none where either is not one day."""
    if len(first) != 1 or len(last) != 1:
        return frozenset()
    (start,), (end,) = first, last
    return frozenset((start + after) % 7 for after in range((end - start) % 7 + 1))
