"""Session files: what the importer proposes, and what stays when an edited note comes again."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from content import load
from content.notes import (
    Change,
    Sheet,
    Talk,
    merge,
    pending,
    propose,
    read,
    read_sheet,
    session_ids,
    sheet_warnings,
    to_yaml,
)
from content.session_file import Taken

NOTE = """
# 4주차 - 김선배님(02.17)

- P stage에서 NLP와 vision 중에 어떻게 정하나요? 팁이 있을까요?
	- 처음부터 깊이 고민하기보다는 조금 더 끌리는 걸로 시작하세요.
	- 저도 잘 모르겠어요.
- 방금 말씀하신 부분의 연장선인데, 논문은 어떻게 읽나요?
	- 초록부터 읽으세요.
		- 그림도 보세요.
- 크롤링도 필요한가요?
	- 네.
"""
CURATED = """
# 손으로 고친 파일입니다.
title: 4주차 마스터클래스
speaker: 김선배
date: "02.17"

questions:
  # 분야 고르기
  - id: choosing-a-field
    short: 분야, 어떻게 정하죠?
    topics: [진로]
    text: >-
      P stage에서 NLP와 vision 중에 어떻게 정하나요?
      팁이 있을까요?
    points:
      - advice: 조금 더 끌리는 걸로 시작하세요.
        text: >-
          처음부터 깊이 고민하기보다는 조금 더 끌리는 걸로 시작하세요.
      - 저도 잘 모르겠어요.
    aliases:
      - 트랙 고르는 법

  - id: reading-papers
    short: 논문 읽는 법
    follows: choosing-a-field
    text: 논문은 어떻게 읽나요?
    source_text: >-
      방금 말씀하신 부분의 연장선인데, 논문은 어떻게 읽나요?
    points:
      - text: 초록부터 읽으세요.
        points:
          - advice: true
            text: 그림도 보세요.

  - id: crawling
    short: 크롤링
    text: 크롤링도 필요한가요?
    points: [네.]
