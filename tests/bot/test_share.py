"""Sharing: what somebody was shown in private, for all to see, with their name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import handle, press
from bot.reply import Answer, Request, Tip
from bot.study import Study

Ask = Callable[..., Request]


async def test_a_shared_answer_is_public_and_names_who_shared_it(study: Study, asked: Ask) -> None:
    private = await handle(study, "show", asked("basics/1.2"))
    (share,) = private.buttons

    reply = await press(study, share.id, asked())

    assert reply.visibility == "public"
    assert reply.text.startswith("민지님이 공유했어요.\n\nQ. 비전공자는")
    assert reply.blocks[1] == private.blocks[0]
    assert reply.buttons == ()


async def test_shared_advice_is_public_and_names_who_shared_it(study: Study, asked: Ask) -> None:
    private = await handle(study, "advice", asked())
    share = next(button for button in private.buttons if button.command == "share")

    reply = await press(study, share.id, asked(locale="en"))

    assert reply.visibility == "public"
    assert reply.text.startswith("Shared by 민지.")
    assert reply.blocks[1] == private.blocks[0]
    assert isinstance(reply.blocks[1], Tip)
    assert [button.command for button in reply.buttons] == ["show"]


async def test_a_point_that_is_gone_is_shared_without_a_mark(study: Study, asked: Ask) -> None:
    reply = await press(study, "share:show:basics/9.9", asked())

    answer = reply.blocks[1]
    assert isinstance(answer, Answer)
    assert answer.best is None
    assert reply.visibility == "public"


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ("show:nowhere/1", "그 질문은 이제 자료실에 없어요"),
        ("advice:gone.12345678", "그 조언은 이제 자료실에 없어요"),
        ("", "그 질문은 이제 자료실에 없어요"),
    ],
)
async def test_what_is_gone_is_told_only_to_who_pressed(study: Study, asked: Ask, gone: str, told: str) -> None:
    reply = await press(study, f"share:{gone}", asked())

    assert told in reply.text
    assert "민지" not in reply.text
    assert reply.visibility == "private"


async def test_a_second_press_says_that_it_is_shared_and_a_later_one_shares_again(study: Study, asked: Ask) -> None:
    now = study.clock()
    study = replace(study, clock=lambda: now)
    await press(study, "share:show:basics/", asked())

    slip = await press(study, "share:show:basics/", asked())
    other = await press(study, "share:show:papers/", asked())
    now += timedelta(minutes=5)
    later = await press(study, "share:show:basics/", asked())

    assert slip.text.startswith("방금 이미 공유했어요.")
    assert [reply.visibility for reply in (slip, other, later)] == ["private", "public", "public"]
