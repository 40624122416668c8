"""Every mistake in a content folder is named with its file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from content import ContentError, load

Files = dict[str, str | bytes]
Faults = Callable[[Files], list[str]]
Write = Callable[[Files], Path]


def test_the_sound_session_loads(session: str, write: Write) -> None:
    library = load(write({"week1.yaml": session}))

    assert [question.id for question in library.questions] == ["first", "second"]
    assert library.questions[0].points[0].children[0].text == "알고리즘과 자료구조"
    assert [piece.text for piece in library.advice()] == ["기초를 먼저 공부하세요."]


def test_a_date_stays_the_text_it_is(session: str, write: Write) -> None:
    library = load(write({"week1.yaml": session.replace("02.17", "02.10")}))

    assert library.sessions[0].date == "02.10"


def test_a_note_need_not_say_who_spoke_or_when(session: str, write: Write) -> None:
    nameless = session.replace("speaker: 주재걸", "speaker: ''").replace("date: 02.17", "date: ''")

    library = load(write({"week1.yaml": nameless}))

    assert (library.sessions[0].speaker, library.sessions[0].date) == ("", "")


def test_a_question_may_stand_open(session: str, write: Write) -> None:
    points = "    points:\n      - 논문을 읽으세요.\n"

    library = load(write({"week1.yaml": session.replace(points, "    answered: false\n")}))

    assert not library.questions[1].answered


def test_faults_of_all_files_are_told_at_once(session: str, faults: Faults) -> None:
    found = faults(
        {
            "a.yaml": "title: [",
            "b.yaml": session.replace("title: 첫 세션\n", "").replace("points:\n      - 논문", "pointz:\n      - 논문"),
            "glossary.yaml": "AI: 인공지능\n",
        }
    )

    assert [fault.partition(": ")[0] for fault in found] == [
        "a.yaml:1",
        "b.yaml:1",
        "b.yaml:16",
        "b.yaml:20",
        "glossary.yaml:1",
    ]


def test_ids_and_aliases_belong_to_one_question_across_files(session: str, faults: Faults, tmp_path: Path) -> None:
    other = (
        session.replace("id: second", "id: third")
        .replace("뭐 공부하지", "처음 할 일")
        .replace("다음엔 뭐 해", "다음엔뭐해")
    )

    found = faults({"a.yaml": session, "b.yaml": other})
    first = tmp_path / "a.yaml"

    assert found == [
        f"b.yaml:6: question 'first' stands twice, first in {first}:6; ids are unique",
        f"b.yaml:24: alias '다음엔뭐해' of question 'third' belongs to question 'second' already ({first}:24)",
    ]


def test_two_files_cannot_be_the_same_session(session: str, faults: Faults) -> None:
    other = (
        session.replace("first", "third")
        .replace("second", "fourth")
        .replace("뭐 공부", "뭘 공부")
        .replace("뭐 해", "뭘 해")
    )

    found = faults({"week1.yaml": session, "week1.yml": other})

    assert found == ["week1.yml:None: session 'week1' stands twice, first in week1.yaml; rename one of the files"]


def test_a_file_name_that_is_no_id_is_told(session: str, faults: Faults) -> None:
    found = faults({"Week 1.yaml": session})

    rule = "should be 1-48 lower-case letters a-z, digits and hyphens"
    assert found == [f"Week 1.yaml:None: the file's name is the session's id and {rule}"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "None: is empty"),
        ("# nothing but a comment\n", "None: is empty"),
        ("hello", "1: the session should be a mapping of 'title', 'speaker', 'date', 'questions'"),
        ("title: a\nspeaker: b\ndate: c\nquestions: []\n", "4: the session has no questions"),
        (
            "title: a\nspeaker: b\ndate: c\nquestions: [1]\n",
            "4: question 1 should be a mapping of 'id', 'short', 'text'",
        ),
        ("title: 가\n".encode("cp949"), "1: is not UTF-8; save the file as UTF-8"),
        ("title: 가\n".encode("utf-16"), "1: is not UTF-8; save the file as UTF-8"),
        ("title: a\n? [x]\n: y\nspeaker: b\ndate: c\nquestions: []\n", "2: a key should be plain text"),
        ("%YAML " + "9" * 5000 + ".1\n---\na", "None: is not valid YAML: "),
    ],
    ids=["empty", "comment", "a word", "no question", "a number", "cp949", "utf-16", "odd key", "huge version"],
)
def test_a_file_that_holds_no_session_says_so(faults: Faults, text: str | bytes, told: str) -> None:
    found = faults({"week1.yaml": text})

    assert found[0].startswith(f"week1.yaml:{told}")


def test_a_file_saved_with_a_byte_order_mark_loads(session: str, write: Write) -> None:
    library = load(write({"week1.yaml": b"\xef\xbb\xbf" + session.encode()}))

    assert library.sessions[0].title == "첫 세션"


def test_a_file_that_unfolds_without_end_is_refused(faults: Faults) -> None:
    laughs = "a: &a [ha, ha]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )

    found = faults({"week1.yaml": laughs})

    assert found == ["week1.yaml:2: YAML references (*name) are not used here; write it out, or quote the text"]


@pytest.mark.parametrize("text", ["[" * 20_000, "- " * 5_000, "{a: " * 5_000, "? " * 5_000], ids=["[", "-", "{", "?"])
def test_a_file_that_is_nested_without_end_is_refused(faults: Faults, text: str) -> None:
    found = faults({"week1.yaml": text})

    assert found == ["week1.yaml:1: is nested too deeply; 40 levels are enough for any note"]


def test_a_folder_in_place_of_a_file_is_told(write: Write, session: str, faults: Faults) -> None:
    (write({"a.yaml": session}) / "b.yaml").mkdir()

    assert faults({}) == ["b.yaml:None: cannot be read: Is a directory"]


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("nowhere", "no such folder"),
        ("note.txt", "is not a folder"),
        (".", "holds no session files (*.yaml)"),
        ("n" * 300, "cannot be read: File name too long"),  # as a folder that may not be entered raises, but for root
    ],
)
def test_a_folder_without_sessions_is_told(write: Write, folder: str, told: str) -> None:
    path = write({"note.txt": "", ".hidden.yaml": "", "_draft.yaml": ""}) / folder

    with pytest.raises(ContentError) as caught:
        load(path)

    assert str(caught.value) == f"{path}: {told}"


@pytest.mark.parametrize(
    ("glossary", "told"),
    [
        ("- AI", ["1: the glossary should be a mapping: a word, then the list of its variants"]),
        ("AI: 인공지능", ["1: 'AI''s variant list should be a list ('- …' lines)"]),
        ("AI: [인공지능]\nML: [인공지능]", ["2: '인공지능' stands twice, first under 'AI'"]),
        ("AI: [ai]", ["1: 'ai' stands twice, first under 'AI'"]),
        ("AI: [인공지능]\nAI: [에이아이]", ["2: 'AI' stands twice, first under 'AI'"]),
        ("AI: [인공지능, 인공지능]", ["1: '인공지능' stands twice, first under 'AI'"]),
        ("AI: [[인공지능]]", ["1: 'AI''s variant should be text"]),
        ("AI: [", ["1: is not valid YAML: "]),
    ],
)
def test_a_mistake_in_the_glossary_is_named_with_its_line(
    session: str, faults: Faults, glossary: str, told: list[str]
) -> None:
    found = faults({"week1.yaml": session, "glossary.yaml": glossary})

    assert len(found) == len(told)
    assert all(fault.startswith(f"glossary.yaml:{start}") for fault, start in zip(found, told, strict=True))


def test_the_faults_of_the_working_folder_are_named_from_there(
    session: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"week1.yaml": session.replace("title", "titel")})
    monkeypatch.chdir(folder.parent)

    with pytest.raises(ContentError) as caught:
        load(folder)

    assert str(caught.value).startswith(f"{folder.name}/week1.yaml:1: ")
