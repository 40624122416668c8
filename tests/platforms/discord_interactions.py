"""The loopback Discord's end of interactions: the first response within three seconds, and what may follow."""

from __future__ import annotations

import asyncio
import re

from aiohttp import web

from tests.platforms.discord_payloads import COMPONENTS_V2, EPHEMERAL, LOADING, Json, Message, json_response
from tests.platforms.discord_world import Interaction, Route, World, error

_ACK_S = 3.0


async def _callback(world: World, found: re.Match[str], body: Json) -> web.Response:
    interaction = world.interactions[found[1]]
    if asyncio.get_running_loop().time() - interaction.started > _ACK_S:
        world.faults.append(f"an interaction was acknowledged after {_ACK_S} s")
        return error(404, 10062, "Unknown interaction")
    if interaction.acknowledged is not None:
        world.faults.append("an interaction was acknowledged twice")
        return error(400, 40060, "Interaction has already been acknowledged.")
    kind = interaction.acknowledged = body["type"]
    data = body.get("data") or {}
    message: Message | None = None
    match kind:
        case 4:
            message = interaction.original = _reply(world, interaction, data)
            interaction.answer.set_result(message)
        case 5:
            message = interaction.original = _reply(world, interaction, data)
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
        case 9:
            interaction.answer.set_result(data)
    told = {"id": str(interaction.id), "type": interaction.kind}
    if message is None:
        return json_response({"interaction": told})
    told |= {"response_message_id": str(message.id)}
    return json_response({"interaction": told, "resource": {"type": kind, "message": message.json()}})


async def _followup(world: World, found: re.Match[str], body: Json) -> web.Response:
    interaction = world.interactions[found[1]]
    if interaction.acknowledged is None:
        return error(404, 10015, "Unknown Webhook")
    if interaction.acknowledged == 5 and interaction.original and interaction.original.flags & LOADING:
        message = interaction.original  # the first one fills in what was promised, as private as that was
        message.flags = (message.flags & EPHEMERAL) | (body.get("flags", 0) & COMPONENTS_V2)
        message.components = body["components"]
    else:
        message = _reply(world, interaction, body)
    interaction.answer.set_result(message)
    return json_response(message.json())


async def _edit_original(world: World, found: re.Match[str], body: Json) -> web.Response:
    interaction = world.interactions[found[1]]
    assert interaction.original is not None
    interaction.original.components = body["components"]
    interaction.answer.set_result(interaction.original)
    return json_response(interaction.original.json())


def _reply(world: World, interaction: Interaction, data: Json) -> Message:
    flags = data.get("flags", 0)
    message = Message(
        interaction.channel,
        world.bot,
        data.get("content") or "",
        data.get("components", []),
        flags,
        only_for=interaction.person if flags & EPHEMERAL else None,
    )
    world.messages[message.id] = message
    return message


_HOOK = "/webhooks/{webhook_id}/{webhook_token}"

ROUTES: tuple[Route, ...] = (
    (
        "POST",
        r"/interactions/\d+/(\w+)/callback",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        _callback,
    ),
    ("POST", r"/webhooks/\d+/(\w+)", _HOOK, _followup),
    ("PATCH", r"/webhooks/\d+/(\w+)/messages/@original", f"{_HOOK}/messages/@original", _edit_original),
)
