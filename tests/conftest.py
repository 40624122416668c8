"""Every platform of the contract suite, each with the bot running behind its real wire."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.platforms.chat import Chat
from tests.platforms.discord_chat import discord_platform
from tests.platforms.processes import BotProcess
from tests.platforms.slack_chat import slack_platform
from tests.platforms.web_chat import Browsers, WebChat

Join = Callable[[], Awaitable[Chat]]  # brings somebody new into the platform's channel


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    running = BotProcess(tmp_path_factory.mktemp("bot"))
    yield running
    assert running.stop() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browsers() -> AsyncIterator[Browsers]:
    async with Browsers() as opened:
        yield opened


@contextlib.asynccontextmanager
async def web_platform(folder: Path) -> AsyncIterator[Join]:
    """The bot's page in a browser."""
    running = BotProcess(folder)
    async with Browsers() as opened:
        yield lambda: WebChat.join(running, opened)
    assert running.stop() == 0


PLATFORMS = {"discord": discord_platform, "slack": slack_platform, "web": web_platform}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=sorted(PLATFORMS))
async def join(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Join]:
    async with PLATFORMS[request.param](tmp_path_factory.mktemp(request.param)) as joining:
        yield joining


@pytest_asyncio.fixture(loop_scope="module")
async def chat(join: Join) -> AsyncIterator[Chat]:
    joined = await join()
    yield joined
    await joined.leave()
