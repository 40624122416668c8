"""How crowded a library is: how well its own questions, asked of the rest of it, seem to be answered there.

They should find nothing. The larger a library and the poorer in phrasings, the more they find all the same, and the
surer a match must be before it is answered.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_ASKED = 100  # questions; more change it little
_FEW = 40  # questions; of fewer, a quantile would be chance
_AMONG = 0.9  # the quantile of their log odds; some questions do have a twin


def strictness(count: int, odds_elsewhere: Callable[[int], float], usual: float) -> float:
    """What to take off the log odds of a match in a library of *count* questions, 0 or more.

    *odds_elsewhere*: the log odds that a question, by number, is answered by the best of the others. *usual*: what
    `crowding` gives for the library that the model was fitted to.
    """
    return max(0.0, crowding(count, odds_elsewhere) - usual) if count >= _FEW else 0.0


def crowding(count: int, odds_elsewhere: Callable[[int], float]) -> float:
    """A high quantile of *odds_elsewhere* over a sample of *count* questions."""
    asked = range(0, count, max(1, count // _ASKED))
    return float(np.quantile([odds_elsewhere(number) for number in asked], _AMONG))
