"""Replies as they look in Slack: Block Kit, with a text that is complete without it."""

from __future__ import annotations

import re
from urllib.parse import quote as quoted

from bot.platforms.slack import limits
from bot.platforms.slack.richtext import Json, answer_pages, paragraph, quote, words_in
from bot.platforms.slack.text import escaped, fallback, shortened
from bot.reply import Answer, Block, Button, Reply, Tip, Words, attribution
from bot.wording import Phrases
from content import Session

MORE = "more"  # the action that shows a further page of an answer
PRESS = "press"  # the actions whose value is a button's id

_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]")
_CHOICES = 2 * limits.ACTIONS
_BUTTONS = limits.ACTIONS
_CONTENT_WORDS = limits.PAGE_WORDS + 1_200  # a page of an answer, the mark in it, and whose words it is
_LEAD = 500  # characters
_CITED = 300


def message(reply: Reply, phrase: Phrases) -> Json:
    """What chat.postMessage and a response_url take of *reply*."""
    invitation = phrase("slack.thread", name=reply.thread) if reply.thread else ""
    return {
        "text": fallback("\n\n".join(filter(None, [reply.text, invitation])), limits.TEXT),
        "blocks": reply_blocks(reply, phrase),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def reply_blocks(reply: Reply, phrase: Phrases, *, room: int = limits.MESSAGE_BLOCKS) -> list[Json]:
    """*reply* in at most *room* blocks (30 or more) and a message's words; never empty."""
    # Slack makes a thread of the first answer, so a line invites to it and no second message is needed.
    invitation = phrase("slack.thread", name=reply.thread) if reply.thread else ""
    controls = [*_controls(reply, phrase), *paragraph(shortened(invitation, _LEAD) if invitation else "")]
    content: list[Json] = []
    words = 0
    for piece in (piece for block in reply.blocks for piece in _dressed(block, phrase)):
        words += words_in(piece)
        if len(content) + len(controls) + 1 >= room or words > _CONTENT_WORDS:
            content += paragraph(phrase("slack.cut"))
            break
        content.append(piece)
    return [*content, *controls] or paragraph("…")


def page_blocks(answer: Answer, page: int, phrase: Phrases) -> list[Json]:
    """A page of *answer*, from 1; the last one where there are fewer."""
    pages = answer_pages(answer, phrase)
    number = min(max(page, 1), len(pages))
    return [*pages[number - 1], *_turning(answer, number, len(pages), phrase), _cited(answer.session, phrase)]


def _dressed(block: Block, phrase: Phrases) -> list[Json]:
    match block:
        case Words(text=text):
            return paragraph(text)
        case Tip(advice=advice, session=session):
            return [*quote(advice.text), _cited(session, phrase)]
        case Answer():
            return page_blocks(block, 1, phrase)


def _turning(answer: Answer, page: int, pages: int, phrase: Phrases) -> list[Json]:
    """The button to the next page, or back to the first from the last."""
    if pages == 1:
        return []
    label, to = ("slack.more", page + 1) if page < pages else ("slack.first", 1)
    value = f"{answer.question.id}/{answer.best or ''}/{to}"
    return [{"type": "actions", "elements": [_element(phrase(label), MORE, value)]}]


def _cited(session: Session, phrase: Phrases) -> Json:
    cited = {"type": "plain_text", "text": shortened(f"— {attribution(session)}", _CITED), "emoji": False}
    link = _link(session.source, phrase("answer.source"))
    return {"type": "context", "elements": [cited, *link]}


def _link(address: str | None, label: str) -> list[Json]:
    if not address or not _WEB_ADDRESS.match(address):
        return []
    # "|" and ">" would end the link early.
    url = quoted(address, safe="/:?#[]@!$&'()*+,;=%~")
    return [{"type": "mrkdwn", "text": f"<{escaped(url)}|{escaped(label)}>"}] if len(url) <= limits.URL // 5 else []


def _controls(reply: Reply, phrase: Phrases) -> list[Json]:
    blocks = paragraph(shortened(reply.lead, _LEAD)) if reply.choices and reply.lead else []
    blocks += _actions(reply.choices[:_CHOICES], first=len(reply.buttons))
    if len(reply.choices) > _CHOICES:
        blocks += paragraph(phrase("slack.more_choices", count=len(reply.choices) - _CHOICES))
    return blocks + _actions(reply.buttons[:_BUTTONS])


def _actions(buttons: tuple[Button, ...], *, first: int = 0) -> list[Json]:
    elements = [
        _element(" · ".join(filter(None, (button.label, button.note))), f"{PRESS}:{number}", button.id)
        for number, button in enumerate(buttons, start=first)
    ]
    rows = (elements[start : start + limits.ACTIONS] for start in range(0, len(elements), limits.ACTIONS))
    return [{"type": "actions", "elements": row} for row in rows]


def _element(label: str, action: str, value: str) -> Json:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": shortened(label, limits.BUTTON_LABEL), "emoji": False},
        "action_id": action,
        "value": value,
    }
