"""A worker that is killed at any instant loses nothing and doubles nothing; the longer trials are marked `chaos`."""

from __future__ import annotations

import asyncio

from tests.chaos.conftest import Town
from tests.chaos.worker import INSTANTS


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
