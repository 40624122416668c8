"""Installing the bot in a workspace: Slack's OAuth v2, with pages that say what to do."""

from __future__ import annotations

import html
import logging
from collections.abc import Awaitable
from typing import Any

import structlog
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.http import INSTALL_PATH, REDIRECT_PATH
from bot.platforms.slack.manifest import SCOPES
from bot.settings import SlackSettings
from bot.store.database import UnusableError
from bot.store.installations import STATE_S, Installations, States
from bot.wording import Phrases

log = structlog.get_logger()


def installing(
    *,
    settings: SlackSettings,
    client: AsyncWebClient,
    installations: Installations,
    states: States,
    phrase: Phrases,
    logger: logging.Logger,
) -> AsyncOAuthFlow:
    """The flow behind the install and redirect addresses."""

    async def done(args: AsyncSuccessArgs) -> BoltResponse:
        log.info("workspace installed", team=args.installation.team_id)
        link = f"slack://app?team={args.installation.team_id}&id={args.installation.app_id}"
        return _page(200, phrase("slack.installed"), link, "Slack")

    async def failed(args: AsyncFailureArgs) -> BoltResponse:
        # The reason may come from whoever calls the address, so it stays in the log.
        log.warning("installation not finished", reason=args.reason[:40])
        return _page(
            args.suggested_status_code, phrase("slack.not_finished"), INSTALL_PATH, phrase("slack.install_again")
        )

    return _Flow(
        away=_page(503, phrase("slack.not_now"), INSTALL_PATH, phrase("slack.install_again")),
        client=client,
        logger=logger,
        settings=AsyncOAuthSettings(
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            scopes=SCOPES,
            user_scopes=[],
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            install_page_rendering_enabled=False,
            callback_options=AsyncCallbackOptions(done, failed),
            installation_store=installations,
            state_store=states,
            state_expiration_seconds=STATE_S,
            logger=logger,
        ),
    )


class _Flow(AsyncOAuthFlow):
    """Answers with the page *away* where the database does not."""

    def __init__(self, *, away: BoltResponse, **options: Any) -> None:
        super().__init__(**options)
        self._away = away

    async def handle_installation(self, request: AsyncBoltRequest) -> BoltResponse:
        return await self._or_away(super().handle_installation(request))

    async def handle_callback(self, request: AsyncBoltRequest) -> BoltResponse:
        return await self._or_away(super().handle_callback(request))

    async def _or_away(self, answer: Awaitable[BoltResponse]) -> BoltResponse:
        try:
            return await answer
        except UnusableError as error:
            log.warning("installation not possible now", reason=str(error))
            return self._away


def _page(status: int, sentence: str, link: str, label: str) -> BoltResponse:
    body = (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>Sunbae</title>"
        f'<p>{html.escape(sentence)}</p><p><a href="{html.escape(link)}">{html.escape(label)}</a></p>'
    )
    return BoltResponse(status=status, body=body, headers={"Content-Type": "text/html; charset=utf-8"})
