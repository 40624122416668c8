"""The Slack platform: Socket Mode, HTTP or both around one Bolt app."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from datetime import datetime
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

from bot.daily.posting import Found, NotAcceptedError, Posted
from bot.platforms import Check, PlatformError
from bot.platforms.slack import doctor
from bot.platforms.slack.actions import Actions
from bot.platforms.slack.authorize import Authorize
from bot.platforms.slack.conversation import Conversations
from bot.platforms.slack.daily import DailyPosts
from bot.platforms.slack.http import SlackHttp
from bot.platforms.slack.in_time import InTime
from bot.platforms.slack.listeners import Listeners
from bot.platforms.slack.oauth import installing
from bot.platforms.slack.socket_mode import SocketMode
from bot.reply import Place, Reply
from bot.settings import Address, SlackSettings
from bot.store.database import Database, UnusableError
from bot.store.installations import Installations, States
from bot.store.keys import KEYS_FILE, Keys, SealError
from bot.store.opening import upgrade_when_there
from bot.store.records import Subscription
from bot.study import Study
from bot.wording import phrases

_SLACK = "https://slack.com/api/"
_REQUEST_S = 10
_AWAY_S = 0.5  # of the 3 s in which Slack wants an answer; the daily advice waits longer by itself
# chat.postMessage takes one message a second in a channel, which the daily advice never reaches, and "several hundred"
# a minute in a workspace: 300 a minute here, and with many workspaces as much as they hardly ever want of one at once.
_POSTS_PER_S, _MANY_POSTS_PER_S = 5.0, 25.0

log = structlog.get_logger()


class SlackPlatform:
    """The bot in Slack's workspaces."""

    name = "slack"

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
        self.posts_per_s = _MANY_POSTS_PER_S if settings.client_id else _POSTS_PER_S
        self._daily: DailyPosts | None = None  # until it runs
        self._beside = beside

    async def run(self) -> None:
        """Serve until cancelled.

        Raises PlatformError where Slack or the machine does not let it, UnusableError where the database does not.
        """
        try:
            async with self._client() as (client, session), self._installations() as installations:
                await self._serve(client, session, installations)
        except ExceptionGroup as group:
            known, unknown = group.split((PlatformError, UnusableError))
            if unknown or known is None:
                raise
            raise _first(known) from None
        finally:
            self._daily = None

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        return await self._posts().post(place, reply, key)

    async def find(self, place: Place, key: str, since: datetime) -> Found:
        return await self._posts().find(place, key, since)

    def _posts(self) -> DailyPosts:
        if self._daily is None:
            raise NotAcceptedError(phrases(self._study.locale)("slack.why.unreachable"))
        return self._daily

    async def check(self, subscribed: Sequence[Subscription] = ()) -> tuple[Check, ...]:
        """Whether Slack takes the tokens, what they may do, whether the address is free and the channels are open."""
        async with self._client() as (client, _):
            checks = await doctor.examine(client, self._settings, self._http)
            database = Database(self._database_url)
            try:
                keys = Keys(self._home / KEYS_FILE)
                installations = Installations(database, keys, patience_s=0) if self._settings.client_id else None
                authorize = self._authorize(client, installations)
                return (*checks, *await doctor.examine_channels(client, authorize, subscribed))
            finally:
                await database.close()

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
        authorize = self._authorize(client, installations)
        self._daily = DailyPosts(
            self._web_client(session, retries=False),
            authorize,
            self._study.clock,
            phrases(self._study.locale),
            one_workspace=installations is None,
        )
        app = self._app(client, authorize, oauth, quiet)
        in_time = InTime()
        conversations = Conversations(self._study, settings.operators)
        Listeners(conversations, in_time, session, installations).register(app)
        Actions(conversations, in_time, session).register(app)
        ways: list[Coroutine[Any, Any, None]] = []
        if installations:
            # Meanwhile the address is well, and Slack sends events again that find no token.
            ways.append(upgrade_when_there(installations.database))
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
            await in_time.finish()

    def _authorize(self, client: AsyncWebClient, installations: Installations | None) -> Authorize:
        settings = self._settings
        rotator = (
            AsyncTokenRotator(client_id=settings.client_id, client_secret=settings.client_secret, client=client)
            if settings.client_id and settings.client_secret
            else None
        )
        return Authorize(client, settings.bot_token, installations, rotator)

    def _app(
        self, client: AsyncWebClient, authorize: Authorize, oauth: AsyncOAuthFlow | None, quiet: logging.Logger
    ) -> AsyncApp:
        app = AsyncApp(
            client=client,
            logger=quiet,
            authorize=authorize,  # type: ignore[arg-type]  # it may find none
            oauth_flow=oauth,
            # Bolt's other runner looks for the ack every 10 ms; see docs/slack.md.
            process_before_response=True,
            request_verification_enabled=False,  # http.py has verified it
            ssl_check_enabled=False,  # Slack does not ask any more
            attaching_function_token_enabled=False,  # for workflow steps, of which there are none
            user_facing_authorize_error_message=phrases(self._study.locale)("slack.not_installed"),
        )
        app.error(_failed)
        return app

    @contextlib.asynccontextmanager
    async def _client(self) -> AsyncIterator[tuple[AsyncWebClient, aiohttp.ClientSession]]:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_REQUEST_S)) as session:
            yield self._web_client(session, retries=True), session

    def _web_client(self, session: aiohttp.ClientSession, *, retries: bool) -> AsyncWebClient:
        """*retries*: after a 429 only; slack_sdk's other handler posts again after a dropped connection."""
        address = self._settings.api_url or _SLACK
        return AsyncWebClient(
            base_url=address if address.endswith("/") else address + "/",
            session=session,
            timeout=_REQUEST_S,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)] if retries else [],
        )

    @contextlib.asynccontextmanager
    async def _installations(self) -> AsyncIterator[Installations | None]:
        """The workspaces that installed the bot; None where it serves one by its token."""
        if not self._settings.client_id:
            yield None
            return
        self._home.mkdir(parents=True, exist_ok=True)
        database = Database(self._database_url, upgraded=False)
        try:
            yield Installations(database, Keys(self._home / KEYS_FILE), patience_s=_AWAY_S)
        finally:
            await database.close()


async def _failed(error: Exception) -> BoltResponse:
    if isinstance(error, (UnusableError, SealError)):
        log.error("slack request failed", reason=str(error))
    else:
        log.error("slack request failed", exc_info=error)
    return BoltResponse(status=500)


def _logger() -> logging.Logger:
    """For Bolt, which at other levels writes down what people say."""
    logger = logging.getLogger("slack_bolt.sunbae")
    logger.setLevel(logging.ERROR)
    return logger


def _first(group: BaseExceptionGroup[Exception]) -> Exception:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
