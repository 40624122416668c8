"""Delivers 2,000 posts that are due at once, and plans and claims among 1,000,000 subscriptions: figures a line.

python -m benchmarks.delivery             posts on both databases, without faults and with them; then the SQL's cost
python -m benchmarks.delivery --soak 600  random kills and faults for so many seconds instead
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.daily.calendar import Schedule
from bot.daily.planning import planner
from bot.daily.wishes import Wishes, to_json
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.records import Planner, to_ms
from bot.store.tables import deliveries
from content import load
from tests.chaos.conftest import Town
from tests.postgres import Postgres

FAULTS = {"refuse": 0.05, "fail": 0.01, "fail_accepted": 0.01, "drop_accepted": 0.02}
MANY = 1_000_000
_TICKS_S = os.sysconf("SC_CLK_TCK")


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--posts", type=int, default=2_000)
    options.add_argument("--subscriptions", type=int, default=MANY)
    options.add_argument("--database", choices=("sqlite", "postgresql"), help="one of them; default: both")
    options.add_argument("--soak", type=float, default=0.0, metavar="SECONDS")
    chosen = options.parse_args()
    postgres = Postgres()
    try:
        for name in (chosen.database,) if chosen.database else ("sqlite", "postgresql"):
            if chosen.soak:
                await soak(name, await fresh(name, postgres), chosen.soak)
                continue
            for faults in ({}, FAULTS):
                await deliver(name, await fresh(name, postgres), chosen.posts, faults)
            await cost(name, await fresh(name, postgres), chosen.subscriptions)
    finally:
        postgres.close()


async def fresh(name: str, postgres: Postgres) -> str:
    if name == "postgresql":
        return await postgres.database()
    return f"sqlite+aiosqlite:///{tempfile.mkdtemp(prefix='sunbae-bench-')}/sunbae.db"


async def deliver(name: str, url: str, posts: int, faults: dict[str, float]) -> None:
    town = Town(url)
    await town.open()
    await town.subscribe(posts)
    await town.platform.faults(**faults)
    begun = time.perf_counter()
    workers = [town.worker() for _ in range(2)]
    while (await town.platform.count())[0] < posts and time.perf_counter() - begun < 120:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    seconds = time.perf_counter() - begun
    _, posting_s = await town.platform.count()
    cpu_s = sum(map(_cpu_s, workers))
    await asyncio.sleep(3)  # whoever is unsure makes sure
    await report(f"{name}, {'faults' if faults else 'no faults'}", town, seconds)
    print(
        f"    {posts / seconds:.0f} posts/s from the workers' start on, {posts / posting_s:.0f} posts/s from the first "
        f"post on; workers' CPU {1000 * cpu_s / posts:.2f} ms a post, their start included"
    )
    await town.close()


async def soak(name: str, url: str, seconds: float) -> None:
    """Workers that keep dying, over a platform that keeps failing, while more and more becomes due."""
    town = Town(url)
    await town.open()
    chance = random.Random(11)
    kills = 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        if await _unfinished(town) < 500:
            await town.subscribe(200)
        await town.platform.faults(**FAULTS, lag_s=chance.choice([0.0, 0.3]))
        workers = [town.worker() for _ in range(2)]
        await asyncio.sleep(chance.uniform(0.1, 2.0))
        for worker in workers:
            worker.kill()
            kills += 1
    town.worker()
    while await _unfinished(town):  # noqa: ASYNC110 -- of another process
        await asyncio.sleep(0.5)
    await report(f"{name}, {kills} kills", town, time.perf_counter() - begun)
    await town.close()


async def _unfinished(town: Town) -> int:
    """How many channels have no closed delivery yet."""
    closed = sa.select(sa.func.count()).where(deliveries.c.wake_ms.is_(None))
    async with town.database.reading() as connection:
        return len(town.channels) - int((await connection.execute(closed)).scalar_one())


async def report(what: str, town: Town, seconds: float) -> None:
    counted = Counter(await town.platform.posts())
    doubled = sum(count - 1 for count in counted.values())
    by_state = sa.select(deliveries.c.state, sa.func.count().label("number")).group_by(deliveries.c.state)
    async with town.database.reading() as connection:
        states = {row.state: row.number for row in await connection.execute(by_state)}
    lost = len(town.channels) - len(counted)
    print(f"{what}: {len(town.channels):,} posts in {seconds:.1f} s, lost {lost}, doubled {doubled}, {states}")


async def cost(name: str, url: str, subscriptions: int) -> None:
    """What a tick's queries take while nothing is due, and while 500 subscriptions are."""
    database = Database(url)
    await database.upgrade()
    now = datetime.now(UTC)
    tomorrow_ms = to_ms(now + timedelta(days=1))
    past = now - timedelta(seconds=60)
    wishes = to_json(Wishes(Schedule(ZoneInfo("UTC"), past.time(), frozenset(range(7)), holidays=None)))
    numbers = (
        "SELECT generate_series(1, :count) AS n"
        if name == "postgresql"
        else "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :count) SELECT n FROM c"
    )
    fill = (
        "INSERT INTO subscriptions "
        "(platform, tenant, channel, owner, locale, wishes, status, error, next_due_ms, cycle) "
        "SELECT 'loop', 'town', 'c' || n, 'u1', 'ko', :wishes, 'active', '', :due, 0 FROM "
    )
    async with database.transaction() as connection:
        await connection.execute(
            sa.text(fill + f"({numbers}) AS numbers"), {"count": subscriptions, "wishes": wishes, "due": tomorrow_ms}
        )
    store = Deliveries(database)
    plan = planner(load(), now)
    idle = [await _tick_ms(store, plan, now) for _ in range(50)]
    planning, claiming = [], []
    due = sa.text("UPDATE subscriptions SET next_due_ms = :due WHERE id > :first AND id <= :first + 500")
    for batch in range(10):
        async with database.transaction() as connection:
            await connection.execute(due, {"due": to_ms(past), "first": batch * 500})
        begun = time.perf_counter()
        await store.plan("loop", now, plan, limit=500)
        planning.append(1000 * (time.perf_counter() - begun) / 500)
        begun = time.perf_counter()
        claimed = await store.claim("loop", now, limit=128, lease_s=60)
        claiming.append(1000 * (time.perf_counter() - begun) / len(claimed))
    print(f"{name}, {subscriptions:,} subscriptions: an idle tick {statistics.median(idle):.2f} ms")
    print(
        f"    planning {statistics.median(planning):.3f} ms, claiming {statistics.median(claiming):.3f} ms a delivery"
    )
    await database.close()


async def _tick_ms(store: Deliveries, plan: Planner, now: datetime) -> float:
    begun = time.perf_counter()
    await store.plan("loop", now, plan, limit=500)
    await store.claim("loop", now, limit=128, lease_s=60)
    return 1000 * (time.perf_counter() - begun)


def _cpu_s(worker: BaseProcess) -> float:
    """Of a running process, as Linux counts it."""
    fields = Path(f"/proc/{worker.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_S


if __name__ == "__main__":
    asyncio.run(main())
