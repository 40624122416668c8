"""Korean particles that fit the word before them: 책을 but 노트를, 서울로 but 부산으로."""

from __future__ import annotations

import re

_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS = ord("가"), ord("힣"), 28
_RIEUL = 8  # the place of ㄹ among the finals; 0 is none
_DIGITS = dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True))
# How a letter's name ends (LSTM is read 엘에스티엠), or an English word in it (attention 어텐션).
_LETTERS = {"l": "엘", "m": "엠", "n": "엔"}
_SILENT = frozenset("bcdefghjkpqstvwxz")  # a word in one of these is read either way: book 북, test 테스트


def with_particle(word: str, pair: str) -> str:
    """*word* with one of *pair* ("을/를": after a final consonant / after a vowel); both where its sound is unknown."""
    closed, opened = pair.split("/")
    final = _final(word)
    if final is None:
        return f"{word}{closed}({opened})"
    if closed == "으로" and final == _RIEUL:
        return word + opened
    return word + (closed if final else opened)


def _final(word: str) -> int | None:
    """The place of the final consonant that *word* ends in, 0 for none, None where it cannot be told."""
    tail = re.search(r"([A-Za-z]+|\w)\W*$", word)
    if not tail:
        return None
    spelled_out = tail[1].isupper()
    last = tail[1][-1].lower()
    if last.isascii() and last.isalpha():
        if last in _SILENT and not spelled_out:
            return None
        # The letter R is 알; a word's last r is a vowel: server 서버, transformer 트랜스포머.
        last = "알" if last == "r" and (spelled_out or len(tail[1]) == 1) else _LETTERS.get(last, "아")
    code = ord(_DIGITS.get(last, last))
    return (code - _FIRST_SYLLABLE) % _FINALS if _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE else None
