"""With which token the bot answers a workspace."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

log = structlog.get_logger()


class Authorize(AsyncAuthorize):
    """The token of the workspace's installation, else the one token of a bot for one workspace."""

    def __init__(
        self,
        client: AsyncWebClient,
        bot_token: str | None,
        installations: AsyncInstallationStore | None,
        rotator: AsyncTokenRotator | None,
    ) -> None:
        self._client = client
        self._bot_token = bot_token
        self._installations = installations
        self._rotator = rotator
        self._own: AuthorizeResult | None = None
        self._asking = asyncio.Lock()
        self._reading: dict[tuple[str | None, str | None], asyncio.Task[Installation | None]] = {}

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,  # noqa: ARG002 -- Bolt's signature, here and below
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,  # noqa: ARG002
        actor_team_id: str | None = None,  # noqa: ARG002
        actor_user_id: str | None = None,  # noqa: ARG002
    ) -> AuthorizeResult | None:
        if found := await self._installation(enterprise_id, team_id):
            return _result(found, user_id)
        own = await self._of_one_workspace()
        # Beside installed workspaces the one token speaks for its own alone.
        return own if own and (not self._installations or own.team_id == team_id) else None

    async def token_of(self, tenant: str) -> str | None:
        """The token that speaks in the workspace, or in all of an organisation; None where the bot is not installed.

        Raises SlackApiError, SlackTokenRotationError, UnusableError, SealError, or what aiohttp raises.
        """
        organisation = tenant.startswith("E")
        found = await self(
            context=AsyncBoltContext(),
            enterprise_id=tenant if organisation else None,
            team_id=None if organisation else tenant,
            user_id=None,
        )
        return found.bot_token if found else None

    async def _installation(self, enterprise_id: str | None, team_id: str | None) -> Installation | None:
        """A workspace's installation; read once for all who ask at a time, for many of one workspace do."""
        if not self._installations:
            return None
        workspace = enterprise_id, team_id
        if workspace not in self._reading:
            self._reading[workspace] = asyncio.create_task(self._read(self._installations, enterprise_id, team_id))
            self._reading[workspace].add_done_callback(lambda _: self._reading.pop(workspace))
        # Whoever gives up leaves it to the others, and cuts off no token that is just being renewed.
        return await asyncio.shield(self._reading[workspace])

    async def _read(
        self, installations: AsyncInstallationStore, enterprise_id: str | None, team_id: str | None
    ) -> Installation | None:
        found = await installations.async_find_installation(enterprise_id=enterprise_id, team_id=team_id)
        return await self._fresh(found) if found else None

    async def _of_one_workspace(self) -> AuthorizeResult | None:
        if self._bot_token is None:
            return None
        async with self._asking:
            if self._own is None:
                told = await self._client.auth_test(token=self._bot_token)
                self._own = AuthorizeResult(
                    enterprise_id=told.get("enterprise_id"),
                    team_id=told.get("team_id"),
                    bot_id=told.get("bot_id"),
                    bot_user_id=told.get("user_id"),
                    bot_token=self._bot_token,
                )
        return self._own

    async def _fresh(self, installation: Installation) -> Installation:
        """*installation* with a token that is still good; Slack's rotating tokens live 12 hours."""
        if not (installation.bot_token_expires_at and self._rotator and self._installations):
            return installation
        async with self._asking:  # a refresh token is good once
            kept = await self._kept(installation)
            try:
                rotated = await self._rotator.perform_token_rotation(installation=kept)
            except (SlackTokenRotationError, aiohttp.ClientError, TimeoutError) as error:
                newer = await self._kept(installation)
                if newer.bot_token != kept.bot_token:
                    return newer  # another process was first
                if (kept.bot_token_expires_at or 0) <= time.time():
                    raise
                log.warning("token not renewed, still good", team=kept.team_id, error=type(error).__name__)
                return kept
            if rotated:
                await self._installations.async_save(rotated)
        return rotated or kept

    async def _kept(self, installation: Installation) -> Installation:
        assert self._installations  # noqa: S101 -- it came from there
        found = await self._installations.async_find_installation(
            enterprise_id=installation.enterprise_id, team_id=installation.team_id
        )
        return found or installation


def _result(installation: Installation, user_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=installation.enterprise_id,
        team_id=installation.team_id,
        user_id=user_id,
        bot_id=installation.bot_id,
        bot_user_id=installation.bot_user_id,
        bot_token=installation.bot_token,
    )
