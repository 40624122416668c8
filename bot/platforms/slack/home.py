"""App Home: the day's advice, a search box, the topics, and what operators look after."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.ask import QUESTION_LENGTH
from bot.daily.wishes import from_json
from bot.platforms.slack import limits
from bot.platforms.slack.render import reply_blocks
from bot.platforms.slack.richtext import Json, paragraph
from bot.platforms.slack.text import escaped, plain_text, shortened
from bot.reply import Reply
from bot.store.records import Subscription
from bot.wording import Phrases

SEARCH, SUGGEST, CHANNEL = "search", "suggest", "channel"  # the names by which Slack sends them back

_ROOM = 30  # blocks of each reply
_REASON = 100  # characters
_AROUND = 3  # blocks over and under the channels


def home_view(
    today: Reply, browse: Reply, library: Reply | None, channels: Sequence[Subscription], phrase: Phrases
) -> Json:
    """*library* and *channels*, those with daily advice, are shown to operators."""
    blocks = [
        _header(phrase("slack.home_today")),
        *reply_blocks(today, phrase, room=_ROOM),
        {"type": "divider"},
        _header(phrase("slack.home_search")),
        _search(phrase),
        {"type": "actions", "elements": [_suggestions(phrase)]},
        {"type": "divider"},
        _header(phrase("slack.home_browse")),
        *reply_blocks(browse, phrase, room=_ROOM),
    ]
    if library:
        blocks += [
            {"type": "divider"},
            _header(phrase("slack.home_operators")),
            *reply_blocks(library, phrase, room=_ROOM),
        ]
    room = limits.VIEW_BLOCKS - len(blocks) - _AROUND
    if channels and room > 0:
        blocks.append(_header(phrase("slack.home_channels")))
        blocks += [_channel(number, each, phrase) for number, each in enumerate(channels[:room])]
        if len(channels) > room:
            blocks += paragraph(phrase("slack.more_choices", count=len(channels) - room))
    return {"type": "home", "blocks": [*blocks, *paragraph(phrase("slack.home_help"), style="italic")]}


def _channel(number: int, subscription: Subscription, phrase: Phrases) -> Json:
    id_ = subscription.channel.id
    # In somebody's conversation with the bot there is no channel to name.
    name = f"<#{id_}>" if id_.startswith(("C", "G")) else phrase("slack.home_direct")
    schedule = from_json(subscription.wishes).schedule
    reason = shortened(subscription.error, _REASON)
    told = phrase(
        f"slack.home_status.{subscription.status}",
        at=f"{schedule.at:%H:%M} ({schedule.zone.key})",
        reason=escaped(reason),
    )
    button = {
        "type": "button",
        "text": plain_text(phrase("slack.home_arrange"), limits.OPTION_LABEL),
        "action_id": f"{CHANNEL}:{number}",
        "value": id_,
    }
    return {"type": "section", "text": {"type": "mrkdwn", "text": f"{name} — {told}"}, "accessory": button}


def _search(phrase: Phrases) -> Json:
    box = {
        "type": "plain_text_input",
        "action_id": SEARCH,
        "max_length": QUESTION_LENGTH,
        "placeholder": plain_text(phrase("slack.search_hint"), limits.OPTION_LABEL),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    return {
        "type": "input",
        "dispatch_action": True,
        "element": box,
        "label": plain_text(phrase("slack.search"), limits.OPTION_LABEL),
    }


def _suggestions(phrase: Phrases) -> Json:
    return {
        "type": "external_select",
        "action_id": SUGGEST,
        "min_query_length": 1,
        "placeholder": plain_text(phrase("slack.suggest_hint"), limits.OPTION_LABEL),
    }


def _header(text: str) -> Json:
    return {"type": "header", "text": plain_text(text, limits.OPTION_LABEL)}
