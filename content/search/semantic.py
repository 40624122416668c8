"""Closeness in meaning, by vectors from an encoder: the optional tier, which finds what shares no word."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from functools import cached_property
from itertools import islice
from pathlib import Path
from threading import Lock, Thread
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from content.search import text
from content.search.alignment import Aligned, Alignment, Spoken
from content.search.familiarity import SAMPLE, Line, Vector, draw
from content.search.lexical import Lexical, LexicalLook, Spread
from content.search.postings import Scores
from content.search.ranking import highest

LONGEST = 240  # characters; the middle of a longer point is searched by words alone
_BATCH = 32
_WITHIN = 1_000  # phrasings that say how ways to ask differ
_BALL = 700.0  # so many phrasings' worth of differing in no particular way
_RIDGE = 0.01
_SEEN = 2_000  # texts of the library, and strangers, that say in which directions texts differ
_DIRECTIONS = 256  # of the encoder's vectors that are kept: the rest tells texts apart no better, and takes time
_OF_WORDS = 128  # … of the vectors of words
_ALIGNED = 20  # questions whose nearest phrasing is compared word by word
_ASKED = 1_024  # vectors of queries and of their words
# What the nearest phrasing, the nearest few, their middle and the nearest point count beside the lexical rankers.
_WEIGHTS = (0.2, 0.3, 0.2, 0.15)
_WORD_BY_WORD = 0.6  # … and what it counts how the words of both fit


class EncoderUnavailableError(Exception):
    """The encoder cannot encode now; the search goes on by words."""


class Encoder(Protocol):
    """Gives texts with like meanings like vectors."""

    @property
    def name(self) -> str:
        """What names the model and, after a hyphen, its version in a file name; vectors of two names never meet."""

    @property
    def width(self) -> int:
        """Numbers in a vector; may raise EncoderUnavailableError."""

    def encode(self, texts: Sequence[str]) -> Vector:
        """A unit vector for each of *texts*; may be called from any thread, may raise EncoderUnavailableError."""


class Vectors:
    """An encoder with what it has encoded before, kept in one file of *folder*."""

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        """*folder*: where vectors are kept between runs; None keeps them in memory only."""
        self._encoder = encoder
        self._file = folder / f"{encoder.name}.vectors" if folder else None
        self._lock = Lock()
        self.started = False  # see `start`
        self._asked: dict[str, Vector] = {}

    @property
    def family(self) -> str:
        """The encoder's name without its version."""
        return self._encoder.name.partition("-")[0]

    @cached_property
    def _record(self) -> np.dtype[np.void]:
        return np.dtype([("text", "V16"), ("vector", np.float16, (self._encoder.width,))])

    @cached_property
    def _known(self) -> dict[bytes, NDArray[np.float16]]:
        known: dict[bytes, NDArray[np.float16]] = {}
        for file in (self.shipped, self._file):
            if file and file.exists():
                whole = file.stat().st_size // self._record.itemsize  # a killed process may leave half a record
                records = np.fromfile(file, self._record, whole)
                known |= {bytes(key): row for key, row in zip(records["text"], records["vector"], strict=True)}
        return known

    def start(self) -> None:
        """Have the encoder ready, so that no question waits for it; may raise EncoderUnavailableError."""
        self.of_asked(["선배"])
        self.started = True

    def start_beside(self) -> None:
        """Start in a thread of its own, while a library is loaded; whoever needs the encoder waits for it."""

        def start() -> None:
            with suppress(EncoderUnavailableError):
                self.start()

        Thread(target=start, daemon=True).start()

    @property
    def shipped(self) -> Path:
        """The vectors of the shipped library, so that a first start has them; `sunbae calibrate` writes the file."""
        return Path(__file__).with_name(f"{self._encoder.name}.vectors")

    def ship(self, texts: Sequence[str]) -> None:
        """Make the vectors of *texts* the shipped ones."""
        self.learn(texts)
        rows = [(digest, self._known[digest]) for digest in sorted({_digest(item) for item in texts})]
        self.shipped.write_bytes(np.array(rows, self._record).tobytes())

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Those of *texts* that have yet to be encoded, each once."""
        return [item for item in dict.fromkeys(texts) if _digest(item) not in self._known]

    def learn(self, texts: Sequence[str]) -> None:
        """Encode and keep those of *texts* that are missing; a few ms a text."""
        missing = self.missing(texts)
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = self._encoder.encode(batch).astype(np.float16)
            with self._lock:
                self._known.update(zip(map(_digest, batch), vectors, strict=True))
                if self._file:
                    self._append(self._file, [(_digest(item), row) for item, row in zip(batch, vectors, strict=True)])

    def _append(self, file: Path, rows: list[tuple[bytes, NDArray[np.float16]]]) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab") as opened:
            opened.truncate(opened.tell() - opened.tell() % self._record.itemsize)  # half a record would shift the rest
            opened.write(np.array(rows, self._record).tobytes())

    def of(self, texts: Sequence[str]) -> Vector:
        """The vectors of *texts*, which have all been learnt."""
        return np.array([self._known[_digest(item)] for item in texts], np.float32).reshape(-1, self._encoder.width)

    def forget(self) -> None:
        """Leave on disk what is there; it is read again after an edit."""
        if self._file:
            self.__dict__.pop("_known", None)

    def of_asked(self, texts: Sequence[str]) -> Vector:
        """The vectors of what somebody asks: they are encoded together, and kept for a while."""
        with self._lock:
            found = {item: self._asked[item] for item in texts if item in self._asked}
        missing = [item for item in dict.fromkeys(texts) if item not in found]
        if missing:
            found |= zip(missing, self._encoder.encode(missing), strict=True)
            with self._lock:
                self._asked |= found
                for oldest in list(islice(self._asked, max(0, len(self._asked) - _ASKED))):
                    del self._asked[oldest]
        return np.array([found[item] for item in texts], np.float32).reshape(-1, self._encoder.width)


class Semantic:
    """The vectors of one library's phrasings, of their words, of its points and of the strangers it does not answer."""

    def __init__(self, lexical: Lexical, strangers: Sequence[str], vectors: Vectors) -> None:
        """All texts must have been learnt: see `texts`."""
        self._phrasings, self._points, self._vectors = lexical.phrasings, lexical.points, vectors
        asked, told, strange = (vectors.of(part) for part in _parts(lexical, strangers))
        ours = np.concatenate([asked, told])
        # every text of such an encoder lies in one narrow cone: what all have in common says nothing
        middle = (ours.mean(axis=0) + strange.mean(axis=0)) / 2
        some = np.concatenate([rows[:: 1 + len(rows) // _SEEN] for rows in (ours, strange)])
        del ours  # a start takes the most memory here
        turn = metric(asked, lexical.phrasings)
        self._space = Space(middle, turn @ directions(Space(middle, turn).of(some), _DIRECTIONS))
        del some
        self._asked, self._told, self._strange = map(self._space.of, (asked, told, strange))
        del asked, told, strange
        self._line: Line = draw(self._asked[:: max(1, len(self._asked) // SAMPLE)], self._strange, ridge=_RIDGE)
        self._alignment = Alignment(lexical.content, self._space.of(vectors.of(lexical.content.vocabulary), _OF_WORDS))

    def look_at(self, plain: str, content: Sequence[str], words: LexicalLook) -> Look:
        """How close *plain*, with the words *content*, is to everything in the library; *words*: the same by words."""
        vectors = self._vectors.of_asked([plain, *self._alignment.unknown(content)])
        spoken = self._alignment.spoken(content, self._space.of(vectors[1:], _OF_WORDS))
        return self._aligned(self._look_from(self._space.of(vectors[:1])[0]), spoken, words)

    def look_around(self, question: int, words: LexicalLook) -> Look:
        """How close *question*'s own words are to all other questions."""
        own = int(self._phrasings.starts[question])
        return self._aligned(self._look_from(self._asked[own]).without(question), self._alignment.said(own), words)

    def _look_from(self, vector: Vector) -> Look:
        asked, told = self._asked @ vector, self._told @ vector
        strange = self._strange @ vector
        return Look(asked, told, self._phrasings, self._points, familiar=self._line.side(vector), strange=strange)

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
    """Every text that must be learnt before `Semantic` is made."""
    return [item for part in (*_parts(lexical, strangers), lexical.content.vocabulary) for item in part]


def _parts(lexical: Lexical, strangers: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Phrasings, points and strangers (see familiarity), each short enough to encode."""
    asked, told, others = (
        [text.bounded(item, LONGEST) for item in part]
        for part in (lexical.phrasings.texts, lexical.points.texts, strangers)
    )
    return asked, told, others


def _digest(item: str) -> bytes:
    return hashlib.blake2b(item.encode(), digest_size=16).digest()
