"""Whether words sound like what this library is asked, or like a request that no lecture note answers.

`strange_requests.txt` holds requests of the second kind (a person's number, an installation, a price, a definition).
Their blanks are filled with the library's own nouns, and a line is drawn between them and the library's phrasings:
by ridge regression, so that it takes milliseconds and needs nothing but the library and that file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from content.search import hangul, text
from content.search.postings import grams

Vector = NDArray[np.float32]

SAMPLE = 500  # phrasings the line is drawn from; more change it little and cost memory
_WIDTH = 4096  # key grams are counted in so many places


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
    rows = np.concatenate([ours, strange]).astype(np.float32)
    rows = np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)
    wanted = np.concatenate([np.ones(len(ours)), -np.ones(len(strange))])
    share = np.concatenate([np.full(len(ours), 0.5 / len(ours)), np.full(len(strange), 0.5 / len(strange))])
    # in the dual form there are as many unknowns as rows, and the rows may be as wide as they like
    factors = np.linalg.solve((rows @ rows.T).astype(np.float64) + ridge * np.diag(1 / share), wanted)
    weights = rows.T @ factors.astype(np.float32)
    return Line(weights[:-1], float(weights[-1]))


def strange_requests(nouns: Sequence[str]) -> list[str]:
    """The requests that no note answers, their blanks filled with *nouns*."""
    lines = (files(__package__) / "strange_requests.txt").read_text(encoding="utf-8").splitlines()
    return [line.format(nouns[number * 7 % len(nouns)] if nouns else "") for number, line in enumerate(lines)]


def sample(phrasings: Sequence[str]) -> Sequence[str]:
    """At most SAMPLE of *phrasings*, evenly spread."""
    return phrasings[:: max(1, len(phrasings) // SAMPLE)][:SAMPLE]


def spelling(plain: str) -> Vector:
    """A unit vector of the key grams of *plain*'s words."""
    vector = np.zeros(_WIDTH, np.float32)
    vector[grams("".join(f" {hangul.keys(word)} " for word in text.words(plain)), across=False) % _WIDTH] = 1
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
