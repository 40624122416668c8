"""Spreads the channels that are due together over as long as their platform needs for them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.daily.calendar import Day
from bot.store.records import Channel

LONGEST = timedelta(hours=6)  # Discord takes a million posts in 5.6 hours
NONE = timedelta(0)
INSTANT = timedelta(milliseconds=1)  # as finely as the store counts: a turn that it kept has come when it says so
_AT_ONCE_S = 60.0  # what is posted within a minute comes on time enough
_ROOM = 1.25  # times what the platform needs, so that late ones can catch up


def window(channels: int, posts_per_s: float) -> timedelta:
    """Over how long to spread *channels*, were they all due at one time; NONE where they are few."""
    needed_s = channels / posts_per_s
    return min(timedelta(seconds=_ROOM * needed_s), LONGEST) if needed_s > _AT_ONCE_S else NONE


def spread_due(day: Day, zone: ZoneInfo, channel: Channel, within: timedelta) -> datetime:
    """When *channel*'s turn comes: at the same time of each such day, and still on it."""
    if not within:
        return day.due
    midnight = datetime.combine(day.date + timedelta(days=1), time.min, zone).astimezone(UTC)
    turn = _share(channel) * max(min(within, midnight - day.due - timedelta(minutes=1)), NONE)
    return day.due + turn - turn % INSTANT


def _share(channel: Channel) -> float:
    """0-1, evenly over all channels."""
    digest = hashlib.sha256(channel.path.encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
