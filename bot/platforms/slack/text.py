"""Plain words to Slack's text and back."""

from __future__ import annotations

import html
import re

_USER = re.compile(r"<[@!][^>]*>")
_LINK = re.compile(r"<(?:[#]?[^>|]*\|([^>]*)|([^>|]*))>")
# ":pray::skin-tone-2:" and a workspace's own; neither "std::vector" nor "10:30:20".
_EMOJI = re.compile(r"(?<![\w:])(?::(?:[+-]1|100|1234|[\w+'-]*[^\W\d][\w+'-]*):)+(?!\w)")
_HALF_ENTITY = re.compile(r"&[a-z]{0,3}$")


def escaped(text: str) -> str:
    """*text* as Slack's markup shows it letter for letter: what could call people or make a link is escaped."""
    return sound(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sound(text: str) -> str:
    """*text* without what JSON or Slack cannot carry: lone surrogates and NUL."""
    return text.replace("\0", "").encode(errors="replace").decode()


def shortened(text: str, limit: int) -> str:
    """*text* in at most *limit* characters, visibly cut; never empty, which Slack refuses."""
    text = sound(text)
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return cut if cut.strip() else "…"


def plain_text(text: str, limit: int) -> dict[str, str]:
    """*text* in at most *limit* characters as the text object that labels, titles and hints are made of."""
    return {"type": "plain_text", "text": shortened(text, limit)}


def fallback(text: str, limit: int) -> str:
    """*text* escaped, for a message's own text."""
    whole = escaped(text)
    if len(whole) > limit:
        whole = _HALF_ENTITY.sub("", whole[: limit - 1]) + "…"
    return whole if whole.strip() else "…"


def plain(markup: str) -> str:
    """What people meant by *markup*: mentions and emoji taken out, links by their labels, escapes undone."""
    without_calls = _EMOJI.sub(" ", _USER.sub(" ", markup))
    return html.unescape(_LINK.sub(lambda found: found[1] or found[2] or "", without_calls)).strip()
