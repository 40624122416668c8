"""Slack's modals: a reply, a page of an answer, and where to share it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack import limits
from bot.platforms.slack.refusals import code_of
from bot.platforms.slack.render import page_blocks, reply_blocks
from bot.platforms.slack.richtext import Json
from bot.platforms.slack.text import plain_text
from bot.reply import Answer, Reply
from bot.wording import Phrases

SHARE = "share"  # the name by which Slack sends it back

log = structlog.get_logger()


def reply_view(reply: Reply, channel: str, phrase: Phrases) -> Json:
    """*reply*, about *channel*, in a modal."""
    about = {"private_metadata": json.dumps({"channel": channel})} if channel else {}
    return _modal(reply_blocks(reply, phrase, room=limits.MESSAGE_BLOCKS), phrase) | about


def page_view(answer: Answer, page: int, phrase: Phrases) -> Json:
    """A page of a long answer in a modal."""
    return _modal(page_blocks(answer, page, phrase), phrase)


def share_view(argument: str, phrase: Phrases) -> Json:
    """Asks for a channel to share *argument* in; Slack then gives an address to post there, member or not."""
    picker = {
        "type": "conversations_select",
        "action_id": SHARE,
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    where = {"type": "input", "element": picker, "label": plain_text(phrase("slack.share_where"), limits.OPTION_LABEL)}
    return _modal([where], phrase) | {
        "callback_id": SHARE,
        "private_metadata": argument,
        "submit": plain_text(phrase("slack.share"), limits.VIEW_TITLE),
    }


def options(labels_and_values: list[tuple[str, str]]) -> list[Json]:
    """What a select offers."""
    return [
        {"text": plain_text(label, limits.OPTION_LABEL), "value": value}
        for label, value in labels_and_values[: limits.OPTIONS]
    ]


def channel_about(view: Json) -> str:
    """The channel that a view of this module or a form is about; "" where it is about none."""
    about = view.get("private_metadata", "")
    return str(json.loads(about).get("channel", "")) if about.startswith("{") else ""


async def show(client: AsyncWebClient, body: Json, view: Json, *, over: bool = False) -> bool:
    """Show *view*: instead of the modal the person is in, *over* it, or as a first one; whether Slack did.

    It does not where the press is older than three seconds.
    """
    inside = body.get("view", {}).get("type") == "modal"
    open_: Callable[..., Awaitable[object]] = client.views_push if inside and over else client.views_open
    try:
        if inside and not over:
            await client.views_update(view_id=body["view"]["id"], view=view)
        else:
            await open_(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        log.warning("view refused", reason=code_of(error))
        return False
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("view not shown", error=type(error).__name__)
        return False
    return True


def _modal(blocks: list[Json], phrase: Phrases) -> Json:
    return {
        "type": "modal",
        "title": plain_text(phrase("bot.name"), limits.VIEW_TITLE),
        "close": plain_text(phrase("slack.close"), limits.VIEW_TITLE),
        "blocks": blocks,
    }
