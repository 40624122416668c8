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

from content.search.evidence import MEANING, WORDS

FITTED = Path(__file__).with_name("calibrated.json")


@dataclass(frozen=True, slots=True)
class Confidence:
    """A weight for each figure of evidence."""

    weights: NDArray[np.float64]
    offset: float

    def of(self, evidence: NDArray[np.float64]) -> float:
        """The confidence that *evidence* gives, 0-1."""
        raised = float(evidence @ self.weights) + self.offset
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, raised))))


@cache
def fitted() -> Mapping[str, Confidence]:
    """The models that ship: "words" for the lexical tier alone, "meaning" for both tiers."""
    models = json.loads(FITTED.read_text(encoding="utf-8"))["models"]
    return {"words": _read(models["words"], WORDS), "meaning": _read(models["meaning"], (*WORDS, *MEANING))}


def _read(model: Mapping[str, Any], names: Sequence[str]) -> Confidence:
    return Confidence(np.array([model["weights"][name] for name in names]), model["offset"])
