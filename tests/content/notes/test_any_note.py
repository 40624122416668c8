"""Whatever the bytes, a note is read in time, and every word of an answer stands in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.notes import Said, propose, read, read_sheet, to_json, to_yaml

_PIECES = """
# 제목;## 왜요?
### Q1. 언제요?;- 왜요?;  - 그냥요.;\t- 탭;     - 다섯 칸;1. 무엇인가요?;2. 둘;   이어서;Q: 왜?;A: 네.;**왜요?**
> 인용?;> - 목록;```;~~~;<details>
<summary>왜요?</summary>;</details>;<details><summary>x?</summary>y</details>;:::spoiler 왜?
:::;---;***;<br>;|질문|답|;|a|b|;|-|-|;|왜요?|네|;<!--;-->;$$;x = 1;[TOC];[a]: http://b;- [ ] 했는가?;![i](j);    code?
A. 가;B. 나;→ 답;C++을 ++쓰면++;\\;*;_;`;[;];(;\u3000;\ue002;\u2028;\x07;
"""
_LINES = st.sampled_from(_PIECES.strip("\n").replace("\n", ";").split(";"))
_NOTES = st.lists(_LINES | st.text(max_size=30), max_size=40).map("\n".join)


def _texts(points: tuple[Said, ...]) -> list[str]:
    return [text for point in points for text in (point.text, *_texts(point.children))]


@settings(max_examples=300, deadline=None)
@given(_NOTES)
def test_every_line_of_an_answer_stands_in_the_note(note: str) -> None:
    source = "".join(note.split())

    for question in read(note.encode(errors="surrogatepass"), name="note").questions:
        for text in _texts(question.points):
            for line in text.split("\n"):
                for word in line.split():
                    assert word in source or all(letter in source for letter in word)


@settings(max_examples=300, deadline=None)
@given(_NOTES)
def test_what_is_written_reads_back_as_it_was_and_writes_the_same_bytes(note: str) -> None:
    for talk in read(note.encode(errors="replace"), name="note").talks:
        sheet = propose(talk, session="note")
        text = to_yaml(sheet)
        back = read_sheet(text)

        assert [(e.id, e.short, e.text, e.topics, e.aliases, e.follows) for e in back.entries] == [
            (e.id, e.short, e.text, e.topics, e.aliases, e.follows) for e in sheet.entries
        ]
        assert [[line.text for point in e.points for line in point.walk()] for e in back.entries] == [
            [line.text for point in e.points for line in point.walk()] for e in sheet.entries
        ]
        assert to_yaml(back) == text


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_can_be_read(source: bytes) -> None:
    to_json(read(source, name="note"))


@pytest.mark.parametrize(
    "note",
    [
        "- " * 10_000 + "x?",
        "> " * 10_000 + "x?",
        "\n".join(f"{' ' * depth}- x?" for depth in range(1_000)),
        "[" * 100_000,
        "![](" * 30_000,
        "*" * 100_000,
        "_a" * 50_000,
        "`" * 100_000,
        "<a " * 30_000,
        "()" * 50_000 + "?",
        "<details>" * 10_000,
        "🙋" * 50_000,
        "<!--" * 30_000,
        "$$\n" * 30_000,
        "- " + "왜요? " * 50_000 + "\n  - 네",
    ],
)
def test_strange_notes_take_no_longer_than_others(note: str) -> None:
    start = time.monotonic()

    read(note.encode(), name="note")

    assert time.monotonic() - start < 4  # two seconds, on a machine that does other things too


@pytest.mark.parametrize(
    "line",
    [
        "- 왜요? <{spaces}x",
        "- 왜요?{spaces}x",
        "## 왜요? <{spaces}x",
        "<details><summary>왜요? <{spaces}x</summary>",
        "<li>왜요?{spaces}x",
        ":::spoiler 왜요?{spaces}x",
        "- 왜요? {breaks}x",
        "- 왜요? {paragraphs}x",
        "- 왜요? {backslashes}x",
    ],
)
def test_a_line_of_a_megabyte_is_read_in_one_pass(line: str) -> None:
    size = 1_000_000  # for each of a line's characters once more, this would take hours
    line = line.format(
        spaces=" " * size, breaks="<br> " * (size // 5), paragraphs="</p> " * (size // 5), backslashes="\\" * size
    )

    found = read(f"# 질문과 답\n\n{line}\n\n  - 네, 그래요.\n".encode(), name="note")

    assert [asked.text[:3] for asked in found.questions] == ["왜요?"]


def test_half_a_megabyte_is_read_within_two_seconds() -> None:
    note = "\n".join(
        f"- 질문 {n}번은 무엇인가요?\n\t- 첫째 답입니다. {n}\n\t\t- 그 아래 답입니다." for n in range(5_500)
    )
    assert 500_000 < len(note.encode()) < 600_000
    start = time.monotonic()

    found = read(note.encode(), name="note").questions

    assert len(found) == 5_500
    assert time.monotonic() - start < 4  # two seconds, on a machine that does other things too
