"""What Discord lets a message hold, and shortening to it where one can see it.

https://discord.com/developers/docs/components/reference and /interactions/application-commands
"""

from __future__ import annotations

MESSAGE_TEXT = 4_000  # characters of all text displays of a message together
ROW = 5  # buttons in a row
BUTTON_LABEL = 80
CUSTOM_ID = 100
URL = 512  # of a link button
SELECT_OPTIONS = 25
SELECT_TEXT = 100  # an option's label, value and description
PLACEHOLDER = 150
MODAL_TITLE = 45
MODAL_FIELDS = 5
FIELD_LABEL = 45
FIELD_TEXT = 300  # Discord takes 4,000; no setting is that long
TEXT_PLACEHOLDER = 100
THREAD_NAME = 100
SUGGESTIONS = 25  # of autocomplete
SUGGESTION = 100  # its name and its value

ELLIPSIS = "…"


def length(text: str) -> int:
    """Characters as the strictest of Discord's counts: UTF-16 units, in which an emoji is two and a syllable one."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def shortened(text: str, limit: int) -> str:
    """*text*, or as much of it as fits in *limit* with an ellipsis."""
    if length(text) <= limit:
        return text
    room = limit - length(ELLIPSIS)
    return _head(text, room).rstrip() + ELLIPSIS


def head(text: str, room: int) -> int:
    """How many code points of *text* fit in *room*."""
    return len(_head(text, room))


def _head(text: str, room: int) -> str:
    # Cutting the encoded form may halve an emoji's surrogate pair; "ignore" drops the half.
    units = text.encode("utf-16-le", errors="surrogatepass")[: 2 * room]
    return units.decode("utf-16-le", errors="ignore")
