"""The importer against real notes and a careful reader's findings, where the shared folder is at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import notes
from content.notes import merge, read, read_sheet, to_json, to_yaml

ROOT = Path(__file__).parents[3]
SEED = notes.FOLDER.parent / "seed" / "week4-masterclass1.md"
CURATED = ROOT / "content" / "sessions" / "week4-masterclass1.yaml"
COUNTED = {"013": 25, "015": 241, "041": 10}

needs_notes = pytest.mark.skipif(not notes.FOLDER.exists(), reason="../shared/notes is not here")
needs_seed = pytest.mark.skipif(not SEED.exists(), reason="../shared/seed is not here")


@needs_notes
def test_questions_and_answers_are_found_as_a_careful_reader_finds_them() -> None:
    scores = notes.scores()

    assert {score.name: score.faults for score in scores if score.f1 < notes.EACH} == {}
    assert sum(score.right_words for score in scores) >= notes.WORDS * sum(score.words for score in scores)


@needs_notes
@pytest.mark.parametrize(("number", "count"), COUNTED.items())
def test_as_many_questions_are_found_as_were_counted(number: str, count: int) -> None:
    (path,) = notes.FOLDER.glob(f"{number}-*")

    sessions = to_json(read(path.read_bytes(), name=path.stem))["sessions"]

    assert sum(len(session["questions"]) for session in sessions) == count


@needs_notes
def test_the_key_at_the_end_of_a_quiz_answers_each_of_its_questions() -> None:
    (path,) = notes.FOLDER.glob("041-*")

    questions = read(path.read_bytes(), name=path.stem).questions

    key = ["2", "5", "1", "2", "3", "5", "5", "Context Switching", "2", "2"]
    assert [[point.text for point in question.points] for question in questions] == [[answer] for answer in key]
    assert "3. Real-Time System" in questions[2].text


@needs_notes
def test_a_page_about_notes_holds_no_questions() -> None:
    assert read((notes.FOLDER / "README.md").read_bytes(), name="README").talks == ()


@needs_seed
def test_the_seed_note_is_read_exactly() -> None:
    gold = json.loads(SEED.with_name("gold.json").read_text(encoding="utf-8"))
    (session,) = to_json(read(SEED.read_bytes(), name=SEED.stem))["sessions"]

    assert (session["title"], session["speaker"], session["date"]) == ("Week 4 마스터클래스1", "주재걸", "02.17")
    assert session["source"] == "https://hackmd.io/6RMuuDrFT32LJB2KWbOhtw"
    assert [(each["number"], each["line"], each["text"]) for each in session["questions"]] == [
        (each["n"], each["line"], each["question"]) for each in gold
    ]
    assert [list(_flat(each["points"])) for each in session["questions"]] == [
        [(answer["depth"], answer["text"]) for answer in each["answers"]] for each in gold
    ]


@needs_seed
def test_importing_the_seed_over_its_curated_file_changes_nothing() -> None:
    curated = CURATED.read_text(encoding="utf-8")
    (talk,) = read(SEED.read_bytes(), name=SEED.stem).talks

    sheet, changes = merge(read_sheet(curated), talk, session=SEED.stem)

    assert changes == ()
    assert to_yaml(sheet) == curated


def _flat(points: list[dict[str, Any]], depth: int = 1) -> Iterator[tuple[int, str]]:
    for point in points:
        yield depth, point["text"]
        yield from _flat(point["children"], depth + 1)
