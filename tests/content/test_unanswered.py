"""Questions that sound as if the notes answered them: people write them down, and the bot keeps silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from content import ContentError, LiveLibrary, load
from content.search import Index, outcome
from tests.shipped import INDEX

SESSION = """
title: 첫 세션
speaker: 김선배
date: "02.17"
questions:
  - id: study
    short: 스터디는 어떻게 시작하나요?
    text: 스터디는 어떻게 시작하나요?
    points: [세 명이 모이면 됩니다.]
    aliases: [스터디 만드는 법]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "first.yaml").write_text(SESSION, encoding="utf-8")
    return tmp_path


def test_what_the_curators_named_is_not_answered() -> None:
    library = load(cache=INDEX)
    stranger = "LSTM 유통기한이 실용적으로 어느 정도 남았는지 다른 교수님들께도 물어봤나요"

    answered = Index(library.questions, library.glossary).search(stranger)
    warned = Index(library.questions, library.glossary, unanswered=[stranger])

    assert warned.search(stranger + "?")[0].score == 0
    kept_silent = warned.search(stranger.removesuffix("도 물어봤나요") + "은 뭐라고 하세요")
    assert kept_silent[0].score < answered[0].score - 0.1
    assert outcome(kept_silent) != "answer"


def test_what_the_curators_named_in_initials_is_a_miss_too() -> None:
    library = load(cache=INDEX)

    answered = Index(library.questions, library.glossary).search("ㄷㅎㅇ ㅊㅇ")
    kept_silent = Index(library.questions, library.glossary, unanswered=["ㄷㅎㅇ ㅊㅇ"]).search("ㄷㅎㅇ ㅊㅇ")

    assert outcome(answered) == "answer"
    assert outcome(kept_silent) == "miss"


def test_comments_and_empty_lines_are_no_questions(folder: Path) -> None:
    (folder / "unanswered.txt").write_text("# 사람이 씁니다\n\n스터디 장소 예약\n스터디 장소 예약\n", encoding="utf-8")

    assert load(folder).unanswered == ("스터디 장소 예약",)


def test_a_folder_needs_none_and_does_not_get_the_shipped_ones(folder: Path) -> None:
    assert load(folder).unanswered == ()
    assert len(load(cache=INDEX).unanswered) > 100


def test_a_way_to_ask_an_answered_question_is_named_with_its_line(folder: Path) -> None:
    (folder / "unanswered.txt").write_text("스터디 장소\n스터디 만드는 법\n", encoding="utf-8")

    with pytest.raises(ContentError) as error:
        load(folder)

    assert [str(fault).partition("unanswered.txt:")[2] for fault in error.value.faults] == [
        "2: '스터디 만드는 법' is a way to ask 'study': delete it here or there"
    ]


def test_another_encoding_is_named_with_its_line(folder: Path) -> None:
    (folder / "unanswered.txt").write_bytes(b"# utf-8\n" + "스터디 장소\n".encode("cp949"))

    with pytest.raises(ContentError, match=r"unanswered.txt:2: is not UTF-8"):
        load(folder)


def test_a_new_line_is_picked_up_while_the_bot_runs(folder: Path) -> None:
    live = LiveLibrary(folder)
    (folder / "unanswered.txt").write_text("스터디 장소 예약\n", encoding="utf-8")

    assert live.refresh()
    assert live.current.unanswered == ("스터디 장소 예약",)
