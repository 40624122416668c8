"""The channels that want advice every day."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.records import WITHDRAWN, Channel, Subscription, subscription_of, to_ms
from bot.store.retries import PATIENCE_S, through_restarts
from bot.store.tables import deliveries, subscriptions

Change = Callable[[Subscription | None], Subscription | None]


class Subscriptions:
    """At most one for each channel."""

    def __init__(self, database: Database, *, patience_s: float = PATIENCE_S) -> None:
        """*patience_s*: how long to ride out a database that is away."""
        self._database = database
        self._patience_s = patience_s

    async def find(self, channel: Channel) -> Subscription | None:
        return next(iter(await self._read(_select(channel))), None)

    async def change(self, channel: Channel, change: Change) -> Subscription | None:
        """Replace the channel's subscription by what *change* makes of it (None: there is none), nobody coming between.

        A channel that comes back goes on in the round it left, so that nothing it had is repeated. One that is not
        active any more loses what was planned for it.
        """

        async def work() -> Subscription | None:
            async with self._database.transaction() as connection:
                row = (await connection.execute(_select(channel).with_for_update())).one_or_none()
                changed = change(subscription_of(row) if row else None)
                if row and row.status == "active" and (changed is None or changed.status != "active"):
                    await _withdraw(connection, channel)
                if changed is None:
                    await connection.execute(sa.delete(subscriptions).where(is_channel(subscriptions, channel)))
                elif row:
                    where = is_channel(subscriptions, channel)
                    await connection.execute(sa.update(subscriptions).where(where).values(_columns(changed)))
                else:
                    cycle = sa.select(sa.func.max(deliveries.c.cycle)).where(is_channel(deliveries, channel))
                    left = (await connection.execute(cycle)).scalar_one() or 0
                    await connection.execute(sa.insert(subscriptions).values({**_columns(changed), "cycle": left}))
            return changed

        return await through_restarts(work, patience_s=self._patience_s)

    async def of(self, platform: str, tenant: str | None = None, *, limit: int = 100) -> list[Subscription]:
        """A platform's channels with daily advice, all or a tenant's, the oldest first."""
        table = subscriptions
        where = sa.and_(table.c.platform == platform, table.c.tenant == tenant if tenant is not None else sa.true())
        return await self._read(sa.select(table).where(where).order_by(table.c.id).limit(limit))

    async def disabled(self, *, limit: int = 20) -> list[Subscription]:
        """Channels that could not be posted to any more."""
        return await self._read(sa.select(subscriptions).where(subscriptions.c.status == "disabled").limit(limit))

    async def active(self, *, limit: int) -> list[Subscription]:
        """Channels that get their advice, those that are next first."""
        query = sa.select(subscriptions).where(subscriptions.c.status == "active")
        return await self._read(query.order_by(subscriptions.c.next_due_ms).limit(limit))

    async def _read(self, query: sa.Select[tuple[object, ...]]) -> list[Subscription]:
        async def work() -> list[Subscription]:
            async with self._database.reading() as connection:
                return [subscription_of(row) for row in await connection.execute(query)]

        return await through_restarts(work, patience_s=self._patience_s)


async def _withdraw(connection: AsyncConnection, channel: Channel) -> None:
    """Take back the channel's deliveries that are surely not posted; the others are not to be posted again."""
    its = is_channel(deliveries, channel)
    # Deleted, so that the day is free for whoever comes back on it.
    await connection.execute(sa.delete(deliveries).where(its, deliveries.c.state == "planned"))
    under_way = deliveries.c.state.in_(["sending", "unsure"])
    await connection.execute(sa.update(deliveries).where(its, under_way).values(expires_ms=to_ms(WITHDRAWN)))


def is_channel(table: sa.Table, channel: Channel) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.platform == channel.platform, table.c.tenant == channel.tenant, table.c.channel == channel.id
    )


def _select(channel: Channel) -> sa.Select[tuple[object, ...]]:
    return sa.select(subscriptions).where(is_channel(subscriptions, channel))


def _columns(subscription: Subscription) -> dict[str, object]:
    return {
        "platform": subscription.channel.platform,
        "tenant": subscription.channel.tenant,
        "channel": subscription.channel.id,
        "owner": subscription.owner,
        "locale": subscription.locale,
        "wishes": subscription.wishes,
        "status": subscription.status,
        "error": subscription.error,
        "next_due_ms": to_ms(subscription.next_due),
        "cycle": subscription.cycle,
    }
