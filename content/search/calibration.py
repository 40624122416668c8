"""Fits the confidence model and its two thresholds to queries that people judged (`sunbae calibrate`)."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from content.model import SHORT_LENGTH, Question
from content.search import hangul
from content.search.confidence import FITTED, Confidence, agreed
from content.search.evidence import MEANING, WORDS
from content.search.index import Index
from content.search.initials import FIGURES
from content.search.ranking import ANSWER, NEAR
from content.search.vectors import Vectors

_FALSE_ANSWERS = 0.012  # of the unanswerable queries, at most so many are answered; hard ones are to stay below 0.02
_HONEST = 0.85  # of the unanswerable queries, at least so many are a miss
_FALSE_INITIALS, _HONEST_INITIALS = 0.15, 0.5  # … in initials, which other words have, too: people read what they get
_PENALTY = 3.0  # L2, in queries: weights stay small, for eighteen questions are few
_ELSEWHERE = 0.3  # what a query counts that is asked of another library, see `_elsewhere`
_PARTS = 8  # an eighth of the phrasings is left out at a time
_FOLDS = 10
_NOISE = 200  # texts of nonsense
_ROUNDS = 3  # different foldings, averaged

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A query with the questions that answer it."""

    text: str
    numbers: frozenset[int]  # by their place in the session; empty: the library has no answer
    kind: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What the index of a library is made of."""

    questions: Sequence[Question]
    glossary: tuple[tuple[str, ...], ...]
    unanswered: Sequence[str]
    vectors: Vectors | None = None

    def index(self) -> Index:
        """A warm index."""
        index = Index(self.questions, self.glossary, self.vectors, self.unanswered)
        index.warm()
        return index


@dataclass(frozen=True, slots=True)
class Figures:
    """What a fitted model does with queries it was not fitted to (cross-validated), as shares."""

    queries: int
    right: float  # of the answerable: answered at once, and rightly
    wrong: float  # of the answerable: answered at once with another question
    offered: float  # of the answerable: answered or offered as a choice
    false: float  # of the unanswerable: answered
    honest: float  # of the unanswerable: an honest miss


def read_judged(path: Path) -> list[Judged]:
    """The queries of a file of lines: query, numbers separated by commas, kind, separated by tabs; # is a comment.

    Raises OSError, and ValueError naming file and line.
    """
    judged = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: is not UTF-8; save the file as UTF-8") from error
    for place, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            try:
                query, numbers, kind = line.split("\t")
                asked = frozenset(int(number) for number in numbers.split(",") if number)
            except ValueError as error:
                raise ValueError(
                    f"{path}:{place}: should hold a query, question numbers and a kind, parted by tabs"
                ) from error
            judged.append(Judged(query, asked, kind))
    return judged


def fit(contents: Contents, judged: Sequence[Judged], *, file: Path | None = FITTED) -> Figures:
    """Fit one tier's model (both tiers' if *contents* has vectors) and write it to *file*; None: only measure.

    The numbers in *judged* must be those of the questions. Initials are left out, see `fit_initials`. Phrasings and
    unanswered questions are asked of a library without them, and the queries of smaller, poorer and larger libraries
    made of the same questions: otherwise the model would learn what these eighteen are about. Takes some minutes.
    ValueError if *judged* does not hold both: queries with an answer, and without.
    """
    whole = contents.index()
    asked = _table(whole.evidence, judged)
    if not asked.both:
        raise ValueError("the judged queries should be some that the library answers and some that it does not answer")
    more = _together([_left_out(contents), _elsewhere(contents, judged), _table(whole.evidence, _noise(contents))])
    scale = _Scale.of(_together([asked, more]))
    even, others = scale.even(asked), scale.even(more)
    unseen = _cross_validated(even, others)
    vectors = contents.vectors
    tier, names = (vectors.family, (*WORDS, *MEANING)) if vectors and whole.semantic else ("words", WORDS)
    agree = agreed(asked.rows, names)
    answer, near = _thresholds(unseen[~asked.answerable], agree[~asked.answerable])
    weights, offset = scale.back(*_stretched(*_logistic(even, others), answer, near))
    unseen = np.where(agree, unseen, np.minimum(unseen, answer - 1e-6))
    figures = _figures(unseen, asked, answer, near)
    if file is not None:
        usual = whole.crowding(Confidence(weights, offset, names, 0.0))
        _write(file, tier, Confidence(weights, offset, names, usual), figures)
    return figures


def fit_initials(contents: Contents, judged: Sequence[Judged], *, file: Path | None = FITTED) -> Figures | None:
    """Fit the model for queries in initials to those of *judged*, and write it to *file*; None: only measure.

    None where *judged* does not hold both: such queries with an answer, and without.
    """
    asked = _table(contents.index().evidence_of_initials, judged)
    if not asked.both:
        return None
    scale = _Scale.of(asked)
    even, others = scale.even(asked), scale.even(asked.where(np.zeros(len(asked.rows), bool)))
    unseen = _cross_validated(even, others)
    strangers = unseen[~asked.answerable]
    agree = np.ones(len(strangers), bool)
    answer, near = _thresholds(strangers, agree, false=_FALSE_INITIALS, honest=_HONEST_INITIALS)
    weights, offset = scale.back(*_stretched(*_logistic(even, others), answer, near))
    figures = _figures(unseen, asked, answer, near)
    if file is not None:
        _write(file, "initials", Confidence(weights, offset, FIGURES, 0.0), figures)
    return figures


@dataclass(frozen=True, slots=True)
class _Table:
    """The evidence for the best match of each of some queries."""

    rows: Array
    hits: Array  # 1 where the match is right
    answerable: NDArray[np.bool_]

    @property
    def both(self) -> bool:
        """Whether there are queries with an answer and without."""
        return bool(self.answerable.any() and not self.answerable.all())

    def where(self, kept: NDArray[np.bool_]) -> _Table:
        """The rows that are *kept*."""
        return _Table(self.rows[kept], self.hits[kept], self.answerable[kept])


@dataclass(frozen=True, slots=True)
class _Scale:
    """Figures of mean 0 and deviation 1, so that the penalty weighs on all alike."""

    middle: Array
    width: Array

    @classmethod
    def of(cls, table: _Table) -> _Scale:
        """The one that makes *table* even."""
        return cls(table.rows.mean(axis=0), np.maximum(table.rows.std(axis=0), 1e-6))

    def even(self, table: _Table) -> _Table:
        """*table* on this scale."""
        return replace(table, rows=(table.rows - self.middle) / self.width)

    def back(self, weights: Array, offset: float) -> tuple[Array, float]:
        """*weights* and *offset* of even figures, for figures as they are."""
        weights = weights / self.width
        return weights, offset - float(weights @ self.middle)


def _table(evidence: Callable[[str], tuple[Question, Array] | None], judged: Sequence[Judged]) -> _Table:
    weighed = [(query, found) for query in judged if (found := evidence(query.text)) is not None]
    return _Table(
        np.array([figures for _, (_, figures) in weighed]),
        np.array([float(best.number in query.numbers) for query, (best, _) in weighed]),
        np.array([bool(query.numbers) for query, _ in weighed]),
    )


def _noise(contents: Contents) -> list[Judged]:
    """What says nothing: the library's own syllables, and Latin letters, at random."""
    chance = random.Random(0)  # noqa: S311  # no secret
    syllables = [letter for question in contents.questions for letter in question.text if hangul.is_syllable(letter)]

    def word(letters: Sequence[str]) -> str:
        return "".join(chance.choices(letters, k=chance.randint(2, 8)))

    made = [" ".join(word(syllables) for _ in range(1 + number % 3)) for number in range(_NOISE)]
    made += [word(string.ascii_lowercase) for _ in range(_NOISE // 2)]
    return [Judged(text, frozenset(), "noise") for text in made]


def _together(tables: Iterable[_Table]) -> _Table:
    """One table of all that have rows; without rows where none has."""
    parts = [table for table in tables if len(table.rows)]
    return _Table(
        np.concatenate([np.zeros((0, parts[0].rows.shape[1] if parts else 0)), *(part.rows for part in parts)]),
        np.concatenate([np.zeros(0), *(part.hits for part in parts)]),
        np.concatenate([np.zeros(0, bool), *(part.answerable for part in parts)]),
    )


def _left_out(contents: Contents) -> _Table:
    """Every phrasing and every unanswered question, asked of the library without it and without some others."""

    def without(part: int) -> _Table:
        known = replace(
            contents,
            questions=[replace(each, aliases=_without(each.aliases, part)) for each in contents.questions],
            unanswered=_without(contents.unanswered, part),
        )
        phrasings = [
            Judged(alias, frozenset({question.number}), "phrasing")
            for question in contents.questions
            for alias in question.aliases[part::_PARTS]
        ]
        strangers = [Judged(request, frozenset(), "unanswered") for request in contents.unanswered[part::_PARTS]]
        return _table(known.index().evidence, [*phrasings, *strangers])

    return _together(map(without, range(_PARTS)))


def _elsewhere(contents: Contents, judged: Sequence[Judged]) -> _Table:
    """The queries asked of other libraries than the whole one.

    Made of the same questions: without the answers to a query (nothing should be found), without any other phrasings,
    and with every phrasing as a question of its own (a large, crowded library).
    """

    def without(numbers: frozenset[int]) -> _Table:
        left = [question for question in contents.questions if question.number not in numbers]
        queries = [replace(query, numbers=frozenset()) for query in judged if query.numbers == numbers]
        return _table(replace(contents, questions=left).index().evidence, queries)

    poor = [replace(question, aliases=()) for question in contents.questions]
    crowded = [single for question in contents.questions for single in _each_phrasing(question)]
    return _together(
        [
            *map(without, dict.fromkeys(query.numbers for query in judged if query.numbers)),
            *(_table(replace(contents, questions=each).index().evidence, judged) for each in (poor, crowded)),
        ]
    )


def _without(items: Sequence[str], part: int) -> tuple[str, ...]:
    return tuple(item for place, item in enumerate(items) if place % _PARTS != part)


def _each_phrasing(question: Question) -> Iterator[Question]:
    """*question* as many questions, each asked in one way; the number stays."""
    for place, phrasing in enumerate((question.text, *question.aliases)):
        short, points = phrasing[:SHORT_LENGTH], question.points if place == 0 else ()
        yield replace(question, id=f"{question.id}-{place}", text=phrasing, short=short, aliases=(), points=points)


def _logistic(even: _Table, others: _Table) -> tuple[Array, float]:
    """Weights and offset of a logistic regression with an L2 penalty, by Newton's method; *others* count little."""
    wide = np.concatenate([even.rows, others.rows])
    wide = np.concatenate([wide, np.ones((len(wide), 1))], axis=1)
    wanted = np.concatenate([even.hits, others.hits])
    share = np.concatenate([np.ones(len(even.rows)), np.full(len(others.rows), _ELSEWHERE)])
    penalty = np.append(np.full(even.rows.shape[1], _PENALTY), 0.0)
    weights = np.zeros(wide.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(wide @ weights, -30, 30)))
        slope = wide.T @ (share * (chance - wanted)) + penalty * weights
        bend = (wide * (share * chance * (1 - chance))[:, None]).T @ wide + np.diag(penalty + 1e-9)
        weights -= np.linalg.solve(bend, slope)
    return weights[:-1], float(weights[-1])


def _cross_validated(even: _Table, others: _Table) -> Array:
    """For each row of *even* the log odds that a model gives which was not fitted to it."""
    odds = np.zeros(len(even.rows))
    for seed in range(_ROUNDS):
        fold = np.random.default_rng(seed).permutation(len(odds)) % _FOLDS
        for out in range(_FOLDS):
            weights, offset = _logistic(even.where(fold != out), others)
            odds[fold == out] += (even.rows[fold == out] @ weights + offset) / _ROUNDS
    return odds


def _stretched(weights: Array, offset: float, answer: float, near: float) -> tuple[Array, float]:
    """The model with *answer* and *near* moved to ANSWER and NEAR: its scores mean what `ranking` takes them for."""
    stretch = (_logit(ANSWER) - _logit(NEAR)) / (answer - near)
    return weights * stretch, offset * stretch + _logit(ANSWER) - stretch * answer


def _thresholds(
    strangers: Array, sides: NDArray[np.bool_], *, false: float = _FALSE_ANSWERS, honest: float = _HONEST
) -> tuple[float, float]:
    """The log odds from which to answer (where the tiers agree, as *sides* says), and from which to ask back.

    *strangers*: the log odds of what has no answer.
    """
    candidates, ranked = np.sort(strangers[sides]), np.sort(strangers)
    answer = float(candidates[-1 - int(false * len(ranked))]) + 1e-6
    near = float(ranked[int(honest * len(ranked))])
    return answer, min(near, answer - 0.5)


def _figures(odds: Array, table: _Table, answer: float, near: float) -> Figures:
    asked, others = odds[table.answerable], odds[~table.answerable]
    right = table.hits[table.answerable] > 0
    return Figures(
        queries=len(odds),
        right=round(float(((asked >= answer) & right).mean()), 3),
        wrong=round(float(((asked >= answer) & ~right).mean()), 3),
        offered=round(float((asked >= near).mean()), 3),
        false=round(float((others >= answer).mean()), 3),
        honest=round(float((others < near).mean()), 3),
    )


def _write(file: Path, name: str, model: Confidence, figures: Figures) -> None:
    """Put the model into *file* beside the others."""
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"models": {}}
    held["models"][name] = {
        "offset": round(model.offset, 4),
        "usual": round(model.usual, 2),
        "weights": {each: round(float(weight), 4) for each, weight in zip(model.names, model.weights, strict=True)},
        "figures": asdict(figures),
    }
    file.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


def _logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))
