"""What `sunbae doctor` tells of the daily advice: what needs a person's eye."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.store.database import Database
from bot.store.history import History
from bot.store.records import Subscription
from bot.store.subscriptions import Subscriptions

_LATELY = timedelta(days=7)


async def subscribed(url: str, *, limit: int = 50) -> list[Subscription]:
    """The channels whose advice is next; none where the database does not answer."""
    if not await _is_there(url):
        return []
    database = Database(url)
    try:
        return await Subscriptions(database).active(limit=limit)
    except (DBAPIError, OSError):
        return []
    finally:
        await database.close()


async def examine(url: str, now: datetime) -> list[tuple[str, str]]:
    """Facts, each with what to do about it ("": nothing). Changes nothing, and makes no file."""
    if not await _is_there(url):
        return [("daily advice: none yet", "")]
    database = Database(url)
    try:
        counts = await History(database, patience_s=0).to_look_at(now - _LATELY)
        disabled = await Subscriptions(database, patience_s=0).disabled()
    except (DBAPIError, OSError) as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        remedy = "check SUNBAE_DATABASE_URL, or run `sunbae db upgrade`"
        return [("daily advice", f"the database does not answer ({reason}); {remedy}")]
    finally:
        await database.close()
    facts = [
        (f"daily advice: {count} {state} within a week", "see `tips history` in the channel; resend what is held")
        for state, count in counts.items()
    ]
    for each in disabled:
        where = f"{each.channel.platform} channel {each.channel.id}"
        facts.append((f"daily advice: {where} has stopped", f"{each.error}; mend it, then `tips set` there"))
    return facts or [("daily advice: nothing lost, held or late within a week", "")]


async def _is_there(url: str) -> bool:
    """A SQLite file would be made by looking into it."""
    parsed = make_url(url)
    return parsed.get_backend_name() != "sqlite" or await asyncio.to_thread(Path(parsed.database or "").exists)
