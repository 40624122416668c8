"""What stands first, and whether to answer with it, to ask back, or to say that nothing fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from content.model import Match
from content.search.postings import Scores

Outcome = Literal["answer", "choices", "miss"]

ANSWER = 0.75  # a match with at least this score is answered without asking back
NEAR = 0.35  # a match with at least this score is offered as a choice
# `sunbae calibrate` fits the scores to these two numbers, so that they stay what they are whatever the model


def outcome(matches: Sequence[Match]) -> Outcome:
    """What to do with *matches*, which stand best first."""
    if not matches or matches[0].score < NEAR:
        return "miss"
    return "answer" if matches[0].score >= ANSWER else "choices"


def highest(totals: Scores, count: int) -> list[int]:
    """The places of the *count* highest of *totals*, highest first; the earlier of two alike."""
    left = totals.copy()
    best = []
    for _ in range(min(count, len(totals))):  # faster than a partition, which many equal scores slow down
        best.append(int(np.argmax(left)))
        left[best[-1]] = -np.inf
    return best
