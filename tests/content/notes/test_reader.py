"""What surrounds the questions of a note: bytes, titles, page furniture, doubts."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest

from content.notes import Reading, read, to_json

NOTE = "# 4주차 - 김선배 교수님(02.17)\n\n## Q&A\n\n- 왜요?\n\t- 그냥요.\n"


def reading(note: str) -> Reading:
    return read(dedent(note).encode(), name="note")


@pytest.mark.parametrize(
    "source",
    [
        NOTE.encode(),
        NOTE.encode("utf-8-sig"),
        NOTE.encode("cp949"),
        NOTE.encode("utf-16"),
        NOTE.encode("utf-16-le"),
        NOTE.encode("utf-16-be"),
        NOTE.replace("\n", "\r\n").encode(),
        NOTE.replace("- ", "\u200b- ").encode(),
    ],
)
def test_every_encoding_people_save_notes_in_reads_the_same(source: bytes) -> None:
    talk = read(source, name="note").talks[0]

    assert (talk.title, talk.speaker, talk.date) == ("4주차", "김선배", "02.17")
    assert [(question.text, question.line) for question in talk.questions] == [("왜요?", 5)]


def test_unreadable_bytes_are_reported() -> None:
    assert "neither UTF-8" in str(read(NOTE.encode() + b"\xff\xff\x80", name="note").warnings[0])


def test_each_top_heading_with_questions_is_a_talk_of_its_own() -> None:
    found = reading(
        "# 하나 - 김철수님(03.01)\n- 왜요?\n  - 네.\n\n# 둘 (2021.03.08)\n- 뭐요?\n  - 예.\n\n# 공지\n- 휴강\n"
    )

    assert [(talk.title, talk.speaker, talk.date) for talk in found.talks] == [
        ("하나", "김철수", "03.01"),
        ("둘", "", "2021.03.08"),
    ]


def test_front_matter_in_yaml_and_toml_names_the_talk() -> None:
    yaml = reading("---\ntitle: 오피스아워\nspeaker: 이멘토님\ndate: 2021-03-04\n---\n- 왜요?\n  - 네.\n").talks[0]
    toml = reading('+++\ntitle = "오피스아워"\ndate = 2021-03-04\n+++\n- 왜요?\n  - 네.\n').talks[0]

    assert (yaml.title, yaml.speaker, yaml.date) == ("오피스아워", "이멘토", "2021-03-04")
    assert (toml.title, toml.speaker, toml.date) == ("오피스아워", "", "2021-03-04")
    assert yaml.questions[0].line == 6


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("2021.03.05, 김철수 멘토", ("김철수", "2021.03.05")),
        ("김철수 멘토님, 2021.03.05", ("김철수", "2021.03.05")),
        ("02.17 / 김철수 교수", ("김철수", "02.17")),
        ("2021년 3월 5일(금) 김철수 강사님", ("김철수", "2021년 3월 5일(금)")),
        ("이멘토님 · 3/5", ("이멘토", "3/5")),
    ],
)
def test_date_and_speaker_may_share_a_parenthesis_behind_the_title(about: str, said: tuple[str, str]) -> None:
    found = reading(f"# 3주차 특강 ({about})\n\n- 왜요?\n  - 네.\n")

    (talk,) = found.talks
    assert (talk.title, talk.speaker, talk.date) == ("3주차 특강", *said)
    assert [str(doubt) for doubt in found.warnings] == [f"line 1: the speaker is read as {said[0]!r}; please confirm"]


@pytest.mark.parametrize("about", ["2021.03.05, 온라인", "멘토, 2021.03.05", "3기, 김철수 멘토"])
def test_nobody_is_guessed_from_a_parenthesis_behind_the_title(about: str) -> None:
    (talk,) = reading(f"# 3주차 특강 ({about})\n\n- 왜요?\n  - 네.\n").talks

    assert (talk.title, talk.speaker, talk.date) == (f"3주차 특강 ({about})", "", "")


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert reading("---\n\n- 왜요?\n  - 네.\n\n---\n").questions[0].line == 3


def test_what_hackmd_prints_around_a_note_is_dropped_and_gives_its_address() -> None:
    found = reading(
        "# 제목\n\n[TOC]\n\n## Q&A\n- 왜요?\n\t- 네.\n\n"
        "- 제목\n\t- [Q&A](https://hackmd.io/abc?view#QA)\n\n"
        "[Expand all](https://hackmd.io/abc?view#)[Back to top](https://hackmd.io/abc?view#)\n\nSelect a repo\n"
    )

    assert [question.text for question in found.questions] == ["왜요?"]
    assert found.talks[0].source == "https://hackmd.io/abc"
    assert [(each.reason, each.count) for each in found.dropped] == [
        ("table of contents", 1),
        ("table of contents", 2),
        ("what HackMD prints around a note", 1),
        ("what HackMD prints below a note", 1),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "**[⬆ back to top](#top)**",
        "##### [목차로 이동](#contents)",
        "<a href='#top'>맨 위로</a>",
        "[![Build](https://img.shields.io/x.svg)](https://ci.example)",
        "<!-- 왜 안 보이나요? -->",
        "<script>alert('왜요?')</script>",
    ],
)
def test_page_furniture_is_never_part_of_an_answer(line: str) -> None:
    question = reading(f"## 왜요?\n그냥요.\n\n{line}\n\n## 언제요?\n내일요.\n").questions[0]

    assert [point.text for point in question.points] == ["그냥요."]


def test_sections_that_hold_no_talk_are_dropped_with_their_lines() -> None:
    found = reading(
        "## Icebreaker\n왜 왔나요?\n- 배우려고\n\n## 질문\n- 왜요?\n  - 네.\n\n## 회고\n- 좋았나요?\n  - 네\n"
    )

    assert [question.line for question in found.questions] == [6]
    assert [(each.line, each.count) for each in found.dropped] == [(1, 3), (9, 3)]


def test_columns_of_a_table_that_answer_nothing_are_reported() -> None:
    found = reading(
        "| Question | Short Answer | Detailed Answer | Tags |\n|-|-|-|-|\n| Why? | So. | Because so. | #x |\n"
    )

    assert [point.text for point in found.questions[0].points] == ["So.", "Because so."]
    assert found.dropped[0].reason == "columns of the table: Tags"


def test_plus_signs_that_hackmd_ate_are_doubted_not_repaired() -> None:
    found = reading("- C을 쓰면 빨라지나요?\n  - C 혹은 C로 쓰세요.\n")

    assert [warning.line for warning in found.warnings] == [1, 2]
    assert found.questions[0].text == "C을 쓰면 빨라지나요?"


def test_json_is_what_the_contract_promises() -> None:
    shown = to_json(read(NOTE.encode(), name="note"))

    assert json.loads(json.dumps(shown)) == {
        "sessions": [
            {
                "title": "4주차",
                "speaker": "김선배",
                "date": "02.17",
                "source": None,
                "questions": [
                    {
                        "number": 1,
                        "text": "왜요?",
                        "line": 5,
                        "answered": True,
                        "points": [{"text": "그냥요.", "children": []}],
                    }
                ],
            }
        ],
        "dropped": [],
        "warnings": ["line 1: the speaker is read as '김선배'; please confirm"],
    }


def test_follow_ups_are_numbered_as_the_session_file_numbers_them() -> None:
    shown = to_json(reading("## 질문\n- 원리는?\n  - 왜 그런가요?\n- 한계는?\n"))
    first, second = shown["sessions"][0]["questions"]

    assert (first["number"], first["follow_ups"][0]["number"], second["number"]) == (1, 2, 3)


def test_json_shows_what_a_question_holds_besides_its_words() -> None:
    image = '<img alt="힙" src="heap.png">'
    note = f"<details><summary>삭제하면 어떻게 되나요?</summary>\n\n{image}\n\n- 바뀝니다.\n\n</details>\n"

    (question,) = to_json(reading(note))["sessions"][0]["questions"]

    assert question["text"] == "삭제하면 어떻게 되나요?"
    assert question["markdown"] == f"삭제하면 어떻게 되나요?\n{image}"