"""


def talk(note: str) -> Talk:
    (found,) = read(dedent(note).encode(), name="note").talks
    return found


def merged(note: str, *, remove: tuple[str, ...] = ()) -> tuple[Sheet, list[Change]]:
    sheet, changes = merge(read_sheet(CURATED), talk(note), session="week4", remove=remove)
    return sheet, [change for change in changes if change.question]


def test_a_new_session_file_loads_and_marks_what_nobody_has_confirmed(tmp_path: Path) -> None:
    text = to_yaml(propose(talk(NOTE), session="week4"))
    (tmp_path / "week4.yaml").write_text(text, encoding="utf-8")

    library = load(tmp_path)

    assert [question.id for question in library.questions] == ["stage-nlp-vision", "week4-02", "week4-03"]
    assert library.advice() == ()
    assert (2, "speaker: 김선배") not in pending(text)
    assert [words for _, words in pending(text)][:2] == [
        "id: stage-nlp-vision",
        "short: P stage에서 NLP와 vision 중에 어떻게 정하나요? 팁이 있을까요?",
    ]
    assert sum(words == "advice candidate" for _, words in pending(text)) == 1


def test_an_advice_candidate_becomes_advice_when_its_comment_sign_is_deleted(tmp_path: Path) -> None:
    text = to_yaml(propose(talk(NOTE), session="week4")).replace("# advice: true", "advice: true", 1)
    (tmp_path / "week4.yaml").write_text(text, encoding="utf-8")

    assert [advice.text for advice in load(tmp_path).advice()] == [
        "처음부터 깊이 고민하기보다는 조금 더 끌리는 걸로 시작하세요."
    ]


def test_ids_stay_clear_of_those_that_are_taken() -> None:
    sheet = propose(talk(NOTE), session="week4", taken=Taken({"week4-02": "week4.yaml:9"}))

    assert [entry.id for entry in sheet.entries] == ["stage-nlp-vision", "week4-02-2", "week4-03"]


def test_a_question_that_leans_on_the_one_before_is_proposed_to_follow_it() -> None:
    assert propose(talk(NOTE), session="week4").entries[1].follows == "stage-nlp-vision"


def test_an_unchanged_note_leaves_a_curated_file_alone_byte_for_byte() -> None:
    sheet, changes = merged(NOTE)

    assert changes == []
    assert to_yaml(sheet) == CURATED


def test_a_reworded_question_keeps_all_that_people_added() -> None:
    sheet, changes = merged(NOTE.replace("NLP와 vision 중에", "NLP와 비전 중에서"))
    entry = sheet.entries[0]

    assert [(change.kind, change.question) for change in changes] == [("reworded", "choosing-a-field")]
    assert (entry.short, entry.topics, entry.aliases) == ("분야, 어떻게 정하죠?", ("진로",), ("트랙 고르는 법",))
    assert entry.text.startswith("P stage에서 NLP와 비전 중에서")
    assert entry.points[0].advice == "조금 더 끌리는 걸로 시작하세요."
    assert sheet.entries[1].written == read_sheet(CURATED).entries[1].written


def test_a_changed_answer_keeps_its_advice_marks() -> None:
    sheet, changes = merged(NOTE.replace("초록부터 읽으세요.", "초록과 결론부터 읽으세요."))

    assert [(change.kind, change.message) for change in changes] == [
        ("answer changed", "1 point new or reworded, 1 gone")
    ]
    assert sheet.entries[1].points[0].text == "초록과 결론부터 읽으세요."
    assert sheet.entries[1].points[0].children[0].advice == "true"


def test_a_vanished_question_stays_until_somebody_lets_it_go() -> None:
    note = NOTE.replace("- 크롤링도 필요한가요?\n\t- 네.\n", "")

    kept, changes = merged(note)
    removed, _ = merged(note, remove=("crawling",))

    assert [(change.kind, change.question, change.needs_answer) for change in changes] == [
        ("vanished", "crawling", True)
    ]
    assert to_yaml(kept) == CURATED
    assert [entry.id for entry in removed.entries] == ["choosing-a-field", "reading-papers"]


def test_a_point_whose_advice_would_go_stays_until_somebody_lets_it_go() -> None:
    note = NOTE.replace("처음부터 깊이 고민하기보다는 조금 더 끌리는 걸로 시작하세요.", "글쎄요.")

    kept, changes = merged(note)
    removed, _ = merged(note, remove=("choosing-a-field",))

    assert ("advice kept", True) in [(change.kind, change.needs_answer) for change in changes]
    assert [point.advice for point in kept.entries[0].points if point.advice] == ["조금 더 끌리는 걸로 시작하세요."]
    assert [point.advice for point in removed.entries[0].points if point.advice] == []


def test_a_new_question_appears_in_its_place_with_proposals() -> None:
    sheet, changes = merged(NOTE.replace("- 크롤링도", "- 유학은 어떤가요?\n\t- 좋습니다.\n- 크롤링도"))

    assert [change.kind for change in changes] == ["appeared"]
    assert [entry.id for entry in sheet.entries] == ["choosing-a-field", "reading-papers", "week4-03", "crawling"]
    assert "short" in sheet.entries[2].proposed


def test_a_note_that_changes_under_a_repaired_text_is_reported_and_the_repair_stays() -> None:
    sheet, changes = merged(NOTE.replace("논문은 어떻게 읽나요?", "논문은 어떻게 읽어야 하나요?"))

    assert [change.kind for change in changes] == ["text repaired"]
    assert sheet.entries[1].text == "논문은 어떻게 읽나요?"
    assert "읽어야" in (sheet.entries[1].source_text or "")


def test_questions_with_the_same_words_keep_their_own_curation() -> None:
    note = "## Q\n- 왜요?\n  - 하나\n- 왜요?\n  - 둘\n"
    first = propose(talk(note), session="s")
    text = to_yaml(first).replace("short: 왜요?", "short: 첫째", 1)

    sheet, changes = merge(read_sheet(text), talk(note.replace("하나", "하나입니다")), session="s")

    assert [entry.short for entry in sheet.entries] == ["첫째", "왜요?"]
    assert [change.question for change in changes] == [first.entries[0].id]


@pytest.mark.parametrize(
    "text",
    ["", "- a", "title: x", "questions: 3", "questions:\n  - 3", "a: [", "questions: []\nquestions: {}"],
)
def test_a_file_that_is_no_session_raises_one_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a session file"):
        read_sheet(text)


@pytest.mark.parametrize(
    "value",
    [
        "yes",
        "02.17",
        "a: b",
        "a #b",
        "- a",
        "'a",
        "끝:",
        "[a]",
        "null",
        "1",
        " a",
        "a ",
        "a\nb",
        "a\n\n  b",
        "\ta",
        "\x07",
        "",
        "a" * 300,
        "가 " * 99,
    ],
)
def test_any_text_survives_a_session_file(value: str) -> None:
    sheet = propose(talk(NOTE), session="week4")
    entry = sheet.entries[0]
    odd = type(entry)(id=entry.id, short=value, text=value, topics=(value,), aliases=(value,), points=entry.points)

    back = read_sheet(to_yaml(Sheet(value, value, value, None, (odd,))))

    assert (back.title, back.speaker, back.date) == (value, value, value)
    assert (back.entries[0].short, back.entries[0].text) == (value, value)
    assert (back.entries[0].topics, back.entries[0].aliases) == ((value,), (value,))


def test_a_curator_is_told_what_is_left_to_look_at() -> None:
    said = [str(warning) for warning in sheet_warnings(CURATED)]

    assert said == [
        "line 5: the date '02.17' has no year",
        "line 23: question 'reading-papers' has no aliases",
        "line 35: question 'crawling' has no aliases",
    ]


def test_proposals_and_damage_are_named_until_they_are_settled() -> None:
    text = to_yaml(propose(talk("- C을 쓰나요?\n  - 네.\n"), session="week4"))

    said = [str(warning) for warning in sheet_warnings(text)]

    assert "no point is marked as advice" in said
    assert any("may have been “C++”" in words for words in said)
    assert "line 6: 2 proposals to confirm or mend, this one first" in said


def test_a_last_proposal_is_counted_as_one() -> None:
    said = [str(warning) for warning in sheet_warnings(CURATED.replace("topics: [진로]", "topics: [진로]  # proposed"))]

    assert "line 11: 1 proposal to confirm or mend" in said


def test_a_session_is_named_after_its_file() -> None:
    assert session_ids("Week 4 마스터클래스1", 1) == ("week-4-1",)
    assert session_ids("Glossary", 1) == ("note-4c4e43",)  # its file is no session
    assert session_ids("질문", 2) == ("note-32729c-1", "note-32729c-2")
    assert session_ids("질문", 2, id_="week-5") == ("week-5-1", "week-5-2")
    assert session_ids("강의1", 1) != session_ids("질의1", 1)
