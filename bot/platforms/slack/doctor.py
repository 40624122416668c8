"""What `sunbae doctor` finds out about Slack."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import Check, PlatformError
from bot.platforms.serving import listen
from bot.platforms.slack.authorize import Authorize
from bot.platforms.slack.manifest import HISTORY_SCOPES, SCOPES
from bot.platforms.slack.membership import obstacle
from bot.platforms.slack.refusals import code_of, status_of
from bot.settings import Address, SlackSettings
from bot.store.database import UnusableError
from bot.store.keys import SealError
from bot.store.records import Subscription
from bot.wording import phrases

_ENGLISH = phrases("en")  # the command line's language


async def examine(client: AsyncWebClient, settings: SlackSettings, http: Address | None) -> tuple[Check, ...]:
    """A check for each token, its scopes and the address, or one of a Slack that does not answer; changes nothing."""
    checks: list[Check] = []
    if settings.bot_token:
        checks += await _bot_token(client, settings.bot_token)
    if settings.app_token:
        checks.append(await _app_token(client, settings.app_token))
    if settings.signing_secret and http:
        checks.append(_address(http))
    return tuple(dict.fromkeys(checks))


async def examine_channels(
    client: AsyncWebClient, authorize: Authorize, subscribed: Sequence[Subscription]
) -> tuple[Check, ...]:
    """Whether the bot can still post in the channels with daily advice."""
    checks: list[Check] = []
    for channel in (each.channel for each in subscribed):
        try:
            token = await authorize.token_of(channel.tenant)
        except (SlackApiError, SlackTokenRotationError, aiohttp.ClientError, TimeoutError):
            continue  # the tokens' own checks tell
        except (UnusableError, SealError) as error:
            return (Check("slack: the workspaces' tokens cannot be read", str(error)),)
        remedy = await obstacle(client, channel.id, _ENGLISH, token=token) if token else "the workspace removed the bot"
        if remedy:
            checks.append(Check(f"slack: daily advice cannot be posted in {channel.id} of {channel.tenant}", remedy))
    if subscribed and not checks:
        checks.append(Check(f"slack: nothing known keeps the daily advice from {len(subscribed)} channel(s)"))
    return tuple(checks)


_READS = "threads and histories can be read"
_READS_NOT = (
    "threads stay unread, and a daily post that may have been made already is held; "
    "`sunbae manifest slack --with-history` adds the scopes for that, then install the app again"
)


async def _bot_token(client: AsyncWebClient, token: str) -> list[Check]:
    try:
        told = await client.auth_test(token=token)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        remedy = "copy the Bot User OAuth Token from OAuth & Permissions into SLACK_BOT_TOKEN"
        return [_failure(error, "SLACK_BOT_TOKEN", remedy)]
    granted = set(told.headers.get("x-oauth-scopes", "").replace(" ", "").split(","))
    missing = [scope for scope in SCOPES if scope not in granted]
    history = _READS if granted.issuperset(HISTORY_SCOPES) else _READS_NOT
    checks = [Check(f"slack: {told.get('team')} as @{told.get('user')}")]
    if missing:
        remedy = "apply the manifest of `sunbae manifest slack` and install the app again"
        return [*checks, Check(f"slack: scopes missing: {', '.join(missing)}", remedy)]
    return [*checks, Check(f"slack: all scopes are granted; {history}")]


async def _app_token(client: AsyncWebClient, token: str) -> Check:
    try:
        await client.apps_connections_open(app_token=token)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        remedy = "turn Socket Mode on and make an app-level token with connections:write (Basic Information)"
        return _failure(error, "SLACK_APP_TOKEN", remedy)
    return Check("slack: Socket Mode can connect")


def _address(http: Address) -> Check:
    try:
        listen(http, "SUNBAE_HTTP").close()
    except PlatformError as error:
        return Check("slack over http", str(error))
    return Check(f"slack over http: {http} is free")


def _failure(error: SlackApiError | aiohttp.ClientError | TimeoutError, setting: str, remedy: str) -> Check:
    """Why Slack did not take the token of *setting*, and the *remedy* where the token is to blame."""
    if isinstance(error, SlackApiError) and (code := code_of(error)):
        return Check(f"slack: {setting} is refused ({code})", remedy)
    reason = f"status {status_of(error)}" if isinstance(error, SlackApiError) else type(error).__name__
    return Check(f"slack: no answer ({reason})", "check the network, the proxy and SLACK_API_URL")
