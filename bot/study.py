"""What a use case may touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from bot.wording import LOCALES
from content import Library, LiveLibrary

_SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True, slots=True)
class Study:
    """The library, the time and chance, handed to every use case."""

    live: LiveLibrary
    clock: Callable[[], datetime]  # aware
    random: Random
    locale: str = LOCALES[0]  # for those whose own is unknown
    zone: ZoneInfo = _SEOUL  # for those whose own is unknown

    @property
    def library(self) -> Library:
        """The library as it stands now. Take it once in a use case: the next look may give a newer one."""
        return self.live.current
