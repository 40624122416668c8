"""The database: one engine, migrations, and transactions that see each other's writes whole."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

_MIGRATIONS = Path(__file__).with_name("migrations")
_SQLITE = (
    "PRAGMA journal_mode=WAL",  # readers don't wait for a writer
    "PRAGMA synchronous=FULL",  # what is committed survives a power cut
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
)
DatabaseError = DBAPIError  # for those who can go on without what they asked for
_READS = "sunbae_reads"  # marks a connection that will not write
_READING: dict[str, dict[str, Any]] = {
    "sqlite": {_READS: True},
    # By default each statement sees what was committed before it, and not before the first.
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


class NotUpgradedError(OSError):
    """The tables are still being brought up to date; like a database that is away, it passes."""


class UnusableError(Exception):
    """The database cannot be opened or brought up to date; the message says why and what to do."""


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Raise UnusableError for whatever keeps the database named in the settings from being opened."""
    try:
        yield
    except Exception as error:
        answered = isinstance(error, (DBAPIError, sqlite3.Error, OSError)) or hasattr(
            error, "sqlstate"
        )  # asyncpg's own has the last
        if not answered and not isinstance(error, (SQLAlchemyError, ValueError)):  # ValueError: a port that is none
            raise
        # What is no address is not quoted: it may hold a password.
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0] if answered else "it has no such address"
        raise UnusableError(
            f"the database cannot be used ({reason}); check SUNBAE_DATABASE_URL and the folder SUNBAE_HOME"
        ) from error


class Database:
    """SQLite or PostgreSQL behind one URL; nothing is opened before the first use."""

    def __init__(self, url: str, *, upgraded: bool = True) -> None:
        """*url*: `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`.

        *upgraded*: whether the tables are known to be up to date; if not, whatever comes before `upgrade` is done
        raises NotUpgradedError.
        """
        self._upgraded = upgraded
        self._engine = create_async_engine(url)
        self._to_read = _READING[self._engine.dialect.name]
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine.sync_engine, "connect", _set_up_sqlite)
            sa.event.listen(self._engine.sync_engine, "begin", _begin_immediate)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at the end and rolls back on an error. On SQLite one writes at a time."""
        self._check()
        async with self._engine.begin() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One consistent look at the tables; on SQLite it waits for no writer."""
        self._check()
        async with self._engine.connect() as connection:
            await connection.execution_options(**self._to_read)
            async with connection.begin():
                yield connection

    async def open(self) -> None:
        """Raises whatever keeps it from being opened."""
        if self._engine.dialect.name == "sqlite":
            # aiosqlite's thread outlives a connection that fails to open, and may answer a loop that is closed by then.
            await asyncio.to_thread(_try_to_open, self._engine.url.database or ":memory:")
        else:
            async with self._engine.connect():
                pass  # the connection is kept for whoever comes next

    async def upgrade(self) -> None:
        """Bring the tables to the newest migration; does nothing where they are."""
        await self.open()
        async with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # Two processes that start together take turns; any fixed number serves as the lock's name.
                await connection.execute(sa.text("SELECT pg_advisory_xact_lock(8321)"))
            await connection.run_sync(upgrade_to, "head")
        self._upgraded = True

    async def close(self) -> None:
        await self._engine.dispose()

    def _check(self) -> None:
        if not self._upgraded:
            raise NotUpgradedError("the tables are still being brought up to date")


def upgrade_to(connection: sa.Connection, revision: str) -> None:
    """Bring the tables to a migration; "head" is the newest."""
    from alembic import command  # noqa: PLC0415 -- needed once, when the page is already served
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _try_to_open(file: str) -> None:
    """Raises sqlite3.Error for what is no database or cannot be one."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA schema_version")


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in _SQLITE:
        cursor.execute(pragma)
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    """A transaction that begins by reading cannot wait for a lock when it comes to write; this one waits first."""
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")
