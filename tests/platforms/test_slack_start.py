"""Slack for many workspaces starts beside a database that does not: one is waited for, another is of no use."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import aiohttp
import pytest

from bot.platforms.slack.app import SlackPlatform
from bot.settings import Address, SlackSettings
from bot.store.database import UnusableError
from bot.study import Study
from content import LiveLibrary
from tests.daily.conftest import postgres
from tests.platforms.slack_server import CLIENT_ID, CLIENT_SECRET, SECRET, SlackServer, encoded, signed
from tests.postgres import Postgres
from tests.shipped import INDEX

__all__ = ["postgres"]


def _platform(slack: SlackServer, home: Path, database_url: str) -> SlackPlatform:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    slack.http = f"http://127.0.0.1:{port}"
    settings = SlackSettings(None, None, SECRET, CLIENT_ID, CLIENT_SECRET, f"{slack.address}/api/")
    study = Study(LiveLibrary(cache=INDEX), lambda: datetime.now(UTC), Random(1))
    return SlackPlatform(settings, Address("127.0.0.1", port), home, database_url, study)


async def test_a_database_that_is_down_at_the_start_is_waited_for(tmp_path: Path, postgres: Postgres) -> None:
    url = await postgres.database()
    async with SlackServer() as slack:
        await asyncio.to_thread(postgres.stop)
        running = asyncio.create_task(_platform(slack, tmp_path, url).run())
        try:
            await slack.reachable()
            answers = [await _asked(slack)]
            async with (
                aiohttp.ClientSession() as browser,
                browser.get(f"{slack.http}/slack/install", allow_redirects=False) as page,
            ):
                installing = page.status, await page.text()
        finally:
            await asyncio.to_thread(postgres.start)
        async with asyncio.timeout(30):
            while answers[-1][0] != 200:
                answers.append(await _asked(slack))
        running.cancel()
        await asyncio.wait([running])

    assert answers[0][0] == 500
    assert installing[0] == 503
    assert "지금은 설치할 수 없어요" in installing[1]
    assert "설치되어 있지 않아요" in answers[-1][1]
    assert running.cancelled()


async def test_a_database_that_is_of_no_use_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with SlackServer() as slack:
        platform = _platform(slack, tmp_path, f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/sunbae.db")

        with pytest.raises(UnusableError, match="check SUNBAE_DATABASE_URL"):
            await platform.run()


async def _asked(slack: SlackServer) -> tuple[int, str]:
    """Status and body of the answer to a command from a workspace that has not installed the bot."""
    form = {"command": "/sunbae", "text": "도움말", "user_id": slack.person(), "channel_id": "C1", "team_id": "T9"}
    return await slack.post(*signed(*encoded("slash_commands", form)))
