"""The tier of words: one library's texts, indexed, and somebody's words as they are read beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from content.model import Question
from content.search import hangul, text
from content.search.analysis import analyst
from content.search.evidence import Evidence, Query
from content.search.familiarity import Strangers, strange_requests
from content.search.initials import Initials
from content.search.kept import kept
from content.search.lexical import Lexical
from content.search.morphemes import morphemes
from content.search.postings import grams, hashed
from content.search.repair import repair
from content.search.spelling import Speller, spaced, whole
from content.search.suggestions import Suggestions

_LONGEST = 200  # characters that a person writes: Kiwi alone takes 3 ms for a hundred
_PASTED = 100  # … that are read of what is longer: half at its beginning, half at its end


@dataclass(frozen=True, slots=True)
class Source:
    """What one library's words are worked out of."""

    questions: tuple[Question, ...]
    glossary: tuple[tuple[str, ...], ...] = ()  # groups of words that mean the same, the usual one first
    unanswered: tuple[str, ...] = ()  # questions that sound as if the library answered them, which it does not
    cache: Path | None = field(default=None, compare=False, repr=False)  # a folder that keeps them for the next start


class Words:
    """Everything that is worked out of one library's words alone; any thread may ask it."""

    def __init__(self, source: Source) -> None:
        self.analyst = analyst(source.glossary)
        self.lexical = Lexical(source.questions, self.analyst)
        self.initials = Initials(self.lexical)
        self.suggestions = Suggestions(self.lexical)
        unanswered = tuple(map(text.plain, source.unanswered))
        self._unanswered = frozenset(map(_bare, unanswered))
        # without the library's nouns: an edit may change which are the commonest, and encoding all anew takes long
        self.strangers = (*map(text.plain, strange_requests()), *unanswered)
        self.requests = (*map(text.plain, strange_requests(self.lexical.nouns)), *unanswered)
        strangers = Strangers(self.requests, self.lexical.phrasings.texts, self.analyst)
        self.evidence = Evidence(self.lexical, strangers)
        self._speller = Speller([*self.analyst.variants, *self.lexical.written])

    def read(self, typed: str) -> str:
        """*typed* made plain, its keyboard layout put right; empty where it holds no word."""
        plain = text.plain(repair(text.bounded(typed), self._knows, self._says))
        if len(plain) > _LONGEST:
            plain = text.plain(text.bounded(plain, _PASTED))
        if not hangul.is_initials(plain):
            plain = whole(self.initials.spelt_out(plain))
        plain = self._speller.correct(plain, morphemes(plain), self.lexical.knows)
        plain = spaced(plain, morphemes(plain))
        return plain if text.words(plain) else ""

    def query(self, plain: str) -> Query:
        """*plain* as every ranker of words sees it."""
        analysis = self.analyst.analyse(plain)
        terms, keys = hashed(dict.fromkeys(analysis.terms)), np.unique(grams(analysis.keys))
        return Query(plain, analysis, terms, keys, self.lexical.look_at(plain, terms, keys), None)

    def unanswered(self, plain: str) -> bool:
        """Whether these are the very words of what the library is said not to answer, whatever the punctuation."""
        return _bare(plain) in self._unanswered

    def _knows(self, words: str) -> bool:
        names = self.analyst.analyse(text.plain(words)).names
        return self.lexical.knows([name for name in names if len(name) > 1])  # a syllable may be chance

    def _says(self, words: str) -> bool:
        """Whether all of *words* are in the dictionary or in the library."""
        return all(piece.known or self._knows(piece.form) for piece in morphemes(text.plain(words)))


def _bare(plain: str) -> str:
    return " ".join(text.words(plain))


@lru_cache(maxsize=1)  # what is read again as it was, touched or reloaded, is not indexed again
def words_of(source: Source) -> Words:
    """The words of *source*."""
    return kept(source.cache, "words", source, partial(Words, source))
