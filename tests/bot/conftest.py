"""A study over a small library or the shipped one, with a fixed clock and a seeded random, and somebody who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner

from bot.cli import app
from bot.reply import Place, Request, User
from bot.study import Study
from content import LiveLibrary
from tests.shipped import INDEX

Ask = Callable[..., Request]
Run = Callable[..., Any]

_STUDY = """\
title: 첫 모임
speaker: 주재걸
date: 02.17
source: https://example.org/note
questions:
  - id: basics
    short: 무엇부터 공부할까요?
    topics: [공부법, 진로]
    text: 비전공자는 무엇부터 공부하면 좋을까요?
    points:
      - text: 기초를 꼭 먼저 공부하세요.
        advice: 기초를 먼저 공부하세요.
        points:
          - 알고리즘과 자료구조
          - 선형대수
      - text: 매일 조금씩 하세요.
        advice: true
    aliases:
      - 입문 순서가 궁금해요
  - id: papers
    short: 논문은 어떻게 읽나요?
    topics: [공부법]
    follows: basics
    text: 영어 논문을 빠르게 읽는 방법이 있나요?
    points:
      - |-
        초록부터 읽으세요.
        그다음이 그림입니다.
      - text: 많이 읽으면 빨라집니다.
        advice: true
"""
_CAREER = """\
title: 두 번째 모임
speaker: ''
date: ''
questions:
  - id: wages
    short: 연봉은 얼마나 되나요?
    topics: [취업]
    text: 신입 개발자 연봉은 어느 정도인가요?
    points:
      - 회사마다 다릅니다.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder of two sessions: "first" with two questions and three pieces of advice, "second" with one."""
    folder = tmp_path / "sessions"
    folder.mkdir()
    (folder / "first.yaml").write_text(_STUDY, encoding="utf-8")
    (folder / "second.yaml").write_text(_CAREER, encoding="utf-8")
    (folder / "glossary.yaml").write_text("AI: [인공지능]\n", encoding="utf-8")
    return folder


@pytest.fixture
def study(folder: Path) -> Study:
    return _study(LiveLibrary(folder))


@pytest.fixture(scope="session")
def shipped_library() -> LiveLibrary:
    return LiveLibrary(cache=INDEX)


@pytest.fixture
def shipped(shipped_library: LiveLibrary) -> Study:
    """A study over the shipped sessions; read only."""
    return _study(shipped_library)


@pytest.fixture
def asked() -> Ask:
    """Makes a Request: somebody's words, in Korean unless told otherwise."""

    def asked(text: str = "", *, locale: str = "ko", thread: tuple[str, ...] = (), operator: bool = False) -> Request:
        return Request(
            text,
            user=User("u1", "민지", operator=operator),
            place=Place("test", "guild", "bootcamp"),
            locale=locale,
            thread=thread,
        )

    return asked


@pytest.fixture
def clean_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty working folder, no settings, and the log as it was."""
    monkeypatch.chdir(tmp_path)
    for name in ("SUNBAE_CONTENT", "SUNBAE_WEB", "SUNBAE_LOCALE", "SUNBAE_TZ", "SUNBAE_HOME", "DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    yield
    structlog.reset_defaults()


@pytest.fixture
def sunbae(clean_desk: None) -> Run:  # noqa: ARG001 -- it runs there
    """Runs `sunbae` with these arguments."""

    def sunbae(*arguments: str, typed: str | bytes = "", **variables: str) -> Any:
        return CliRunner().invoke(app, arguments, input=typed, env=variables)

    return sunbae


def _study(live: LiveLibrary) -> Study:
    return Study(live, clock=lambda: datetime(2026, 3, 2, 9, tzinfo=UTC), random=Random(7))
