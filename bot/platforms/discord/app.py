"""Discord as a platform: connect, stay connected, and tell an operator what stands in the way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import discord
import structlog
from discord.http import Route

from bot.platforms import Check, PlatformError
from bot.platforms.discord import doctor
from bot.platforms.discord.client import SunbaeClient
from bot.settings import DiscordSettings
from bot.study import Study

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0

log = structlog.get_logger()


class DiscordPlatform:
    """The bot in Discord."""

    def __init__(self, settings: DiscordSettings, home: Path, study: Study) -> None:
        self._settings = settings
        self._home = home
        self._study = study
        discord.VoiceClient.warn_nacl = False  # the bot never speaks aloud
        discord.VoiceClient.warn_dave = False
        if settings.api_url:
            Route.BASE = settings.api_url  # discord.py has no option for it

    async def run(self) -> None:
        """Serve until cancelled; while Discord is out of reach, try again. Raises PlatformError."""
        wait_s = _FIRST_WAIT_S
        while True:
            client = SunbaeClient(self._settings, self._home, self._study)
            try:
                async with client:
                    await client.start(self._settings.token)
            except discord.LoginFailure as error:
                raise PlatformError(doctor.WRONG_TOKEN) from error
            except discord.PrivilegedIntentsRequired as error:
                raise PlatformError(
                    "Discord refuses to show messages in threads; switch on Message Content Intent under Bot at "
                    f"{doctor.PORTAL}, or unset DISCORD_READ_THREADS"
                ) from error
            except discord.ConnectionClosed as error:
                raise PlatformError(
                    f"Discord closed the connection for good (code {error.code}); "
                    "check DISCORD_TOKEN, DISCORD_SHARD_IDS and DISCORD_SHARD_COUNT"
                ) from error
            except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
                if client.is_ready():
                    wait_s = _FIRST_WAIT_S
                log.warning("discord out of reach, trying again", wait_s=wait_s, reason=type(error).__name__)
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
            else:
                return

    async def check(self) -> tuple[Check, ...]:
        """Token, intents, commands and permissions, as Discord tells them."""
        return await doctor.check(self._settings)
