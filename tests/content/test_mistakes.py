"""Each mistake a writer can make in a session is named with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

YAML = "; indent lists alike, and quote a text that holds ': ' or ' #' or begins with a sign"

# What a writer may get wrong: the words of the sound session, what stands there instead, and every fault told.
MISTAKES = {
    "a misspelt key": (
        "    short: 그다음",
        "    shrt: 그다음",
        ["17: question 2 has no 'short'", "18: question 2 has an unknown key 'shrt'; did you mean 'short'?"],
    ),
    "a key that is like no other": (
        "source: https",
        "xyz: https",
        ["4: the session has an unknown key 'xyz'; known keys are 'title', 'speaker', 'date', 'questions', 'source'"],
    ),
    "a doubled key": ("date: 02.17", "date: 02.17\ndate: 02.18", ["4: the session has 'date' twice"]),
    "a missing key": ("speaker: 주재걸\n", "", ["1: the session has no 'speaker'"]),
    "an empty title": ("title: 첫 세션", "title: ''", ["1: title is empty"]),
    "a list for a text": ("title: 첫 세션", "title: [첫, 세션]", ["1: title should be text"]),
    "a text for a list": (
        "topics: [진로]",
        "topics: 진로",
        ["8: question 'first': topic list should be a list ('- …' lines)"],
    ),
    "a source that is no address": (
        "https://example.org/note",
        "hackmd 노트",
        ["4: source should be an address (https://…)"],
    ),
    "a source with a space": (
        "example.org/note",
        "example.org/my note",
        ["4: source should be an address (https://…)"],
    ),
    "a text for points": (
        "    points:\n      - 논문을 읽으세요.\n",
        "    points: 논문을 읽으세요.\n",
        ["21: question 'second': points should be a list ('- …' lines)"],
    ),
    "a short title that is too long": (
        "무엇부터 공부할까요?\n    topics",
        "왜" * 61 + "\n    topics",
        ["7: question 'first': short has 61 characters, at most 60 fit on a button"],
    ),
    "an id in capitals": (
        "id: second",
        "id: Second",
        ["17: question 'Second': an id should be 1-48 lower-case letters a-z, digits and hyphens"],
    ),
    "an id that is too long": (
        "id: second",
        "id: " + "a" * 49,
        [f"17: question '{'a' * 49}': an id should be 1-48 lower-case letters a-z, digits and hyphens"],
    ),
    "an id twice": ("id: second", "id: first", ["17: question 'first' stands twice, first in PLACE:6; ids are unique"]),
    "a question that follows none": (
        "follows: first",
        "follows: nowhere",
        ["19: question 'second' follows 'nowhere', which is no earlier question of this session"],
    ),
    "a question that follows a later one": (
        "topics: [진로]",
        "follows: second",
        ["8: question 'first' follows 'second', which is no earlier question of this session"],
    ),
    "a question that follows itself": (
        "follows: first",
        "follows: second",
        ["19: question 'second' follows 'second', which is no earlier question of this session"],
    ),
    "a question without an answer": (
        "    points:\n      - 논문을 읽으세요.\n",
        "",
        ["17: question 'second' has no answer points; add points, or answered: false"],
    ),
    "an answer to an open question": (
        "follows: first",
        "answered: false",
        ["17: question 'second' has answer points but says answered: false"],
    ),
    "an answered that is neither": (
        "follows: first",
        "answered: maybe",
        ["19: question 'second': answered should be true or false"],
    ),
    "advice in other words": (
        "advice: 기초를 먼저",
        "advice: 응용을 먼저",
        ["12: question 'first': advice may only cut words from its point's text, not add or change any"],
    ),
    "advice in another order": (
        "advice: 기초를 먼저 공부하세요.",
        "advice: 먼저 기초를 공부하세요.",
        ["12: question 'first': advice may only cut words from its point's text, not add or change any"],
    ),
    "the same words as advice twice": (
        "          - 알고리즘과 자료구조",
        "          - text: 기초를 꼭 먼저 공부하세요.\n            advice: true",
        ["6: question 'first' marks the same words as advice twice"],
    ),
    "a topic with a slash": (
        "topics: [진로]",
        "topics: [진로/취업]",
        ["8: question 'first': topic '진로/취업' should have at most 20 characters and no '/' or ','"],
    ),
    "a topic with a comma": (
        "topics: [진로]",
        "topics: ['진로, 취업']",
        ["8: question 'first': topic '진로, 취업' should have at most 20 characters and no '/' or ','"],
    ),
    "a topic that is too long": (
        "topics: [진로]",
        "topics: [" + "길" * 21 + "]",
        [f"8: question 'first': topic '{'길' * 21}' should have at most 20 characters and no '/' or ','"],
    ),
    "an alias twice": (
        "      - 뭐 공부하지",
        "      - 뭐 공부하지\n      - 뭐 공부하지",
        ["17: alias '뭐 공부하지' of question 'first' belongs to the same question already (PLACE:16)"],
    ),
    "an alias of two questions": (
        "다음엔 뭐 해",
        "뭐 공부하지",
        ["24: alias '뭐 공부하지' of question 'second' belongs to question 'first' already (PLACE:16)"],
    ),
    "an alias of two questions but for spaces and marks": (
        "다음엔 뭐 해",
        "뭐공부  하지?",
        ["24: alias '뭐공부  하지?' of question 'second' belongs to question 'first' already (PLACE:16)"],
    ),
    "a key without its colon": (
        "title: 첫 세션",
        "title 첫 세션",
        ["2: is not valid YAML: mapping values are not allowed here" + YAML],
    ),
    "a quote that is never closed": (
        "title: 첫 세션",
        'title: "첫 세션',
        ["25: is not valid YAML: found unexpected end of stream (while scanning a quoted scalar from line 1)" + YAML],
    ),
    "a tab": (
        "speaker: 주재걸",
        "\tspeaker: 주재걸",
        ["2: is not valid YAML: found character '\\t' that cannot start any token" + YAML],
    ),
    "a control character": ("주재걸", "주재걸\x07", ["2: holds a control character (U+0007); delete it"]),
    "a control character in quotes": (
        "주재걸",
        r'"주재걸\e[31m"',
        ["2: speaker holds a control character (U+001B); delete it"],
    ),
    "half a character in quotes": (
        "논문을 읽으세요.",
        r'"논문을 \ud83d 읽으세요."',
        ["22: question 'second': a point holds a control character (U+D83D); delete it"],
    ),
    "a character that is none": (
        "주재걸",
        r'"\U00110000"',
        ["None: is not valid YAML: an escape (\\U…) or the %YAML line holds an impossible number"],
    ),
    "two documents": (
        "questions:",
        "---\nquestions:",
        [
            "5: is not valid YAML: but found another document (expected a single document in the stream from line 1)"
            + YAML
        ],
    ),
    "a reference": (
        "speaker: 주재걸",
        "speaker: *who",
        ["2: YAML references (*name) are not used here; write it out, or quote the text"],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_line(
    session: str,
    faults: Callable[[dict[str, str | bytes]], list[str]],
    tmp_path: Path,
    mistake: tuple[str, str, list[str]],
) -> None:
    there, instead, told = mistake
    assert session.count(there) == 1

    found = faults({"week1.yaml": session.replace(there, instead)})

    assert found == [f"week1.yaml:{line}".replace("PLACE", str(tmp_path / "week1.yaml")) for line in told]
