"""How the bot speaks in Slack."""

from __future__ import annotations

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.richtext import Json

log = structlog.get_logger()


async def respond(session: aiohttp.ClientSession, response_url: str, message: Json) -> None:
    """Answer a command, a shortcut or a button through the address that came with it."""
    try:
        async with session.post(response_url, json=message) as answer:
            if answer.status >= 400:
                log.warning("response refused", status=answer.status, reason=(await answer.text())[:100])
    except (aiohttp.ClientError, TimeoutError) as error:
        # Not tried again: Slack may have shown it, and the address works only a few times.
        log.warning("response not delivered", error=type(error).__name__)


async def say(client: AsyncWebClient, channel: str, message: Json, *, only_for: str | None = None) -> None:
    """Post *message* (as Conversation.message gives it) in *channel*, or show it there to one person."""
    posted = {key: value for key, value in message.items() if key in {"text", "blocks", "thread_ts"}}
    if only_for:
        await client.chat_postEphemeral(channel=channel, user=only_for, **posted)
    else:
        await client.chat_postMessage(channel=channel, unfurl_links=False, unfurl_media=False, **posted)
