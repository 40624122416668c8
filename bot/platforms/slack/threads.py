"""What people said in a thread before the bot was called there without a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.limits import EARLIER_MESSAGES
from bot.platforms.slack.refusals import code_of
from bot.platforms.slack.richtext import Json

_READ_S = 3.0  # somebody waits; Slack may ask apps outside the Marketplace to wait a minute before a second page
_PAGE = 200  # messages, as Slack advises; it gives apps outside the Marketplace 15 at most
_PAGES = 5

log = structlog.get_logger()


async def earlier(client: AsyncWebClient, event: Json) -> tuple[str, ...]:
    """The words of people in the thread before *event*, the newest few, oldest first; none where not all can be read.

    Slack gives the oldest first, so that what a thread is about now stands on its last page.
    """
    try:
        async with asyncio.timeout(_READ_S):
            thread = [message async for message in _thread(client, event["channel"], event["thread_ts"])]
    except SlackApiError as error:
        return _unread(code_of(error) or "no answer of Slack's")
    except (aiohttp.ClientError, TimeoutError) as error:
        return _unread(type(error).__name__)
    except _EndlessError:
        return _unread("too long")
    said = [each.get("text", "") for each in thread if not each.get("bot_id") and each["ts"] != event["ts"]]
    return tuple(said[-EARLIER_MESSAGES:])


class _EndlessError(Exception):
    """The thread is longer than is worth reading."""


async def _thread(client: AsyncWebClient, channel: str, ts: str) -> AsyncIterator[Json]:
    cursor = None
    for _ in range(_PAGES):
        page = await client.conversations_replies(channel=channel, ts=ts, limit=_PAGE, cursor=cursor)
        for message in page["messages"]:
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
    raise _EndlessError


def _unread(reason: str) -> tuple[str, ...]:
    log.info("thread not read", reason=reason)
    return ()
