"""Asking: an answer, "did you mean", or an honest miss; always in private."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.commands import handle
from bot.commands.ask import Finding, best_address, find, finding_reply
from bot.reply import Answer, Button, Reply, Request, Words
from bot.study import Study
from content import Match

Ask = Callable[..., Request]


def _shown(reply: Reply) -> str:
    """The id of the question that *reply* answers."""
    (answer,) = reply.blocks
    assert isinstance(answer, Answer)
    return answer.question.id


async def test_a_question_in_the_notes_words_is_answered_in_private(shipped: Study, asked: Ask) -> None:
    for question in shipped.library.questions:
        reply = await handle(shipped, "ask", asked(question.text))

        assert _shown(reply) == question.id
        assert reply.visibility == "private"


async def test_a_question_in_other_words_is_answered(shipped: Study, asked: Ask) -> None:
    question = shipped.library.questions[0]

    reply = await handle(shipped, "ask", asked(f"  {question.aliases[0]}\n"))

    assert _shown(reply) == question.id


async def test_an_answer_is_whole_and_can_be_shared(study: Study, asked: Ask) -> None:
    reply = await handle(study, "ask", asked("비전공자는 무엇부터 공부하면 좋을까요?"))

    share = reply.buttons[0]
    assert "알고리즘과 자료구조" in reply.text
    assert (share.label, share.command) == ("채널에 공유", "share")
    assert share.argument.startswith("show:basics/")


async def test_an_answer_leads_on_to_the_question_that_follows(study: Study, asked: Ask) -> None:
    reply = await handle(study, "ask", asked("비전공자는 무엇부터 공부하면 좋을까요?"))

    assert reply.lead == "이어서 볼 만한 질문"
    assert reply.choices[0] == Button("논문은 어떻게 읽나요?", "show", "papers")
    assert "basics" not in {choice.argument for choice in reply.choices}


def test_the_point_that_fits_best_is_marked(study: Study, asked: Ask) -> None:
    question = study.library.questions[0]
    match = Match(question, 1.0, question.points[0].children[1])

    reply = finding_reply(study.library, asked(), Finding("answer", (match,)))

    (answer,) = reply.blocks
    assert isinstance(answer, Answer)
    assert answer.best == "1.2"
    assert reply.buttons[0].argument == "show:basics/1.2"


def test_without_a_best_point_none_is_marked(study: Study) -> None:
    assert best_address(Match(study.library.questions[0], 1.0)) is None


def test_near_questions_are_offered_three_at_most(study: Study, asked: Ask) -> None:
    questions = (*study.library.questions, *study.library.questions[:2])
    finding = Finding("choices", tuple(Match(question, 0.85, question.points[0]) for question in questions))

    reply = finding_reply(study.library, asked(), finding)

    assert reply.lead == "혹시 이 질문인가요?"
    assert [choice.id for choice in reply.choices] == ["show:basics/1", "show:papers/1", "show:wages/1"]
    assert reply.visibility == "private"


@pytest.mark.parametrize("words", ["점심 뭐 먹지", "qwzx vbnk fjgh"])
async def test_what_the_notes_do_not_hold_is_an_honest_miss(shipped: Study, asked: Ask, words: str) -> None:
    reply = await handle(shipped, "ask", asked(words))

    assert "답이 없어요" in reply.text
    assert [button.id for button in reply.buttons] == ["browse:", "advice:"]
    assert reply.visibility == "private"


@pytest.mark.parametrize(
    "words",
    [
        "안녕하세요",
        "고마워요!",
        "ㅋㅋㅋㅋ",
        "ㅋ",
        "ㅎㅇㅎㅇ",
        "ㄱㅅㅋㅋ",
        "정말 감사합니다 선배님 ㅎㅎ",
        "안녕하세요~ 반갑습니다 😊",
        "Hi",
        "Thank you!",
    ],
)
async def test_small_talk_is_met_with_what_can_be_asked(shipped: Study, asked: Ask, words: str) -> None:
    reply = await handle(shipped, "ask", asked(words))

    assert find(shipped.library, words).outcome == "miss"
    assert reply.text.startswith("네, 여기 있어요. 궁금한 것을 적어 주시면")
    assert [button.id for button in reply.buttons] == ["browse:", "advice:"]
    assert reply.visibility == "private"


@pytest.mark.parametrize("words", ["안녕하세요 점심 뭐 먹지", "감사 인사 문구 써 줘", "ㅋㅋㅋ 날씨 좋네", "?!"])
async def test_a_kind_word_beside_other_words_is_no_small_talk(shipped: Study, asked: Ask, words: str) -> None:
    assert "네, 여기 있어요" not in (await handle(shipped, "ask", asked(words))).text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "무엇이 궁금한지 적어 주세요"),
        (" \n\t ", "무엇이 궁금한지 적어 주세요"),
        ("🤔", "글자로 적어 주시면"),
        ("?!…", "글자로 적어 주시면"),
        ("👨‍👩‍👧 ❤️ \u200b", "글자로 적어 주시면"),
        ("\x00\x1b\x07", "글자로 적어 주시면"),
        ("\ud83d", "글자로 적어 주시면"),
        ("가" * 2001, "2,000자 안으로"),
        ("무엇부터 공부할까요? " * 80_000, "2,000자 안으로"),
    ],
    ids=["nothing", "blank", "emoji", "marks", "joined emoji", "control", "half an emoji", "long", "a megabyte"],
)
async def test_what_asks_nothing_is_told_kindly(study: Study, asked: Ask, words: str, told: str) -> None:
    reply = await handle(study, "ask", asked(words))

    assert told in reply.text
    assert isinstance(reply.blocks[0], Words)
    assert reply.visibility == "private"


async def test_control_characters_do_not_get_in_the_way(study: Study, asked: Ask) -> None:
    reply = await handle(study, "ask", asked("\x00비전공자는\x1b 무엇부터 공부하면\x07 좋을까요?\ud83d"))

    assert _shown(reply) == "basics"


async def test_a_picked_suggestion_opens_its_question(study: Study, asked: Ask) -> None:
    reply = await handle(study, "ask", asked("#wages"))

    assert _shown(reply) == "wages"


async def test_a_hash_without_such_a_question_is_looked_up_like_words(shipped: Study, asked: Ask) -> None:
    reply = await handle(shipped, "ask", asked("#qwzx"))

    assert "답이 없어요" in reply.text


async def test_the_answer_speaks_the_askers_language_around_the_notes_words(study: Study, asked: Ask) -> None:
    reply = await handle(study, "ask", asked("비전공자는 무엇부터 공부하면 좋을까요?", locale="en-US"))

    assert reply.lead == "Read on"
    assert "기초를 꼭 먼저 공부하세요." in reply.text


def test_a_finding_holds_the_five_best_whatever_the_outcome(shipped: Study) -> None:
    finding = find(shipped.library, "점심 뭐 먹지")

    scores = [match.score for match in finding.matches]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert finding.outcome == "miss"
