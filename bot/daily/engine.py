"""The loop that brings the daily advice: plan what is due, claim it, post it or look for it, settle it."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog

from bot.daily.card import daily_card
from bot.daily.delivery import Timing, after_find, after_post, before_post, key_of, place_of, since
from bot.daily.figures import Figures
from bot.daily.pace import Pace
from bot.daily.planning import due_again, planner, repick
from bot.daily.posting import Found, NotAcceptedError, Posted, Poster, traceback_of
from bot.daily.settling import Settling
from bot.daily.spread import window
from bot.daily.wishes import from_json
from bot.store.deliveries import Deliveries
from bot.store.records import Delivery, Settlement, State, Subscription
from bot.study import Study

_PLANNED_AT_ONCE = 500  # subscriptions a transaction
_COUNTED_S = 600.0  # between counts of the channels, which take a while where they are many
_LANES = 128  # deliveries under way at once
_CLOSING_S = 5.0  # how long posts under way may keep the bot from stopping

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Time:
    """How time passes besides `study.clock`; tests bring their own."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Engine:
    """Delivers to one platform, so that one that hangs holds up no other. Any number of processes may run it."""

    def __init__(
        self,
        platform: str,
        poster: Poster,
        study: Study,
        deliveries: Deliveries,
        *,
        timing: Timing = Timing(),  # noqa: B008 -- frozen
        passing: Time = Time(),
        figures: Figures | None = None,
    ) -> None:
        """*deliveries* should be patient: it is used while the database is away, too."""
        self._platform = platform
        self._poster = poster
        self._study = study
        self._deliveries = deliveries
        self._timing = timing
        self._passing = passing
        self._pace = Pace(poster.posts_per_s, monotonic=passing.monotonic, sleep=passing.sleep)
        self._settling = Settling(deliveries, self._goes_on)
        self._chance = Random(study.random.random())  # noqa: S311 -- spreads retries
        self._figures = figures or Figures()
        self._running: set[asyncio.Task[None]] = set()
        self._channels = 0
        self._count_again = -math.inf

    async def run(self) -> None:
        """Deliver until cancelled; posts under way are then given a moment to end."""
        self._figures.begun(self._platform)
        try:
            while True:
                if await self.tick():
                    await self._room()
                else:
                    await self._passing.sleep(self._timing.poll_s)
        finally:
            if self._running:
                await asyncio.wait(self._running, timeout=_CLOSING_S)

    async def tick(self) -> bool:
        """Plan what is due and begin what waits; whether there was anything."""
        now = self._study.clock()
        plan = planner(self._study.library, now, within=await self._window())
        planned = await self._deliveries.plan(self._platform, now, plan, limit=_PLANNED_AT_ONCE)
        until = self._passing.monotonic() + self._timing.lease_s
        claimed = await self._deliveries.claim(
            self._platform, now, limit=_LANES - len(self._running), lease_s=self._timing.lease_s
        )
        self._figures.ticked(self._platform)
        for delivery in claimed:
            task = asyncio.create_task(self._deliver(delivery, until))
            self._running.add(task)
            task.add_done_callback(self._ended)
        return bool(planned or claimed)

    async def _window(self) -> timedelta:
        """Over how long this platform's channels are spread, as many as there are now or were lately."""
        if self._passing.monotonic() >= self._count_again:
            self._channels = await self._deliveries.channels(self._platform)
            self._count_again = self._passing.monotonic() + _COUNTED_S
        return window(self._channels, self._poster.posts_per_s)

    async def drain(self) -> None:
        """Wait until nothing is under way."""
        while self._running:
            await asyncio.wait(self._running)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("delivery broke off; its lease runs out", exc_info=error)

    async def _room(self) -> None:
        """Wait until half the lanes are free, so that claims come in batches."""
        while len(self._running) > _LANES // 2:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def _deliver(self, delivery: Delivery, until: float) -> None:
        """*until*: when the lease ends, on the monotonic clock, which a changed wall clock cannot move."""
        if delivery.state == "sending":
            settlement = await self._post(delivery, until)
        else:
            settlement = await self._look(delivery, until)
        disabled = await self._settling.settle(settlement)
        late_s = (self._study.clock() - delivery.due).total_seconds()
        self._figures.ended(self._platform, settlement.state, late_s=late_s)
        if settlement.state in {"held", "failed", "expired"}:
            log.warning("delivery not made", delivery=delivery.id, state=settlement.state, reason=settlement.error)
        if disabled:
            log.warning("channel disabled", channel=disabled.channel.id, reason=disabled.error)

    def _goes_on(self, disabled: Subscription) -> datetime | None:
        return due_again(disabled, from_json(disabled.wishes), self._study.clock())

    async def _post(self, delivery: Delivery, until: float) -> Settlement:
        if late := before_post(delivery, self._study.clock()):
            return late
        piece = self._study.library.piece(delivery.advice or "")
        if piece is None:
            library = self._study.library
            delivery = await self._deliveries.repick(
                delivery, lambda subscription, dealt: repick(library, subscription, dealt, delivery.date)
            )
            piece = library.piece(delivery.advice or "")
        if piece is None:
            return Settlement(delivery, "skipped", error="no advice")
        thread = delivery.date if delivery.wishes and from_json(delivery.wishes).thread else None
        card = daily_card(self._study.library, piece, delivery.locale or self._study.locale, thread=thread)
        if (again_s := await self._turn(until)) is not None:
            return self._put_off(delivery, "planned", again_s)  # it was not begun, so it surely was not made
        outcome: Posted | Exception
        try:
            async with asyncio.timeout(self._timing.post_timeout_s):
                outcome = await self._poster.post(place_of(delivery), card, key_of(delivery))
        except Exception as error:  # noqa: BLE001 -- one delivery's failure, whatever it is, spares the others
            outcome = error
            self._interrupted("post", delivery, error)
        return after_post(delivery, outcome, self._study.clock(), timing=self._timing, jitter=self._chance.random())

    async def _look(self, delivery: Delivery, until: float) -> Settlement:
        if (again_s := await self._turn(until)) is not None:
            return self._put_off(delivery, "unsure", again_s)
        outcome: Found | Exception
        try:
            async with asyncio.timeout(self._timing.post_timeout_s):
                outcome = await self._poster.find(place_of(delivery), key_of(delivery), since(delivery))
        except Exception as error:  # noqa: BLE001 -- as above
            outcome = error
            self._interrupted("find", delivery, error)
        return after_find(delivery, outcome, self._study.clock(), timing=self._timing, jitter=self._chance.random())

    async def _turn(self, until: float) -> float | None:
        """Wait for a call that ends within the lease: None once it may begin, else how many seconds later to try."""
        again_s = await self._pace.turn(within_s=self._left_s(until))
        # Past that, somebody else may have the delivery before the call ends.
        return again_s if again_s or self._left_s(until) <= 0 else None

    def _left_s(self, until: float) -> float:
        """For how long a call may still be put off."""
        return until - self._passing.monotonic() - self._timing.post_timeout_s

    def _put_off(self, delivery: Delivery, state: State, seconds: float) -> Settlement:
        return Settlement(delivery, state, wake=self._study.clock() + timedelta(seconds=seconds), error=delivery.error)

    def _interrupted(self, what: str, delivery: Delivery, error: Exception) -> None:
        if isinstance(error, NotAcceptedError) and error.everywhere:
            self._pace.hold(error.retry_after_s)
        reason = str(error) or type(error).__name__
        log.info(
            "delivery interrupted",
            during=what,
            delivery=delivery.id,
            reason=reason,
            exc_info=traceback_of(error),
        )
