"""Search is as good as it was: the judged queries, with and without the semantic tier."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from content import Question, load
from content.search import Index
from content.search.calibration import Judged, read_judged
from content.search.encoders import find_vectors
from content.search.vectors import Vectors
from tests.content.quality import BASELINE, JUDGES, Results, ask, figures, index_of

PARAKQC = Path(__file__).parents[3] / "shared" / "eval" / "parakqc.tsv"
WORSE_IF_HIGHER = {"wrong", "false"}
PLAIN_BAR = {
    "words": {"R@1": 0.92, "R@3": 0.98, "right": 0.85, "wrong": 0.02, "false": 0.02, "honest": 0.70},
    "meaning": {"R@1": 0.97, "R@3": 0.99, "right": 0.92, "wrong": 0.01, "false": 0.02, "honest": 0.80},
}
HARD_BAR = {
    "words": {"R@1": 0.92, "R@3": 0.98, "right": 0.70, "wrong": 0.02, "false": 0.02, "honest": 0.60},
    "meaning": {"R@1": 0.92, "R@3": 0.98, "right": 0.70, "wrong": 0.02, "false": 0.02, "honest": 0.60},
}
SLACK = 0.011  # another CPU rounds the encoder's numbers differently: one query in a hundred


def vectors_of(tier: str) -> Vectors | None:
    """The vectors that *tier* goes by, none for words."""
    vectors = find_vectors() if tier == "meaning" else None
    if tier == "meaning" and vectors is None:
        pytest.skip("sunbae[semantic] is not installed")
    return vectors


@pytest.fixture(scope="module", params=["words", "meaning"])
def tier(request: pytest.FixtureRequest) -> tuple[str, Index]:
    name: str = request.param
    return name, index_of(load(), vectors_of(name))


@cache
def asked(judge: str, index: Index) -> tuple[list[Judged], Results]:
    """The queries of *judge* and what came of them; asking takes long."""
    judged = read_judged(JUDGES[judge])
    return judged, ask(index, judged)


@pytest.mark.parametrize("judge", JUDGES)
def test_no_figure_falls_below_the_committed_one(tier: tuple[str, Index], judge: str) -> None:
    name, index = tier
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))[f"{name} {judge}"]

    judged, results = asked(judge, index)

    now, before = figures(judged, results), baseline["figures"]
    worse = {
        figure: f"{before[figure]} -> {value}"
        for figure, value in now.items()
        if (value - before[figure]) * (-1 if figure in WORSE_IF_HIGHER else 1) < -SLACK
    }
    changed = {
        query: f"{baseline['results'].get(query)} -> {result}"
        for query, result in results.items()
        if baseline["results"].get(query, [None])[:2] != result[:2]
    }
    assert not worse, f"{worse}; changed: {json.dumps(changed, ensure_ascii=False, indent=1)}"


def test_the_plain_bar_holds(tier: tuple[str, Index]) -> None:
    name, index = tier

    now = figures(*asked("plain", index))

    assert missed(now, PLAIN_BAR[name]) == {}


def test_the_bar_holds_on_what_nobody_fitted_to(tier: tuple[str, Index]) -> None:
    name, index = tier

    plain, hard = (figures(*asked(f"{judge}, never fitted", index)) for judge in ("plain", "hard"))

    assert missed(plain, PLAIN_BAR[name]) == {}
    assert missed(hard, HARD_BAR[name]) == {}


def missed(now: dict[str, float], bar: dict[str, float]) -> dict[str, float]:
    """The figures that are worse than *bar*."""
    return {
        figure: value
        for figure, value in now.items()
        if (value > bar[figure] if figure in WORSE_IF_HIGHER else value < bar[figure])
    }


@pytest.mark.skipif(not PARAKQC.exists(), reason="ParaKQC lies beside the checkout, not in it")
@pytest.mark.parametrize(("tier", "bar"), [("words", 0.87), ("meaning", 0.92)])
def test_paraphrases_are_found_without_any_curation(tier: str, bar: float) -> None:
    lines = [line.split("\t")[2] for line in PARAKQC.read_text(encoding="utf-8").splitlines()]
    groups = [lines[start : start + 10] for start in range(0, len(lines) - 9, 10)]
    questions = [Question(f"q{n}", "s", n, group[0], group[0][:40], ()) for n, group in enumerate(groups)]
    index = Index(questions, vectors=vectors_of(tier))
    index.warm()

    asked = [(number, group[1 + number % 9]) for number, group in enumerate(groups)][::4]
    found = [index.search(query, limit=1)[0].question.number == number for number, query in asked]

    assert sum(found) / len(found) >= bar
