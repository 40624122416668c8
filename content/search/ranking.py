"""Whether to answer, to ask back, or to say that nothing fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from content.model import Match

Outcome = Literal["answer", "choices", "miss"]

ANSWER = 0.75  # a match with at least this score is answered without asking back
NEAR = 0.35  # a match with at least this score is offered as a choice
# `sunbae calibrate` fits the scores to these two numbers, so that they stay what they are whatever the model


def outcome(matches: Sequence[Match]) -> Outcome:
    """What to do with *matches*, which stand best first."""
    if not matches or matches[0].score < NEAR:
        return "miss"
    return "answer" if matches[0].score >= ANSWER else "choices"
