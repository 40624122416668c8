"""Whether the bot may post in a channel, as far as Slack tells; chat:write alone would only show by posting."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.refusals import code_of
from bot.wording import Phrases

_LOOKUP_S = 1.0  # a modal must open within three seconds of the press

log = structlog.get_logger()


async def obstacle(client: AsyncWebClient, channel: str, phrase: Phrases, *, token: str | None = None) -> str:
    """Why the bot could not post in *channel*, and what to do; empty if it could, or if Slack does not tell.

    *token*: another than the client's.
    """
    if not channel.startswith(("C", "G")):
        return ""  # a conversation between somebody and the bot
    try:
        async with asyncio.timeout(_LOOKUP_S):
            own: dict[str, Any] = {"token": token} if token else {}
            told = (await client.conversations_info(channel=channel, **own))["channel"]
    except SlackApiError as error:
        # A private channel that the bot is not in looks to it as if there were none.
        return phrase("slack.not_in_channel") if code_of(error) == "channel_not_found" else _unknown(code_of(error))
    except (aiohttp.ClientError, TimeoutError) as error:
        return _unknown(type(error).__name__)
    if told.get("is_archived"):
        return phrase("slack.archived")
    # Only False tells: a conversation of another sort has no such field.
    return phrase("slack.not_in_channel") if told.get("is_member") is False else ""


def _unknown(reason: str) -> str:
    log.info("channel not looked up", reason=reason)
    return ""
