"""With which token the bot answers a workspace."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.authorize import Authorize
from bot.store.database import Database
from bot.store.installations import Installations
from bot.store.keys import Keys


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
