"""A use case that fails: a private apology with a reference, and a traceback in the log."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot import commands
from bot.commands import Command, handle
from bot.reply import Reply, Request
from bot.study import Study

Ask = Callable[..., Request]

SECRET = "우리 조만 아는 질문"


async def _fail(_study: Study, _request: Request) -> Reply:
    raise RuntimeError("the shelf fell over")


@pytest.fixture(autouse=True)
def _a_failing_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(commands.COMMANDS, "ask", Command("ask", _fail, typed=True, takes="question"))


@pytest.mark.parametrize(
    ("locale", "told"), [("ko", "문제가 생겼어요"), ("en", "something went wrong"), ("fr", "문제가")]
)
async def test_a_failure_becomes_a_private_apology_with_a_reference(
    study: Study, asked: Ask, locale: str, told: str
) -> None:
    reply = await handle(study, "ask", asked(SECRET, locale=locale))

    assert told in reply.text
    assert re.search(r": [0-9a-f]{6}$", reply.text)
    assert "shelf" not in reply.text
    assert reply.visibility == "private"


async def test_the_log_holds_the_traceback_under_the_same_reference_and_no_words(study: Study, asked: Ask) -> None:
    with capture_logs() as logs:
        reply = await handle(study, "ask", asked(SECRET))

    (entry,) = logs
    assert entry["event"] == "use case failed"
    assert entry["log_level"] == "error"
    assert entry["exc_info"]
    assert entry["command"] == "ask"
    assert reply.text.endswith(entry["reference"])
    assert SECRET not in str(entry)


async def test_each_failure_has_its_own_reference(study: Study, asked: Ask) -> None:
    first = await handle(study, "ask", asked(SECRET))
    second = await handle(study, "ask", asked(SECRET))

    assert first.text != second.text


async def test_a_failure_spares_the_next_command(study: Study, asked: Ask) -> None:
    await handle(study, "ask", asked(SECRET))

    reply = await handle(study, "help", asked())

    assert "/질문" in reply.text
