"""A user's story, told once: every platform must pass it through its real wire."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.platforms.chat import Chat

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED = "week4-masterclass1.yaml"
QUESTION_12 = "대학원을 가는 목적이 연구가 아닌 취업이 목적이라면 어떻게 생각하시나요?"
WHOSE = "주재걸 · Week 4 마스터클래스1 · 02.17"


async def test_a_question_is_answered_in_the_notes_own_words_with_their_source(chat: Chat) -> None:
    seen = await chat.command("질문", "대학원 꼭 가야 하나요")

    assert QUESTION_12 in seen.text
    assert "그런 의미에서 사실 괜찮은 선택인것같고, 2년정도 공부 더하는거야 뭐…" in seen.text
    assert "망하진 않습니다. 평균적으로 조금 더 좋은 기회가 많을 것 같습니다." in seen.text
    assert WHOSE in seen.text
    assert "https://hackmd.io/6RMuuDrFT32LJB2KWbOhtw" in seen.links
    assert seen.best
    assert seen.best in seen.text


async def test_typos_are_understood(chat: Chat) -> None:
    seen = await chat.command("질문", "해외온라인석사어때")

    assert "해외 온라인 석사는 어떻게 생각하시나요?" in seen.text


async def test_an_answer_is_private_until_it_is_shared(chat: Chat) -> None:
    private = await chat.command("질문", "해외 온라인 석사는 어떻게 생각하시나요?")
    shared = await chat.press(private, "채널에 공유")

    assert private.private
    assert not await chat.others_see(private)
    assert not shared.private
    assert await chat.others_see(shared)
    assert "님이 공유했어요" in shared.text
    assert "솔직히 내실이 그렇게 있는 것 같지는 않습니다." in shared.text
    assert "채널에 공유" not in shared.buttons


async def test_what_the_notes_do_not_hold_is_an_honest_miss_that_offers_a_way_on(chat: Chat) -> None:
    miss = await chat.command("질문", "점심 뭐 먹지")
    topics = await chat.press(miss, "질문 둘러보기")

    assert "답이 없어요" in miss.text
    assert WHOSE not in miss.text
    assert WHOSE in topics.text


@pytest.mark.parametrize("words", ["", "🤔🤔🤔", "?!…"])
async def test_a_question_without_words_is_met_with_a_kind_request(chat: Chat, words: str) -> None:
    seen = await chat.command("질문", words)

    assert seen.private
    assert "적어 주" in seen.text


async def test_a_suggestion_opens_its_question(chat: Chat) -> None:
    offered = await chat.suggestions("질문", "온라인 석사")
    seen = await chat.choose_suggestion("질문", "온라인 석사", offered[0])

    assert offered[0] == "해외 온라인 석사는 어떤가요?"
    assert "해외 온라인 석사는 어떻게 생각하시나요?" in seen.text


async def test_related_questions_lead_on(chat: Chat) -> None:
    first = await chat.command("질문", "박사 유학")
    following = await chat.press(first, "탑다운 방식으로 공부하는 게 좋을까요?")

    assert "방금 말씀해주신 부분의 연장선상인데" in following.text


async def test_browsing_leads_from_a_topic_to_an_answer_and_pages_through_all_questions(chat: Chat) -> None:
    topics = await chat.command("둘러보기")
    page_1 = await chat.press(topics, "전체")
    page_2 = await chat.press(page_1, "다음")
    page_3 = await chat.press(page_2, "다음")
    answer = await chat.press(page_3, "인공지능 침체기가 또 올까요?")
    back = await chat.press(page_3, "이전")  # some platforms turn the page in place
    study = await chat.press(await chat.command("둘러보기"), "공부법")

    assert "1/3" in page_1.text
    assert "3/3" in page_3.text
    assert "다음" not in page_3.buttons
    assert back.buttons == page_2.buttons
    assert "교수님이 생각하시기엔 인공지능이 또다시 침체기를 겪을것이라 보시나요?" in answer.text
    assert "공부하다 지칠 때, 원동력은 무엇인가요?" in study.buttons


async def test_advice_comes_one_piece_at_a_time_and_opens_its_answer(chat: Chat) -> None:
    first = await chat.command("조언")
    second = await chat.press(first, "다른 조언")
    whole = await chat.press(second, "전체 답변 보기")

    assert WHOSE in first.text
    assert first.text.partition("—")[0] != second.text.partition("—")[0]
    assert whole.best
    assert WHOSE in whole.text


async def test_advice_on_a_topic_it_has_none_on_offers_those_it_has(chat: Chat) -> None:
    seen = await chat.command("조언", "낚시하기 좋은 날씨")

    assert "아직 없어요" in seen.text
    assert "공부법" in seen.buttons


async def test_the_bot_stays_silent_among_people(chat: Chat) -> None:
    await chat.say("오늘 강의 재밌었다 대학원 갈까 고민되네")

    assert await chat.silence()


async def test_a_mention_is_answered_where_it_stands_for_all_to_see(chat: Chat) -> None:
    seen = await chat.mention("해외 온라인 석사는 어떻게 생각하시나요?")

    assert "솔직히 내실이 그렇게 있는 것 같지는 않습니다." in seen.text
    assert not seen.private
    assert await chat.others_see(seen)


async def test_a_mention_without_words_answers_the_thread(chat: Chat) -> None:
    thread = await chat.say("해외 온라인 석사는 어떻게 생각하시나요?")
    seen = await chat.mention("", thread=thread)

    assert "솔직히 내실이 그렇게 있는 것 같지는 않습니다." in seen.text


async def test_a_mention_without_words_or_thread_asks_what_is_wanted(chat: Chat) -> None:
    seen = await chat.mention("")

    assert "네, 부르셨어요?" in seen.text


async def test_the_message_command_answers_the_message_it_is_used_on(chat: Chat) -> None:
    message = await chat.say("해외 온라인 석사는 어떻게 생각하시나요?")
    seen = await chat.find_answer(message)

    assert seen.private
    assert "솔직히 내실이 그렇게 있는 것 같지는 않습니다." in seen.text


async def test_help_names_the_commands(chat: Chat) -> None:
    seen = await chat.command("도움말")

    for name in ("질문", "둘러보기", "조언"):
        assert f"/{name}" in seen.text or f"/sunbae {name}" in seen.text  # Slack has one command for all


async def test_english_is_spoken_to_who_reads_english_and_the_notes_stay_as_they_are(chat: Chat) -> None:
    await chat.speak("en")
    answer = await chat.command("ask", "해외 온라인 석사는 어떻게 생각하시나요?")
    miss = await chat.command("ask", "what is for lunch")

    assert "Only you can see" in answer.text or answer.private
    assert "Share to channel" in answer.buttons
    assert "솔직히 내실이 그렇게 있는 것 같지는 않습니다." in answer.text
    assert "The library has no answer" in miss.text


async def test_commands_are_known_by_their_english_names_too(chat: Chat) -> None:
    seen = await chat.command("ask", "해외 온라인 석사는 어떻게 생각하시나요?")

    assert "솔직히 내실이 그렇게 있는 것 같지는 않습니다." in seen.text


async def test_buttons_work_after_a_restart(chat: Chat) -> None:
    answer = await chat.command("질문", "박사 유학")
    await chat.restart_bot()
    shared = await chat.press(answer, "채널에 공유")

    assert "님이 공유했어요" in shared.text
    assert "박사 유학에 관심이 있는 학생입니다!" in shared.text


async def test_a_button_of_a_removed_question_says_so_kindly(chat: Chat) -> None:
    answer = await chat.command("질문", "박사 유학")
    kept = {}

    def without_question_9(folder: Path) -> None:
        kept["text"] = (folder / SEED).read_text(encoding="utf-8")
        start = kept["text"].index("  - id: top-down-study")
        end = kept["text"].index("\n  - id: ", start) + 1
        (folder / SEED).write_text(kept["text"][:start] + kept["text"][end:], encoding="utf-8")

    await chat.edit_content(without_question_9)
    removed = await chat.press(answer, "탑다운 방식으로 공부하는 게 좋을까요?")
    await chat.edit_content(lambda folder: (folder / SEED).write_text(kept["text"], encoding="utf-8") and None)
    found_again = await chat.press(answer, "탑다운 방식으로 공부하는 게 좋을까요?")

    assert removed.private
    assert "이제 자료실에 없어요" in removed.text
    assert "방금 말씀해주신 부분의 연장선상인데" in found_again.text


async def test_a_broken_edit_keeps_the_last_good_library_and_says_so(chat: Chat) -> None:
    def broken(folder: Path) -> None:
        (folder / "broken.yaml").write_text("title: [", encoding="utf-8")

    await chat.edit_content(broken)
    status = await chat.command("자료실")
    answer = await chat.command("질문", "해외 온라인 석사는 어떻게 생각하시나요?")
    await chat.edit_content(lambda folder: (folder / "broken.yaml").unlink())
    mended = await chat.command("자료실")

    assert "broken.yaml:1" in status.text
    assert "솔직히 내실이 그렇게 있는 것 같지는 않습니다." in answer.text
    assert "broken.yaml" not in mended.text
