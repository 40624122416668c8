"""Fits the confidence model and its two thresholds to queries that people judged (`sunbae calibrate`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from content.model import Question
from content.search.confidence import FITTED, agreed
from content.search.evidence import MEANING, WORDS
from content.search.index import Index
from content.search.ranking import ANSWER, NEAR
from content.search.semantic import Vectors

_FALSE_ANSWERS = 0.012  # of the unanswerable queries, at most so many are answered
_HONEST = 0.8  # of the unanswerable queries, at least so many are a miss
_PENALTY = 3.0  # L2, in queries: weights stay small, for eighteen questions are few
_BEREFT = 0.3  # what a query counts that is asked of a library without its answers
_FOLDS = 10
_ROUNDS = 3  # different foldings, averaged

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A query with the questions that answer it."""

    text: str
    numbers: frozenset[int]  # by their place in the session; empty: the library has no answer
    kind: str


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
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
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


def fit(
    questions: Sequence[Question],
    glossary: tuple[tuple[str, ...], ...],
    judged: Sequence[Judged],
    *,
    vectors: Vectors | None = None,
    file: Path | None = FITTED,
) -> Figures:
    """Fit one tier's model (both tiers' with *vectors*) and write it to *file*; None: only measure.

    The numbers in *judged* must be those of *questions*. Initials alone need no model and are left out. Besides the
    judged queries, each answerable one is asked of a library without its answers, where it should find nothing:
    otherwise the model would learn what these eighteen questions are about. Takes up to a minute.
    """
    whole = _index(questions, glossary, vectors)
    rows, hits, answerable = _table(whole, judged)
    bereft = _bereft(questions, glossary, vectors, judged)
    middle, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    even, bereft = (rows - middle) / scale, (bereft - middle) / scale
    unseen = _cross_validated(even, hits, bereft)
    tier, names = ("meaning", (*WORDS, *MEANING)) if whole.semantic else ("words", WORDS)
    sides = agreed(rows, names)
    answer, near = _thresholds(unseen, answerable, sides)
    weights, offset = _logistic(even, hits, bereft)
    # a straight line through both thresholds: whatever the model, its scores mean the same to `ranking`
    stretch = (_logit(ANSWER) - _logit(NEAR)) / (answer - near)
    shift = _logit(ANSWER) - stretch * answer
    weights, offset = weights * stretch, offset * stretch + shift
    unseen = np.where(sides, unseen, np.minimum(unseen, answer - 1e-6))
    figures = _figures(unseen, hits, answerable, answer, near)
    if file is not None:
        offset -= float(weights @ (middle / scale))
        rounded = {name: round(float(weight), 4) for name, weight in zip(names, weights / scale, strict=True)}
        _write(file, tier, {"offset": round(offset, 4), "weights": rounded, "figures": asdict(figures)})
    return figures


def _index(questions: Sequence[Question], glossary: tuple[tuple[str, ...], ...], vectors: Vectors | None) -> Index:
    index = Index(questions, glossary, vectors)
    index.warm()
    return index


def _table(index: Index, judged: Sequence[Judged]) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The evidence for each query's best match; whether that match is right; whether the query has an answer."""
    weighed = [(query, found) for query in judged if (found := index.evidence(query.text)) is not None]
    rows = np.array([evidence for _, (_, evidence) in weighed])
    hits = np.array([float(best.number in query.numbers) for query, (best, _) in weighed])
    return rows, hits, np.array([bool(query.numbers) for query, _ in weighed])


def _bereft(
    questions: Sequence[Question],
    glossary: tuple[tuple[str, ...], ...],
    vectors: Vectors | None,
    judged: Sequence[Judged],
) -> Array:
    """The evidence for each answerable query's best match in a library without its answers."""
    tables = []
    for numbers in dict.fromkeys(query.numbers for query in judged if query.numbers):
        index = _index([question for question in questions if question.number not in numbers], glossary, vectors)
        tables.append(_table(index, [query for query in judged if query.numbers == numbers])[0])
    return np.concatenate([table for table in tables if len(table)])


def _logistic(rows: Array, hits: Array, bereft: Array) -> tuple[Array, float]:
    """Weights and offset of a logistic regression with an L2 penalty, by Newton's method."""
    wide = np.concatenate([rows, bereft])
    wide = np.concatenate([wide, np.ones((len(wide), 1))], axis=1)
    wanted = np.concatenate([hits, np.zeros(len(bereft))])
    share = np.concatenate([np.ones(len(rows)), np.full(len(bereft), _BEREFT)])
    penalty = np.append(np.full(rows.shape[1], _PENALTY), 0.0)
    weights = np.zeros(wide.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(wide @ weights, -30, 30)))
        slope = wide.T @ (share * (chance - wanted)) + penalty * weights
        bend = (wide * (share * chance * (1 - chance))[:, None]).T @ wide + np.diag(penalty + 1e-9)
        weights -= np.linalg.solve(bend, slope)
    return weights[:-1], float(weights[-1])


def _cross_validated(rows: Array, hits: Array, bereft: Array) -> Array:
    """For each row the log odds that a model gives which was not fitted to it."""
    odds = np.zeros(len(rows))
    for seed in range(_ROUNDS):
        chance = np.random.default_rng(seed)
        fold, other = chance.permutation(len(rows)) % _FOLDS, chance.permutation(len(bereft)) % _FOLDS
        for held_out in range(_FOLDS):
            weights, offset = _logistic(rows[fold != held_out], hits[fold != held_out], bereft[other != held_out])
            odds[fold == held_out] += (rows[fold == held_out] @ weights + offset) / _ROUNDS
    return odds


def _thresholds(odds: Array, answerable: NDArray[np.bool_], sides: NDArray[np.bool_]) -> tuple[float, float]:
    """The log odds from which to answer (where the tiers agree, as *sides* says), and from which to ask back."""
    strangers = np.sort(odds[~answerable])
    candidates = np.sort(odds[~answerable & sides])
    answer = float(candidates[-1 - int(_FALSE_ANSWERS * len(strangers))]) + 1e-6
    near = float(strangers[int(_HONEST * len(strangers))])
    return answer, min(near, answer - 0.5)


def _figures(odds: Array, hits: Array, answerable: NDArray[np.bool_], answer: float, near: float) -> Figures:
    asked, others = odds[answerable], odds[~answerable]
    right = hits[answerable] > 0
    return Figures(
        queries=len(odds),
        right=round(float(((asked >= answer) & right).mean()), 3),
        wrong=round(float(((asked >= answer) & ~right).mean()), 3),
        offered=round(float((asked >= near).mean()), 3),
        false=round(float((others >= answer).mean()), 3),
        honest=round(float((others < near).mean()), 3),
    )


def _write(file: Path, tier: str, model: Mapping[str, object]) -> None:
    """Put the model into *file* beside the other tier's."""
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"models": {}}
    held["models"][tier] = model
    file.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


def _logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))
