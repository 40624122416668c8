"""The time zones that a channel may be in, by their names however they are written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

_NO_PLACES = {"Factory", "localtime", "posixrules"}  # files among the zones: unset, the machine's own, a rule


@cache
def zone_names() -> Mapping[str, str]:
    """Every zone's name by the same without regard to case."""
    return {name.casefold(): name for name in available_timezones() - _NO_PLACES}
