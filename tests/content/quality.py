"""Asks the judged queries and counts what came of them; as a script, writes down today's results to compare with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from content import Library, load
from content.search import Index, outcome
from content.search.calibration import Contents, Judged, read_judged
from content.search.encoders import find_vectors
from content.search.vectors import Vectors

HERE = Path(__file__).parent
FILES = {
    "plain": "seed_ask.tsv",
    "plain, never fitted": "judge_plain_ask.tsv",
    "hard, never fitted": "judge_hard_ask.tsv",
}
JUDGES = {judge: HERE / file for judge, file in FILES.items()}
BASELINE = HERE / "search_baseline.json"

Results = dict[str, list[object]]  # by query: the outcome and the first three questions


def ask(index: Index, judged: Sequence[Judged]) -> Results:
    """What *index* makes of each query."""
    results: Results = {}
    for query in judged:
        matches = index.search(query.text, limit=3)
        results[query.text] = [outcome(matches), *(match.question.number for match in matches)]
    return results


def figures(judged: Sequence[Judged], results: Results) -> dict[str, float]:
    """Shares of the answerable (first, among three, answered rightly, wrongly) and of the others (answered, missed)."""
    answerable = [query for query in judged if query.numbers]
    others = [query for query in judged if not query.numbers]

    def share(queries: Sequence[Judged], count: int) -> float:
        return round(count / len(queries), 3)

    firsts = [results[query.text][1:2] for query in answerable]
    hits = [bool(first and first[0] in query.numbers) for query, first in zip(answerable, firsts, strict=True)]
    answers = [results[query.text][0] == "answer" for query in answerable]
    return {
        "R@1": share(answerable, sum(hits)),
        "R@3": share(answerable, sum(bool(query.numbers & set(results[query.text][1:])) for query in answerable)),  # type: ignore[arg-type]
        "right": share(answerable, sum(hit and answer for hit, answer in zip(hits, answers, strict=True))),
        "wrong": share(answerable, sum(answer and not hit for hit, answer in zip(hits, answers, strict=True))),
        "false": share(others, sum(results[query.text][0] == "answer" for query in others)),
        "honest": share(others, sum(results[query.text][0] == "miss" for query in others)),
    }


def index_of(library: Library, vectors: Vectors | None) -> Index:
    """A warm index of *library*."""
    return Contents(library.questions, library.glossary, library.unanswered, vectors).index()


if __name__ == "__main__":
    written = {}
    for tier, vectors in (("words", None), ("meaning", find_vectors())):
        index = index_of(load(), vectors)
        for judge, path in JUDGES.items():
            judged = read_judged(path)
            results = ask(index, judged)
            written[f"{tier} {judge}"] = {"figures": figures(judged, results), "results": results}
            print(tier, judge, written[f"{tier} {judge}"]["figures"])  # noqa: T201
    BASELINE.write_text(json.dumps(written, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
