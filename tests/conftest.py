"""Every platform of the contract suite, each with the bot running behind its real wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.platforms.chat import Chat
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


@pytest_asyncio.fixture(loop_scope="module", params=["web"])
async def chat(request: pytest.FixtureRequest, bot: BotProcess, browsers: Browsers) -> AsyncIterator[Chat]:
    assert request.param == "web"
    joined = await WebChat.join(bot, browsers)
    yield joined
    await joined.leave()
