"""A worker that is killed at any instant loses nothing and doubles nothing; the longer trials are marked `chaos`."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.chaos.conftest import Town
from tests.chaos.worker import INSTANTS, TELLING


async def test_a_worker_killed_at_any_instant_loses_nothing_and_doubles_nothing(town: Town) -> None:
    for instant in INSTANTS:
        await town.subscribe(2, name=instant)
        if "reconcile" in instant:
            await town.platform.faults(instant, fail_accepted=1.0)

    async def kill(instant: str) -> None:
        await town.dead(town.worker(name=instant, die=instant))
        town.worker(name=instant)

    await asyncio.gather(*map(kill, INSTANTS))
    await town.done()

    assert await town.miscounted() == {}


async def test_an_owner_is_told_once_whenever_the_worker_is_killed(town: Town) -> None:
    for instant in TELLING:
        await town.subscribe(1, name=instant)
        await town.platform.faults(instant, gone=1.0)

    async def kill(instant: str) -> None:
        await town.dead(town.worker(name=instant, die=instant))
        town.worker(name=instant)

    await asyncio.gather(*map(kill, TELLING))
    await town.told()

    assert Counter(await town.platform.posts()) == {f"dm:owner of {channel.id}": 1 for channel in town.channels}
    assert set(await town.states()) == {"failed"}
