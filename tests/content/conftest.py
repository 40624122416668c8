"""A small sound session, and folders made of files like it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from content import ContentError, Fault, load

_SESSION = """\
title: 첫 세션
speaker: 주재걸
date: 02.17
source: https://example.org/note
questions:
  - id: first
    short: 무엇부터 공부할까요?
    topics: [진로]
    text: 무엇부터 공부하면 좋을까요?
    points:
      - text: 기초를 꼭 먼저 공부하세요.
        advice: 기초를 먼저 공부하세요.
        points:
          - 알고리즘과 자료구조
    aliases:
      - 뭐 공부하지
  - id: second
    short: 그다음에는요?
    follows: first
    text: 그다음에는 무엇을 하나요?
    points:
      - 논문을 읽으세요.
    aliases:
      - 다음엔 뭐 해
"""

Write = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture(scope="session")
def session() -> str:
    """The YAML of a session without a fault: 2 questions, lines 1 to 24."""
    return _SESSION


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes these files into a folder and gives it."""

    def write(files: dict[str, str | bytes]) -> Path:
        for name, text in files.items():
            (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return tmp_path

    return write


@pytest.fixture
def faults(write: Write) -> Callable[[dict[str, str | bytes]], list[str]]:
    """Every fault in a folder of these files, as "file:line: message"."""

    def faults(files: dict[str, str | bytes]) -> list[str]:
        with pytest.raises(ContentError) as caught:
            load(write(files))
        return [_told(fault) for fault in caught.value.faults]

    return faults


def _told(fault: Fault) -> str:
    return f"{fault.path.name}:{fault.line}: {fault.message}"
