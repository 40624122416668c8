"""What outlives a restart, in a real database file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation

from bot.store.database import Database
from bot.store.installations import STATE_S, Installations, States
from bot.store.keys import Keys, SealError
from bot.store.secret_file import made_once
from bot.store.subscriptions import Subscriptions
from bot.store.tables import metadata
from tests.daily.conftest import postgres
from tests.postgres import Postgres

__all__ = ["postgres"]

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'sunbae.db'}")
    else:
        opened = Database(await request.getfixturevalue("postgres").database())
    await opened.upgrade()
    yield opened
    await opened.close()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


def _installed(
    team: str | None,
    token: str = "xoxb-1",  # noqa: S107 -- of no workspace
    *,
    enterprise: str | None = None,
) -> Installation:
    return Installation(
        enterprise_id=enterprise,
        team_id=team,
        bot_token=token,
        bot_user_id="UBOT",
        bot_scopes="chat:write",
        user_id="U1",
        user_token="xoxp-user",
        is_enterprise_install=team is None,
    )


def _stored(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("sunbae.db*"))


def _restart(postgres: Postgres) -> None:
    postgres.stop()
    postgres.start()


async def _token(installations: Installations, team: str, enterprise: str | None = None) -> str | None:
    found = await installations.async_find_bot(enterprise_id=enterprise, team_id=team)
    return found.bot_token if found else None


async def test_who_comes_before_the_tables_do_waits_for_them(tmp_path: Path) -> None:
    starting = Database(f"sqlite+aiosqlite:///{tmp_path / 'sunbae.db'}", upgraded=False)
    asking = asyncio.create_task(Subscriptions(starting).of("slack"))
    await asyncio.sleep(0)  # so that it asks, and is put off
    await starting.upgrade()

    assert await asking == []
    await starting.close()


async def test_the_migrations_lead_to_the_tables(database: Database) -> None:
    await database.upgrade()  # a second time changes nothing

    def differences(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_sqlite_is_set_up_to_lose_nothing(database: Database) -> None:
    async with database.reading() as connection:
        told = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


async def test_writers_take_turns_and_a_failed_one_leaves_nothing(database: Database, keys: Keys) -> None:
    installations = Installations(database, keys)
    await asyncio.gather(*(installations.async_save(_installed(f"T{number}")) for number in range(30)))

    async def fail() -> None:
        async with database.transaction() as connection:
            await connection.execute(sa.text("DELETE FROM slack_installations"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await installations.count() == 30


async def test_the_newest_installation_of_a_workspace_counts(database: Database, keys: Keys) -> None:
    installations = Installations(database, keys)
    await installations.async_save(_installed("T1", "xoxb-old"))
    await installations.async_save(_installed("T1", "xoxb-new"))

    # Two processes may renew one token at a time.
    await asyncio.gather(*(installations.async_save(_installed("T1", "xoxb-new")) for _ in range(10)))

    assert await _token(installations, "T1") == "xoxb-new"
    assert await _token(installations, "T2") is None
    assert await installations.count() == 1


async def test_a_workspace_that_joins_an_organisation_has_one_installation(database: Database, keys: Keys) -> None:
    installations = Installations(database, keys)
    await installations.async_save(_installed("T1", "xoxb-alone"))
    await installations.async_save(_installed("T1", "xoxb-joined", enterprise="E1"))

    assert await _token(installations, "T1") == "xoxb-joined"
    assert await installations.count() == 1


async def test_an_organisations_installation_serves_its_workspaces(database: Database, keys: Keys) -> None:
    installations = Installations(database, keys)
    await installations.async_save(_installed(None, "xoxb-org", enterprise="E1"))
    await installations.async_save(_installed("T1", "xoxb-team", enterprise="E1"))

    assert await _token(installations, "T1", "E1") == "xoxb-team"
    assert await _token(installations, "T2", "E1") == "xoxb-org"
    assert await _token(installations, "T2", "E2") is None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_restart_of_the_database_costs_no_token(database: Database, keys: Keys, postgres: Postgres) -> None:
    installations = Installations(database, keys)
    await installations.async_save(_installed("T1", "xoxb-old"))
    _restart(postgres)
    found = await _token(installations, "T1")
    _restart(postgres)
    await installations.async_save(_installed("T1", "xoxb-renewed"))

    assert found == "xoxb-old"
    assert await _token(installations, "T1") == "xoxb-renewed"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_is_stored_tells_no_token_and_no_user_token_is_kept(
    database: Database, keys: Keys, tmp_path: Path
) -> None:
    installations = Installations(database, keys)
    await installations.async_save(_installed("T1"))
    found = await installations.async_find_installation(enterprise_id=None, team_id="T1")

    assert found is not None
    assert found.user_token is None
    stored = _stored(tmp_path)
    assert [token for token in (b"xoxb-", b"xoxp-") if token in stored] == []  # three letters may come by chance
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600


async def test_keys_rotate_while_another_process_reads(database: Database, tmp_path: Path) -> None:
    running, rotating = Keys(tmp_path / "keys"), Keys(tmp_path / "keys")
    installations = Installations(database, running)
    await installations.async_save(_installed("T1"))
    rotating.rotate()
    assert await Installations(database, rotating).reseal() == 1

    assert await _token(installations, "T1") == "xoxb-1"


def test_processes_that_start_together_seal_with_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Keys(tmp_path / "keys"), Keys(tmp_path / "keys")
    make, sealed = Fernet.generate_key, []

    def make_meanwhile() -> bytes:
        monkeypatch.setattr(Fernet, "generate_key", make)
        sealed.append(second.seal(b"xoxb-2"))
        return make()

    monkeypatch.setattr(Fernet, "generate_key", make_meanwhile)
    sealed.append(first.seal(b"xoxb-1"))

    after_a_restart = Keys(tmp_path / "keys")
    assert [after_a_restart.open(each) for each in sealed] == [b"xoxb-2", b"xoxb-1"]
    assert list(tmp_path.iterdir()) == [tmp_path / "keys"]


def test_whoever_comes_a_moment_later_takes_the_secret_that_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "exists", lambda _: False)  # as it was when both looked

    assert [made_once(tmp_path / "secret", secret) for secret in ("first", "second")] == ["first", "first"]
    assert list(tmp_path.iterdir()) == [tmp_path / "secret"]


def test_a_secret_is_made_whole_where_the_file_system_knows_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:  # noqa: ARG001 -- as Path's
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)

    assert [made_once(tmp_path / "secret", secret) for secret in ("first", "second")] == ["first", "first"]
    assert list(tmp_path.iterdir()) == [tmp_path / "secret"]


@pytest.mark.parametrize("held", ["", "half a key", "열쇠"])
def test_keys_that_cannot_be_read_are_told_in_a_sentence(tmp_path: Path, held: str) -> None:
    (tmp_path / "keys").write_text(held, encoding="utf-8")

    with pytest.raises(SealError, match="holds no keys that can be read; restore it"):
        Keys(tmp_path / "keys").seal(b"xoxb-1")
    with pytest.raises(SealError, match="holds no keys that can be read; restore it"):
        Keys(tmp_path / "keys").rotate()
    assert (tmp_path / "keys").read_text(encoding="utf-8") == held


async def test_a_lost_key_is_told_in_a_sentence(database: Database, keys: Keys, tmp_path: Path) -> None:
    await Installations(database, keys).async_save(_installed("T1"))
    (tmp_path / "keys").unlink()

    with pytest.raises(SealError, match="holds no key that opens"):
        await _token(Installations(database, Keys(tmp_path / "keys")), "T1")


async def test_a_state_is_good_once_and_not_for_ever(database: Database) -> None:
    now = NOW
    states = States(database, lambda: now)
    once, late = await states.async_issue(), await states.async_issue()

    assert await states.async_consume(once)
    assert not await states.async_consume(once)
    assert not await states.async_consume("guess")
    now += timedelta(seconds=STATE_S + 1)
    assert not await states.async_consume(late)
