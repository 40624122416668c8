"""`sunbae calibrate` reads judged queries and writes models that `ranking` understands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from content import load
from content.search.calibration import Contents, Judged, fit, fit_initials, read_judged
from content.search.initials import FIGURES

PRACTICE = Path(__file__).with_name("practice_ask.tsv")


def test_a_line_that_is_no_judged_query_is_named_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text("# 설명\n대학원\t12\tkeyword\n\n논문 팁 15\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"judged\.tsv:4: should hold a query, question numbers and a kind"):
        read_judged(file)


def test_a_judged_query_may_have_several_answers_or_none(tmp_path: Path) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text("비전 vs nlp\t1,7\tkeyword\n점심\t\tfar\n", encoding="utf-8")

    assert read_judged(file) == [
        Judged("비전 vs nlp", frozenset({1, 7}), "keyword"),
        Judged("점심", frozenset(), "far"),
    ]


def test_without_unanswerable_queries_nothing_is_fitted_and_it_is_said(tmp_path: Path) -> None:
    contents, file = Contents(load().questions[:2], (), ()), tmp_path / "fitted.json"
    answerable = [Judged("분야 선택", frozenset({1}), "keyword"), Judged("ㅅㅂ ㅇㄱㅂㅇ", frozenset({1}), "choseong")]

    with pytest.raises(ValueError, match="some that it does not answer"):
        fit(contents, answerable, file=file)

    assert fit_initials(contents, answerable, file=file) is None
    assert not file.exists()


def test_a_model_for_initials_is_fitted_to_those_among_the_queries(tmp_path: Path) -> None:
    library, file = load(), tmp_path / "fitted.json"
    initials = [query for query in read_judged(PRACTICE) if query.kind.startswith("choseong")]
    judged = [*initials, Judged("대학원 꼭 가야 하나요", frozenset({12}), "polite")]

    figures = fit_initials(Contents(library.questions, library.glossary, ()), judged, file=file)

    assert figures is not None
    model = json.loads(file.read_text(encoding="utf-8"))["models"]["initials"]
    assert tuple(model["weights"]) == FIGURES
    assert 100 < figures.queries < len(judged)
    assert figures.right > 0.4
    assert figures.wrong < 0.05
    assert figures.false < 0.2
