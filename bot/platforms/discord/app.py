"""Discord as a platform: connect, stay connected, and tell an operator what stands in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import aiohttp
import discord
import structlog
from discord.http import Route

from bot.daily.posting import Found, NotAcceptedError, Posted
from bot.platforms import Check, PlatformError
from bot.platforms.discord import doctor
from bot.platforms.discord.client import SunbaeClient
from bot.platforms.discord.posts import Posts
from bot.platforms.discord.sending import Sending
from bot.reply import Place, Reply
from bot.settings import DiscordSettings
from bot.store.records import Subscription
from bot.study import Study
from bot.wording import phrases

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0

log = structlog.get_logger()


class DiscordPlatform:
    """The bot in Discord."""

    name = "discord"
    posts_per_s = 45.0  # Discord takes 50 requests a second from a bot; the rest is for answers

    def __init__(self, settings: DiscordSettings, home: Path, study: Study) -> None:
        self._settings = settings
        self._home = home
        self._study = study
        phrase = phrases(study.locale)
        self._sending = Sending(settings.token, phrase)
        self._posts = Posts(self._sending, study.clock, phrase)
        self._client: SunbaeClient | None = None  # the newest
        discord.VoiceClient.warn_nacl = False  # the bot never speaks aloud
        discord.VoiceClient.warn_dave = False
        if settings.api_url:
            Route.BASE = settings.api_url  # discord.py has no option for it

    async def run(self) -> None:
        """Serve until cancelled; while Discord is out of reach, try again. Raises PlatformError."""
        async with self._sending:
            await self._serve()

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        self._signed_in()
        return await self._posts.post(place, reply, key)

    async def find(self, place: Place, key: str, since: datetime) -> Found:
        return await self._posts.find(self._signed_in(), place, key, since)

    async def check(self, subscribed: Sequence[Subscription] = ()) -> tuple[Check, ...]:
        """Token, intents, commands and permissions, as Discord tells them."""
        return await doctor.check(self._settings, subscribed)

    def _signed_in(self) -> SunbaeClient:
        client = self._client
        if client is None or client.user is None or client.is_closed():
            raise NotAcceptedError("not signed in to Discord yet")
        return client

    async def _serve(self) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            client = self._client = SunbaeClient(self._settings, self._home, self._study)
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
