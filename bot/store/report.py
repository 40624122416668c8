"""What `sunbae doctor` tells of the daily advice: what needs a person's eye."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.store.database import Database, UnusableError, told
from bot.store.history import History
from bot.store.records import State, Subscription
from bot.store.subscriptions import Subscriptions

_LATELY = timedelta(days=7)


async def subscribed(url: str, *, limit: int = 50) -> list[Subscription]:
    """The channels whose advice is next; none where the database does not answer."""
    try:
        with told():
            if not await _is_there(url):
                return []
            database = Database(url)
            try:
                return await Subscriptions(database, patience_s=0).active(limit=limit)
            finally:
                await database.close()
    except UnusableError:
        return []


async def examine(url: str, now: datetime) -> list[tuple[str, str]]:
    """Facts, each with what to do about it ("": nothing). Changes nothing, and makes no file."""
    try:
        with told():
            if not await _is_there(url):
                return [("daily advice: none yet", "")]
            counts, disabled = await _looked_at(url, now)
    except UnusableError as error:
        upgrade = "" if isinstance(error.__cause__, NotADirectoryError) else ", or run `sunbae db upgrade`"
        return [("daily advice", f"{error}{upgrade}")]
    facts = [
        (f"daily advice: {count} {state} within a week", "see `tips history` in the channel; resend what is held")
        for state, count in counts.items()
    ]
    for each in disabled:
        where = f"{each.channel.platform} channel {each.channel.id}"
        facts.append((f"daily advice: {where} has stopped", f"{each.error}; mend it, then `tips set` there"))
    return facts or [("daily advice: nothing lost, held or late within a week", "")]


async def _looked_at(url: str, now: datetime) -> tuple[Mapping[State, int], list[Subscription]]:
    """How many deliveries need a look, by state, and the channels that refuse posts."""
    database = Database(url)
    try:
        counts = await History(database, patience_s=0).to_look_at(now - _LATELY)
        return counts, await Subscriptions(database, patience_s=0).disabled()
    finally:
        await database.close()


async def _is_there(url: str) -> bool:
    """A SQLite file would be made by looking into it; raises OSError where it could not be made either."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return True
    return await asyncio.to_thread(_is_made, Path(parsed.database or ""))


def _is_made(file: Path) -> bool:
    if not file.parent.is_dir():
        raise NotADirectoryError(f"{file.parent} is no folder")
    return file.exists()
