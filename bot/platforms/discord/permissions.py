"""What the bot may do in a channel, as Discord's API tells it: no gateway needed."""

from __future__ import annotations

from typing import Any

import discord

from bot.wording import Phrases

_TAKE_POSTS = frozenset(
    {
        discord.ChannelType.text,
        discord.ChannelType.news,
        discord.ChannelType.voice,
        discord.ChannelType.stage_voice,
    }
)


def obstacle(interaction: discord.Interaction[Any], phrase: Phrases) -> str:
    """What to do so that the bot can post in the channel of *interaction*, or its thread's; empty if it can."""
    channel, held = interaction.channel, interaction.app_permissions
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    if parent is not None and parent.type not in _TAKE_POSTS:
        return phrase("discord.obstacle.kind")
    if not held.view_channel:
        return phrase("discord.obstacle.see")
    return "" if held.send_messages else phrase("discord.obstacle.send")


async def permissions_in(client: discord.Client, guild: int, channel: int) -> discord.Permissions:
    """Of the bot that *client* is signed in as. Raises discord.HTTPException where the channel or guild is gone."""
    if client.user is None:
        raise LookupError("the client is not signed in")
    where = await client.fetch_guild(guild, with_counts=False)
    itself = await where.fetch_member(client.user.id)
    return (await where.fetch_channel(channel)).permissions_for(itself)
