"""What a use case may touch."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.wording import LOCALES
from content import Library, LiveLibrary

if TYPE_CHECKING:
    from bot.store.store import Store  # SQLAlchemy would slow every `sunbae ask`

_SEOUL = ZoneInfo("Asia/Seoul")
_LATELY = timedelta(minutes=5)
_KEPT = 1_000


class Lately:
    """What was done in the last minutes in this process, so that pressing twice does it once."""

    def __init__(self) -> None:
        self._done: OrderedDict[Hashable, datetime] = OrderedDict()

    def first(self, what: Hashable, now: datetime) -> bool:
        """Whether *what* was not done lately; it counts as done from *now* on."""
        before = self._done.get(what)
        if before is not None and now - before < _LATELY:
            return False
        self._done[what] = now
        self._done.move_to_end(what)
        if len(self._done) > _KEPT:
            self._done.popitem(last=False)
        return True


@dataclass(frozen=True, slots=True)
class Study:
    """The library, the time and chance, handed to every use case."""

    live: LiveLibrary
    clock: Callable[[], datetime]  # aware
    random: Random
    locale: str = LOCALES[0]  # for those whose own is unknown
    zone: ZoneInfo = _SEOUL  # for those whose own is unknown
    store: Store | None = None  # None: nothing is kept, so there is no daily advice
    shared: Lately = field(default_factory=Lately)

    @property
    def library(self) -> Library:
        """The library as it stands now. Take it once in a use case: the next look may give a newer one."""
        return self.live.current
