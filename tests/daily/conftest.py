"""A store on each database, and a stage on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import pytest

from bot.store.database import Database
from bot.study import Study
from content import LiveLibrary
from tests.daily.stage import Clock, Platform, Stage
from tests.postgres import Postgres
from tests.shipped import INDEX


@pytest.fixture(scope="session")
def live() -> LiveLibrary:
    """The shipped library, loaded once; read only."""
    return LiveLibrary(cache=INDEX)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/sunbae.db"
    server: Postgres = request.getfixturevalue("postgres")
    return await server.database()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url)
    await opened.upgrade()
    yield opened
    await opened.close()


@pytest.fixture
async def stage(database: Database, live: LiveLibrary) -> Stage:
    clock = Clock()
    return Stage(database, Study(live, clock, Random(1)), clock, Platform())
