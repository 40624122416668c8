"""Tells the owner of a channel that stopped, once, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from random import Random

import structlog

from bot.daily.card import stopped_notice
from bot.daily.delivery import Timing, after_find, after_post, before_post, place_of, since
from bot.daily.engine import Time
from bot.daily.posting import Found, Posted, Poster, traceback_of
from bot.store.notices import Notices
from bot.store.records import Notice, Settlement
from bot.study import Study

log = structlog.get_logger()


class Telling:
    """For one platform, one owner at a time; any number of processes may run it."""

    def __init__(
        self,
        platform: str,
        poster: Poster,
        study: Study,
        notices: Notices,
        *,
        timing: Timing = Timing(),  # noqa: B008 -- frozen
        passing: Time = Time(),  # noqa: B008 -- likewise
    ) -> None:
        """*notices* should be patient: it is used while the database is away, too."""
        self._platform = platform
        self._poster = poster
        self._study = study
        self._notices = notices
        self._timing = timing
        self._passing = passing
        self._chance = Random(study.random.random())  # noqa: S311 -- spreads retries

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            if not await self.tick():
                await self._passing.sleep(self._timing.tell_poll_s)

    async def tick(self) -> bool:
        """Tell one; whether there was any."""
        notice = await self._notices.claim(self._platform, self._study.clock(), lease_s=self._timing.lease_s)
        if notice is None:
            return False
        settlement = await (self._post(notice) if notice.delivery.state == "sending" else self._look(notice))
        await self._notices.settle(settlement)
        if settlement.wake is None and settlement.state != "sent":
            log.warning("owner not told", channel=notice.channel.id, reason=settlement.error)
        return True

    async def _post(self, notice: Notice) -> Settlement:
        delivery = notice.delivery
        if late := before_post(delivery, self._study.clock()):
            return late
        outcome: Posted | Exception
        try:
            async with asyncio.timeout(self._timing.post_timeout_s):
                outcome = await self._poster.post(place_of(delivery), stopped_notice(notice), notice.key)
        except Exception as error:  # noqa: BLE001 -- as in the engine: whatever it is, the others are spared
            outcome = error
            _note("post", notice, error)
        return after_post(delivery, outcome, self._study.clock(), timing=self._timing, jitter=self._chance.random())

    async def _look(self, notice: Notice) -> Settlement:
        delivery = notice.delivery
        outcome: Found | Exception
        try:
            async with asyncio.timeout(self._timing.post_timeout_s):
                outcome = await self._poster.find(place_of(delivery), notice.key, since(delivery))
        except Exception as error:  # noqa: BLE001 -- as above
            outcome = error
            _note("find", notice, error)
        return after_find(delivery, outcome, self._study.clock(), timing=self._timing, jitter=self._chance.random())


def _note(during: str, notice: Notice, error: Exception) -> None:
    log.info(
        "notice interrupted",
        during=during,
        channel=notice.channel.id,
        reason=str(error) or type(error).__name__,
        exc_info=traceback_of(error),
    )
