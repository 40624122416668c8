"""The library command: operators see what it holds and whether its files are sound, and read it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands import handle, press
from bot.reply import Request
from bot.study import Study

Ask = Callable[..., Request]


def _break(folder: Path) -> None:
    path = folder / "second.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("short:", "shrt:"), encoding="utf-8")


async def test_only_operators_may_look(study: Study, asked: Ask) -> None:
    for words in ("", "reload"):
        reply = await handle(study, "library", asked(words))

        assert reply.text == "운영자만 쓸 수 있는 명령이에요."
        assert reply.buttons == ()


async def test_a_reload_button_in_other_hands_reads_nothing(study: Study, asked: Ask) -> None:
    before = study.library

    await press(study, "library:reload", asked())

    assert study.library is before


async def test_the_state_counts_what_the_library_holds(study: Study, asked: Ask) -> None:
    reply = await handle(study, "library", asked(operator=True))

    assert reply.text.splitlines() == [
        "자료실에 세션 2개, 질문 3개, 조언 3개가 있어요.",
        "파일이 모두 올바르고, 지금 보이는 것이 최신이에요.",
    ]
    assert [button.id for button in reply.buttons] == ["library:reload"]
    assert reply.visibility == "private"


@pytest.mark.parametrize("words", ["다시읽기", "다시 읽기", "reload", " Reload "])
async def test_reload_reads_the_files_again(study: Study, folder: Path, asked: Ask, words: str) -> None:
    (folder / "second.yaml").unlink()

    reply = await handle(study, "library", asked(words, operator=True))

    assert "세션 1개, 질문 2개" in reply.text
    assert len(study.library.sessions) == 1


async def test_other_words_read_nothing(study: Study, folder: Path, asked: Ask) -> None:
    (folder / "second.yaml").unlink()

    reply = await handle(study, "library", asked("상태", operator=True))

    assert "세션 2개" in reply.text


async def test_broken_files_are_listed_with_their_lines(study: Study, folder: Path, asked: Ask) -> None:
    _break(folder)

    reply = await press(study, "library:reload", asked(operator=True, locale="en"))

    assert "the last good library stays in use" in reply.text
    assert f"• {folder}/second.yaml:6: question 1 has an unknown key 'shrt'; did you mean 'short'?" in reply.text
    assert "2 sessions, 3 questions" in reply.text


async def test_of_many_faults_ten_are_listed_and_the_rest_counted(study: Study, folder: Path, asked: Ask) -> None:
    (folder / "third.yaml").write_text(
        "title: a\nspeaker: b\ndate: c\nquestions: [1,2,3,4,5,6,7,8,9,10,11,12,13]\n", "utf-8"
    )

    reply = await press(study, "library:reload", asked(operator=True))

    assert reply.text.count("• ") == 10
    assert reply.text.endswith("…외 3건")


async def test_mending_the_file_is_told(study: Study, folder: Path, asked: Ask) -> None:
    sound = (folder / "second.yaml").read_text(encoding="utf-8")
    _break(folder)
    await press(study, "library:reload", asked(operator=True))
    (folder / "second.yaml").write_text(sound, encoding="utf-8")

    reply = await press(study, "library:reload", asked(operator=True))

    assert reply.text.endswith("파일이 모두 올바르고, 지금 보이는 것이 최신이에요.")
