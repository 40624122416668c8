"""Keeps a bot within the calls a second that its platform allows: a storm of refusals can ban it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable


class Pace:
    """A token bucket that holds one second's calls. A channel has few a day, so it needs no bucket of its own."""

    def __init__(
        self, per_s: float, *, monotonic: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._per_s = per_s
        self._monotonic = monotonic
        self._sleep = sleep
        self._tokens = per_s
        self._at = monotonic()

    async def turn(self, *, within_s: float) -> float:
        """Wait until one more call is allowed: 0, or where that takes longer than *within_s*, at once how long."""
        self._refill()
        wait_s = max(0.0, (1 - self._tokens) / self._per_s)
        if wait_s > within_s:
            return wait_s
        self._tokens -= 1
        if wait_s:
            await self._sleep(wait_s)
        return 0.0

    def hold(self, seconds: float) -> None:
        """Allow nothing for a while: the platform said so, and meant the bot."""
        self._refill()
        self._tokens = min(self._tokens, -seconds * self._per_s)

    def _refill(self) -> None:
        now = self._monotonic()
        self._tokens = min(self._per_s, self._tokens + (now - self._at) * self._per_s)
        self._at = now
