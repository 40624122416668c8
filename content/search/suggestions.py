"""Questions offered while somebody types: by prefix, initial consonants, half-typed syllables, and despite typos."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz

from content.model import Question
from content.search import hangul, text
from content.search.lexical import Lexical
from content.search.postings import grams

_LONGEST = 60  # characters of what is typed
_ENOUGH = 75.0  # rapidfuzz's partial ratio over keys, 0-100: one slip in about eight keys
_COMPARED = 200  # phrasings compared letter by letter, those that share most key grams
_OWN = 0.5  # a hit in the question's own words goes before one in another phrasing


class Suggestions:
    """The phrasings of questions as keys and as initials, to be searched on every keystroke."""

    def __init__(self, questions: Sequence[Question], lexical: Lexical) -> None:
        self._questions = tuple(questions)
        self._lexical = lexical
        starts = lexical.phrasings.starts
        self._owners = np.repeat(np.arange(len(self._questions)), np.diff(starts)).tolist()
        self._own = {int(place) + offset for place in starts[:-1] for offset in (0, 1)}
        plain = [text.words(text.plain(item)) for item in lexical.phrasings.texts]
        self._keys = _Lines([" " + " ".join(map(hangul.keys, words)) for words in plain])
        self._initials = _Lines([" " + " ".join(map(hangul.initials, words)) for words in plain])

    def search(self, prefix: str, *, limit: int) -> list[Question]:
        """Up to *limit* questions, best first; the first questions in order where *prefix* is empty."""
        typed = text.plain(prefix[:_LONGEST])
        if not text.words(typed):
            return list(self._questions[:limit])
        ranks: dict[int, float] = {}
        for lines, wanted in self._readings(typed):
            for place, rank in lines.holders(wanted, limit * 8):
                bonus = _OWN if place in self._own else 0.0
                ranks[self._owners[place]] = max(rank + bonus, ranks.get(self._owners[place], 0.0))
        if not ranks:
            ranks = self._alike(hangul.keys("".join(text.words(typed))))
        best = sorted(ranks, key=lambda number: (-ranks[number], number))
        return [self._questions[number] for number in best[:limit]]

    def _readings(self, typed: str) -> Iterator[tuple[_Lines, str]]:
        """Where to look for what: *typed* as initials, as it stands, and as if the keyboard had been switched."""
        if all(hangul.initials(letter) == letter for letter in typed) and not typed.isascii():
            yield self._initials, hangul.split_clusters(typed)
        forms = (typed, hangul.hangul_of_latin(typed), hangul.latin_of_hangul(typed))
        for form in dict.fromkeys(forms):
            yield self._keys, " ".join(map(hangul.keys, text.words(form)))

    def _alike(self, typed: str) -> dict[int, float]:
        """Questions with a phrasing that is spelt like *typed*, with their likeness below 1."""
        scores = self._lexical.phrased_keys.score(grams(typed))
        places = np.argsort(-scores, kind="stable")[:_COMPARED]
        ranks: dict[int, float] = {}
        for place in places[scores[places] > 0].tolist():
            likeness = fuzz.partial_ratio(typed, self._keys.line(place).replace(" ", ""), score_cutoff=_ENOUGH)
            if likeness:
                ranks[self._owners[place]] = max(ranks.get(self._owners[place], 0.0), likeness / 101)
        return ranks


class _Lines:
    """Many lines as one text, which is searched at the speed of `str.find`."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._text = "".join(line + "\n" for line in lines)
        self._ends = np.cumsum([len(line) + 1 for line in lines]).tolist()

    def line(self, number: int) -> str:
        start = self._ends[number - 1] if number else 0
        return self._text[start : self._ends[number] - 1]

    def holders(self, wanted: str, limit: int) -> Iterator[tuple[int, float]]:
        """Lines holding *wanted*, each with a rank: 4 where it begins the line, 3 a word, 2 inside; *limit* of each."""
        if not wanted:
            return
        for pattern, rank in ((" " + wanted, 3.0), (wanted, 2.0)):
            place, count = self._text.find(pattern), 0
            while place >= 0 and count < limit:
                number = bisect_right(self._ends, place)
                begins = place == (self._ends[number - 1] if number else 0)
                yield number, rank + (begins and rank == 3.0)
                count += 1
                place = self._text.find(pattern, self._ends[number])
