"""What the bot may do in a channel, as Discord's API tells it: no gateway needed."""

from __future__ import annotations

import discord


async def permissions_in(client: discord.Client, guild: int, channel: int) -> discord.Permissions:
    """Of the bot that *client* is signed in as. Raises discord.HTTPException where the channel or guild is gone."""
    if client.user is None:
        raise LookupError("the client is not signed in")
    where = await client.fetch_guild(guild, with_counts=False)
    itself = await where.fetch_member(client.user.id)
    return (await where.fetch_channel(channel)).permissions_for(itself)
