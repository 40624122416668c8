"""Questions found by the first consonants of their words: "ㄷㅎㅇ ㅊㅇ" for 대학원 취업."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce

import numpy as np
from numpy.typing import NDArray

from content.search import hangul, text
from content.search.lexical import Lexical
from content.search.lines import Lines

_CHAT = frozenset(  # greetings, laughter and curses, when they stand alone
    text.words(
        "ㅎㅇ ㄱㅅ ㅇㅇ ㅈㅅ ㄴㄴ ㅇㅋ ㄱㄱ ㅂㅂ ㅅㄱ ㅊㅋ ㅁㄹ ㄹㅇ ㅇㅈ ㅋㅋ ㅎㅎ "
        "ㅠㅠ ㅜㅜ ㄷㄷ ㄱㅊ ㅇㅎ ㄱㄷ ㅂㅇ ㄲㅂ ㄹㄷ ㅅㅂ ㅇㅁㄹ ㄱㄴㄷ"
    )
)
_UNSURE, _SURE = 0.5, 0.9
_OWN, _OTHER, _POINT = 1.0, 0.8, 0.4  # what a hit in the question's own words counts, in another phrasing, in a point
_ENOUGH = 3  # consonants that may be answered without asking back


@dataclass(frozen=True, slots=True)
class Found:
    """A question that fits, with how sure it is."""

    question: int
    confidence: float  # 0-1


class Initials:
    """The initials of every phrasing and every point."""

    def __init__(self, lexical: Lexical) -> None:
        self._lexical = lexical

    def search(self, plain: str) -> list[Found]:
        """Questions holding words with the initials of *plain*, best first."""
        tokens = hangul.split_clusters(plain).split()
        if all(token in _CHAT for token in tokens):
            return []
        strengths: dict[int, float] = {}
        for weight, owners in self._owners(tokens):
            for question, texts in zip(*(each.tolist() for each in np.unique(owners, return_counts=True)), strict=True):
                strengths[question] = strengths.get(question, 0.0) + weight * (1 + min(texts, 9) / 100)
        ranked = sorted(strengths.items(), key=lambda item: (-item[1], item[0]))
        if not ranked:
            return []
        letters = sum(map(len, tokens))
        alone = len(ranked) == 1 or ranked[0][1] > ranked[1][1] + 0.05
        first = _SURE if letters >= _ENOUGH and alone else _UNSURE if letters >= _ENOUGH or len(ranked) <= 5 else 0.1
        return [Found(question, first * strength / ranked[0][1]) for question, strength in ranked]

    def _owners(self, tokens: Sequence[str]) -> tuple[tuple[float, NDArray[np.int64]], ...]:
        """Whose own words, other phrasings and points hold words beginning with each of *tokens*; how telling each is.

        A question stands once for each of its texts.
        """
        phrasings, points = self._lexical.phrasings, self._lexical.points
        asked, told = _holding(self._lexical.initials, tokens), _holding(self._lexical.told_initials, tokens)
        own, owners = phrasings.own[asked], phrasings.owners[asked]
        return (_OWN, owners[own]), (_OTHER, owners[~own]), (_POINT, points.owners[told])


def _holding(lines: Lines, tokens: Sequence[str]) -> NDArray[np.int64]:
    """The numbers of the lines with words that begin with each of *tokens*."""
    found = [np.fromiter(lines.find(" " + token), np.int64) for token in tokens]
    return reduce(partial(np.intersect1d, assume_unique=True), found)
