"""Advice: one good piece, any or on a topic, and another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands import handle, press
from bot.commands.ask import find
from bot.reply import Button, Reply, Request, Tip
from bot.study import Study
from content import Advice

Ask = Callable[..., Request]


def _piece(reply: Reply) -> Advice:
    (tip,) = reply.blocks
    assert isinstance(tip, Tip)
    return tip.advice


def _button(reply: Reply, label: str) -> Button:
    return next(button for button in reply.buttons if button.label == label)


async def test_without_a_topic_any_piece_may_come(study: Study, asked: Ask) -> None:
    given = {_piece(await handle(study, "advice", asked())) for _ in range(40)}

    assert given == set(study.library.advice())


async def test_a_piece_comes_in_private_with_whose_words_it_is(study: Study, asked: Ask) -> None:
    reply = await handle(study, "advice", asked())

    assert reply.text == f"“{_piece(reply).text}”\n— 주재걸 · 첫 모임 · 02.17"
    assert [button.label for button in reply.buttons] == ["전체 답변 보기", "다른 조언", "채널에 공유"]
    assert reply.visibility == "private"


async def test_the_whole_answer_opens_with_the_piece_marked(study: Study, asked: Ask) -> None:
    reply = await handle(study, "advice", asked())
    for _ in study.library.advice():
        if _piece(reply).text == "기초를 먼저 공부하세요.":
            break
        reply = await press(study, _button(reply, "다른 조언").id, asked())

    assert _button(reply, "전체 답변 보기").id == "show:basics/1"


@pytest.mark.parametrize("typed", ["진로", " 진 로 "])
async def test_a_topic_gives_only_its_own_pieces(study: Study, asked: Ask, typed: str) -> None:
    given = {_piece(await handle(study, "advice", asked(typed))).question for _ in range(20)}

    assert given == {"basics"}


async def test_words_near_a_question_give_advice_from_its_answer(study: Study, asked: Ask) -> None:
    given = {
        _piece(await handle(study, "advice", asked("영어 논문을 빠르게 읽는 방법이 있나요?"))).text for _ in range(10)
    }

    assert "많이 읽으면 빨라집니다." in given


async def test_words_that_might_mean_a_question_give_no_advice_as_if_on_it(shipped: Study, asked: Ask) -> None:
    reply = await handle(shipped, "advice", asked("없는주제"))

    assert find(shipped.library, "없는주제").outcome == "choices"
    assert "‘없는주제’에 맞는 조언은 아직 없어요" in reply.text


@pytest.mark.parametrize("typed", ["qwzx vbnk", "🤷", "취업"], ids=["gibberish", "emoji", "a topic without advice"])
async def test_what_no_advice_is_about_offers_the_topics_that_have_some(study: Study, asked: Ask, typed: str) -> None:
    reply = await handle(study, "advice", asked(typed))

    assert f"‘{typed}’에 맞는 조언은 아직 없어요" in reply.text
    assert [choice.id for choice in reply.choices] == ["advice:공부법", "advice:진로"]


async def test_a_long_topic_is_told_back_short(study: Study, asked: Ask) -> None:
    reply = await handle(study, "advice", asked("🤷" * 3_000))

    assert len(reply.text) < 150


@pytest.mark.parametrize("topic", ["", "NLP", "대학원"])
async def test_another_shows_every_piece_once_before_one_comes_again(shipped: Study, asked: Ask, topic: str) -> None:
    pool = shipped.library.advice(topic=topic or None)
    reply = await handle(shipped, "advice", asked(topic))

    given = [_piece(reply).id]
    for _ in range(len(pool)):
        reply = await press(shipped, _button(reply, "다른 조언").id, asked())
        given.append(_piece(reply).id)

    assert len(pool) > 1
    assert sorted(given[:-1]) == sorted(piece.id for piece in pool)
    assert given[-1] == given[0]


@pytest.mark.parametrize("old", ["gone.12345678/", "/", "", "gone.12345678/사라진 주제"])
async def test_another_after_a_removed_piece_or_topic_still_gives_one(study: Study, asked: Ask, old: str) -> None:
    reply = await press(study, f"another:{old}", asked())

    assert _piece(reply) in study.library.advice()


async def test_a_library_without_advice_says_so(study: Study, folder: Path, asked: Ask) -> None:
    (folder / "first.yaml").unlink()
    study.live.refresh()

    for reply in (
        await handle(study, "advice", asked()),
        await handle(study, "advice", asked("취업")),
        await press(study, "another:basics.12345678/", asked()),
    ):
        assert reply.text == "아직 골라 둔 조언이 없어요."
        assert [button.id for button in reply.buttons] == ["browse:"]
