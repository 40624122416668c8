"""Every platform of the contract suite, each with the bot running behind its real wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.platforms.chat import Chat
from tests.platforms.discord_chat import DiscordChat
from tests.platforms.discord_server import DiscordServer
from tests.platforms.processes import BotProcess
from tests.platforms.web_chat import Browsers, WebChat


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    running = BotProcess(tmp_path_factory.mktemp("bot"))
    yield running
    assert running.stop() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browsers() -> AsyncIterator[Browsers]:
    async with Browsers() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[BotProcess, DiscordServer]]:
    async with DiscordServer() as server:
        running = await asyncio.to_thread(BotProcess, tmp_path_factory.mktemp("discord"), **server.environment())
        await server.gateway.until(server.gateway.connected)
        yield running, server
        assert await asyncio.to_thread(running.stop) == 0
        assert not server.faults


@pytest.fixture(params=["web", "discord"])
def chat(request: pytest.FixtureRequest) -> Chat:
    joined: Chat = request.getfixturevalue(f"{request.param}_chat")
    return joined


@pytest_asyncio.fixture(loop_scope="module")
async def web_chat(bot: BotProcess, browsers: Browsers) -> AsyncIterator[WebChat]:
    joined = await WebChat.join(bot, browsers)
    yield joined
    await joined.leave()


@pytest_asyncio.fixture(loop_scope="module")
async def discord_chat(discord: tuple[BotProcess, DiscordServer]) -> AsyncIterator[DiscordChat]:
    bot, server = discord
    yield DiscordChat(bot, server, server.person("학생 1"))
    assert not server.faults
