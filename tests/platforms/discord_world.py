"""What the loopback Discord holds: one guild with people, channels and messages, and the bot's application."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.platforms.discord_gateway import Gateway, Session
from tests.platforms.discord_payloads import (
    DM,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    Channel,
    Json,
    Message,
    Person,
    guild_json,
    json_response,
    role_json,
    snowflake,
)

TOKEN = "MTIz.loopback.token"
WAIT_S = 20.0
_MESSAGE_CONTENT = 1 << 15  # the intent


@dataclass
class Interaction:
    """Something that a person did, and what the bot made of it."""

    person: Person
    channel: Channel
    kind: int  # 2 command, 3 component, 4 autocomplete, 5 modal
    message: Message | None = None
    id: int = field(default_factory=snowflake)
    started: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    acknowledged: int | None = None  # the type of the first response
    original: Message | None = None
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def token(self) -> str:
        return f"token{self.id}"


@dataclass
class Refusal:
    """An answer that the server gives in place of its own."""

    method: str
    path: str  # a pattern
    status: int
    body: Json = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    taken: bool = False  # it does what it is asked to, and then answers so all the same


class World:
    """State, and what follows from it."""

    def __init__(self) -> None:
        self.bot = Person("Sunbae", bot=True)
        self.guild = snowflake()
        self.channels: dict[int, Channel] = {}
        self.bootcamp = self.add(Channel("bootcamp", guild=self.guild))
        self.people: dict[int, Person] = {}
        self.roles: dict[int, str] = {}  # beside @everyone
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[str, list[Json]] = {}  # by guild id, or "global"
        self.puts = 0  # how often commands were put
        self.refusals: list[Refusal] = []
        self.faults: list[str] = []
        self.calls: list[tuple[str, str]] = []
        self.left: list[int] = []  # threads that the bot left
        self.flags = 0  # of the application
        self.endpoint: str | None = None  # the application's interactions endpoint
        # Of the bot in the guild: View Channel, Send Messages, Read Message History, Send Messages in Threads.
        self.permissions = VIEW_CHANNEL | SEND_MESSAGES | (1 << 16) | (1 << 38)
        self.gateway = Gateway(TOKEN, self.faults.append, self._greeting)
        self.port = 0
        self._changed = asyncio.Condition()

    def add(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def person(self, name: str, **traits: Any) -> Person:
        person = Person(name, **traits)
        self.people[person.id] = person
        return person

    def direct(self, person: Person) -> Channel:
        """The conversation of *person* with the bot alone."""
        known = (each for each in self.channels.values() if each.kind == DM and person in each.recipients)
        return next(known, None) or self.add(Channel("", DM, recipients=(person,)))

    def permissions_in(self, channel: Channel) -> int:
        """What the bot may do there."""
        return self.permissions & ~channel.denied

    def readable(self, message: Message, intents: int) -> bool:
        """Whether the bot sees a message's content without, or thanks to, the privileged intent."""
        called = self.bot in message.mentions or message.author is self.bot or message.channel.kind == DM
        return called or bool(intents & _MESSAGE_CONTENT)

    def json(self) -> Json:
        """The guild."""
        everyone = role_json(self.guild, "@everyone", self.permissions)
        roles = [everyone, *(role_json(id_, name) for id_, name in self.roles.items())]
        return guild_json(self.guild, self.bot, list(self.channels.values()), roles)

    def refuse(
        self, method: str, path: str, status: int, code: int = 0, *, times: int = 1, taken: bool = False, **headers: str
    ) -> Refusal:
        """Answer the next calls that fit with an error."""
        body = {"message": "refused", "code": code}
        self.refusals.append(Refusal(method, path, status, body, headers, times, taken))
        return self.refusals[-1]

    def refusal(self, method: str, path: str) -> Refusal | None:
        """The one for this call; it is used up."""
        for each in self.refusals:
            if each.method == method and re.fullmatch(each.path, path):
                each.times -= 1
                if each.times == 0:
                    self.refusals.remove(each)
                return each
        return None

    async def until(self, true: Callable[[], Any]) -> Any:
        """Wait until *true* gives something, and give that."""
        async with asyncio.timeout(WAIT_S), self._changed:
            await self._changed.wait_for(lambda: true() or self.faults)
        assert not self.faults, self.faults
        return true()

    async def tell(self) -> None:
        """Something changed."""
        async with self._changed:
            self._changed.notify_all()

    def _greeting(self, session: Session) -> list[tuple[str, Json]]:
        ready: Json = {
            "v": 10,
            "user": self.bot.json(),
            "guilds": [],
            "session_id": session.id,
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
            "shard": [session.shard, session.shards],
            "application": {"id": str(self.bot.id), "flags": self.flags},
        }
        events = [("READY", ready)]
        if (self.guild >> 22) % session.shards == session.shard:
            ready["guilds"] = [{"id": str(self.guild), "unavailable": True}]
            events.append(("GUILD_CREATE", self.json()))
        return events


Handler = Callable[[World, re.Match[str], Any], Awaitable[web.StreamResponse]]
Route = tuple[str, str, str, Handler]  # the method, a pattern of the path, the path as Discord's schema writes it


def error(status: int, code: int, message: str) -> web.Response:
    """A refusal as Discord words it."""
    return json_response({"message": message, "code": code}, status)
