"""A machine that watches over the bot learns whether it is well and what it has done."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientConnectionError, ClientSession
from structlog.testing import capture_logs

from bot.daily.calendar import Schedule
from bot.daily.engine import Engine
from bot.daily.figures import Figures
from bot.daily.posting import Found, Posted, RefusedError
from bot.daily.wishes import Wishes, to_json
from bot.platforms.watching import Watching, routes
from bot.reply import Place, Reply
from bot.settings import Address
from bot.store.census import Census
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.records import Channel, Subscription
from bot.store.subscriptions import Subscriptions
from bot.study import Study
from content import LiveLibrary

DUE = datetime(2026, 3, 3, tzinfo=UTC)


class Platform:
    """Takes every post but those to the channel "gone"."""

    posts_per_s = 100.0

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:  # noqa: ARG002
        if place.channel == "gone":
            raise RefusedError("the channel is gone")
        return Posted("m1")

    async def find(self, place: Place, key: str, since: datetime) -> Found:
        raise AssertionError(f"nothing is unsure here: {place} {key} {since}")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{tmp_path}/sunbae.db")
    await opened.upgrade()
    yield opened
    await opened.close()


@contextlib.asynccontextmanager
async def watching(figures: Figures, database: Database, port: int) -> AsyncIterator[Callable[..., object]]:
    """Serves; gives a function that asks a path for its status and text."""
    paths = routes(figures, Census(database), lambda: DUE + timedelta(minutes=1))
    serving = asyncio.create_task(Watching(Address("127.0.0.1", port), paths).run())

    async def ask(path: str) -> tuple[int, str]:
        while True:
            try:
                async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    return answer.status, await answer.text()
            except ClientConnectionError:
                await asyncio.sleep(0)

    yield ask
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def test_metrics_tell_what_was_posted_how_late_and_what_needs_an_eye(
    database: Database, folder: Path, free_tcp_port: int
) -> None:
    wishes = to_json(Wishes(Schedule(ZoneInfo("Asia/Seoul"), time(9))))
    for name in ("bootcamp", "gone"):
        made = Subscription(Channel("test", "guild", name), "u1", "ko", wishes, next_due=DUE)
        await Subscriptions(database).change(made.channel, lambda _, made=made: made)  # type: ignore[misc]
    figures = Figures()
    study = Study(LiveLibrary(folder), lambda: DUE + timedelta(seconds=7), Random(1))
    engine = Engine("test", Platform(), study, Deliveries(database), figures=figures)
    await engine.tick()
    await engine.drain()

    async with watching(figures, database, free_tcp_port) as ask:
        status, text = await ask("/metrics")

    lines = set(text.splitlines())
    assert status == 200
    assert lines >= {
        "sunbae_database_up 1",
        'sunbae_deliveries{platform="test",state="failed"} 1',
        'sunbae_channels_stopped{platform="test"} 1',
        'sunbae_owners_untold{platform="test"} 1',
        'sunbae_settled_total{platform="test",state="sent"} 1',
        'sunbae_lateness_seconds_bucket{platform="test",le="5"} 0',
        'sunbae_lateness_seconds_bucket{platform="test",le="15"} 1',
        'sunbae_lateness_seconds_bucket{platform="test",le="+Inf"} 1',
        'sunbae_lateness_seconds_sum{platform="test"} 7.000',
        'sunbae_ticks_total{platform="test"} 1',
    }
    assert {line.split()[2] for line in lines if line.startswith("# TYPE")} >= {"sunbae_last_tick_age_seconds"}


async def test_health_is_lost_when_an_engine_stands_still_and_metrics_outlive_the_database(
    tmp_path: Path, free_tcp_port: int
) -> None:
    now_s = 0.0
    figures = Figures(lambda: now_s)
    figures.begun("test")
    away = Database(f"sqlite+aiosqlite:///{tmp_path}/nowhere/sunbae.db")

    async with watching(figures, away, free_tcp_port) as ask:
        well = await ask("/healthz")
        now_s = 61.0
        ill = await ask("/healthz")
        figures.ticked("test")
        well_again = await ask("/healthz")
        _, metrics = await ask("/metrics")

    assert well == well_again == (200, "ok\n")
    assert ill == (503, "test: no look at what is due for 61 s\n")
    assert "sunbae_database_up 0" in metrics


async def test_an_ipv6_address_is_told_as_browsers_take_it() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    watch = Watching(Address("::1", 0), ())
    with capture_logs() as logged:
        serving = asyncio.create_task(watch.run())
        await asyncio.sleep(0)  # it says where it listens before it waits for anybody
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    (found,) = await watch.check()

    assert re.fullmatch(r"http://\[::1\]:\d+/healthz", logged[0]["address"])
    assert found.what == "health and metrics: [::1]:0 is free"


async def test_a_taken_address_is_told_and_stops_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        watch = Watching(Address("127.0.0.1", other.getsockname()[1]), ())

        await watch.run()
        (found,) = await watch.check()

    assert "set SUNBAE_HTTP to another address" in found.remedy
