"""Who is near enough to a query to have a say in whether the library knows it."""

from __future__ import annotations

import numpy as np

from content.search.familiarity import SAMPLE, sample, votes
from content.search.postings import Scores


def scores(*values: float) -> Scores:
    return np.array(values, np.float32)


def test_nothing_votes_for_what_is_like_nothing() -> None:
    nothing = scores(*[0.0] * 30)

    assert votes(nothing[:20], nothing, nothing) == (0.0, 0.0)


def test_the_ten_nearest_vote_and_many_alike_are_one_voice_at_most() -> None:
    candidate, others, strange = scores(*[0.9] * 15), scores(*[0.2] * 15), scores(0.95, *[0.1] * 20)

    ours, strangers = votes(candidate, np.concatenate([candidate, others]), strange)

    assert ours == 1.0
    assert strangers == 0.1


def test_a_sample_is_spread_over_all_that_there_is() -> None:
    assert sample(0).tolist() == []
    assert sample(3).tolist() == [0, 1, 2]
    for rows in (SAMPLE, 2 * SAMPLE - 1, 10 * SAMPLE):
        drawn = sample(rows)
        assert len(drawn) == SAMPLE
        assert (drawn[0], drawn[-1]) == (0, rows - 1)
        assert max(drawn[1:] - drawn[:-1]) <= rows // SAMPLE + 1
