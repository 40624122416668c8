"""Words beside words: which of a query's find a counterpart in a phrasing, and which of the phrasing's in the query."""

from __future__ import annotations

import numpy as np
import pytest

from content.search.alignment import Alignment
from content.search.familiarity import Vector
from content.search.lexical import Content

# "snowfall" and "snow" point nearly the same way, the years a little, and nothing else does
DIRECTIONS = {
    "강설량": (1.0, 0.0, 0.0, 0.0),
    "눈": (0.95, 0.31, 0.0, 0.0),
    "작년": (0.0, 0.0, 1.0, 0.0),
    "올해": (0.0, 0.0, 0.6, 0.8),
}
PHRASINGS = (("강설량", "작년"), ("강설량", "올해"), ("강설량",), ())


def vectors(*words: str) -> Vector:
    return np.array([DIRECTIONS[word] for word in words], np.float32).reshape(-1, 4)


@pytest.fixture
def alignment() -> Alignment:
    vocabulary = ("강설량", "작년", "올해")
    places = [vocabulary.index(word) for phrasing in PHRASINGS for word in phrasing]
    starts = np.cumsum([0, *map(len, PHRASINGS)])
    return Alignment(Content(vocabulary, np.array(places, np.uint32), starts), vectors(*vocabulary))


def test_a_word_the_library_lacks_finds_its_neighbour_and_one_that_says_otherwise_does_not(
    alignment: Alignment,
) -> None:
    asked = ("작년", "눈")
    assert alignment.unknown(asked) == ["눈"]

    found = alignment.beside(alignment.spoken(asked, vectors("눈")), [0, 1])

    assert found.fit[0] > 0.9 > found.fit[1] > 0
    assert found.share[0] > found.share[1]
    assert found.gap[0] < 0.2 < found.gap[1]


def test_what_a_phrasing_asks_besides_counts_against_it(alignment: Alignment) -> None:
    exact, more = alignment.beside(alignment.said(2), [2, 0]).fit

    assert exact == pytest.approx(1, abs=1e-4)
    assert more < exact


def test_a_phrasing_without_words_and_a_query_without_words_fit_nothing(alignment: Alignment) -> None:
    beside_nothing = alignment.beside(alignment.said(0), [3, 0])
    nothing = alignment.beside(alignment.spoken((), vectors()), [0, 3])

    assert beside_nothing.fit[0] == beside_nothing.share[0] == 0
    assert beside_nothing.fit[1] > 0.9
    assert nothing.fit.tolist() == nothing.gap.tolist() == [0, 0]
