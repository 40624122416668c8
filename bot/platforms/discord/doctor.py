"""What an operator should know before the bot runs on Discord, and the invitation with the fewest permissions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.daily.wishes import from_json
from bot.platforms import Check, PlatformError
from bot.platforms.discord.commands import names
from bot.platforms.discord.permissions import permissions_in
from bot.settings import DiscordSettings
from bot.store.records import Subscription

PORTAL = "https://discord.com/developers/applications"
WRONG_TOKEN = f"Discord does not know DISCORD_TOKEN; copy it anew from Bot → Reset Token at {PORTAL}"

# View Channel and Send Messages to answer a mention, Send Messages in Threads to answer it there, Read Message History
# because Discord asks for it to answer as a reply. Commands, buttons and cards need none.
_NEEDED = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
)
_DAILY = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)
_LISTED = 200  # guilds that Discord names at a time; more are not looked at
_SHOWN_GUILDS = 10


@dataclass(frozen=True, slots=True)
class _Guild:
    id: int
    name: str
    held: discord.Permissions  # of the bot, in the guild as a whole

    @classmethod
    def of(cls, listed: Mapping[str, Any]) -> _Guild:
        return cls(int(listed["id"]), listed["name"], discord.Permissions(int(listed["permissions"])))


def needed(settings: DiscordSettings) -> discord.Permissions:
    """The fewest permissions for what the settings turn on."""
    if not settings.open_threads:
        return _NEEDED
    return _NEEDED | discord.Permissions(create_public_threads=True)


def missing(held: discord.Permissions, wanted: discord.Permissions) -> list[str]:
    """Permissions of *wanted* that are not among *held*, by Discord's names for them."""
    if held.administrator:
        return []
    return [name.replace("_", " ").title() for name, has in held if getattr(wanted, name) and not has]


async def check(settings: DiscordSettings, subscribed: Sequence[Subscription]) -> tuple[Check, ...]:
    """Token, intents, commands, guilds and channels, as Discord tells them. Changes nothing."""
    try:
        async with _signed_in(settings) as client:
            application = await client.application_info()
            checks = [Check(f"discord: signed in as {client.user} (application {application.id})")]
            checks += _application(application, settings)
            # discord.py's Guild leaves out the permissions that Discord sends with this list.
            guilds = [_Guild.of(guild) for guild in await client.http.get_guilds(_LISTED, with_counts=False)]
            checks += _guilds(guilds, settings, application.id)
            for guild in settings.guilds or (None,):
                checks.append(await _commands(client, application.id, guild, settings))
            checks += await _channels(client, subscribed)
    except PlatformError as error:
        return (Check("discord", str(error)),)
    return tuple(checks)


async def _channels(client: discord.Client, subscribed: Sequence[Subscription]) -> list[Check]:
    """What the bot lacks in each channel that gets the daily advice."""
    wrong = [check for each in subscribed if (check := await _channel(client, each))]
    sound = [Check(f"discord: may post the daily advice in all {len(subscribed)} channel(s)")] if subscribed else []
    return wrong or sound


async def _channel(client: discord.Client, subscription: Subscription) -> Check | None:
    """None where nothing stands in the way."""
    channel = subscription.channel
    where = f"discord: daily advice in channel {channel.id}"
    wanted = _DAILY
    if from_json(subscription.wishes).thread:
        wanted |= discord.Permissions(create_public_threads=True)
    try:
        lacks = missing(await permissions_in(client, int(channel.tenant), int(channel.id)), wanted)
    except discord.NotFound:
        return Check(f"{where}: the channel or its server is gone", "set the advice up elsewhere: /tips set there")
    except discord.Forbidden:
        lacks = ["View Channel"]
    if not lacks:
        return None
    return Check(
        f"{where}: the bot lacks {', '.join(lacks)}", "switch these on for it under Edit Channel → Permissions"
    )


async def invitation(settings: DiscordSettings) -> str:
    """The address that adds the bot to a guild. Raises PlatformError."""
    async with _signed_in(settings) as client:
        application = await client.application_info()
    return _invitation(application.id, settings)


def _invitation(application: int, settings: DiscordSettings) -> str:
    return discord.utils.oauth_url(application, permissions=needed(settings), scopes=("bot", "applications.commands"))


@asynccontextmanager
async def _signed_in(settings: DiscordSettings) -> AsyncIterator[discord.Client]:
    """A client for Discord's API alone, without a gateway. Raises PlatformError where Discord does not answer it."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot never speaks aloud
    if settings.api_url:
        Route.BASE = settings.api_url  # discord.py has no option for it
    try:
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(settings.token)
            yield client
    except discord.LoginFailure as error:
        raise PlatformError(WRONG_TOKEN) from error
    except discord.HTTPException as error:
        raise PlatformError(f"Discord answers {error.status} (code {error.code}); try again in a minute") from error
    except (aiohttp.ClientError, OSError) as error:
        raise PlatformError(
            f"{Route.BASE} is out of reach; check the network, and DISCORD_API_URL if you set it"
        ) from error


def _application(application: discord.AppInfo, settings: DiscordSettings) -> list[Check]:
    checks = []
    if application.interactions_endpoint_url:
        checks.append(
            Check(
                "discord: commands go to an Interactions Endpoint URL, not to this bot",
                f"empty Interactions Endpoint URL under General Information at {PORTAL}",
            )
        )
    flags = application.flags
    if not settings.read_threads:
        checks.append(Check("discord: no privileged intent is asked for"))
    elif flags.gateway_message_content or flags.gateway_message_content_limited:
        checks.append(Check("discord: may read threads (Message Content Intent is on)"))
    else:
        checks.append(
            Check(
                "discord: DISCORD_READ_THREADS is on, Message Content Intent is off",
                f"switch on Message Content Intent under Bot at {PORTAL}, or unset DISCORD_READ_THREADS",
            )
        )
    return checks


def _guilds(guilds: list[_Guild], settings: DiscordSettings, application: int) -> list[Check]:
    invite = f"open {_invitation(application, settings)}"
    checks = [
        Check(f"discord: not in guild {guild}, which DISCORD_GUILDS names", invite)
        for guild in settings.guilds
        if guild not in {each.id for each in guilds}
    ]
    if not guilds:
        return [*checks, Check("discord: in no guild yet", invite)]
    checks.append(Check(f"discord: in {len(guilds)} guild(s)"))
    lacking = [(guild, lacks) for guild in guilds if (lacks := missing(guild.held, needed(settings)))]
    checks += [
        Check(
            f"discord: in {guild.name} ({guild.id}) the bot lacks {', '.join(lacks)}",
            "give its role these under Server Settings → Roles",
        )
        for guild, lacks in lacking[:_SHOWN_GUILDS]
    ]
    return checks


async def _commands(client: discord.Client, application: int, guild: int | None, settings: DiscordSettings) -> Check:
    where = "everywhere" if guild is None else f"in guild {guild}"
    try:
        if guild is None:
            known = await client.http.get_global_commands(application)
        else:
            known = await client.http.get_guild_commands(application, guild)
    except discord.Forbidden:
        return Check(f"discord: commands {where} cannot be read", f"open {_invitation(application, settings)}")
    absent = names() - {command["name"] for command in known}
    if absent:
        return Check(
            f"discord: commands missing {where}: {', '.join(sorted(absent))}",
            "start the bot; if they stay away, delete discord/commands.json in SUNBAE_HOME and start it again",
        )
    return Check(f"discord: {len(known)} commands {where}")
