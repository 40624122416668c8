"""Questions found by the first consonants of their words: "ㄷㅎㅇ ㅊㅇ" for 대학원 취업."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from content.search import hangul, text
from content.search.lexical import OWN, Lexical
from content.search.postings import Scores, hashed

_CHAT = frozenset(  # greetings, laughter and curses, when they stand alone
    text.words(
        "ㅎㅇ ㄱㅅ ㅇㅇ ㅈㅅ ㄴㄴ ㅇㅋ ㄱㄱ ㅂㅂ ㅅㄱ ㅊㅋ ㅁㄹ ㄹㅇ ㅇㅈ ㅋㅋ ㅎㅎ "
        "ㅠㅠ ㅜㅜ ㄷㄷ ㄱㅊ ㅇㅎ ㄱㄷ ㅂㅇ ㄲㅂ ㄹㄷ ㅅㅂ ㅇㅁㄹ ㄱㄴㄷ"
    )
)
_UNSURE, _SURE = 0.5, 0.9
_LONE = re.compile(r"(?<!\S)[ㄱ-ㅎ]{2,}(?!\S)")
_RANKED = 25  # questions
_ENOUGH = 3  # consonants that may be answered without asking back
_ALONE = 0.1  # lead over the next question
_SEVERAL = 2  # phrasings that say it, where the question's own words do not: one may be chance
_WHOLE = 0.99
_HALF = 0.62  # share of the consonants, by rarity, from which the bot asks back
_FEW, _POINTS = 0.6, 0.2  # what several phrasings say together, and the answer, beside the best phrasing


@dataclass(frozen=True, slots=True)
class Found:
    """A question that fits, with how sure it is."""

    question: int
    confidence: float  # 0-1


class Initials:
    """The initials of every phrasing and every point."""

    def __init__(self, lexical: Lexical) -> None:
        self._lexical = lexical
        self._nouns: dict[str, str] = {}
        for noun in lexical.written:
            self._nouns.setdefault(hangul.initials(noun), noun)

    def search(self, plain: str) -> list[Found]:
        """Questions holding words with the initials of *plain*, best first."""
        tokens = hangul.split_clusters(plain).split()
        if all(token in _CHAT for token in tokens):
            return []
        lexical = self._lexical
        terms = hashed(dict.fromkeys(part for token in tokens if len(token) > 1 for part in self._parts(token)))
        phrased = lexical.phrased_initials.share(lexical.phrased_initials.find(terms))
        totals = lexical.phrasings.best(phrased) + _FEW * lexical.phrasings.few(phrased)
        totals += _POINTS * lexical.told_initials.share(lexical.told_initials.find(terms))
        ranked = np.argsort(-totals, kind="stable")[:_RANKED]
        ranked = ranked[totals[ranked] > 0]
        if not len(ranked):
            return []
        best = totals[ranked]
        sure = self._sure(int(ranked[0]), phrased, float(best[0] - best[1]) if len(best) > 1 else 1.0)
        if sum(map(len, tokens)) < _ENOUGH:
            sure = min(sure, _UNSURE)
        return [
            Found(question, sure * float(total / best[0]))
            for question, total in zip(ranked.tolist(), best, strict=True)
        ]

    def spelt_out(self, plain: str) -> str:
        """*plain* with words that are given by initials among whole ones ("C++ ㅅㄴ") as the commonest such nouns."""
        return _LONE.sub(lambda found: found[0] if found[0] in _CHAT else self._nouns.get(found[0], found[0]), plain)

    def _sure(self, question: int, phrased: Scores, lead: float) -> float:
        """How sure it is that *question* is meant: several phrasings hold all of it, those of no other question.

        *phrased*: what each phrasing holds of it.
        """
        shares = phrased[self._lexical.phrasings.of(question)]
        whole = shares > _WHOLE
        if lead > _ALONE and (whole[:OWN].any() or whole.sum() >= _SEVERAL):
            return _SURE
        return _UNSURE if shares.max() > _HALF else 0.1

    def _parts(self, token: str) -> Sequence[str]:
        """*token*, or the two known ones that it is made of: spaces are left out as people like."""
        if self._known(token):
            return [token]
        cuts = ((token[:cut], token[cut:]) for cut in range(2, len(token) - 1))
        return next((parts for parts in cuts if all(map(self._known, parts))), [token])

    def _known(self, token: str) -> bool:
        return bool(self._lexical.phrased_initials.find(hashed([token])).known[0])
