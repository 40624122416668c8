"""Text typed while the keyboard was switched to the other language, put right where the library knows the word."""

from __future__ import annotations

import re
from collections.abc import Callable

from content.search import hangul

_ALL_CLEAN = 8  # keys; so many that all make clean syllables are hardly an accident
_SHORTEST = 3  # keys in a word that is put right by itself
_LONGEST = 20  # spaces; whoever writes more notices the layout
_LATIN = re.compile(r"[A-Za-z]")
_NAME = re.compile(r"[A-Z][A-Z\d]+(?=[a-z])")
# Letters that make no syllable, as Latin words do: vowels, or consonants at one; no laughter, no tears.
_LOOSE = re.compile(r"[ㅏ-ㅗㅛㅣ]|[ㅜㅠㅡ][ㄱ-ㅊㅌㅍ]|[가-힣][ㄱ-ㅊㅌㅍ]|[ㄱ-ㅊㅌㅍ][가-힣]")


def repair(typed: str, known: Callable[[str], bool], says: Callable[[str], bool]) -> str:
    """*typed* with the words put right that only make sense on the other layout.

    *known*: whether the library has a content word in common with a text. *says*: whether all of a text's words are
    words. Case must be as it was typed: Shift makes ㄲ.
    """
    if typed.count(" ") > _LONGEST:
        return typed
    return "".join(_to_latin(_to_hangul(re.split(r"(\s+)", typed), known, says), known))


def _to_hangul(pieces: list[str], known: Callable[[str], bool], says: Callable[[str], bool]) -> list[str]:
    odd = {piece: _reading(piece, known) for piece in pieces if _LATIN.search(piece) and not known(piece.lower())}
    if len(odd) > 1 and sum(map(len, odd)) >= _ALL_CLEAN and all(odd.values()) and says(" ".join(odd.values())):
        return [odd.get(piece, piece) for piece in pieces]
    heard = {piece for piece, reading in odd.items() if reading and len(piece) >= _SHORTEST and known(reading)}
    if heard:  # so the others may be Hangul, too
        heard |= {piece for piece, reading in odd.items() if reading and says(reading)}
    return [odd[piece] if piece in heard else piece for piece in pieces]


def _reading(piece: str, known: Callable[[str], bool]) -> str:
    """*piece* as Hangul, all of it or what follows a known word ("LSTMdl"); empty where that makes no syllables."""
    name = _NAME.match(piece)
    start = name.end() if name and known(name[0].lower()) else 0
    return piece[:start] + hangul.hangul_of_latin(piece[start:]) if _clean(piece[start:]) else ""


def _to_latin(pieces: list[str], known: Callable[[str], bool]) -> list[str]:
    loose = {piece for piece in pieces if _LOOSE.search(piece)}
    if not loose:
        return pieces
    # a Latin name before a particle ("GPT-3은") says that the layout was right
    typed = {piece for piece in pieces if not piece.isascii() and not _LATIN.search(piece)}
    readings = {piece: hangul.latin_of_hangul(piece) for piece in typed}
    heard = {piece for piece, reading in readings.items() if len(reading) > 1 and known(reading.lower())}
    return [readings[piece] if heard and piece in typed & (loose | heard) else piece for piece in pieces]


def _clean(word: str) -> bool:
    """Whether the keys of *word* make nothing but whole syllables."""
    letters = [letter for letter in hangul.hangul_of_latin(word) if letter.isalpha()]
    return bool(letters) and all(hangul.is_syllable(letter) for letter in letters)
