"""Whether words sound like what this library is asked, or like a stranger: a request that it does not answer.

Strangers come from two places. `strange_requests.txt` holds what hardly any lecture note answers (a person's number, an
installation, a price, a definition), with blanks that are filled with the library's own nouns. The library's curators
write down what sounds as if their notes answered it. A request is compared with the nearest of them, and a line is
drawn between them and the library's phrasings: by ridge regression, so that it takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from content.search import hangul, text
from content.search.analysis import Analyst
from content.search.postings import Scores, Terms, hashed, pack, spelt

Vector = NDArray[np.float32]

SAMPLE = 2_000  # texts of the library, and strangers, that tell how the two differ; more change little and cost memory
_WIDTH = 1024  # key grams are counted in so many places
_RIDGE = 0.001
_NEAREST = 10  # texts that vote
_NEAR = 0.01  # what a text must share with a query to have a vote


@dataclass(frozen=True, slots=True)
class Line:
    """A linear divide: above 0 is the library's side."""

    weights: Vector
    offset: float

    def side(self, vector: Vector) -> float:
        """How far *vector* lies on the library's side, about -1 to 1."""
        return float(vector @ self.weights) + self.offset


def draw(ours: Vector, strange: Vector, *, ridge: float) -> Line:
    """The line between the rows of *ours* and of *strange*; both sides weigh the same, however many rows each has.

    Without a row of *ours* everything lies on the other side.
    """
    if not len(ours):
        return Line(np.zeros(strange.shape[1], np.float32), -1.0)
    rows = np.concatenate([ours, strange])
    rows = np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)
    sides = [len(ours), len(strange)]
    wanted = np.repeat(np.array([1, -1], np.float32), sides)
    weight = np.repeat(np.sqrt(0.5 / np.array(sides, np.float32)), sides)
    rows *= weight[:, None]
    weights = np.linalg.solve(rows.T @ rows + ridge * np.eye(rows.shape[1]), rows.T @ (weight * wanted))
    return Line(weights[:-1].astype(np.float32), float(weights[-1]))


class Strangers:
    """The requests that one library does not answer, as they are spelt."""

    def __init__(self, requests: Sequence[str], phrasings: Sequence[str], analyst: Analyst) -> None:
        """*requests* and *phrasings*, those of the library, are plain."""
        analysed = list(map(analyst.analyse_once, requests))
        terms = [hashed(each.terms) for each in analysed]
        self._words = pack(np.concatenate([hashed(()), *terms]), np.array([len(each) for each in terms], np.int64))
        self._keys = pack(*spelt(each.keys for each in analysed))
        self._norms = self._keys.norms()
        sides = (_spellings([texts[number] for number in sample(len(texts))]) for texts in (phrasings, requests))
        self._line = draw(*sides, ridge=_RIDGE)

    def near(self, terms: Terms, keys: Terms) -> tuple[Scores, Scores]:
        """How well each fits *terms*, and how well the key grams *keys*, 0-1; both distinct."""
        return self._words.score(self._words.find(terms)), self._keys.alike(self._keys.find(keys), self._norms)

    def side(self, plain: str) -> float:
        """How far *plain* lies on the library's side of the line, about -1 to 1."""
        return self._line.side(_spellings([plain])[0])


def votes(candidate: Scores, ours: Scores, strange: Scores) -> tuple[float, float]:
    """Of the texts nearest to a query, the shares that belong to one question and that are strangers, 0-1.

    *candidate*: the scores of that question's phrasings, which are among *ours*; all compare with one another.
    """
    nearest = np.concatenate([ours[ours > _NEAR], strange[strange > _NEAR]])  # a partition of many zeros takes long
    least = float(np.partition(nearest, -_NEAREST)[-_NEAREST]) if len(nearest) > _NEAREST else _NEAR
    return (
        min(1.0, float((candidate >= least).sum()) / min(_NEAREST, len(candidate))),
        min(1.0, float((strange >= least).sum()) / _NEAREST),
    )


def strange_requests(nouns: Sequence[str] = ()) -> list[str]:
    """The requests that no note answers, their blanks filled with *nouns*; left out where there are none."""
    lines = (files(__package__) / "strange_requests.txt").read_text(encoding="utf-8").splitlines()
    return [line.format(nouns[number * 7 % len(nouns)] if nouns else "") for number, line in enumerate(lines)]


def sample(rows: int) -> NDArray[np.int64]:
    """The numbers of at most SAMPLE of *rows*, evenly spread."""
    return np.unique(np.linspace(0, rows - 1, min(rows, SAMPLE)).astype(np.int64))


def _spellings(plain: Iterable[str]) -> Vector:
    """For each of *plain* a unit vector of the key grams of its words."""
    words = [hangul.keys(" ".join(text.words(item))).split() for item in plain]
    terms, counts = spelt(f" {word} " for row in words for word in row)
    owners = np.repeat(np.arange(len(words)), list(map(len, words)))
    rows = np.zeros((len(words), _WIDTH), np.float32)
    rows[np.repeat(owners, counts), terms % _WIDTH] = 1
    unit: Vector = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)
    return unit
