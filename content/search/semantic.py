"""Closeness in meaning, by vectors from an encoder: the optional tier, which finds what shares no word."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from content.search import text
from content.search.alignment import Aligned, Alignment, Spoken
from content.search.familiarity import Line, Vector, draw, sample
from content.search.lexical import Lexical, LexicalLook, Spread
from content.search.postings import Scores
from content.search.ranking import highest
from content.search.vectors import Vectors

LONGEST = 240  # characters; the middle of a longer point is searched by words alone
_LONGEST_ASKED = 120  # … of a query, which somebody waits for; of one that is longer, more finds nothing more
_WITHIN = 1_000  # phrasings that say how ways to ask differ
_BALL = 700.0  # so many phrasings' worth of differing in no particular way
_RIDGE = 0.01
_DIRECTIONS = 256  # of the encoder's vectors that are kept: the rest tells texts apart no better, and takes time
_OF_WORDS = 128  # … of the vectors of words
_ALIGNED = 20  # questions whose nearest phrasing is compared word by word
# What the nearest phrasing, the nearest few, their middle and the nearest point count beside the lexical rankers.
_WEIGHTS = (0.2, 0.3, 0.2, 0.15)
_WORD_BY_WORD = 0.6  # … and what it counts how the words of both fit


@dataclass(frozen=True, slots=True)
class Placed:
    """One library's texts in the space in which queries are compared with them, as unit vectors, one a row."""

    space: Space
    asked: Vector  # phrasings
    told: Vector  # points
    strange: Vector  # the strangers that it does not answer
    line: Line  # between its phrasings and those
    words: Vector  # the vocabulary of its phrasings


def place(lexical: Lexical, strangers: Sequence[str], vectors: Vectors) -> Placed:
    """The texts of one library, placed; all must have been learnt, see `texts`."""
    asked, told, strange = (vectors.of(part) for part in _parts(lexical, strangers))
    ours = np.concatenate([asked, told])
    # every text of such an encoder lies in one narrow cone: what all have in common says nothing
    middle = (ours.mean(axis=0) + strange.mean(axis=0)) / 2
    some = np.concatenate([rows[sample(len(rows))] for rows in (ours, strange)])
    del ours  # a start takes the most memory here
    turn = metric(asked, lexical.phrasings)
    space = Space(middle, turn @ directions(Space(middle, turn).of(some), _DIRECTIONS))
    del some
    asked, told, strange = map(space.of, (asked, told, strange))
    line = draw(asked[sample(len(asked))], strange, ridge=_RIDGE)
    return Placed(space, asked, told, strange, line, space.of(vectors.of(lexical.content.vocabulary), _OF_WORDS))


class Semantic:
    """The semantic ranker: what a query means, beside everything in one library."""

    def __init__(self, lexical: Lexical, placed: Placed, vectors: Vectors) -> None:
        """*placed*: the texts of *lexical*, by *vectors*."""
        self._phrasings, self._points = lexical.phrasings, lexical.points
        self._placed, self._vectors = placed, vectors
        self._alignment = Alignment(lexical.content, placed.words)

    def look_at(self, plain: str, content: Sequence[str], words: LexicalLook) -> Look:
        """How close *plain*, with the words *content*, is to everything in the library; *words*: the same by words."""
        vectors = self._vectors.of_asked([text.bounded(plain, _LONGEST_ASKED), *self._alignment.unknown(content)])
        spoken = self._alignment.spoken(content, self._placed.space.of(vectors[1:], _OF_WORDS))
        return self._aligned(self._look_from(self._placed.space.of(vectors[:1])[0]), spoken, words)

    def look_around(self, question: int, words: LexicalLook) -> Look:
        """How close *question*'s own words are to all other questions."""
        own = int(self._phrasings.starts[question])
        return self._aligned(
            self._look_from(self._placed.asked[own]).without(question), self._alignment.said(own), words
        )

    def _look_from(self, vector: Vector) -> Look:
        placed = self._placed
        asked, told, strange = placed.asked @ vector, placed.told @ vector, placed.strange @ vector
        return Look(asked, told, self._phrasings, self._points, familiar=placed.line.side(vector), strange=strange)

    def _aligned(self, look: Look, spoken: Spoken, words: LexicalLook) -> Look:
        """*look* with the best questions compared word by word."""
        questions = highest(look.total + words.total, _ALIGNED)
        scores = look.asked + words.asked
        nearest = [self._phrasings.nearest(number, scores) for number in questions]
        look.take_in(questions, self._alignment.beside(spoken, nearest))
        return look


