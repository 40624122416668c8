"""Showing one question by its id, with a point marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.commands import handle
from bot.reply import Answer, Request
from bot.study import Study

Ask = Callable[..., Request]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("basics", None),
        ("basics/", None),
        ("basics/1", "1"),
        ("basics/1.2", "1.2"),
        ("basics/3", None),
        ("basics/x", None),
    ],
)
async def test_a_question_is_shown_with_the_point_that_is_still_there(
    study: Study, asked: Ask, text: str, marked: str | None
) -> None:
    reply = await handle(study, "show", asked(text))

    (answer,) = reply.blocks
    assert isinstance(answer, Answer)
    assert (answer.question.id, answer.session.id, answer.best) == ("basics", "first", marked)
    assert reply.buttons[0].id == f"share:show:basics/{marked or ''}"
    assert reply.visibility == "private"


@pytest.mark.parametrize("gone", ["nowhere", "nowhere/1", "", "/"])
async def test_a_removed_question_is_told_with_a_way_on(study: Study, asked: Ask, gone: str) -> None:
    reply = await handle(study, "show", asked(gone))

    assert "그 질문은 이제 자료실에 없어요" in reply.text
    assert [button.id for button in reply.buttons] == ["browse:"]
