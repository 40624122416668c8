"""A Discord of the tests' own: real HTTP and a real gateway on loopback, strict about what it is sent."""

from __future__ import annotations

import json
import re

from aiohttp import web

from tests.platforms import discord_interactions, discord_rest, discord_schema
from tests.platforms.discord_payloads import THREAD, Channel, Json, Message, json_response
from tests.platforms.discord_world import TOKEN, Handler, Interaction, World, error

_ROUTES = (*discord_rest.ROUTES, *discord_interactions.ROUTES)


class DiscordServer(World):
    """The world behind its HTTP and its gateway."""

    async def __aenter__(self) -> DiscordServer:
        app = web.Application()
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_route("*", "/api/v10{path:/.*}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
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

    async def open_thread(self, name: str, *, parent: Channel | None = None) -> Channel:
        """A thread under a channel, or a post in a forum."""
        thread = self.add(Channel(name, THREAD, self.guild, parent=(parent or self.bootcamp).id, owner=self.bot.id))
        await self.gateway.dispatch("THREAD_CREATE", thread.json() | {"newly_created": True}, guild=self.guild)
        return thread

    async def say(self, message: Message) -> Message:
        """A person's message, shown to the bot as far as its intents go."""
        self.messages[message.id] = message
        for session in list(self.gateway.sessions.values()):
            data = message.json(shown=self.readable(message, session.intents))
            if message.reply_to:
                shown = self.readable(message.reply_to, session.intents)
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
            "app_permissions": str(self.permissions_in(channel)),
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

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.calls.append((request.method, path))
        refusal = self.refusal(request.method, path)
        answer = json_response(refusal.body, refusal.status, refusal.headers) if refusal else None
        if answer is None or (refusal and refusal.taken):
            served = await self._routed(request, path)
            answer = answer or served
        await self.tell()
        return answer

    async def _routed(self, request: web.Request, path: str) -> web.StreamResponse:
        for method, pattern, route, handler in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and method == request.method:
                return await self._serve(request, route, handler, found)
        self.faults.append(f"unknown route {request.method} {path}")
        return error(404, 0, "404: Not Found")

    async def _serve(
        self, request: web.Request, route: str, handler: Handler, found: re.Match[str]
    ) -> web.StreamResponse:
        in_token = route.startswith(("/interactions", "/webhooks"))
        if not in_token and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return error(401, 0, "401: Unauthorized")
        body: Json = dict(request.query)
        if request.method in {"POST", "PUT", "PATCH"}:
            if request.content_type != "application/json":
                self.faults.append(f"{request.method} {route} came as {request.content_type}")
            body = json.loads(await request.text())
            if wrong := discord_schema.faults(request.method, route, body):
                self.faults.append(f"{request.method} {route}: {wrong}")
                return error(400, 50035, "Invalid Form Body")
        return await handler(self, found, body)
