"""A Discord of the tests' own: real HTTP and a real gateway on loopback, strict about what it is sent."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.platforms import discord_schema
from tests.platforms.discord_gateway import Gateway, Session
from tests.platforms.discord_payloads import (
    COMPONENTS_V2,
    DM,
    EPHEMERAL,
    LOADING,
    THREAD,
    Channel,
    Json,
    Message,
    Person,
    guild_json,
    snowflake,
)

TOKEN = "MTIz.loopback.token"
WAIT_S = 20.0
_ACK_S = 3.0
_MESSAGE_CONTENT = 1 << 15  # the intent


@dataclass
class Interaction:
    """Something that a person did, and what the bot made of it."""

    person: Person
    channel: Channel
    kind: int  # 2 command, 3 component, 4 autocomplete
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


class DiscordServer:
    """One guild with people and channels, and the bot's application."""

    def __init__(self) -> None:
        self.bot = Person("Sunbae", bot=True)
        self.guild = snowflake()
        self.channels: dict[int, Channel] = {}
        self.bootcamp = self.add(Channel("bootcamp", guild=self.guild))
        self.people: dict[int, Person] = {}
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
        self.permissions = (1 << 10) | (1 << 11) | (1 << 16) | (1 << 38)  # of the bot in the guild
        self.gateway = Gateway(TOKEN, self.faults.append, self._greeting)
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> DiscordServer:
        app = web.Application()
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_route("*", "/api/v10{path:/.*}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def environment(self) -> dict[str, str]:
        """What makes a bot live here."""
        return {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": f"http://127.0.0.1:{self.port}/api/v10",
            "DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{self.port}/gateway",
        }

    def add(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def person(self, name: str, **traits: Any) -> Person:
        person = Person(name, **traits)
        self.people[person.id] = person
        return person

    async def open_thread(self, name: str, *, parent: Channel | None = None) -> Channel:
        """A thread under a channel, or a post in a forum."""
        thread = self.add(Channel(name, THREAD, self.guild, parent=(parent or self.bootcamp).id, owner=self.bot.id))
        await self.gateway.dispatch("THREAD_CREATE", thread.json() | {"newly_created": True}, guild=self.guild)
        return thread

    async def say(self, message: Message) -> Message:
        """A person's message, shown to the bot as far as its intents go."""
        self.messages[message.id] = message
        for session in list(self.gateway.sessions.values()):
            data = message.json(shown=self._readable(message, session.intents))
            if message.reply_to:
                shown = self._readable(message.reply_to, session.intents)
                data["referenced_message"] = message.reply_to.json(shown=shown)
            await self.gateway.dispatch("MESSAGE_CREATE", data, guild=message.channel.guild)
            break
        return message

    async def interact(self, interaction: Interaction, data: Json) -> Interaction:
        """Send an interaction to the bot."""
        self.interactions[interaction.token] = interaction
        person, channel = interaction.person, interaction.channel
        payload: Json = {
            "id": str(interaction.id),
            "application_id": str(self.bot.id),
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.json(),
            "locale": person.locale,
            "app_permissions": str(self.permissions),
            "entitlements": [],
            "attachment_size_limit": 10_485_760,
            "context": 0 if channel.guild else 1,
            "authorizing_integration_owners": {"0": str(channel.guild or 0)},
        }
        if channel.guild:
            member = person.member_json() | {"user": person.json(), "permissions": str(person.permissions)}
            payload |= {"guild_id": str(channel.guild), "guild_locale": "en-US", "member": member}
            payload["guild"] = {"id": str(channel.guild), "locale": "en-US", "features": []}
        else:
            payload["user"] = person.json()
        if interaction.message:
            payload["message"] = interaction.message.json()
        await self.gateway.dispatch("INTERACTION_CREATE", payload, guild=channel.guild)
        return interaction

    async def until(self, true: Callable[[], Any]) -> Any:
        """Wait until *true* gives something, and give that."""
        async with asyncio.timeout(WAIT_S), self._changed:
            await self._changed.wait_for(lambda: true() or self.faults)
        assert not self.faults, self.faults
        return true()

    def refuse(self, method: str, path: str, status: int, code: int = 0, *, times: int = 1, **headers: str) -> None:
        """Answer the next calls that fit with an error."""
        self.refusals.append(Refusal(method, path, status, {"message": "refused", "code": code}, headers, times))

    def _readable(self, message: Message, intents: int) -> bool:
        """Whether the bot sees a message's content without, or thanks to, the privileged intent."""
        called = self.bot in message.mentions or message.author is self.bot or message.channel.kind == DM
        return called or bool(intents & _MESSAGE_CONTENT)

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
            channels = list(self.channels.values())
            events.append(("GUILD_CREATE", guild_json(self.guild, "Bootcamp", self.bot, channels)))
        return events

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.calls.append((request.method, path))
        for refusal in self.refusals:
            if refusal.method == request.method and re.fullmatch(refusal.path, path):
                refusal.times -= 1
                if refusal.times == 0:
                    self.refusals.remove(refusal)
                await self._tell()
                return _json(refusal.body, refusal.status, refusal.headers)
        for method, pattern, name, handler in self._routes():
            found = re.fullmatch(pattern, path)
            if found and method == request.method:
                return await self._serve(request, name, handler, found)
        self._fault(f"unknown route {request.method} {path}")
        return _json({"message": "404: Not Found", "code": 0}, 404)

    async def _serve(
        self,
        request: web.Request,
        route: str,
        handler: Callable[[re.Match[str], Any], Awaitable[web.StreamResponse]],
        found: re.Match[str],
    ) -> web.StreamResponse:
        in_token = route.startswith(("/interactions", "/webhooks"))
        if not in_token and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        body = None
        if request.method in {"POST", "PUT", "PATCH"}:
            if request.content_type != "application/json":
                self._fault(f"{request.method} {route} came as {request.content_type}")
            body = json.loads(await request.text())
            if wrong := discord_schema.faults(request.method, route, body):
                self._fault(f"{request.method} {route}: {wrong}")
                return _json({"message": "Invalid Form Body", "code": 50035, "errors": {}}, 400)
        response = await handler(found, body)
        await self._tell()
        return response

    def _routes(self) -> list[tuple[str, str, str, Any]]:
        commands = "/applications/{application_id}/commands"
        guild_commands = "/applications/{application_id}/guilds/{guild_id}/commands"
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        return [
            ("GET", r"/users/@me", "/users/@me", self._me),
            ("GET", r"/oauth2/applications/@me", "/applications/@me", self._application),
            ("GET", r"/gateway/bot", "/gateway/bot", self._gateway_bot),
            ("GET", r"/users/@me/guilds", "/users/@me/guilds", self._guilds),
            ("GET", r"/applications/\d+/commands", commands, self._get_commands),
            ("PUT", r"/applications/\d+/commands", commands, self._put_commands),
            ("GET", r"/applications/\d+/guilds/(\d+)/commands", guild_commands, self._get_commands),
            ("PUT", r"/applications/\d+/guilds/(\d+)/commands", guild_commands, self._put_commands),
            (
                "POST",
                r"/interactions/\d+/(\w+)/callback",
                "/interactions/{interaction_id}/{interaction_token}/callback",
                self._callback,
            ),
            ("POST", r"/webhooks/\d+/(\w+)", hook, self._followup),
            ("PATCH", r"/webhooks/\d+/(\w+)/messages/@original", f"{hook}/messages/@original", self._edit_original),
            ("POST", r"/channels/(\d+)/messages", "/channels/{channel_id}/messages", self._post),
            ("GET", r"/channels/(\d+)/messages", "/channels/{channel_id}/messages", self._history),
            ("POST", r"/users/@me/channels", "/users/@me/channels", self._open_dm),
            ("DELETE", r"/channels/(\d+)/thread-members/@me", "/channels/{channel_id}/thread-members/@me", self._leave),
        ]

    async def _me(self, *_: Any) -> web.Response:
        return _json(self.bot.json())

    async def _application(self, *_: Any) -> web.Response:
        return _json(
            {
                "id": str(self.bot.id),
                "name": "Sunbae",
                "icon": None,
                "description": "",
                "summary": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0",
                "flags": self.flags,
                "team": None,
                "owner": self.bot.json(),
                "interactions_endpoint_url": self.endpoint,
            }
        )

    async def _gateway_bot(self, *_: Any) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return _json({"url": f"ws://127.0.0.1:{self.port}/gateway", "shards": 1, "session_start_limit": limit})

    async def _guilds(self, *_: Any) -> web.Response:
        guild = {"id": str(self.guild), "name": "Bootcamp", "icon": None, "owner": False, "features": []}
        return _json([guild | {"permissions": str(self.permissions)}])

    async def _get_commands(self, found: re.Match[str], _: Any) -> web.Response:
        return _json(self.commands.get(_scope(found), []))

    async def _put_commands(self, found: re.Match[str], body: list[Json]) -> web.Response:
        self.puts += 1
        self.commands[_scope(found)] = [
            command | {"id": str(snowflake()), "application_id": str(self.bot.id), "version": "1"} for command in body
        ]
        return _json(self.commands[_scope(found)])

    async def _callback(self, found: re.Match[str], body: Json) -> web.Response:
        interaction = self.interactions[found[1]]
        if asyncio.get_running_loop().time() - interaction.started > _ACK_S:
            self._fault(f"an interaction was acknowledged after {_ACK_S} s")
            return _json({"message": "Unknown interaction", "code": 10062}, 404)
        if interaction.acknowledged is not None:
            self._fault("an interaction was acknowledged twice")
            return _json({"message": "Interaction has already been acknowledged.", "code": 40060}, 400)
        kind = interaction.acknowledged = body["type"]
        data = body.get("data") or {}
        message: Message | None = None
        match kind:
            case 4:
                message = interaction.original = self._reply(interaction, data)
                interaction.answer.set_result(message)
            case 5:
                message = interaction.original = self._reply(interaction, data)
                message.flags |= LOADING
            case 6:
                message = interaction.original = interaction.message
            case 7:
                message = interaction.original = interaction.message
                assert message is not None
                message.components = data["components"]
                interaction.answer.set_result(message)
            case 8:
                interaction.answer.set_result(data["choices"])
        told = {"id": str(interaction.id), "type": interaction.kind}
        if message is None:
            return _json({"interaction": told})
        told |= {"response_message_id": str(message.id)}
        return _json({"interaction": told, "resource": {"type": kind, "message": message.json()}})

    async def _followup(self, found: re.Match[str], body: Json) -> web.Response:
        interaction = self.interactions[found[1]]
        if interaction.acknowledged is None:
            return _json({"message": "Unknown Webhook", "code": 10015}, 404)
        if interaction.acknowledged == 5 and interaction.original and interaction.original.flags & LOADING:
            message = interaction.original  # the first one fills in what was promised, as private as that was
            message.flags = (message.flags & EPHEMERAL) | (body.get("flags", 0) & COMPONENTS_V2)
            message.components = body["components"]
        else:
            message = self._reply(interaction, body)
        interaction.answer.set_result(message)
        return _json(message.json())

    async def _edit_original(self, found: re.Match[str], body: Json) -> web.Response:
        interaction = self.interactions[found[1]]
        assert interaction.original is not None
        interaction.original.components = body["components"]
        interaction.answer.set_result(interaction.original)
        return _json(interaction.original.json())

    async def _post(self, found: re.Match[str], body: Json) -> web.Response:
        channel = self.channels[int(found[1])]
        message = Message(
            channel,
            self.bot,
            body.get("content") or "",
            body.get("components", []),
            body.get("flags", 0),
            reference=body.get("message_reference"),
        )
        self.messages[message.id] = message
        return _json(message.json())

    async def _history(self, found: re.Match[str], _: Any) -> web.Response:
        intents = next(iter(self.gateway.sessions.values())).intents
        said = [each for each in self.messages.values() if each.channel.id == int(found[1]) and not each.only_for]
        return _json(
            [each.json(shown=self._readable(each, intents)) for each in sorted(said, key=lambda each: -each.id)]
        )

    async def _open_dm(self, _: re.Match[str], body: Json) -> web.Response:
        person = self.people[int(body["recipient_id"])]
        return _json(self.direct(person).json())

    def direct(self, person: Person) -> Channel:
        """The conversation of *person* with the bot alone."""
        known = (each for each in self.channels.values() if each.kind == DM and person in each.recipients)
        return next(known, None) or self.add(Channel("", DM, recipients=(person,)))

    async def _leave(self, found: re.Match[str], _: Any) -> web.Response:
        self.left.append(int(found[1]))
        return web.Response(status=204)

    def _reply(self, interaction: Interaction, data: Json) -> Message:
        flags = data.get("flags", 0)
        message = Message(
            interaction.channel,
            self.bot,
            data.get("content") or "",
            data.get("components", []),
            flags,
            only_for=interaction.person if flags & EPHEMERAL else None,
        )
        self.messages[message.id] = message
        return message

    def _fault(self, what: str) -> None:
        self.faults.append(what)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _scope(found: re.Match[str]) -> str:
    return found[1] if found.re.groups else "global"


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads a body as JSON only if it comes as exactly application/json.
    response = web.Response(body=json.dumps(body).encode(), status=status, headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response
