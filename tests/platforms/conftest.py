"""The loopback Discord with the bot running in it, for what only Discord has."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.platforms.discord_chat import DiscordChat, running_discord
from tests.platforms.discord_server import DiscordServer
from tests.platforms.processes import BotProcess


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[BotProcess, DiscordServer]]:
    async with running_discord(tmp_path_factory.mktemp("discord")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def discord_chat(discord: tuple[BotProcess, DiscordServer]) -> DiscordChat:
    bot, server = discord
    return DiscordChat(bot, server, server.person("학생 1"))