class Space:
    """Where vectors are compared: around their middle, turned so that the directions that tell most come first."""

    def __init__(self, middle: Vector, turn: Vector) -> None:
        """*turn*: what to multiply by, a direction a column."""
        self._turn, self._shift = turn, middle @ turn

    def of(self, rows: Vector, width: int | None = None) -> Vector:
        """Unit vectors for *rows* in the first *width* directions, or in all."""
        placed: Vector = rows @ self._turn[:, :width]
        placed -= self._shift[:width]
        placed /= np.maximum(np.linalg.norm(placed, axis=1, keepdims=True), 1e-6)
        return placed


class Look:
    """One query beside every text of the library."""

    def __init__(
        self, asked: Scores, told: Scores, phrasings: Spread, points: Spread, *, familiar: float, strange: Scores
    ) -> None:
        self.asked = asked  # cosine to each phrasing
        self.told = told  # cosine to each point
        self.familiar = familiar  # see familiarity.Line.side
        self.strangers = strange  # cosine to each stranger
        self.strange = float(np.partition(strange, -5)[-5:].mean())  # … to the five nearest
        self.stranger = float(strange.max())  # … to the nearest one
        self.best = phrasings.best(asked)
        self.near = phrasings.few(asked)
        self.centre = phrasings.mean(asked)
        self.point = points.best(told)
        best, near, centre, point = _WEIGHTS
        self.total: Scores = best * self.best + near * self.near + centre * self.centre + point * self.point
        # word by word, of the best questions: see alignment.Aligned
        self.fit, self.share, self.gap = np.zeros((3, len(self.total)), np.float32)

    def take_in(self, questions: Sequence[int], aligned: Aligned) -> None:
        """Add how well *questions* fit word by word."""
        self.fit[questions], self.share[questions], self.gap[questions] = aligned.fit, aligned.share, aligned.gap
        self.total += _WORD_BY_WORD * self.fit

    def without(self, question: int) -> Look:
        """The same as if *question* were far away."""
        other = copy(self)
        for name in ("best", "near", "centre", "point", "total"):
            scores = getattr(self, name).copy()
            scores[question] = scores.min()
            setattr(other, name, scores)
        return other


def metric(asked: Vector, phrasings: Spread) -> Vector:
    """What to multiply vectors by, so that the ways in which one question is asked count for little.

    *asked*: the vectors of *phrasings*. The within-class covariance of the phrasings, shrunk towards a ball, turned
    round: a library without other phrasings changes nothing.
    """
    owners = phrasings.owners[:_WITHIN]
    rows = asked[: len(owners)].astype(np.float64)
    sums = np.zeros((int(owners[-1]) + 1, rows.shape[1]))
    np.add.at(sums, owners, rows)
    apart = rows - (sums / np.maximum(np.bincount(owners), 1)[:, None])[owners]
    ball = float(rows.var(axis=0).sum()) / rows.shape[1] or 1.0
    spread = (apart.T @ apart / ball + _BALL * np.eye(rows.shape[1])) / (len(rows) + _BALL)
    sizes, directions = np.linalg.eigh(spread)
    turned: Vector = ((directions * sizes**-0.5) @ directions.T).astype(np.float32)
    return turned


def directions(rows: Vector, count: int) -> Vector:
    """The *count* directions in which *rows* differ most, one a column: their principal components."""
    _, found = np.linalg.eigh(rows.T @ rows)
    most: Vector = np.ascontiguousarray(found[:, ::-1][:, :count])
    return most


def texts(lexical: Lexical, strangers: Sequence[str]) -> list[str]:
    """Every text that must be learnt before `place`."""
    return [item for part in (*_parts(lexical, strangers), lexical.content.vocabulary) for item in part]


def _parts(lexical: Lexical, strangers: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Phrasings, points and strangers (see familiarity), each short enough to encode."""
    asked, told, others = (
        [text.bounded(item, LONGEST) for item in part]
        for part in (lexical.phrasings.texts, lexical.points.texts, strangers)
    )
    return asked, told, others
