"""Browsing: sessions, then topics, then questions, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands import handle, press
from bot.reply import Button, Reply, Request
from bot.study import Study

Ask = Callable[..., Request]

SEED = "week4-masterclass1"


def _button(reply: Reply, label: str) -> Button:
    return next(button for button in (*reply.buttons, *reply.choices) if button.label == label)


async def test_several_sessions_are_offered_with_speaker_and_count(study: Study, asked: Ask) -> None:
    reply = await handle(study, "browse", asked())

    assert reply.text.startswith("어느 세션을 볼까요?")
    assert [(choice.label, choice.note) for choice in reply.choices] == [
        ("첫 모임", "주재걸 · 02.17 · 질문 2개"),
        ("두 번째 모임", "질문 1개"),
    ]


async def test_a_single_session_is_opened_at_once(shipped: Study, asked: Ask) -> None:
    reply = await handle(shipped, "browse", asked())

    assert reply.text.startswith("주재걸 · Week 4 마스터클래스1 · 02.17")
    assert [choice.label for choice in reply.choices] == [*shipped.library.topics(), "전체"]
    assert reply.buttons == ()


async def test_a_typed_topic_leads_back_to_the_topics_of_a_single_session(shipped: Study, asked: Ask) -> None:
    typed = await handle(shipped, "browse", asked("대학원"))

    assert [button.label for button in typed.buttons] == ["주제 목록"]
    assert await press(shipped, typed.buttons[0].id, asked()) == await handle(shipped, "browse", asked())


async def test_a_topic_tells_how_many_questions_it_holds(shipped: Study, asked: Ask) -> None:
    reply = await handle(shipped, "browse", asked())

    for choice in reply.choices[:-1]:
        held = sum(choice.label in question.topics for question in shipped.library.questions)
        assert choice.note == f"질문 {held}개"
    assert reply.choices[-1].note == "질문 18개"


async def test_sessions_topics_and_questions_lead_to_one_another_and_back(study: Study, asked: Ask) -> None:
    sessions = await handle(study, "browse", asked())
    topics = await press(study, _button(sessions, "첫 모임").id, asked())
    questions = await press(study, _button(topics, "공부법").id, asked())
    answer = await press(study, _button(questions, "논문은 어떻게 읽나요?").id, asked())
    again = await press(study, _button(questions, "주제 목록").id, asked())
    top = await press(study, _button(again, "세션 목록").id, asked())

    assert [choice.label for choice in questions.choices] == ["무엇부터 공부할까요?", "논문은 어떻게 읽나요?"]
    assert "초록부터 읽으세요." in answer.text
    assert again == topics
    assert top == sessions


async def test_pages_turn_to_the_end_and_back(shipped: Study, asked: Ask) -> None:
    page = await press(shipped, f"browse:{SEED}/*/1", asked())
    pages = [page]
    while any(button.label == "다음" for button in page.buttons) and len(pages) < 10:
        page = await press(shipped, _button(page, "다음").id, asked())
        pages.append(page)
    back = pages[-1:]
    while any(button.label == "이전" for button in back[0].buttons) and len(back) < 10:
        back.insert(0, await press(shipped, _button(back[0], "이전").id, asked()))

    seen = [choice.argument for page in pages for choice in page.choices]
    assert seen == [question.id for question in shipped.library.questions]
    assert [len(page.choices) for page in pages] == [8, 8, 2]
    assert "1/3쪽" in pages[0].text
    assert "3/3쪽" in pages[-1].text
    assert back == pages


@pytest.mark.parametrize(
    ("page", "shown"), [("0", "1/3쪽"), ("99", "3/3쪽"), ("", "1/3쪽"), ("-1", "1/3쪽"), ("²", "1/3쪽")]
)
async def test_a_page_that_is_not_there_opens_the_nearest(shipped: Study, asked: Ask, page: str, shown: str) -> None:
    reply = await press(shipped, f"browse:{SEED}/*/{page}", asked())

    assert shown in reply.text


async def test_a_page_number_without_end_opens_the_last_page(shipped: Study, asked: Ask) -> None:
    reply = await handle(shipped, "browse", asked(f"{SEED}/*/" + "9" * 5_000))

    assert "3/3쪽" in reply.text


@pytest.mark.parametrize("typed", ["NLP", "nlp", " n l p "])
async def test_a_topic_can_be_typed_by_name(shipped: Study, asked: Ask, typed: str) -> None:
    reply = await handle(shipped, "browse", asked(typed))

    wanted = [question.id for question in shipped.library.questions if "NLP" in question.topics]
    assert reply.text.startswith("NLP")
    assert [choice.argument for choice in reply.choices] == wanted[:8]


@pytest.mark.parametrize("typed", ["두 번째 모임", "두번째모임"])
async def test_a_session_can_be_typed_by_its_title(study: Study, asked: Ask, typed: str) -> None:
    reply = await handle(study, "browse", asked(typed))

    assert reply == await handle(study, "browse", asked("second"))


async def test_a_typed_topic_spans_all_sessions_and_names_them(study: Study, folder: Path, asked: Ask) -> None:
    career = folder / "second.yaml"
    career.write_text(career.read_text(encoding="utf-8").replace("[취업]", "[취업, 진로]"), encoding="utf-8")
    study.live.refresh(force=True)

    reply = await handle(study, "browse", asked("진로"))

    assert [(choice.argument, choice.note) for choice in reply.choices] == [
        ("basics", "첫 모임"),
        ("wages", "두 번째 모임"),
    ]


@pytest.mark.parametrize("gone", ["nowhere/NLP/1", f"{SEED}/사라진 주제/1", f"{SEED}//", "*/사라진 주제/1"])
async def test_a_removed_session_or_topic_is_told_with_a_way_back(shipped: Study, asked: Ask, gone: str) -> None:
    reply = await press(shipped, f"browse:{gone}", asked())

    assert "이제 자료실에 없어요" in reply.text
    assert [button.id for button in reply.buttons] == ["browse:"]


async def test_a_removed_session_opens_the_top(study: Study, asked: Ask) -> None:
    reply = await press(study, "browse:nowhere", asked())

    assert reply.choices == (await handle(study, "browse", asked())).choices


async def test_browsing_speaks_english_too(shipped: Study, asked: Ask) -> None:
    reply = await press(shipped, f"browse:{SEED}/*/2", asked(locale="en"))

    assert "page 2 of 3" in reply.text
    assert [button.label for button in reply.buttons] == ["Previous", "Next", "Topics"]


async def test_a_word_that_is_no_topic_is_told_above_what_there_is(study: Study, asked: Ask) -> None:
    every = await handle(study, "browse", asked())

    reply = await handle(study, "browse", asked("없는거"))

    assert reply.text.startswith("‘없는거’에 맞는 세션이나 주제는 없어요.")
    assert reply.choices == every.choices
