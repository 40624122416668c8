"""The words of questions, of their other phrasings and of their answers, and how well a query's words fit them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from content.model import Question
from content.search import text
from content.search.analysis import Analysis, Analyst
from content.search.intents import intents
from content.search.postings import Scores, Terms, grams, hashed, pack, unseen

_WEIGHTS = (0.5, 0.25, 0.5, 0.25)  # an answer holds words that other questions ask for: half as telling as phrasings

_NOUNS = 60  # the commonest, which strange requests are made of


@dataclass(frozen=True, slots=True)
class Spread:
    """Texts of all questions in one row: which question each belongs to, and where each question's begin."""

    texts: tuple[str, ...]
    starts: NDArray[np.int64]  # one longer than the questions

    def of(self, question: int) -> slice:
        """Where the texts of *question* stand."""
        return slice(int(self.starts[question]), int(self.starts[question + 1]))

    def best(self, scores: Scores) -> Scores:
        """The highest of *scores* (one a text) for each question; 0 where it has no text."""
        highest = np.zeros(len(self.starts) - 1, np.float32)
        filled = np.flatnonzero(np.diff(self.starts))
        if len(filled):
            highest[filled] = np.maximum.reduceat(scores, self.starts[:-1][filled])
        return highest

    def best_three(self, scores: Scores) -> Scores:
        """The mean of the three highest of *scores* for each question; 0 where it has no text."""
        means = np.zeros(len(self.starts) - 1, np.float32)
        filled = np.flatnonzero(np.diff(self.starts))
        if len(filled):
            owners = np.repeat(np.arange(len(means)), np.diff(self.starts))
            order = np.lexsort((-scores, owners))
            places = np.arange(len(scores)) - np.repeat(self.starts[:-1], np.diff(self.starts))
            among = places < 3
            sums = np.bincount(owners[among], scores[order][among], minlength=len(means))
            means = (sums / np.maximum(np.bincount(owners[among], minlength=len(means)), 1)).astype(np.float32)
        return means


def spread(rows: Sequence[Sequence[str]]) -> Spread:
    """The texts of each question, side by side."""
    starts = np.cumsum([0, *(len(row) for row in rows)])
    return Spread(tuple(item for row in rows for item in row), starts)


class Lexical:
    """The lexical ranker: words and key grams, of phrasings and of answers."""

    def __init__(self, questions: Sequence[Question], analyst: Analyst) -> None:
        self.phrasings = spread([phrasings_of(question) for question in questions])
        self.points = spread([[point.text for _, point in question.walk()] for question in questions])
        self.intents = tuple(intents(text.plain(item)) for item in self.phrasings.texts)  # of each phrasing
        asked = [analyst.analyse(text.plain(item)) for item in self.phrasings.texts]
        told = [analyst.analyse(text.plain(item)) for item in self.points.texts]
        own = [[told[place] for place in _places(self.points.of(number))] for number in range(len(questions))]
        first = [asked[int(start)] for start in self.phrasings.starts[:-1]]
        counts = Counter(name.lstrip("=") for item in asked for name in item.names)
        self.nouns = tuple(name for name, _ in counts.most_common(_NOUNS) if len(name) > 1)
        self.written = tuple(
            word for word, _ in Counter(noun for item in (*asked, *told) for noun in item.nouns).most_common()
        )
        self.phrased = pack((hashed(item.terms) for item in asked), len(asked))
        self.pointed = pack((hashed(item.terms) for item in told), len(told))
        self.answered = pack((hashed(term for item in row for term in item.terms) for row in own), len(own))
        self.phrased_keys = pack((grams(item.keys) for item in asked), len(asked))
        whole = ([head, *row] for head, row in zip(first, own, strict=True))
        self.told_keys = pack((np.concatenate([grams(item.keys) for item in row]) for row in whole), len(own))
        self.masses = np.array([self.rarity(hashed(set(item.terms))).sum() for item in asked])  # of each phrasing

    def rarity(self, terms: Terms) -> NDArray[np.float64]:
        """How rare each of *terms* is among phrasings: 1 for a word nobody uses, near 0 for one in all of them."""
        return self.phrased.rarity(terms) / unseen(self.phrased.count)

    def look_at(self, query: Analysis) -> LexicalLook:
        """How well *query* fits each question."""
        terms, keys = hashed(query.terms), grams(query.keys)
        rankers = (
            self.phrasings.best(self.phrased.score(terms)),
            self.answered.score(terms),
            self.phrasings.best(self.phrased_keys.score(keys)),
            self.told_keys.score(keys),
        )
        total = sum(weight * ranker for weight, ranker in zip(_WEIGHTS, rankers, strict=True))
        return LexicalLook(rankers, np.asarray(total, np.float32))

    def knows(self, terms: Sequence[str]) -> bool:
        """Whether any phrasing or point holds one of *terms*."""
        wanted = hashed(terms)
        return bool(self.phrased.known(wanted).any() or self.pointed.known(wanted).any())


@dataclass(frozen=True, slots=True)
class LexicalLook:
    """One query beside every question."""

    rankers: tuple[Scores, ...]  # 0-1 each: words of phrasings, of answers; key grams of phrasings, of answers
    total: Scores  # their weighted sum


def phrasings_of(question: Question) -> tuple[str, ...]:
    """Every way to ask *question*, the note's own first."""
    return tuple(dict.fromkeys((question.text, question.short, *question.aliases)))


def _places(part: slice) -> range:
    return range(part.start, part.stop)
