"""What is kept on disk between starts: found again, made again when it must be, never in the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from content import Library, load
from content.search import kept as kept_module
from content.search.kept import kept
from content.search.words import words_of

Write = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture
def made() -> Callable[[], str]:
    """Makes "1", then "2", and so on."""
    numbers = map(str, range(1, 10))
    return lambda: next(numbers)


def test_what_was_made_before_is_not_made_again(tmp_path: Path, made: Callable[[], str]) -> None:
    assert [kept(tmp_path, "words", "a text", made) for _ in range(3)] == ["1", "1", "1"]


def test_other_texts_are_made_anew_and_take_the_place(tmp_path: Path, made: Callable[[], str]) -> None:
    assert [kept(tmp_path, "words", text, made) for text in ("a text", "an edited text", "a text")] == ["1", "2", "3"]
    assert len(list(tmp_path.iterdir())) == 1


def test_one_kind_leaves_the_other_alone(tmp_path: Path, made: Callable[[], str]) -> None:
    assert [kept(tmp_path, kind, "a text", made) for kind in ("words", "meaning", "words")] == ["1", "2", "1"]


def test_where_nothing_may_be_kept_it_is_made_each_time(made: Callable[[], str]) -> None:
    assert [kept(None, "words", "a text", made) for _ in range(2)] == ["1", "2"]


def test_other_code_makes_it_anew(tmp_path: Path, made: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept(tmp_path, "words", "a text", made)
    monkeypatch.setattr(kept_module, "_code", lambda: b"of the next release")
    assert kept(tmp_path, "words", "a text", made) == "2"


@pytest.mark.parametrize("left", [b"", b"\x80\x05\x95", b"no pickle at all", None])
def test_what_cannot_be_read_is_made_anew(tmp_path: Path, made: Callable[[], str], left: bytes | None) -> None:
    kept(tmp_path, "words", "a text", made)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-3] if left is None else left)
    assert [kept(tmp_path, "words", "a text", made) for _ in range(2)] == ["2", "2"]


def test_a_folder_that_is_gone_only_takes_time(tmp_path: Path, made: Callable[[], str]) -> None:
    assert [kept(tmp_path / "gone", "words", "a text", made) for _ in range(2)] == ["1", "2"]


def test_lone_surrogates_are_texts_too(tmp_path: Path, made: Callable[[], str]) -> None:
    assert [kept(tmp_path, "words", "\ud800", made) for _ in range(2)] == ["1", "1"]


def test_a_library_read_from_disk_finds_what_a_fresh_one_finds(write: Write, session: str) -> None:
    folder = write({"week1.yaml": session})
    first = _started(folder)
    again = _started(folder)
    assert first._index._words is not again._index._words
    for words in ("뭐부터 공부하나", "rhdqngkwl", "ㄱㅂㅎㅈ", "교수님 전화번호", "알고리증"):
        assert again.search(words) == first.search(words)
        assert again.suggest(words) == first.suggest(words)


def test_a_library_read_from_disk_is_not_indexed(write: Write, session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({"week1.yaml": session})
    _started(folder)
    monkeypatch.setattr("content.search.words.Lexical", None)
    assert _started(folder).search("뭐부터 공부하나")


def _started(folder: Path) -> Library:
    """The library in *folder* as a new process reads it; it keeps its index there, too."""
    words_of.cache_clear()
    return load(folder, cache=folder)
