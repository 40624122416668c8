"""What a use case may touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.wording import LOCALES
from content import Library, LiveLibrary

if TYPE_CHECKING:
    from bot.store.store import Store  # SQLAlchemy would slow every `sunbae ask`

_SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True, slots=True)
class Study:
    """The library, the time and chance, handed to every use case."""

    live: LiveLibrary
    clock: Callable[[], datetime]  # aware
    random: Random
    locale: str = LOCALES[0]  # for those whose own is unknown
    zone: ZoneInfo = _SEOUL  # for those whose own is unknown
    store: Store | None = None  # None: nothing is kept, so there is no daily advice

    @property
    def library(self) -> Library:
        """The library as it stands now. Take it once in a use case: the next look may give a newer one."""
        return self.live.current
