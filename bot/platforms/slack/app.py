"""The Slack platform: Socket Mode, HTTP or both around one Bolt app."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.response import BoltResponse
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute

from bot.platforms import Check, PlatformError
from bot.platforms.slack import doctor
from bot.platforms.slack.authorize import Authorize
from bot.platforms.slack.http import SlackHttp
from bot.platforms.slack.listeners import Listeners
from bot.platforms.slack.oauth import installing
from bot.platforms.slack.socket_mode import SocketMode
from bot.settings import Address, SlackSettings
from bot.store.database import Database
from bot.store.installations import Installations, States
from bot.store.keys import KEYS_FILE, Keys
from bot.study import Study
from bot.wording import phrases

_SLACK = "https://slack.com/api/"
_REQUEST_S = 10

log = structlog.get_logger()


class SlackPlatform:
    """The bot in Slack's workspaces."""

    def __init__(
        self,
        settings: SlackSettings,
        http: Address | None,
        home: Path,
        database_url: str,
        study: Study,
        *,
        beside: Sequence[BaseRoute] = (),
    ) -> None:
        """*beside*: what else is served over HTTP."""
        self._settings = settings
        self._http = http
        self._home = home
        self._database_url = database_url
        self._study = study
        self._beside = beside

    async def run(self) -> None:
        """Serve until cancelled. Raises PlatformError where Slack or the machine does not let it."""
        try:
            async with self._client() as (client, session), self._installations() as installations:
                await self._serve(client, session, installations)
        except ExceptionGroup as group:
            known, unknown = group.split(PlatformError)
            if unknown or known is None:
                raise
            raise _first(known) from None

    async def check(self) -> tuple[Check, ...]:
        """Whether Slack takes the tokens, what they may do, and whether the address is free."""
        async with self._client() as (client, _):
            return await doctor.examine(client, self._settings, self._http)

    async def _serve(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, installations: Installations | None
    ) -> None:
        settings = self._settings
        quiet = _logger()
        oauth = None
        if installations:
            states = States(installations.database, self._study.clock)
            oauth = installing(
                settings=settings,
                client=client,
                installations=installations,
                states=states,
                phrase=phrases(self._study.locale),
                logger=quiet,
            )
        app = self._app(client, installations, oauth, quiet)
        listeners = Listeners(self._study, session, installations)
        listeners.register(app)
        ways: list[Coroutine[Any, Any, None]] = []
        if settings.app_token:
            ways.append(SocketMode(app, client, session, settings.app_token).run())
        if settings.signing_secret and self._http:
            http = SlackHttp(app, settings.signing_secret, self._study.clock, oauth, self._beside)
            ways.append(http.run(self._http))
        try:
            async with asyncio.TaskGroup() as tasks:
                for way in ways:
                    tasks.create_task(way)
        finally:
            await listeners.finish()

    def _app(
        self,
        client: AsyncWebClient,
        installations: Installations | None,
        oauth: AsyncOAuthFlow | None,
        quiet: logging.Logger,
    ) -> AsyncApp:
        settings = self._settings
        rotator = (
            AsyncTokenRotator(client_id=settings.client_id, client_secret=settings.client_secret, client=client)
            if settings.client_id and settings.client_secret
            else None
        )
        app = AsyncApp(
            client=client,
            logger=quiet,
            authorize=Authorize(client, settings.bot_token, installations, rotator),  # type: ignore[arg-type]  # it may find none
            oauth_flow=oauth,
            # Bolt's other runner looks for the ack every 10 ms; see docs/slack.md.
            process_before_response=True,
            request_verification_enabled=False,  # http.py has verified it
            user_facing_authorize_error_message=phrases(self._study.locale)("slack.not_installed"),
        )
        app.error(_failed)
        return app

    @contextlib.asynccontextmanager
    async def _client(self) -> AsyncIterator[tuple[AsyncWebClient, aiohttp.ClientSession]]:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_REQUEST_S)) as session:
            address = self._settings.api_url or _SLACK
            client = AsyncWebClient(
                base_url=address if address.endswith("/") else address + "/",
                session=session,
                timeout=_REQUEST_S,
                # slack_sdk's own handler posts again after a dropped connection: a second message.
                retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
            )
            yield client, session

    @contextlib.asynccontextmanager
    async def _installations(self) -> AsyncIterator[Installations | None]:
        """The workspaces that installed the bot; None where it serves one by its token."""
        if not self._settings.client_id:
            yield None
            return
        self._home.mkdir(parents=True, exist_ok=True)
        database = Database(self._database_url)
        try:
            await database.upgrade()
            yield Installations(database, Keys(self._home / KEYS_FILE))
        finally:
            await database.close()


async def _failed(error: Exception) -> BoltResponse:
    log.error("slack request failed", exc_info=error)
    return BoltResponse(status=500)


def _logger() -> logging.Logger:
    """For Bolt, which at other levels writes down what people say."""
    logger = logging.getLogger("slack_bolt.sunbae")
    logger.setLevel(logging.ERROR)
    return logger


def _first(group: BaseExceptionGroup[PlatformError]) -> PlatformError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
