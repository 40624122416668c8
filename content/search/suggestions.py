"""Questions offered while somebody types: by prefix, initial consonants, half-typed syllables, and despite typos."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from rapidfuzz import fuzz

from content.search import hangul, text
from content.search.lexical import Lexical
from content.search.lines import Lines
from content.search.postings import grams

_LONGEST = 60  # characters of what is typed
_ENOUGH = 75.0  # rapidfuzz's partial ratio over keys, 0-100: one slip in about eight keys
_COMPARED = 100  # phrasings compared letter by letter, those that share most key grams
_LINES = 8  # phrasings looked at for each question that is wanted
_WORD, _INSIDE = 3.0, 2.0  # ranks: where it begins a word (one more at the beginning), and anywhere else
_OWN = 0.5  # a hit in the question's own words goes before one in another phrasing


class Suggestions:
    """The phrasings of questions as keys and as initials, to be searched on every keystroke."""

    def __init__(self, lexical: Lexical) -> None:
        self._lexical = lexical
        # read one at a time, an array gives its numbers faster than one of NumPy
        self._owners = array("I", lexical.phrasings.owners.astype(np.uintc).tobytes())
        self._own = lexical.phrasings.own.tobytes()

    def search(self, prefix: str, *, limit: int) -> list[int]:
        """Up to *limit* questions by number, best first; the first ones in order where *prefix* is empty."""
        typed = text.plain(prefix[:_LONGEST])
        if not text.words(typed):
            return list(range(self._lexical.phrasings.questions))[:limit]
        ranks: dict[int, float] = {}
        for lines, wanted in self._readings(typed):
            if not wanted or next(lines.find(wanted), None) is None:  # most readings stand nowhere
                continue
            self._note(ranks, _words(lines, wanted, limit * _LINES))
            if len(ranks) < limit:
                self._note(ranks, ((number, _INSIDE) for number in islice(lines.find(wanted), limit * _LINES)))
        if not ranks:
            ranks = self._alike(hangul.keys("".join(text.words(typed))))
        return sorted(ranks, key=lambda number: (-ranks[number], number))[:limit]

    def _note(self, ranks: dict[int, float], found: Iterable[tuple[int, float]]) -> None:
        """Keep for each question the highest rank of its phrasings that were *found*."""
        for place, rank in found:
            owner = self._owners[place]
            ranks[owner] = max(rank + (_OWN if self._own[place] else 0.0), ranks.get(owner, 0.0))

    def _readings(self, typed: str) -> Iterator[tuple[Lines, str]]:
        """Where to look for what: *typed* as initials, as it stands, and as if the keyboard had been switched."""
        if all(hangul.initials(letter) == letter for letter in typed) and not typed.isascii():
            yield self._lexical.initials, hangul.split_clusters(typed)
        forms = (typed, hangul.hangul_of_latin(typed), hangul.latin_of_hangul(typed))
        for form in dict.fromkeys(forms):
            yield self._lexical.typed, " ".join(map(hangul.keys, text.words(form)))

    def _alike(self, typed: str) -> dict[int, float]:
        """Questions with a phrasing that is spelt like *typed*, with their likeness below 1."""
        scores = self._lexical.phrased_keys.score(self._lexical.phrased_keys.find(np.unique(grams(typed))))
        near = np.flatnonzero(scores > 0)
        if len(near) > _COMPARED:  # sorting all of them would take ten times as long
            near = near[scores[near] >= np.partition(scores[near], -_COMPARED)[-_COMPARED]]
        ranks: dict[int, float] = {}
        for place in near[np.argsort(-scores[near], kind="stable")][:_COMPARED].tolist():
            likeness = fuzz.partial_ratio(typed, self._lexical.typed.line(place).replace(" ", ""), score_cutoff=_ENOUGH)
            if likeness:
                ranks[self._owners[place]] = max(ranks.get(self._owners[place], 0.0), likeness / 101)
        return ranks


def _words(lines: Lines, wanted: str, limit: int) -> Iterator[tuple[int, float]]:
    """At most *limit* lines in which *wanted* begins a word, with their ranks."""
    word = " " + wanted
    yield from ((number, _WORD + lines.begins(number, word)) for number in islice(lines.find(word), limit))
