"""With which token the bot answers a workspace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.daily.posting import NotAcceptedError, Posted
from bot.platforms.slack.authorize import Authorize
from bot.platforms.slack.daily import DailyPosts
from bot.reply import Place, Reply, Words
from bot.store.database import Database
from bot.store.installations import Installations
from bot.store.keys import Keys
from bot.wording import phrases
from tests.daily.conftest import postgres
from tests.platforms.slack_server import CHANNEL, SlackServer
from tests.postgres import Postgres

__all__ = ["postgres"]

PLACE, CARD, KEY = Place("slack", "T1", CHANNEL), Reply((Words("오늘의 조언"),)), "0123456789abcdef01234567"


class Counted(Installations):
    """Counts how often it is read."""

    reads = 0

    async def async_find_installation(self, **workspace: Any) -> Installation | None:
        self.reads += 1
        return await super().async_find_installation(**workspace)


async def test_many_who_ask_at_a_time_read_their_workspaces_once_and_later_ones_again(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'sunbae.db'}")
    await database.upgrade()
    installations = Counted(database, Keys(tmp_path / "keys"))
    for team in ("T1", "T2"):
        await installations.async_save(Installation(team_id=team, bot_token=f"xoxb-{team}", user_id="U1"))
    authorize = Authorize(AsyncWebClient(), None, installations, None)

    crowd = [asyncio.create_task(authorize.token_of(team)) for team in ("T1", "T2") * 50]
    await asyncio.sleep(0)  # so that all have asked
    crowd[0].cancel()
    tokens = await asyncio.gather(*crowd[1:])

    assert set(tokens) == {"xoxb-T1", "xoxb-T2"}
    assert installations.reads == 2
    await installations.async_delete_bot(enterprise_id=None, team_id="T1")
    assert await authorize.token_of("T1") is None
    await database.close()


class Posting:
    """The daily posts of a bot that workspaces have installed, T1 among them."""

    def __init__(self, slack: SlackServer, session: aiohttp.ClientSession, database: Database, keys: Path) -> None:
        self.slack = slack
        self.installations = Installations(database, Keys(keys), patience_s=0)
        client = AsyncWebClient(base_url=f"{slack.address}/api/", session=session, retry_handlers=[])
        authorize = Authorize(client, None, self.installations, None)
        self._posts = DailyPosts(client, authorize, lambda: datetime.now(UTC), phrases("ko"), one_workspace=False)

    async def post(self) -> Posted | Exception:
        try:
            return await self._posts.post(PLACE, CARD, KEY)
        except Exception as error:  # noqa: BLE001 -- what it proves is what is looked at
            return error


@pytest.fixture
async def posting(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Posting]:
    database = Database(await postgres.database())
    await database.upgrade()
    async with SlackServer(tokens={"xoxb-T1": "T1"}) as slack, aiohttp.ClientSession() as session:
        posting = Posting(slack, session, database, tmp_path / "keys")
        await posting.installations.async_save(Installation(team_id="T1", bot_token="xoxb-T1", user_id="U1"))
        yield posting
        assert not slack.faults, slack.faults
    await database.close()


async def test_while_the_database_is_away_nothing_is_posted_for_sure_and_afterwards_it_is(
    posting: Posting, postgres: Postgres
) -> None:
    postgres.stop()
    away = await posting.post()
    postgres.start()
    still_calls = list(posting.slack.calls)
    posted = [await posting.post() for _ in range(2)]  # the first may meet the connection that broke

    assert isinstance(away, NotAcceptedError)
    assert "데이터베이스에서 워크스페이스의 토큰을 읽지 못했어요" in str(away)
    assert still_calls == []
    assert isinstance(posted[-1], Posted)


async def test_without_the_key_that_opens_a_token_nothing_is_posted_for_sure(posting: Posting, tmp_path: Path) -> None:
    (tmp_path / "keys").rename(tmp_path / "lost")
    posting.installations._keys = Keys(tmp_path / "keys")  # as after a start
    ended = await posting.post()

    assert isinstance(ended, NotAcceptedError)
    assert "keys 파일을 되돌려" in str(ended)
    assert ended.retry_after_s == 60
