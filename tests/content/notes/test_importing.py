"""Importing into a folder: what is planned, what is refused, and what is written."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from content import load
from content.notes import EditedError, plan_import, write_plan

NOTE = dedent(
    """\
    # 7주차 멘토링 - 김선배(03.05)

    - 논문은 어떻게 읽나요?
      - 초록부터 읽으세요.
    - 크롤링도 배워야 하나요?
      - 네.
    """
).encode()


def test_a_note_becomes_a_session_file_that_loads(tmp_path: Path) -> None:
    written = write_plan(plan_import(NOTE, name="week7", folder=tmp_path))

    assert written == (tmp_path / "week7.yaml",)
    assert [question.text for question in load(tmp_path).questions] == [
        "논문은 어떻게 읽나요?",
        "크롤링도 배워야 하나요?",
    ]


@pytest.mark.parametrize("heading", ["진로, 취업", "진로,취업", "진로 / 취업"])
def test_a_heading_that_names_two_things_is_one_topic_that_can_be_chosen(tmp_path: Path, heading: str) -> None:
    note = f"# 7주차 멘토링\n\n## {heading}\n\n- 논문은 어떻게 읽나요?\n  - 초록부터 읽으세요.\n"
    write_plan(plan_import(note.encode(), name="week7", folder=tmp_path))

    assert "진로·취업" in load(tmp_path).topics()


def test_an_unchanged_note_leaves_the_curated_file_as_it_is(tmp_path: Path) -> None:
    write_plan(plan_import(NOTE, name="week7", folder=tmp_path))

    assert write_plan(plan_import(NOTE, name="week7", folder=tmp_path)) == ()


@pytest.mark.parametrize("edited", ["title: 누가 고쳤어요\n", None])
def test_what_somebody_edits_after_the_look_is_not_written_over(tmp_path: Path, edited: str | None) -> None:
    file = tmp_path / "week7.yaml"
    write_plan(plan_import(NOTE, name="week7", folder=tmp_path))
    plan = plan_import(NOTE + "- 새 질문인가요?\n  - 네.\n".encode(), name="week7", folder=tmp_path)
    file.unlink() if edited is None else file.write_text(edited, encoding="utf-8")

    with pytest.raises(EditedError, match="was edited meanwhile"):
        write_plan(plan)

    assert (file.read_text(encoding="utf-8") if file.exists() else None) == edited


def test_another_note_never_overwrites_a_session_of_the_same_name(tmp_path: Path) -> None:
    write_plan(plan_import(NOTE, name="week7", folder=tmp_path))
    before = (tmp_path / "week7.yaml").read_bytes()

    plan = plan_import("- 점심은 어디서 드시나요?\n  - 학교에서요.\n".encode(), name="week7", folder=tmp_path)

    assert "holds another note ('7주차 멘토링'); name the new session with --id" in str(plan.faults[0])
    with pytest.raises(ValueError, match="faults"):
        write_plan(plan)
    assert (tmp_path / "week7.yaml").read_bytes() == before


def test_what_stands_there_and_is_no_session_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "week7.yaml").write_text("- just a list\n", encoding="utf-8")

    plan = plan_import(NOTE, name="week7", folder=tmp_path)

    assert "is no session file" in str(plan.faults[0])


def test_ids_and_aliases_of_other_sessions_are_kept_clear_of(tmp_path: Path) -> None:
    twice = "- P stage에서 무엇을 하나요? 어떤 태스크를 고르나요?\n  - 끌리는 것을요.\n".encode()
    write_plan(plan_import(twice, name="week1", folder=tmp_path))
    write_plan(plan_import(twice, name="week2", folder=tmp_path))

    library = load(tmp_path)

    assert len({question.id for question in library.questions}) == 2


def test_a_note_without_questions_writes_nothing_and_says_what_stands_there(tmp_path: Path) -> None:
    plan = plan_import("그냥 글이에요.\n".encode(), name="letter", folder=tmp_path)

    assert write_plan(plan) == ()
    assert "1 paragraph" in plan.reading.found


def test_importing_the_seed_over_its_curated_file_changes_nothing() -> None:
    seed = Path(__file__).parents[4] / "shared/seed/week4-masterclass1.md"
    if not seed.exists():
        pytest.skip("the seed note is not beside the project")
    folder = Path(__file__).parents[3] / "content/sessions"

    plan = plan_import(seed.read_bytes(), name="week4-masterclass1", folder=folder)

    assert [draft.changed for draft in plan.drafts] == [False]
    assert plan.faults == ()
