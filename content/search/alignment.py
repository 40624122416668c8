"""Word by word: how well the words of a query find their counterparts in a phrasing, and the phrasing's in the query.

A vector of a whole sentence says what it is about. Vectors of its words say which of them the other sentence lacks:
"last year" and "this year" lie close, and still are not the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from content.search.familiarity import Vector
from content.search.lexical import Content
from content.search.postings import Scores, idf, unseen

_EMPTY = 1e-6
_MOST = 4  # words that are encoded for one query: a pasted log must not hold up the chat


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a query."""

    vectors: Vector  # one row a word
    rarity: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Aligned:
    """A query beside some phrasings."""

    fit: Scores  # how much of both finds its counterpart in the other, 0-1, a word counting what it is rare
    share: Scores  # how much of the query does
    gap: Scores  # the weight of the word of the query that lacks it most, 0-1


class Alignment:
    """The vectors of the words of one library's phrasings."""

    def __init__(self, content: Content, vectors: Vector) -> None:
        """*vectors*: a unit vector for each word of the vocabulary."""
        self._content, self._vectors = content, vectors
        self._places = {word: place for place, word in enumerate(content.vocabulary)}
        texts = len(content.starts) - 1
        frequency = np.bincount(content.places, minlength=len(vectors))
        self._rarity = idf(texts, frequency) / unseen(texts)

    def unknown(self, words: Sequence[str]) -> list[str]:
        """The first of *words* that no phrasing holds; the rest is not compared."""
        return list(islice((word for word in words if word not in self._places), _MOST))

    def spoken(self, words: Sequence[str], unknown: Vector) -> Spoken:
        """*words* of a query, with the vectors of those that are `unknown`."""
        known = [self._places[word] for word in words if word in self._places]
        return Spoken(
            np.concatenate([self._vectors[known], unknown]),
            np.concatenate([self._rarity[known], np.ones(len(unknown))]),
        )

    def said(self, text: int) -> Spoken:
        """The words of phrasing *text*, as if it were a query."""
        places = self._content.of(text)
        return Spoken(self._vectors[places], self._rarity[places])

    def beside(self, spoken: Spoken, texts: Sequence[int]) -> Aligned:
        """*spoken* beside each of the phrasings *texts*."""
        fit, share, gap = np.zeros((3, len(texts)), np.float32)
        rows = [self._content.of(text) for text in texts]
        full = np.flatnonzero([len(row) for row in rows])
        if len(full) and len(spoken.rarity):
            places = np.concatenate([rows[number] for number in full])
            starts = np.cumsum([0, *(len(rows[number]) for number in full[:-1])])
            alike = np.maximum(spoken.vectors @ self._vectors[places].T, 0) ** 2
            asked = np.maximum.reduceat(alike, starts, axis=1)
            weights, rarity = spoken.rarity, self._rarity[places]
            found = weights @ asked
            told = np.add.reduceat(rarity * alike.max(axis=0), starts)
            mass = float(weights.sum()) + _EMPTY
            fit[full] = (found + told) / (mass + np.add.reduceat(rarity, starts))
            share[full] = found / mass
            gap[full] = (weights[:, None] * (1 - asked)).max(axis=0)
        return Aligned(fit, share, gap)
