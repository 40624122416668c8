"""The words of questions, of their other phrasings and of their answers, and how well a query's words fit them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from content.model import Question
from content.search import text
from content.search.analysis import Analyst
from content.search.intents import intents
from content.search.postings import Scores, Terms, grams, hashed, pack, unseen

# What the rankers count, as a logistic regression over left-out phrasings has it, rounded: an answer holds words that
# other questions ask for, so it tells less than phrasings; several phrasings that fit tell as much as the best one.
_WEIGHTS = (0.3, 0.2, 0.2, 0.1)
_FEW_WORDS, _FEW_KEYS = 0.3, 0.25

MOST_WORDS = 20_000  # misspelt words are compared with; a larger library's rarest words are left out
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

    def mean(self, scores: Scores) -> Scores:
        """The mean of *scores* for each question; 0 where it has no text."""
        means = np.zeros(len(self.starts) - 1, np.float32)
        counts = np.diff(self.starts)
        filled = np.flatnonzero(counts)
        if len(filled):
            means[filled] = np.add.reduceat(scores, self.starts[:-1][filled]) / counts[filled]
        return means

    def few(self, scores: Scores) -> Scores:
        """What the highest few of *scores* say together for each question; of one or two, near the highest.

        A mean of fourth powers: as telling as the mean of the highest three, and nothing has to be sorted.
        """
        together = np.zeros(len(self.starts) - 1, np.float32)
        counts = np.diff(self.starts)
        filled = np.flatnonzero(counts)
        if len(filled):
            squares = np.maximum(scores, 0) ** 2
            sums = np.add.reduceat(squares * squares, self.starts[:-1][filled])
            together[filled] = np.sqrt(np.sqrt(sums / np.minimum(counts[filled], 3)))
        return together


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
        names: Counter[str] = Counter()
        written: Counter[str] = Counter()
        asked_terms, asked_keys = _read(self.phrasings.texts, analyst, names, written)
        self.nouns = tuple(name.lstrip("=") for name, _ in names.most_common(_NOUNS) if len(name.lstrip("=")) > 1)
        told_terms, told_keys = _read(self.points.texts, analyst, names, written)
        self.written = tuple(word for word, _ in written.most_common(MOST_WORDS))
        count, own = len(questions), [self.points.of(number) for number in range(len(questions))]
        self.phrased = pack(asked_terms, len(asked_terms))
        self.pointed = pack(told_terms, len(told_terms))
        self.answered = pack((np.concatenate([hashed(()), *told_terms[part]]) for part in own), count)
        self.masses = np.array([self.rarity(np.unique(terms)).sum() for terms in asked_terms])  # of each phrasing
        del asked_terms, told_terms
        self.phrased_keys = pack(map(grams, asked_keys), len(asked_keys))
        first = (asked_keys[int(start)] for start in self.phrasings.starts[:-1])
        whole = ((head, *told_keys[part]) for head, part in zip(first, own, strict=True))
        self.told_keys = pack((np.concatenate([grams(item) for item in row]) for row in whole), count)

    def rarity(self, terms: Terms) -> NDArray[np.float64]:
        """How rare each of *terms* is among phrasings: 1 for a word nobody uses, near 0 for one in all of them."""
        return self.phrased.rarity(terms) / unseen(self.phrased.count)

    def look_at(self, terms: Terms, keys: Terms) -> LexicalLook:
        """How well a query of these *terms* and key grams fits each question."""
        words, spelt = self.phrased.score(terms), self.phrased_keys.score(keys)
        rankers = (
            self.phrasings.best(words),
            self.answered.score(terms),
            self.phrasings.best(spelt),
            self.told_keys.score(keys),
        )
        total = _FEW_WORDS * self.phrasings.few(words) + _FEW_KEYS * self.phrasings.few(spelt)
        total += sum(weight * ranker for weight, ranker in zip(_WEIGHTS, rankers, strict=True))
        return LexicalLook(rankers, np.asarray(total, np.float32), self.rarity(terms))

    def knows(self, terms: Sequence[str]) -> bool:
        """Whether any phrasing or point holds one of *terms*."""
        wanted = hashed(terms)
        return bool(self.phrased.known(wanted).any() or self.pointed.known(wanted).any())


@dataclass(frozen=True, slots=True)
class LexicalLook:
    """One query beside every question."""

    rankers: tuple[Scores, ...]  # 0-1 each: words of phrasings, of answers; key grams of phrasings, of answers
    total: Scores  # their weighted sum
    rarity: NDArray[np.float64]  # of each of the query's terms

    def without(self, question: int) -> LexicalLook:
        """The same as if *question* fitted not at all."""
        rankers = tuple(_zero_at(question, ranker) for ranker in self.rankers)
        return LexicalLook(rankers, _zero_at(question, self.total), self.rarity)


def _zero_at(place: int, scores: Scores) -> Scores:
    scores = scores.copy()
    scores[place] = 0
    return scores


def phrasings_of(question: Question) -> tuple[str, ...]:
    """Every way to ask *question*, the note's own first."""
    return tuple(dict.fromkeys((question.text, question.short, *question.aliases)))


def _read(
    items: Sequence[str], analyst: Analyst, names: Counter[str], written: Counter[str]
) -> tuple[list[Terms], list[str]]:
    """The terms and the keys of each of *items*; their names and nouns are counted on the way."""
    terms, keys = [], []
    for item in items:  # what an analysis holds besides would fill a gigabyte at 100,000 questions
        analysis = analyst.analyse(text.plain(item))
        names.update(analysis.names)
        written.update(analysis.nouns)
        terms.append(hashed(analysis.terms))
        keys.append(analysis.keys)
    return terms, keys
