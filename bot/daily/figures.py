"""What the engines have done since the process began, for those who watch over it."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

LATE_S = (1, 5, 15, 60, 120, 600, 3600, 10800)  # the bounds that lateness is counted by
STALE_S = 60.0  # an engine that has looked at nothing for so long is not well


@dataclass
class Lateness:
    """How late advice was posted."""

    within: Counter[int] = field(default_factory=Counter)  # posts at most so many seconds late; a later bound has all
    count: int = 0
    total_s: float = 0.0


class Figures:
    """Kept in memory; by platform."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._ticked: dict[str, float] = {}
        self.ticks: Counter[str] = Counter()
        self.settled: Counter[tuple[str, str]] = Counter()  # (platform, the state it came to)
        self.lateness: defaultdict[str, Lateness] = defaultdict(Lateness)

    def begun(self, platform: str) -> None:
        """An engine has begun to run."""
        self._ticked[platform] = self._monotonic()

    def ticked(self, platform: str) -> None:
        """An engine has looked at what is due, and the database answered."""
        self.ticks[platform] += 1
        self._ticked[platform] = self._monotonic()

    def ended(self, platform: str, state: str, *, late_s: float) -> None:
        """A delivery was settled; its lateness counts where it was posted."""
        self.settled[platform, state] += 1
        if state == "sent":
            lateness = self.lateness[platform]
            lateness.count += 1
            lateness.total_s += late_s
            lateness.within.update(bound for bound in LATE_S if late_s <= bound)

    def ages_s(self) -> dict[str, float]:
        """How long ago each engine that runs has last ticked."""
        return {platform: self._monotonic() - at for platform, at in self._ticked.items()}
