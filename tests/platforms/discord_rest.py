"""The loopback Discord's HTTP API beside interactions: the application, its commands, the guild, channels, messages."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from tests.platforms.discord_payloads import (
    CREATE_THREADS,
    DM,
    FORUM,
    READ_HISTORY,
    SEND_MESSAGES,
    THREAD,
    VIEW_CHANNEL,
    Channel,
    Json,
    Message,
    json_response,
    snowflake,
)
from tests.platforms.discord_world import Route, World, error


async def _me(world: World, *_: Any) -> web.Response:
    return json_response(world.bot.json())


async def _application(world: World, *_: Any) -> web.Response:
    return json_response(
        {
            "id": str(world.bot.id),
            "name": "Sunbae",
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0",
            "flags": world.flags,
            "team": None,
            "owner": world.bot.json(),
            "interactions_endpoint_url": world.endpoint,
        }
    )


async def _gateway_bot(world: World, *_: Any) -> web.Response:
    limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    return json_response({"url": f"ws://127.0.0.1:{world.port}/gateway", "shards": 1, "session_start_limit": limit})


async def _guilds(world: World, *_: Any) -> web.Response:
    guild = {"id": str(world.guild), "name": "Bootcamp", "icon": None, "owner": False, "features": []}
    return json_response([guild | {"permissions": str(world.permissions)}])


async def _guild(world: World, found: re.Match[str], _: Any) -> web.Response:
    if int(found[1]) != world.guild:
        return error(404, 10004, "Unknown Guild")
    return json_response(world.json())


async def _member(world: World, found: re.Match[str], _: Any) -> web.Response:
    assert int(found[1]) == world.bot.id
    return json_response(world.bot.member_json() | {"user": world.bot.json()})


async def _get_commands(world: World, found: re.Match[str], _: Any) -> web.Response:
    return json_response(world.commands.get(_scope(found), []))


async def _put_commands(world: World, found: re.Match[str], body: list[Json]) -> web.Response:
    world.puts += 1
    world.commands[_scope(found)] = [
        command | {"id": str(snowflake()), "application_id": str(world.bot.id), "version": "1"} for command in body
    ]
    return json_response(world.commands[_scope(found)])


async def _channel(world: World, found: re.Match[str], _: Any) -> web.Response:
    channel = world.channels.get(int(found[1]))
    return _hidden(world, channel) or json_response(channel.json(world.bot.id) if channel else {})


async def _post(world: World, found: re.Match[str], body: Json) -> web.Response:
    channel = world.channels.get(int(found[1]))
    if channel is None or (hidden := _hidden(world, channel)):
        return hidden if channel else error(404, 10003, "Unknown Channel")
    if channel.kind != DM and not world.permissions_in(channel) & SEND_MESSAGES:
        return error(403, 50013, "Missing Permissions")
    if channel.kind == FORUM:
        return error(400, 50008, "Cannot send messages in a non-text channel")
    nonce = body.get("nonce") if body.get("enforce_nonce") else None
    if nonce and (earlier := next((each for each in world.messages.values() if each.nonce == nonce), None)):
        return json_response(earlier.json())
    message = Message(
        channel,
        world.bot,
        body.get("content") or "",
        body.get("components", []),
        body.get("flags", 0),
        reference=body.get("message_reference"),
        nonce=nonce,
    )
    world.messages[message.id] = message
    return json_response(message.json())


async def _open_thread(world: World, found: re.Match[str], body: Json) -> web.Response:
    channel, message = world.channels[int(found[1])], world.messages[int(found[2])]
    if hidden := _hidden(world, channel):
        return hidden
    if not world.permissions_in(channel) & CREATE_THREADS:
        return error(403, 50013, "Missing Permissions")
    if message.id in world.channels:
        return error(400, 160004, "A thread has already been created for this message")
    thread = Channel(body["name"], THREAD, world.guild, parent=channel.id, owner=world.bot.id, id=message.id)
    await world.gateway.dispatch("THREAD_CREATE", thread.json() | {"newly_created": True}, guild=world.guild)
    return json_response(world.add(thread).json())


async def _history(world: World, found: re.Match[str], query: Json) -> web.Response:
    channel = world.channels.get(int(found[1]))
    if hidden := _hidden(world, channel):
        return hidden
    assert channel is not None
    if not world.permissions_in(channel) & READ_HISTORY and channel.kind != DM:
        return json_response([])
    intents = next((session.intents for session in world.gateway.sessions.values()), 0)
    said = [each for each in world.messages.values() if each.channel is channel and not each.only_for]
    limit = int(query.get("limit", 50))
    if "after" in query:
        said = sorted((each for each in said if each.id > int(query["after"])), key=lambda each: each.id)[:limit]
    newest_first = sorted(said, key=lambda each: -each.id)[:limit]
    return json_response([each.json(shown=world.readable(each, intents)) for each in newest_first])


async def _open_dm(world: World, _: re.Match[str], body: Json) -> web.Response:
    return json_response(world.direct(world.people[int(body["recipient_id"])]).json(world.bot.id))


async def _leave(world: World, found: re.Match[str], _: Any) -> web.Response:
    world.left.append(int(found[1]))
    return web.Response(status=204)


def _hidden(world: World, channel: Channel | None) -> web.Response | None:
    if channel is None:
        return error(404, 10003, "Unknown Channel")
    if channel.kind != DM and not world.permissions_in(channel) & VIEW_CHANNEL:
        return error(403, 50001, "Missing Access")
    return None


def _scope(found: re.Match[str]) -> str:
    return found[1] if found.re.groups else "global"


_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"

ROUTES: tuple[Route, ...] = (
    ("GET", r"/users/@me", "/users/@me", _me),
    ("GET", r"/oauth2/applications/@me", "/applications/@me", _application),
    ("GET", r"/gateway/bot", "/gateway/bot", _gateway_bot),
    ("GET", r"/users/@me/guilds", "/users/@me/guilds", _guilds),
    ("GET", r"/guilds/(\d+)", "/guilds/{guild_id}", _guild),
    ("GET", r"/guilds/\d+/members/(\d+)", "/guilds/{guild_id}/members/{user_id}", _member),
    ("GET", r"/applications/\d+/commands", _COMMANDS, _get_commands),
    ("PUT", r"/applications/\d+/commands", _COMMANDS, _put_commands),
    ("GET", r"/applications/\d+/guilds/(\d+)/commands", _GUILD_COMMANDS, _get_commands),
    ("PUT", r"/applications/\d+/guilds/(\d+)/commands", _GUILD_COMMANDS, _put_commands),
    ("GET", r"/channels/(\d+)", "/channels/{channel_id}", _channel),
    ("POST", r"/channels/(\d+)/messages", "/channels/{channel_id}/messages", _post),
    (
        "POST",
        r"/channels/(\d+)/messages/(\d+)/threads",
        "/channels/{channel_id}/messages/{message_id}/threads",
        _open_thread,
    ),
    ("GET", r"/channels/(\d+)/messages", "/channels/{channel_id}/messages", _history),
    ("POST", r"/users/@me/channels", "/users/@me/channels", _open_dm),
    ("DELETE", r"/channels/(\d+)/thread-members/@me", "/channels/{channel_id}/thread-members/@me", _leave),
)
