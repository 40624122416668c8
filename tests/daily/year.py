"""A year of channels all over the world, lived through by the real engine on an injected clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.daily.calendar import WORKDAYS, Schedule
from bot.daily.engine import Engine, Time
from bot.daily.posting import Found, Posted
from bot.daily.wishes import Wishes, to_json
from bot.reply import Place, Reply, Tip
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.records import Channel, Subscription, from_ms
from bot.store.subscriptions import Subscriptions
from bot.store.tables import deliveries, subscriptions
from bot.study import Study
from content import LiveLibrary

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
EVERY_DAY = frozenset(range(7))
_DAY = timedelta(days=1)
# Written off printed calendars, not asked of the package that the bot uses.
KOREAN_HOLIDAYS = frozenset(
    date(2026, month, day)
    for month, day in (
        (1, 1),
        *((2, 16), (2, 17), (2, 18)),  # 설날
        *((3, 1), (3, 2)),  # 삼일절 on a Sunday, and its substitute
        *((5, 1), (5, 5)),
        *((5, 24), (5, 25)),  # 부처님 오신 날 on a Sunday, and its substitute
        (6, 3),  # local elections
        (6, 6),  # 현충일 has no substitute
        (7, 17),
        *((8, 15), (8, 17)),  # 광복절 on a Saturday, and its substitute
        *((9, 24), (9, 25), (9, 26)),  # 추석, whose Saturday has no substitute
        *((10, 3), (10, 5)),  # 개천절 on a Saturday, and its substitute
        (10, 9),
        (12, 25),
    )
)


@dataclass(frozen=True, slots=True)
class Household:
    """Channels that want the same."""

    zone: str
    at: time
    weekdays: frozenset[int] = EVERY_DAY
    korean: bool = False  # keeps Korea's holidays


# Where there is one, the time is one that the clocks there leave out and show twice in that year.
WORLD = (
    Household("Asia/Seoul", time(9), WORKDAYS, korean=True),
    Household("America/New_York", time(2, 30)),
    Household("America/New_York", time(1, 30)),
    Household("Europe/London", time(1, 30)),
    Household("Australia/Lord_Howe", time(2, 15)),  # by half an hour
    Household("Africa/Cairo", time(0, 30)),  # at midnight
    Household("America/Havana", time(0)),
    Household("Africa/Casablanca", time(2, 30)),  # for Ramadan
    Household("America/St_Johns", time(2, 45)),
    Household("Asia/Kathmandu", time(23, 59)),
    Household("Pacific/Kiritimati", time(0)),
    Household("Pacific/Pago_Pago", time(23, 59)),
    Household("Asia/Seoul", time(9), EVERY_DAY, korean=True),
    Household("UTC", time(12), frozenset({1, 3})),
)


@dataclass
class _Resident:
    """A channel, and what it should still get."""

    zone: ZoneInfo
    at: time
    coming: Iterator[date]
    dealt: set[str] = field(default_factory=set)  # in this round
    last: str = ""


class Year:
    """The clock, the platform and the judge of every post; it keeps no history, so its memory is the bot's."""

    posts_per_s = 1e6

    def __init__(self, database: Database, live: LiveLibrary, *, first: date = FIRST, last: date = LAST) -> None:
        self.now = datetime(first.year, first.month, first.day, tzinfo=UTC) - _DAY
        self.posts = 0
        self.shifted = 0  # posts whose time the clocks there left out that day
        self.wrong: list[str] = []
        self._database = database
        self._first, self._last = first, last
        self._pool = {piece.id for piece in live.current.advice()}
        self._residents: dict[str, _Resident] = {}
        study = Study(live, lambda: self.now, Random(1))
        passing = Time(self._monotonic, self._sleep)
        self._engine = Engine("year", self, study, Deliveries(database), passing=passing)

    async def settle_in(self, households: Collection[Household], count: int) -> None:
        """Subscribe *count* channels, as many of one household as of another."""
        for number, home in zip(range(count), _over_and_over(households), strict=False):
            channel = Channel("year", "world", f"c{number}")
            zone = ZoneInfo(home.zone)
            country = "KR" if home.korean else None
            schedule = Schedule(zone, home.at, home.weekdays, country, first=self._first, last=self._last)
            made = Subscription(channel, "u1", "ko", to_json(Wishes(schedule)), next_due=self.now)
            await Subscriptions(self._database).change(channel, lambda _, made=made: made)  # type: ignore[misc]
            self._residents[channel.id] = _Resident(zone, home.at, self._wanted(home))

    async def pass_by(self, *, each_quarter: Callable[[int], None] = lambda _: None) -> None:
        """Live until the last day is over everywhere; *each_quarter* is told its number, from 0: before the first."""
        begin, end = self.now, datetime(self._last.year, self._last.month, self._last.day, tzinfo=UTC) + 2 * _DAY
        quarter = 0
        each_quarter(quarter)
        while (moment := await self._next()) is not None:
            self.now = max(self.now, moment)
            await self._engine.tick()
            await self._engine.drain()
            if self.now >= begin + (end - begin) * (quarter + 1) / 4:
                quarter += 1
                each_quarter(quarter)
        each_quarter(4)
        for name, resident in self._residents.items():
            self.wrong += [f"{name}: nothing on {day}" for day in resident.coming]

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:  # noqa: ARG002
        resident = self._residents[place.channel]
        local = self.now.astimezone(resident.zone)
        self._judge(place.channel, resident, local)
        tip = reply.blocks[0]
        assert isinstance(tip, Tip)
        if resident.dealt == self._pool:
            resident.dealt = set()
            if tip.advice.id == resident.last:
                self.wrong.append(f"{place.channel}: the old round's last on {local}")
        if tip.advice.id in resident.dealt:
            self.wrong.append(f"{place.channel}: {tip.advice.id} again on {local}")
        resident.dealt.add(tip.advice.id)
        resident.last = tip.advice.id
        self.posts += 1
        return Posted("m")

    async def find(self, place: Place, key: str, since: datetime) -> Found:
        raise AssertionError(f"nothing is ever unsure in a year without faults: {place} {key} {since}")

    def _judge(self, name: str, resident: _Resident, local: datetime) -> None:
        wanted = next(resident.coming, None)
        if local.date() != wanted:
            self.wrong.append(f"{name}: posted on {local}, not on {wanted}")
        if local.time() != resident.at:
            self.shifted += 1
            if _exists(local.date(), resident.at, resident.zone):
                self.wrong.append(f"{name}: posted at {local}")
        elif local.fold:
            self.wrong.append(f"{name}: posted at the second {local}")

    def _wanted(self, home: Household) -> Iterator[date]:
        day = self._first
        while day <= self._last:
            if day.weekday() in home.weekdays and not (home.korean and day in KOREAN_HOLIDAYS):
                yield day
            day += _DAY

    async def _next(self) -> datetime | None:
        """When something is to be done next."""
        query = sa.select(_least(subscriptions.c.next_due_ms).label("due"), _least(deliveries.c.wake_ms).label("wake"))
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one()
        return from_ms(min(filter(None, row), default=None))

    def _monotonic(self) -> float:
        return self.now.timestamp()

    async def _sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def _least(column: sa.Column[int]) -> sa.ScalarSelect[int]:
    # SQLite takes an index of the open ones alone only where it is said that no others are meant.
    own = sa.select(sa.func.min(column)).where(column.table.c.platform == "year", column.is_not(None))
    return own.scalar_subquery()


def _exists(day: date, at: time, zone: ZoneInfo) -> bool:
    return datetime.combine(day, at, zone).astimezone(UTC).astimezone(zone).time() == at


def _over_and_over(households: Collection[Household]) -> Iterator[Household]:
    while True:
        yield from households
