"""A stored database is never broken: from every migration that was released, the bot moves on with what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store import database as store
from bot.store.database import Database
from bot.store.history import History
from bot.store.records import Channel
from bot.store.subscriptions import Subscriptions
from bot.store.tables import metadata

# What a bot of that migration wrote: statements, never to be changed.
_WRITTEN = {
    "0001": (
        "INSERT INTO slack_states (digest, expires_ms) VALUES ('d1', 1)",
        "INSERT INTO slack_installations (enterprise, team, sealed, installed_ms) VALUES ('', 'T1', 'x', 1)",
    ),
    "0002": (
        "INSERT INTO subscriptions"
        " (platform, tenant, channel, owner, locale, wishes, status, error, next_due_ms, cycle)"
        " VALUES ('web', 'local', 'c1', 'u1', 'ko', '{}', 'active', '', 1772400000000, 3)",
        "INSERT INTO deliveries (platform, tenant, channel, local_date, due_ms, expires_ms, cycle, advice_id, state,"
        " wake_ms, token, tries, first_post_ms, message_id, error) VALUES ('web', 'local', 'c1', '2026-03-01',"
        " 1772323200000, 1772334000000, 3, 'a1', 'sent', NULL, 't', 1, 1772323200000, 'm1', '')",
    ),
    "0003": (
        "INSERT INTO notices (platform, tenant, channel, owner, locale, reason, key, due_ms, state, wake_ms, token,"
        " tries, error) VALUES ('web', 'local', 'c2', 'u1', 'ko', 'gone', 'k', 1, 'planned', 1, '', 0, '')",
    ),
}


def _revisions() -> Iterator[str]:
    for revision in ScriptDirectory(str(store._MIGRATIONS)).walk_revisions():
        yield revision.revision


async def test_every_migration_has_its_rows_here() -> None:
    assert sorted(_revisions()) == sorted(_WRITTEN)


@pytest.mark.parametrize("released", sorted(_WRITTEN))
async def test_a_database_of_any_release_moves_on_and_loses_nothing(url: str, released: str) -> None:
    database = Database(url)
    channel = Channel("web", "local", "c1")
    written = [row for revision, rows in _WRITTEN.items() if revision <= released for row in rows]
    async with database.transaction() as connection:
        await connection.run_sync(lambda it: store.upgrade_to(it, released))
        for statement in written:
            await connection.execute(sa.text(statement))

    await database.upgrade()

    async with database.reading() as connection:
        counts = [
            (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
        ]
        differences = await connection.run_sync(
            lambda it: list(compare_metadata(MigrationContext.configure(it), metadata))
        )
    subscription = await Subscriptions(database).find(channel)
    (kept, *_) = await History(database).of(channel, limit=1) or [None]
    await database.close()
    assert sum(counts) == len(written)
    assert differences == []
    if released >= "0002":
        assert subscription is not None
        assert (subscription.cycle, subscription.next_due) == (3, datetime.fromtimestamp(1772400000, UTC))
        assert kept is not None
        assert (kept.date, kept.state, kept.message) == (date(2026, 3, 1), "sent", "m1")
