"""The command line as a process of its own: what only a real pipe and real bytes can show."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, or each process would find out anew what this machine can run."""
    return tmp_path_factory.mktemp("cli")


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs `python -m bot` in a folder of its own, over pipes that by themselves take only ASCII."""

    def run(*arguments: str | bytes, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith("SUNBAE_")}
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            input=typed,
            capture_output=True,
            cwd=folder,
            env=bare | {"PYTHONIOENCODING": "ascii"},
            check=False,
        )

    return run


def test_bytes_that_are_no_text_are_asked_as_such(run: Run) -> None:
    done = run("ask", "--json", "--batch", "-", typed=b"\xff\xfe\n\xed\xa0\xbd LSTM\n\x00\n" + "챗봇\n".encode())

    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [line["query"] for line in lines] == ["\ufffd" * 2, "\ufffd" * 3 + " LSTM", "\x00", "챗봇"]
    assert (done.stderr, done.returncode) == (b"", 0)


def test_an_argument_that_is_no_text_is_asked_as_such(run: Run) -> None:
    done = run("ask", "--json", b"\xff LSTM")

    assert json.loads(done.stdout)["query"] == "? LSTM"
    assert done.stderr == b""


def test_korean_is_written_whatever_the_pipe_takes(run: Run) -> None:
    done = run("browse", "NLP")

    assert "주재걸 · Week 4 마스터클래스1" in done.stdout.decode()
    assert (done.stderr, done.returncode) == (b"", 0)


def test_a_reader_that_stops_early_is_no_failure(folder: Path) -> None:
    command = f"yes 대학원 | head -200 | {sys.executable} -m bot ask --json --batch - | head -1"

    done = subprocess.run(command, shell=True, capture_output=True, cwd=folder, check=False)  # noqa: S602 -- a pipe

    assert json.loads(done.stdout)["query"] == "대학원"
    assert done.stderr == b""
