"""Answering interactions in time: at once where the core is quick, else first a sign that it is at work."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import discord
import structlog

from bot.platforms.discord.forms import modal
from bot.platforms.discord.render import render
from bot.reply import Place, Reply, Request, User
from bot.wording import phrases

DEFER_AFTER_S = 1.5  # Discord gives 3 s, the way there and back included
_SHARE = frozenset({"share"})
# Turning pages and leafing through advice change the message they are in, if only one person sees it.
_IN_PLACE = ("browse:", "another:")

Interaction = discord.Interaction[Any]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Press:
    """A button or a list was used, not a command."""

    id: str


async def respond(
    interaction: Interaction, work: Coroutine[Any, Any, Reply], *, press: Press | None = None, page: int = 1
) -> None:
    """Send what *work* gives, in private unless it is for all, or the conversation is with the bot alone."""
    doing = asyncio.ensure_future(work)
    direct = is_direct(interaction)
    try:
        done, _ = await asyncio.wait({doing}, timeout=DEFER_AFTER_S)
        if not done:
            # A deferred press leaves its message as it is, and what follows may be private or not.
            await interaction.response.defer(ephemeral=not direct, thinking=press is None)
        reply = await doing
        if done and reply.form and (shown := modal(reply.form, page)):
            await interaction.response.send_modal(shown)  # Discord takes it only as the first response
            return
        view = render(reply, phrases(str(interaction.locale)), page=page, without=_SHARE if direct else frozenset())
        ephemeral = reply.visibility == "private" and not direct
        if press and _changes_in_place(interaction, press, direct=direct):
            await (interaction.response.edit_message if done else interaction.edit_original_response)(view=view)
        elif done:
            await interaction.response.send_message(view=view, ephemeral=ephemeral)
        else:
            await interaction.followup.send(view=view, ephemeral=ephemeral)
    except discord.HTTPException as error:
        # The token died, or somebody deleted the message or the channel: nobody is left to be told.
        log.warning("discord took no answer", status=error.status, code=error.code, place=str(interaction.channel_id))


def request_of(interaction: Interaction, text: str, *, operator_role: str | None) -> Request:
    """Who asks what, where and in which language; an operator may manage the server or has the role of that name."""
    user = User(
        str(interaction.user.id),
        discord.utils.escape_markdown(interaction.user.display_name),
        operator=interaction.guild_id is not None
        and (interaction.permissions.manage_guild or _has_role(interaction.user, operator_role)),
    )
    return Request(
        text, user, place_of(interaction.channel, interaction.channel_id, interaction.guild_id), str(interaction.locale)
    )


def place_of(channel: object, channel_id: int | None, guild_id: int | None) -> Place:
    """Where something stands; a thread with the channel it hangs on."""
    tenant = str(guild_id) if guild_id is not None else "@me"
    if isinstance(channel, discord.Thread):
        return Place("discord", tenant, str(channel.parent_id), str(channel.id))
    return Place("discord", tenant, str(channel_id))


def is_direct(interaction: Interaction) -> bool:
    """Whether it is a conversation between somebody and the bot alone."""
    return bool(interaction.context.dm_channel)


def _has_role(user: discord.User | discord.Member, name: str | None) -> bool:
    return name is not None and isinstance(user, discord.Member) and name in {role.name for role in user.roles}


def _changes_in_place(interaction: Interaction, press: Press, *, direct: bool) -> bool:
    _, _, argument = press.id.partition(":")
    alone = direct or (interaction.message is not None and interaction.message.flags.ephemeral)
    return alone and bool(argument) and press.id.startswith(_IN_PLACE)
