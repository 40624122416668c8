"""`sunbae import`: what it shows, what it refuses, and what it writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.bot.conftest import Run

FOLLOWED = "## 질문\n- 원리는?\n  - 왜 그런가요?\n  - 얼마나 큰가요?\n- 한계는?\n"


def test_the_preview_numbers_questions_as_json_and_the_session_file_do(sunbae: Run, tmp_path: Path) -> None:
    (tmp_path / "week5.md").write_text(FOLLOWED, encoding="utf-8")

    preview = sunbae("import", "week5.md", "--dry-run")
    shown = json.loads(sunbae("import", "week5.md", "--dry-run", "--json").stdout)
    sunbae("import", "week5.md", "--into", "sessions")
    filed = [json.loads(line) for line in sunbae("browse", "--json", SUNBAE_CONTENT="sessions").stdout.splitlines()]

    numbers = [(int(number), text) for number, text in re.findall(r"(\d+)\. (\S.*?)  ", preview.stdout)]
    assert numbers == [(1, "원리는?"), (2, "왜 그런가요?"), (3, "얼마나 큰가요?"), (4, "한계는?")]
    assert [(each["number"], each["text"]) for each in _flat(shown["sessions"][0]["questions"])] == numbers
    assert [(each["number"], each["short"]) for each in filed] == numbers


def test_the_preview_shows_the_image_that_belongs_to_a_question(sunbae: Run) -> None:
    note = "## 그림의 힙은 어떻게 바뀌나요?\n\n![힙](heap.png)\n\n- 작아집니다.\n\n## 왜요?\n\n- 네.\n"

    preview = sunbae("import", "-", "--dry-run", typed=note)

    assert "heap.png" in preview.stdout
    assert preview.exit_code == 0


@pytest.mark.parametrize("id_", ["한글", "", "Week 5", "../week5", "-", "a" * 49])
def test_an_id_that_is_none_is_refused_as_check_refuses_it(sunbae: Run, tmp_path: Path, id_: str) -> None:
    done = sunbae("import", "-", "--id", id_, "--into", "sessions", typed=FOLLOWED)

    assert done.exit_code == 2
    assert done.stderr == f"sunbae: --id {id_}: an id should be 1-48 lower-case letters a-z, digits and hyphens\n"
    assert not (tmp_path / "sessions").exists()


def test_the_glossary_is_no_session(sunbae: Run) -> None:
    done = sunbae("import", "-", "--id", "glossary", "--into", "sessions", typed=FOLLOWED)

    assert done.exit_code == 2
    assert done.stderr == "sunbae: --id glossary: that is the file of words that mean the same\n"


@pytest.mark.parametrize("id_", ["2021", "a--b", "week-5-", "a" * 48])
def test_an_id_is_taken_as_it_is_given(sunbae: Run, tmp_path: Path, id_: str) -> None:
    done = sunbae("import", "-", "--id", id_, "--into", "sessions", typed=FOLLOWED)

    assert done.exit_code == 0
    assert [path.name for path in (tmp_path / "sessions").iterdir()] == [f"{id_}.yaml"]


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_file_where_a_folder_is_wanted_is_called_that(sunbae: Run, tmp_path: Path, dry: list[str]) -> None:
    (tmp_path / "sessions").write_text("mine", encoding="utf-8")

    done = sunbae("import", "-", *dry, "--into", "sessions", typed=FOLLOWED)

    below = sunbae("import", "-", *dry, "--into", "sessions/week5", typed=FOLLOWED)

    assert (done.exit_code, below.exit_code) == (2, 2)
    assert done.stderr == "sunbae: sessions: is not a folder; session files go into a folder\n"
    assert below.stderr == f"sunbae: {tmp_path / 'sessions'}: is not a folder; session files go into a folder\n"
    assert done.stdout == below.stdout == ""


@pytest.mark.parametrize("dry", [[], ["--dry-run"], ["--json"]])
@pytest.mark.parametrize("notes", [["edited.md"], ["new.md", "edited.md"]])
def test_removing_what_the_note_has_not_lost_is_refused_and_nothing_is_written(
    sunbae: Run, tmp_path: Path, notes: list[str], dry: list[str]
) -> None:
    (tmp_path / "edited.md").write_text(FOLLOWED, encoding="utf-8")
    sunbae("import", "edited.md", "--into", "sessions")
    (tmp_path / "edited.md").write_text(FOLLOWED.replace("- 한계는?", "- 장점은?\n- 한계는?"), encoding="utf-8")
    (tmp_path / "new.md").write_text("# 새 노트\n- 왜요?\n  - 네.\n", encoding="utf-8")
    before = _written(tmp_path)

    done = sunbae("import", *notes, *dry, "--remove", "nope", "--remove", "edited-01", "--into", "sessions")

    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        f"sunbae: --remove {id_}: the notes have lost nothing of a question with this id"
        for id_ in ("nope", "edited-01")
    ]
    assert done.stdout == ""
    assert _written(tmp_path) == before


def test_what_the_note_has_lost_is_removed_when_it_is_named(sunbae: Run, tmp_path: Path) -> None:
    (tmp_path / "week5.md").write_text(FOLLOWED, encoding="utf-8")
    sunbae("import", "week5.md", "--into", "sessions")

    lost = FOLLOWED.replace("- 한계는?\n", "")
    done = sunbae("import", "-", "--id", "week5", "--remove", "week5-04", "--into", "sessions", typed=lost)

    assert done.exit_code == 0
    assert "week5-04" not in _written(tmp_path)["week5.yaml"]


def test_what_stands_in_the_way_of_a_note_is_told_before_what_to_remove(sunbae: Run, tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions/week5.yaml").write_text("- just a list\n", encoding="utf-8")

    done = sunbae("import", "-", "--id", "week5", "--remove", "nope", "--into", "sessions", typed=FOLLOWED)

    assert done.exit_code == 1
    assert "is no session file" in done.stderr


def _written(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (folder / "sessions").iterdir()}


def _flat(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for question in questions for each in (question, *_flat(question.get("follow_ups", [])))]
