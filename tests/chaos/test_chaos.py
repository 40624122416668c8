"""Over real deaths of real processes nothing is lost and nothing doubled."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy.engine import make_url

from bot.store.database import Database
from tests.chaos.conftest import Town, wake
from tests.chaos.worker import TIMING
from tests.postgres import Postgres

pytestmark = pytest.mark.chaos


@pytest.mark.parametrize("instant", ["after claim", "after reply before confirm"])
async def test_a_worker_that_slept_past_its_lease_does_no_harm_when_it_wakes(town: Town, instant: str) -> None:
    await town.subscribe(2)

    sleeper = town.worker(stop=instant)
    await town.stopped(sleeper)
    town.worker()
    # Where it fell asleep in a transaction about its other delivery, the database's lock keeps that until it wakes.
    await town.done(within_s=3 * TIMING.lease_s)
    wake(sleeper)
    await town.done()
    await asyncio.sleep(2 * TIMING.lease_s)

    assert await town.miscounted() == {}
    assert await town.states() == ["sent"] * 2


async def test_failures_of_every_kind_and_workers_that_keep_dying(town: Town) -> None:
    await town.subscribe(60)
    await town.platform.faults(refuse=0.1, fail=0.1, fail_accepted=0.1, drop_accepted=0.1, lag_s=0.3)
    chance = random.Random(3)

    for _ in range(5):
        workers = [town.worker() for _ in range(2)]
        await asyncio.sleep(chance.uniform(0.1, 0.6))
        for worker in workers:
            worker.kill()
    for _ in range(2):
        town.worker()
    await town.done()

    assert await town.miscounted() == {}


async def test_a_history_that_cannot_be_read_holds_the_delivery(town: Town) -> None:
    await town.subscribe(2)
    await town.platform.faults(fail_accepted=1.0, forbidden=1.0)

    town.worker()
    await town.done("held")
    await asyncio.sleep(2 * TIMING.lease_s)

    assert await town.miscounted() == {}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_database_that_restarts_is_ridden_out(town: Town, postgres: Postgres) -> None:
    await town.subscribe(300)
    for _ in range(2):
        town.worker()

    for _ in range(2):
        await asyncio.sleep(0.4)
        await asyncio.to_thread(postgres.stop)
        await asyncio.to_thread(postgres.start)
    await town.done()

    assert await town.miscounted() == {}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_worker_that_starts_before_its_database_waits_for_it(town: Town, postgres: Postgres) -> None:
    await town.subscribe(2)
    await asyncio.to_thread(postgres.stop)

    town.worker()
    await asyncio.sleep(0.5)
    await asyncio.to_thread(postgres.start)
    await town.done()

    assert await town.miscounted() == {}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_restored_backup_posts_nothing_again(town: Town, postgres: Postgres) -> None:
    await town.subscribe(3, late=timedelta(minutes=3))
    await town.database.close()  # PostgreSQL copies a database only while nobody is in it
    backup = await postgres.copy(town.url)
    first = town.worker()
    await town.done()
    first.kill()

    restored = Database(backup)
    town.worker(url=backup)
    await town.done(database=restored)
    await restored.close()

    assert await town.miscounted() == {}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_locked_file_is_waited_for(town: Town) -> None:
    await town.subscribe(2)
    with contextlib.closing(sqlite3.connect(str(make_url(town.url).database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        town.worker()
        await asyncio.sleep(1)
        other.execute("COMMIT")
    await town.done()

    assert await town.miscounted() == {}
