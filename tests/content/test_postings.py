"""The packed index: many texts read together are what each is alone, however many parts are sorted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.search import postings
from content.search.lines import Lines, line_of
from content.search.postings import Postings, grams, hashed, joined, pack, spelt


def packed(*texts: str) -> Postings:
    rows = [hashed(text.split()) for text in texts]
    return pack(np.concatenate(rows), np.array([len(row) for row in rows]))


@given(st.lists(st.text("ㄱㅏa1", max_size=8), max_size=6))
def test_texts_spelt_together_are_spelt_as_each_alone(texts: list[str]) -> None:
    terms, counts = spelt(texts)
    rows = np.split(terms, np.cumsum(counts)[:-1])

    assert [sorted(row) for row, _ in zip(rows, texts, strict=False)] == [sorted(grams(text)) for text in texts]


@given(st.lists(st.lists(st.text("ㄱㄴ", max_size=3)), max_size=6))
def test_words_of_many_rows_have_the_terms_that_they_have_alone(rows: list[list[str]]) -> None:
    terms, counts = joined((row, [1] * len(row)) for row in rows)

    alone = [joined([([word], [1])])[0].tolist() for row in rows for word in row]
    assert terms.tolist() == [term for found in alone for term in found]
    assert counts.tolist() == [sum(len(word) > 1 for word in row) for row in rows]


def test_neighbouring_words_have_the_term_of_one_word() -> None:
    terms, counts = joined([(["ㄷㅎ", "ㅇ", "ㅊㅇ", "ㄱ"], [3, 2, 1, 1])])

    together = ["ㄷㅎ", "ㄷㅎㅇ", "ㄷㅎㅇㅊㅇ", "ㅇㅊㅇ", "ㅊㅇ"]  # "ㅇ" and "ㄱ" alone are left out
    assert terms.tolist() == joined([(together, [1] * len(together))])[0].tolist()
    assert counts.tolist() == [len(together)]
    assert len(set(terms.tolist())) == len(together)


def test_an_index_packed_in_parts_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{number % 7} {number % 5} 연구 {'대학원 ' * (number % 3)}" for number in range(60)]
    whole = packed(*texts)
    monkeypatch.setattr(postings, "_AT_ONCE", 10)

    parts = packed(*texts)

    assert (parts.terms.tolist(), parts.starts.tolist()) == (whole.terms.tolist(), whole.starts.tolist())
    assert parts.entries.tolist() == whole.entries.tolist()


def test_a_word_said_more_often_and_in_a_shorter_text_weighs_more() -> None:
    index = packed("논문 논문 연구", "논문 연구 연구", "논문", "", "졸업 " * 300)

    twice, once, alone, nothing, other = index.score(index.find(hashed(["논문"]))).tolist()

    assert alone > once > 0
    assert twice > once
    assert nothing == other == 0
    assert index.score(index.find(hashed(["졸업"]))).argmax() == 4


def test_a_text_that_says_the_same_and_no_more_is_the_most_alike() -> None:
    index = packed("논문 연구", "논문 연구 졸업 취업", "졸업", "")

    same, more, other, nothing = index.alike(index.find(hashed(["논문", "연구"])), index.norms()).tolist()

    assert same == pytest.approx(1, abs=1e-3)
    assert same > more > 0
    assert other == nothing == 0
    assert index.alike(index.find(hashed(["논문", "여행"])), index.norms())[0] < same


def test_lines_are_found_once_each_and_known_to_begin_with_what_is_sought() -> None:
    lines = Lines("".join(map(line_of, (["ㄱ", "ㄴㄱ"], [], ["ㄴㄱ", "ㄱ", "ㄴ"], ["ㄱㄱ"]))))

    assert [(number, lines.begins(number, " ㄴ")) for number in lines.find(" ㄴ")] == [(0, False), (2, True)]
    assert list(lines.find("ㅎ")) == []
    assert [lines.line(number) for number in range(4)] == ["ㄱ ㄴㄱ", "", "ㄴㄱ ㄱ ㄴ", "ㄱㄱ"]
    changed = lines.each(lambda text: text.replace("ㄱ", "ㄷㅏ"))
    assert list(changed) == [["ㄷㅏ", "ㄴㄷㅏ"], [], ["ㄴㄷㅏ", "ㄷㅏ", "ㄴ"], ["ㄷㅏㄷㅏ"]]
