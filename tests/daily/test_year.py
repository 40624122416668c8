"""A whole year brings every channel its days, once each; `benchmarks/year.py` lives it with a thousand channels."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from bot.daily.calendar import WORKDAYS
from bot.store.database import Database
from content import LiveLibrary
from tests.daily.year import Household, Year

_SUNDAY = frozenset({6})  # when clocks change
_HOUSEHOLDS = (
    Household("Asia/Seoul", time(9), WORKDAYS, korean=True),
    Household("America/New_York", time(2, 30), _SUNDAY),
    Household("Europe/London", time(1, 30), _SUNDAY),
    Household("Australia/Lord_Howe", time(2, 15), _SUNDAY),
    Household("America/Havana", time(0), _SUNDAY),
)


async def test_a_year_in_many_zones_brings_each_day_once_and_no_piece_twice_in_a_round(
    tmp_path: Path, live: LiveLibrary
) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/sunbae.db")
    await database.upgrade()
    year = Year(database, live)
    await year.settle_in(_HOUSEHOLDS, 2 * len(_HOUSEHOLDS))

    await year.pass_by()
    await database.close()

    assert year.wrong == []
    assert year.posts == 2 * (245 + 4 * 52)
    assert year.shifted == 2 * 4
