"""What the owners of channels that stopped are to be told: written with the stop, told once by whoever claims it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.records import (
    DIRECT,
    Channel,
    Delivery,
    Notice,
    Settlement,
    Subscription,
    changing_of,
    claimed,
    from_ms,
    settled,
    to_ms,
)
from bot.store.retries import PATIENCE_S, through_restarts
from bot.store.tables import notices

_WORTH_TELLING = timedelta(days=2)
_ALWAYS = datetime.fromtimestamp(0, UTC)


class Notices:
    """Claimed and settled like the daily deliveries."""

    def __init__(self, database: Database, *, patience_s: float = PATIENCE_S) -> None:
        """*patience_s*: how long to ride out a database that is away."""
        self._database = database
        self._patience_s = patience_s

    async def claim(self, platform: str, now: datetime, *, lease_s: float) -> Notice | None:
        """Take one that waits, for *lease_s*; "unsure" where it may have been told before."""
        waiting = (
            sa.select(notices)
            .where(notices.c.wake_ms <= to_ms(now), notices.c.platform == platform)
            .order_by(notices.c.wake_ms)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

        async def work() -> Notice | None:
            async with self._database.transaction() as connection:
                row = (await connection.execute(waiting)).one_or_none()
                if row is None:
                    return None
                until = now + timedelta(seconds=lease_s)
                # Never in doubt: to tell twice after a backup was restored is better than never.
                mine = claimed(_message(row), secrets.token_hex(16), now, until, known_since=_ALWAYS)
                its = sa.update(notices).where(notices.c.id == row.id)
                await connection.execute(its.values(_columns(mine)))
            return Notice(mine, Channel(row.platform, row.tenant, row.channel), row.locale, row.reason, row.key)

        return await through_restarts(work, patience_s=self._patience_s)

    async def settle(self, settlement: Settlement) -> bool:
        """Write down how a claimed one went on; False where somebody else has claimed it since."""
        mine = settlement.delivery
        update = (
            sa.update(notices)
            .where(notices.c.id == mine.id, notices.c.token == mine.token)
            .values(_columns(settled(settlement)))
        )

        async def work() -> bool:
            async with self._database.transaction() as connection:
                return (await connection.execute(update)).rowcount == 1

        return await through_restarts(work, patience_s=self._patience_s)


async def write_notice(connection: AsyncConnection, stopped: Subscription, now: datetime) -> None:
    """Have the owner of a subscription that *stopped* told, in the transaction that stops it."""
    channel = stopped.channel
    row = {
        "platform": channel.platform,
        "tenant": channel.tenant,
        "channel": channel.id,
        "owner": stopped.owner,
        "locale": stopped.locale,
        "reason": stopped.error,
        "key": secrets.token_hex(12),
        "due_ms": to_ms(now),
        "state": "planned",
        "wake_ms": to_ms(now),
        "token": "",
        "tries": 0,
        "error": "",
    }
    await connection.execute(sa.insert(notices).values(row))


def _message(row: Any) -> Delivery:
    due = datetime.fromtimestamp(row.due_ms / 1000, UTC)
    return Delivery(
        id=row.id,
        channel=Channel(row.platform, row.tenant, f"{DIRECT}{row.owner}"),
        date=due.date(),
        due=due,
        expires=due + _WORTH_TELLING,
        state=row.state,
        wake=from_ms(row.wake_ms),
        token=row.token,
        tries=row.tries,
        first_post=from_ms(row.first_post_ms),
        error=row.error,
        locale=row.locale,
    )


def _columns(delivery: Delivery) -> dict[str, object]:
    return {name: value for name, value in changing_of(delivery).items() if name in notices.c}
