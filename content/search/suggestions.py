"""Questions offered while somebody types: by prefix, initial consonants, half-typed syllables, and despite typos."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from content.model import Question
from content.search import hangul, text

_LONGEST = 60  # characters of what is typed
_ENOUGH = 75.0  # rapidfuzz's partial ratio over keys, 0-100: one slip in about eight keys
_FUZZY_LIMIT = 20_000  # phrasings compared letter by letter; a larger library is searched by prefix only


class Suggestions:
    """The phrasings of *questions* as keys and as initials, to be searched on every keystroke."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._questions = tuple(questions)
        self._owner: list[int] = []
        self._keys: list[str] = []
        for number, question in enumerate(self._questions):
            for phrasing in (question.text, question.short, *question.aliases):
                self._owner.append(number)
                self._keys.append(_spaced_keys(text.plain(phrasing)))
        self._initials = [_initials(question) for question in self._questions]

    def search(self, prefix: str, *, limit: int) -> list[Question]:
        """Up to *limit* questions, best first; the first questions in order where *prefix* is empty."""
        typed = text.plain(prefix[:_LONGEST])
        if not text.words(typed):
            return list(self._questions[:limit])
        ranks: dict[int, float] = {}
        if hangul.is_initials(typed):
            wanted = hangul.split_clusters(typed).replace(" ", "")
            ranks = {number: 3.0 for number, letters in enumerate(self._initials) if wanted in letters}
        for reading in _readings(typed):
            for number, rank in self._by_keys(reading).items():
                ranks[number] = max(rank, ranks.get(number, 0.0))
        best = sorted(ranks, key=lambda number: (-ranks[number], number))
        return [self._questions[number] for number in best[:limit]]

    def _by_keys(self, typed: str) -> dict[int, float]:
        """Ranks by question: 3 where a word begins with the keys, 2 where they stand inside, below 1 for a likeness."""
        wanted = " " + typed
        ranks: dict[int, float] = {}
        for owner, keys in zip(self._owner, self._keys, strict=True):
            if typed in keys:
                ranks[owner] = max(ranks.get(owner, 0.0), 3.0 if wanted in keys else 2.0)
        if not ranks and len(typed) > 3 and len(self._keys) <= _FUZZY_LIMIT:
            scores = process.cdist([typed], self._keys, scorer=fuzz.partial_ratio, score_cutoff=_ENOUGH)[0]
            for place in np.flatnonzero(scores):
                owner = self._owner[place]
                ranks[owner] = max(ranks.get(owner, 0.0), float(scores[place]) / 101)
        return ranks


def _readings(typed: str) -> list[str]:
    """The keys of *typed*, as it stands and as if the keyboard had been switched."""
    readings = [hangul.keys(typed), hangul.keys(hangul.hangul_of_latin(typed)), hangul.latin_of_hangul(typed)]
    return list(dict.fromkeys(readings))


def _spaced_keys(phrasing: str) -> str:
    return " " + hangul.keys(" ".join(text.words(phrasing)))


def _initials(question: Question) -> str:
    phrasings = (question.text, question.short, *question.aliases)
    return " ".join(hangul.initials(text.plain(phrasing)).replace(" ", "") for phrasing in phrasings)
