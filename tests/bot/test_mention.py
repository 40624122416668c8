"""Mentions: the answer goes where the bot was called, for all to see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.commands import handle
from bot.reply import Answer, Reply, Request
from bot.study import Study

Ask = Callable[..., Request]

BASICS = "비전공자는 무엇부터 공부하면 좋을까요?"
PAPERS = "영어 논문을 빠르게 읽는 방법이 있나요?"
CHATTER = "ㅋㅋㅋ 점심 뭐 먹지"


def _shown(reply: Reply) -> str:
    (answer,) = reply.blocks
    assert isinstance(answer, Answer)
    return answer.question.id


async def test_words_beside_the_mention_are_answered_for_all_to_see(study: Study, asked: Ask) -> None:
    reply = await handle(study, "mention", asked(PAPERS))

    assert _shown(reply) == "papers"
    assert reply.visibility == "public"
    assert reply.buttons == ()


async def test_words_beside_the_mention_go_before_the_thread(study: Study, asked: Ask) -> None:
    reply = await handle(study, "mention", asked(PAPERS, thread=(BASICS,)))

    assert _shown(reply) == "papers"


async def test_without_words_the_newest_answerable_message_is_answered(study: Study, asked: Ask) -> None:
    reply = await handle(study, "mention", asked(thread=(PAPERS, BASICS, CHATTER, "👍")))

    assert _shown(reply) == "basics"
    assert reply.visibility == "public"


async def test_without_words_the_title_of_the_thread_may_be_answered(study: Study, asked: Ask) -> None:
    reply = await handle(study, "mention", asked(" ", thread=(PAPERS, CHATTER)))

    assert _shown(reply) == "papers"


async def test_without_anything_to_answer_the_bot_says_how_to_ask(study: Study, asked: Ask) -> None:
    for thread in [(), (CHATTER,), ("", "🤔", "x" * 5_000)]:
        reply = await handle(study, "mention", asked(thread=thread))

        assert "부르셨어요?" in reply.text
        assert reply.visibility == "public"


@pytest.mark.parametrize("wordless", ["?", "🙏", "…!"])
async def test_a_mention_with_a_mere_sign_answers_the_thread(study: Study, asked: Ask, wordless: str) -> None:
    in_thread = await handle(study, "mention", asked(wordless, thread=(PAPERS,)))
    alone = await handle(study, "mention", asked(wordless))

    assert _shown(in_thread) == "papers"
    assert "부르셨어요?" in alone.text


async def test_what_is_too_long_is_told_for_all_to_see(study: Study, asked: Ask) -> None:
    reply = await handle(study, "mention", asked("가" * 3_000))

    assert "2,000자 안으로" in reply.text
    assert reply.visibility == "public"


async def test_a_miss_is_told_for_all_to_see(study: Study, asked: Ask) -> None:
    reply = await handle(study, "mention", asked("qwzx vbnk fjgh"))

    assert "답이 없어요" in reply.text
    assert reply.visibility == "public"


async def test_thanks_are_met_for_all_to_see_without_a_miss(shipped: Study, asked: Ask) -> None:
    reply = await handle(shipped, "mention", asked("고마워요 ㅋㅋㅋㅋ", thread=(BASICS,)))

    assert reply.text.startswith("네, 여기 있어요.")
    assert reply.visibility == "public"
