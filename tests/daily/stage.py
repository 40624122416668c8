"""A stage for the engine: a platform that remembers, a store on each database, and time that passes when told to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.daily.calendar import Schedule, upcoming
from bot.daily.delivery import Timing
from bot.daily.engine import Engine, Time
from bot.daily.posting import Found, Posted
from bot.daily.telling import Telling
from bot.daily.wishes import Wishes, to_json
from bot.reply import Place, Reply
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.history import History
from bot.store.notices import Notices
from bot.store.records import Channel, Delivery, Subscription, from_ms
from bot.store.subscriptions import Subscriptions
from bot.store.tables import deliveries, notices, subscriptions
from bot.study import Study

CHANNEL = Channel("test", "guild", "bootcamp")
SEOUL = ZoneInfo("Asia/Seoul")
MORNING = datetime(2026, 3, 3, tzinfo=UTC)  # nine o'clock there, a Tuesday
DAILY = Wishes(Schedule(SEOUL, time(9)))
TOLD = Place("test", "guild", "dm:u1")


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = MORNING - timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Platform:
    """Remembers what was posted; does as it is told by the next of *answers*."""

    posts_per_s = 1000.0

    def __init__(self) -> None:
        self.posts: list[tuple[Place, Reply, str]] = []
        self.answers: list[Exception | None] = []
        self.looks: list[str] = []  # the keys that were looked for
        self.sights: list[Found | Exception] = []  # what the next looks come to, before history is asked
        self.accepts_before_failing = False
        self.history_readable = True
        self.meanwhile: Callable[[], Awaitable[object]] | None = None  # happens while a post is under way

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        if self.meanwhile:
            await self.meanwhile()
        answer = self.answers.pop(0) if self.answers else None
        if answer is None or self.accepts_before_failing:
            self.posts.append((place, reply, key))
        if answer is not None:
            raise answer
        return Posted(f"m{len(self.posts)}")

    async def find(self, place: Place, key: str, since: datetime) -> Found:
        assert place.platform == "test"
        assert since < MORNING + timedelta(days=9)
        self.looks.append(key)
        if self.sights:
            sight = self.sights.pop(0)
            if isinstance(sight, Exception):
                raise sight
            return sight
        if not self.history_readable:
            return Found("unknowable", reason="no permission to read history")
        places = [number for number, (_, _, posted) in enumerate(self.posts, start=1) if posted == key]
        return Found("present", f"m{places[0]}") if places else Found("absent")


class Stage:
    """An engine, its platform, its store and a clock."""

    def __init__(self, database: Database, study: Study, clock: Clock, platform: Platform) -> None:
        self.database = database
        self.clock = clock
        self.platform = platform
        self.study = study
        self.subscriptions = Subscriptions(database)
        self.deliveries = Deliveries(database)
        self.history = History(database)
        self.engine = Engine(
            "test", platform, study, self.deliveries, timing=Timing(), passing=Time(clock.monotonic, clock.sleep)
        )
        self.telling = Telling("test", platform, study, Notices(database))

    async def subscribe(self, wishes: Wishes = DAILY, channel: Channel = CHANNEL) -> None:
        due = next(upcoming(wishes.schedule, self.clock())).due
        made = Subscription(channel, "u1", "ko", to_json(wishes), next_due=due)
        await self.subscriptions.change(channel, lambda _: made)

    async def until(self, moment: datetime) -> None:
        """Let the engine do all there is to do until *moment*."""
        while self.clock.now < moment:
            self.clock.now = max(self.clock.now, min(moment, await self._next()))
            await self.settle()

    async def _next(self) -> datetime:
        """When something is to be done next."""
        async with self.database.transaction() as connection:
            columns = (subscriptions.c.next_due_ms, deliveries.c.wake_ms, notices.c.wake_ms)
            queries = [sa.select(sa.func.min(column)).where(column.table.c.platform == "test") for column in columns]
            instants = [from_ms((await connection.execute(query)).scalar_one()) for query in queries]
        return min(filter(None, instants), default=datetime.max.replace(tzinfo=UTC))

    async def settle(self) -> None:
        while await self.engine.tick() or await self.telling.tick():
            await self.engine.drain()

    async def states(self, channel: Channel = CHANNEL) -> list[str]:
        return [delivery.state for delivery in await self.history.of(channel, limit=99)]

    async def last(self) -> Delivery:
        return (await self.history.of(CHANNEL, limit=1))[0]
