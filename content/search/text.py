"""What somebody typed, made plain: one line of lower-case words, of bounded length, without invisible characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 400  # characters looked at; people ask first or last, and a pasted log must not hold up the chat

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # NFKC would also take compatibility jamo apart
_NOTATION = re.compile(
    r"https?://\S+|<[@#!&:][^<>\s]{0,80}>|[*_`~|>]+"
)  # links, mentions and emphasis of chat services
_WORD = re.compile(r"[가-힣]+|[ㄱ-ㅣ]+|[^\W_가-힣ㄱ-ㅣ]+(?:[-.'’&/][^\W_가-힣ㄱ-ㅣ]+)*[+#]*")
_UNUSUAL = re.compile(r"[^ -~가-힣ㄱ-ㅣ]")  # what may not be shown as it is
_REPEATED = re.compile(r"(.)\1\1+")


@lru_cache(1_024)  # a text is read by several judges
def plain(text: str) -> str:
    """*text* on one line: lower case, composed Hangul, no control or invisible characters.

    At most LONGEST characters are kept, as `bounded` does.
    """
    clean = " ".join(_clean(text).split())
    return text if clean == text else clean  # not the same words twice in memory


def bounded(text: str, longest: int = LONGEST) -> str:
    """*text* as it was typed, at most *longest* characters: half from each end, for people ask first or last."""
    return text if len(text) <= longest else text[: longest // 2] + "\n" + text[-longest // 2 :]


def words(text: str) -> list[str]:
    """The words of plain *text*, in order; punctuation is no word, but "c++", "gpt-3" and "ㅂㅅ" are."""
    return _WORD.findall(text)


def _clean(text: str) -> str:
    """*text* bounded and lower case."""
    # ㅋㅋㅋㅋ is ㅋㅋ, and a combining mark a thousand times costs nothing
    text = _REPEATED.sub(lambda found: found[1] * 2, bounded(text))
    if _UNUSUAL.search(text):
        text = unicodedata.normalize("NFC", text.translate(_FULL_WIDTH))
    text = _NOTATION.sub(" ", text.lower())
    return _UNUSUAL.sub(lambda found: _shown(found.group()), text)


def _shown(character: str) -> str:
    """*character*, a space for a control character, nothing for an invisible one or half a surrogate pair."""
    if character.isascii():
        return character if character.isprintable() or character == "\n" else " "
    kind = unicodedata.category(character)
    if kind in {"Cf", "Cs", "Co", "Cn", "Mn", "Me"}:
        return ""
    return " " if kind in {"Cc", "Zl", "Zp", "Zs"} else character
