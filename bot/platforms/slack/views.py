"""Slack's modals and App Home."""

from __future__ import annotations

from bot.commands.ask import QUESTION_LENGTH
from bot.platforms.slack import limits
from bot.platforms.slack.render import page_blocks, reply_blocks
from bot.platforms.slack.richtext import Json, paragraph
from bot.platforms.slack.text import shortened
from bot.reply import Answer, Reply
from bot.wording import Phrases

SEARCH, SUGGEST, SHARE = "search", "suggest", "share"  # the names by which Slack sends them back

_HOME_ROOM = 30  # blocks of each reply in App Home


def reply_view(reply: Reply, phrase: Phrases) -> Json:
    """*reply* in a modal."""
    return _modal(reply_blocks(reply, phrase, room=limits.MESSAGE_BLOCKS), phrase)


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
    where = {"type": "input", "element": picker, "label": _words(phrase("slack.share_where"))}
    return _modal([where], phrase) | {
        "callback_id": SHARE,
        "private_metadata": argument,
        "submit": _words(phrase("slack.share"), limits.VIEW_TITLE),
    }


def home_view(today: Reply, browse: Reply, library: Reply | None, phrase: Phrases) -> Json:
    """App Home: the day's advice, a search box, the topics, and for operators the state of the library."""
    blocks = [
        _header(phrase("slack.home_today")),
        *reply_blocks(today, phrase, room=_HOME_ROOM),
        {"type": "divider"},
        _header(phrase("slack.home_search")),
        _search(phrase),
        {"type": "actions", "elements": [_suggestions(phrase)]},
        {"type": "divider"},
        _header(phrase("slack.home_browse")),
        *reply_blocks(browse, phrase, room=_HOME_ROOM),
    ]
    if library:
        blocks += [
            {"type": "divider"},
            _header(phrase("slack.home_operators")),
            *reply_blocks(library, phrase, room=_HOME_ROOM),
        ]
    return {"type": "home", "blocks": [*blocks, *paragraph(phrase("slack.home_help"), style="italic")]}


def options(labels_and_values: list[tuple[str, str]]) -> list[Json]:
    """What a select offers."""
    return [
        {"text": _words(label, limits.OPTION_LABEL), "value": value}
        for label, value in labels_and_values[: limits.OPTIONS]
    ]


def _modal(blocks: list[Json], phrase: Phrases) -> Json:
    return {
        "type": "modal",
        "title": _words(phrase("bot.name"), limits.VIEW_TITLE),
        "close": _words(phrase("slack.close"), limits.VIEW_TITLE),
        "blocks": blocks,
    }


def _search(phrase: Phrases) -> Json:
    box = {
        "type": "plain_text_input",
        "action_id": SEARCH,
        "max_length": QUESTION_LENGTH,
        "placeholder": _words(phrase("slack.search_hint")),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    return {"type": "input", "dispatch_action": True, "element": box, "label": _words(phrase("slack.search"))}


def _suggestions(phrase: Phrases) -> Json:
    return {
        "type": "external_select",
        "action_id": SUGGEST,
        "min_query_length": 1,
        "placeholder": _words(phrase("slack.suggest_hint")),
    }


def _header(text: str) -> Json:
    return {"type": "header", "text": _words(text)}


def _words(text: str, limit: int = limits.OPTION_LABEL) -> Json:
    return {"type": "plain_text", "text": shortened(text, limit)}
