"""How sure the best match is, 0-1: a logistic model over the evidence, fitted by `sunbae calibrate`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from content.search.evidence import AGREEMENT, MEANING, WORDS
from content.search.initials import FIGURES
from content.search.ranking import ANSWER, NEAR

FITTED = Path(__file__).with_name("calibrated.json")

_NOTHING = NEAR - 0.05
_HARDLY = 0.4  # of 957 right first matches two held so little of the words and so few of the key grams
_NEAR_IN_MEANING = 0.6  # of 308 texts of nonsense that hold so little, sixteen come as near
_DISPUTED = ANSWER - 0.01  # of nine answers given against the words' first choice, two were wrong and one uncalled for


@dataclass(frozen=True, slots=True)
class Confidence:
    """A weight for each figure of evidence."""

    weights: NDArray[np.float64]
    offset: float
    names: tuple[str, ...]
    usual: float  # how crowded the library was that it was fitted to, see `crowding`

    def odds(self, evidence: NDArray[np.float64]) -> float:
        """The log odds that *evidence* gives."""
        return float(evidence[: len(self.weights)] @ self.weights) + self.offset  # what words say comes first

    def chance(self, evidence: NDArray[np.float64], *, strictness: float = 0.0) -> float:
        """The chance that *evidence* gives, 0-1. *strictness*: what to take off the log odds."""
        raised = self.odds(evidence) - strictness
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, raised))))

    def of(self, evidence: NDArray[np.float64], *, strictness: float = 0.0) -> float:
        """The same for a query in words: below ANSWER where words and meaning disagree, lower for noise."""
        sure = self.chance(evidence, strictness=strictness)
        figures = dict(zip(self.names, evidence, strict=False))
        if figures["covered"] < _HARDLY and figures["keys_covered"] < _HARDLY:  # noise is far from strangers, too
            return min(sure, _DISPUTED if figures.get("near_anything", 0.0) > _NEAR_IN_MEANING else _NOTHING)
        return sure if agreed(evidence[None], self.names)[0] else min(sure, _DISPUTED)


def agreed(rows: NDArray[np.float64], names: Sequence[str]) -> NDArray[np.bool_]:
    """In which *rows* of evidence both tiers put the candidate first; in all without a semantic tier."""
    if AGREEMENT not in names:
        return np.ones(len(rows), bool)
    held: NDArray[np.bool_] = rows[:, tuple(names).index(AGREEMENT)] > 0
    return held


@cache
def fitted() -> Mapping[str, Confidence]:
    """The models that ship.

    "initials" for queries in initials, "words" for the lexical tier alone, one by its family for each encoder with both
    tiers.
    """
    models = json.loads(FITTED.read_text(encoding="utf-8"))["models"]
    figures = {"initials": FIGURES, "words": WORDS}
    return {name: _read(model, figures.get(name, (*WORDS, *MEANING))) for name, model in models.items()}


def _read(model: Mapping[str, Any], names: Sequence[str]) -> Confidence:
    return Confidence(
        np.array([model["weights"].get(name, 0.0) for name in names]), model["offset"], tuple(names), model["usual"]
    )
