"""Edits are picked up without a restart, and a broken one keeps the last good library."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from content import ContentError, Library, LiveLibrary

Write = Callable[[dict[str, str | bytes]], Path]
Edit = Callable[[str], None]


@pytest.fixture
def folder(session: str, write: Write) -> Path:
    return write({"week1.yaml": session, "glossary.yaml": "AI: [인공지능]\n"})


@pytest.fixture
def live(folder: Path) -> LiveLibrary:
    return LiveLibrary(folder)


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Writes the session anew, a second later than before by the file's clock."""

    def edit(text: str) -> None:
        path = folder / "week1.yaml"
        before = path.stat().st_mtime_ns
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(before, before + 1_000_000_000))

    return edit


def _texts(live: LiveLibrary) -> list[str]:
    return [question.text for question in live.current.questions]


def test_nothing_is_read_while_nothing_changes(live: LiveLibrary) -> None:
    before = live.current

    assert not live.refresh()
    assert live.current is before


def test_what_is_read_again_as_it_was_is_not_indexed_again(live: LiveLibrary) -> None:
    before = live.current

    assert live.refresh(force=True)
    assert live.current is not before
    assert live.current._index._words is before._index._words


def test_of_two_at_once_the_newest_stays(live: LiveLibrary, session: str, edit: Edit) -> None:
    edit(session.replace("무엇부터", "어디부터"))
    load = live._load
    other = Thread(target=live.refresh)

    def slowly() -> Library:
        live._load = load
        library = load()
        edit(session.replace("무엇부터", "언제부터"))
        other.start()
        other.join(0.2)  # long enough for one that does not wait in line
        return library

    live._load = slowly
    live.refresh()
    other.join()

    assert _texts(live)[0] == "언제부터 공부하면 좋을까요?"


def test_an_edit_is_read(live: LiveLibrary, session: str, edit: Edit) -> None:
    edit(session.replace("무엇부터 공부하면", "어디부터 공부하면"))

    assert live.refresh()
    assert _texts(live)[0] == "어디부터 공부하면 좋을까요?"


def test_an_edit_of_the_same_length_is_read(live: LiveLibrary, session: str, edit: Edit) -> None:
    edit(session.replace("그다음에는 무엇을", "그다음에는 어떤걸"))

    assert live.refresh()
    assert _texts(live)[1] == "그다음에는 어떤걸 하나요?"


def test_a_broken_edit_keeps_the_last_good_library_and_says_why(live: LiveLibrary, session: str, edit: Edit) -> None:
    before = live.current
    edit(session.replace("title: 첫 세션", "titel: 첫 세션"))

    assert live.refresh()
    assert live.current is before
    assert [fault.line for fault in live.faults] == [1, 1]


def test_a_broken_edit_is_told_once(live: LiveLibrary, edit: Edit) -> None:
    edit("title: [")
    live.refresh()

    assert not live.refresh()
    assert len(live.faults) == 1


def test_mending_a_broken_edit_brings_the_library_up_to_date(live: LiveLibrary, session: str, edit: Edit) -> None:
    edit("title: [")
    live.refresh()
    edit(session.replace("무엇부터", "어디부터"))

    assert live.refresh()
    assert live.faults == ()
    assert _texts(live)[0] == "어디부터 공부하면 좋을까요?"


def test_a_library_already_held_stays_as_it_is(live: LiveLibrary, session: str, edit: Edit) -> None:
    held = live.current
    edit(session.replace("무엇부터", "어디부터"))

    live.refresh()

    assert held.questions[0].text == "무엇부터 공부하면 좋을까요?"


def test_an_added_and_a_removed_file_are_seen(live: LiveLibrary, folder: Path, session: str) -> None:
    other = session.replace("first", "third").replace("second", "fourth").replace("뭐 ", "뭘 ")
    (folder / "week2.yaml").write_text(other, encoding="utf-8")

    assert live.refresh()
    assert [held.id for held in live.current.sessions] == ["week1", "week2"]

    (folder / "week1.yaml").unlink()

    assert live.refresh()
    assert [held.id for held in live.current.sessions] == ["week2"]


def test_an_edit_of_the_glossary_is_seen(live: LiveLibrary, folder: Path) -> None:
    (folder / "glossary.yaml").write_text("AI: [인공지능, 에이아이]\n", encoding="utf-8")

    assert live.refresh()
    assert live.current.glossary == (("AI", "인공지능", "에이아이"),)


def test_a_folder_that_goes_away_keeps_the_last_good_library(live: LiveLibrary, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))

    assert live.refresh()
    assert len(live.current.questions) == 2
    assert [fault.message for fault in live.faults] == ["no such folder"]


def test_force_reads_even_what_seems_unchanged(live: LiveLibrary) -> None:
    before = live.current

    assert live.refresh(force=True)
    assert live.current is not before


def test_a_bot_does_not_start_on_broken_content(folder: Path, edit: Edit) -> None:
    edit("title: [")

    with pytest.raises(ContentError):
        LiveLibrary(folder)
