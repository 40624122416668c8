"""The Slack workspaces that installed the bot, their tokens sealed, and the states of installations under way."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Database, told
from bot.store.keys import Keys
from bot.store.retries import PATIENCE_S, through_restarts
from bot.store.tables import slack_installations, slack_states

STATE_S = 600  # how long somebody may take to say yes on Slack's page
_VISIT_S = 2.0  # how long whoever opens a page waits for a database that is away

_Done = TypeVar("_Done")


class Installations(AsyncInstallationStore):
    """One installation a workspace (or organisation): the newest; the bot acts for nobody else.

    Where the database stays away, keeping and finding one raise UnusableError.
    """

    def __init__(self, database: Database, keys: Keys, *, patience_s: float = PATIENCE_S) -> None:
        """*patience_s*: how long to ride out a database that is away, for somebody who waits to be answered."""
        self.database = database
        self._keys = keys
        self._patience_s = patience_s

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    async def async_save(self, installation: Installation) -> None:
        """Keep it, patiently: a token that Slack has renewed is told once."""
        kept = vars(installation) | {"user_token": None, "user_refresh_token": None}
        enterprise = installation.enterprise_id or ""
        team = "" if installation.is_enterprise_install else installation.team_id or ""
        columns = {
            "sealed": self._keys.seal(json.dumps(kept).encode()),
            "installed_ms": int(installation.installed_at * 1000),
        }
        table = slack_installations

        async def keep() -> None:
            async with self.database.transaction() as connection:
                insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
                # Two processes may renew one token at a time: whoever comes later replaces what the other kept.
                kept_or_replaced = insert(table).values(enterprise=enterprise, team=team, **columns)
                of_workspace = [table.c.enterprise, table.c.team]
                await connection.execute(
                    kept_or_replaced.on_conflict_do_update(index_elements=of_workspace, set_=columns)
                )
                # Of a workspace that joined an organisation since, only the newest stays.
                elsewhere = sa.and_(table.c.team == team, table.c.team != "", table.c.enterprise != enterprise)
                await connection.execute(table.delete().where(elsewhere))

        await _done(keep, PATIENCE_S)

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002 -- slack_sdk's signature; users install nothing of their own
        is_enterprise_install: bool | None = False,  # noqa: ARG002 -- an organisation's installation serves its teams
    ) -> Installation | None:
        """The workspace's own installation, else its organisation's. Raises SealError where no key opens it."""
        table = slack_installations
        serves = sa.and_(table.c.enterprise == (enterprise_id or ""), table.c.team.in_(["", team_id or ""]))
        # A workspace may join an organisation after it installed the bot, so its own id is enough.
        own = sa.and_(table.c.team == (team_id or ""), table.c.team != "")
        query = sa.select(table.c.sealed).where(sa.or_(serves, own)).order_by(table.c.team.desc()).limit(1)

        async def find() -> bytes | None:
            async with self.database.reading() as connection:
                return (await connection.execute(query)).scalar_one_or_none()

        sealed = await _done(find, self._patience_s)
        return Installation(**json.loads(self._keys.open(sealed))) if sealed else None

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        found = await self.async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return found.to_bot() if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        async def delete() -> None:
            async with self.database.transaction() as connection:
                await connection.execute(_delete(enterprise_id or "", team_id or ""))

        await _done(delete, PATIENCE_S)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """A user's own token was taken back: the bot holds none, so nothing goes; without a user all goes."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    async def count(self) -> int:
        """How many workspaces have installed the bot."""
        async with self.database.reading() as connection:
            return (await connection.execute(sa.select(sa.func.count()).select_from(slack_installations))).scalar_one()

    async def reseal(self) -> int:
        """Seal every installation with the newest key; how many there were."""
        table = slack_installations
        async with self.database.transaction() as connection:
            rows = (await connection.execute(sa.select(table))).all()
            for row in rows:
                where = sa.and_(table.c.enterprise == row.enterprise, table.c.team == row.team)
                sealed = self._keys.seal(self._keys.open(row.sealed))
                await connection.execute(table.update().where(where).values(sealed=sealed))
        return len(rows)


class States(AsyncOAuthStateStore):
    """States of installations under way: each is good once, for ten minutes. Raises UnusableError as above."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    async def async_issue(self, *_: object, **__: object) -> str:
        async def issue() -> str:
            state = secrets.token_urlsafe(32)
            async with self._database.transaction() as connection:
                await connection.execute(slack_states.delete().where(slack_states.c.expires_ms < self._now_ms()))
                await connection.execute(
                    slack_states.insert().values(digest=_digest(state), expires_ms=self._now_ms() + STATE_S * 1000)
                )
            return state

        return await _done(issue, _VISIT_S)

    async def async_consume(self, state: str) -> bool:
        alive = sa.and_(slack_states.c.digest == _digest(state), slack_states.c.expires_ms >= self._now_ms())

        async def consume() -> bool:
            async with self._database.transaction() as connection:
                return (await connection.execute(slack_states.delete().where(alive))).rowcount == 1

        return await _done(consume, _VISIT_S)

    def _now_ms(self) -> int:
        return int(self._clock().timestamp() * 1000)


async def _done(work: Callable[[], Awaitable[_Done]], patience_s: float) -> _Done:
    """What *work* gives, through restarts of the database. Raises UnusableError where it stays away."""
    with told():
        return await through_restarts(work, patience_s=patience_s)


def _delete(enterprise: str, team: str) -> sa.Delete:
    table = slack_installations
    if team:
        return table.delete().where(table.c.team == team)  # team ids are unique across organisations
    return table.delete().where(sa.and_(table.c.enterprise == enterprise, table.c.team == ""))


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
