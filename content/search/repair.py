"""Text typed while the keyboard was switched to the other language, put right where the library knows the word."""

from __future__ import annotations

import re
from collections.abc import Callable

from content.search import hangul

_ALL_CLEAN = 8  # keys; so many that all make clean syllables are hardly an accident
_SHORTEST = 3  # keys in a word that is put right by itself
_LONGEST = 20  # spaces; whoever writes more notices the layout
_LATIN = re.compile(r"[A-Za-z]")
_LETTERS = re.compile(r"[A-Za-z가-힣ㄱ-ㅣ]+")


def repair(typed: str, known: Callable[[str], bool], says: Callable[[str], bool]) -> str:
    """*typed* with the words put right that only make sense on the other layout.

    *known*: whether the library has a content word in common with a text. *says*: whether all of a text's words are
    words. Case must be as it was typed: Shift makes ㄲ.
    """
    if typed.count(" ") > _LONGEST:
        return typed
    pieces = re.split(r"(\s+)", typed)
    odd = [piece for piece in pieces if _LATIN.search(piece) and not known(piece.lower())]
    if len(odd) > 1 and sum(map(len, odd)) >= _ALL_CLEAN and all(map(_clean, odd)):
        readings = {piece: hangul.hangul_of_latin(piece) for piece in odd}
        if says(" ".join(readings.values())):
            return "".join(readings.get(piece, piece) for piece in pieces)
    return "".join(_put_right(piece, known) for piece in pieces)


def _put_right(piece: str, known: Callable[[str], bool]) -> str:
    """*piece* (one word as typed), or its other reading."""
    letters = _LETTERS.search(piece)
    if not letters:
        return piece
    word = letters.group()
    if _LATIN.search(word):
        if len(hangul.keys(word)) >= _SHORTEST and _clean(word) and not known(word.lower()):
            reading = hangul.hangul_of_latin(word)
            return piece.replace(word, reading) if known(reading) else piece
        return piece
    if all(hangul.is_syllable(letter) for letter in word):
        return piece
    reading = hangul.latin_of_hangul(word)
    return piece.replace(word, reading) if len(reading) > 1 and known(reading.lower()) else piece


def _clean(word: str) -> bool:
    """Whether the keys of *word* make nothing but whole syllables."""
    letters = [letter for letter in hangul.hangul_of_latin(word) if letter.isalpha()]
    return bool(letters) and all(hangul.is_syllable(letter) for letter in letters)
