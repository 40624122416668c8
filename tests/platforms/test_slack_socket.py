"""Slack as it is here and nowhere else: sockets that come and go, threads, direct messages, App Home, modals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.platforms.processes import BotProcess
from tests.platforms.slack_chat import SlackChat, seen
from tests.platforms.slack_server import APP_TOKEN, BOT, BOT_TOKEN, CHANNEL, DIRECT, Shown, SlackServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONLINE_MASTERS = "해외 온라인 석사는 어떻게 생각하시나요?"
ANOTHER_QUESTION = "논문은 어떻게 읽나요?"
ANSWER = "솔직히 내실이 그렇게 있는 것 같지는 않습니다."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[BotProcess, SlackServer]]:
    async with SlackServer() as server:
        environment = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{server.address}/api",
        }
        bot = await asyncio.to_thread(BotProcess, tmp_path_factory.mktemp("slack-socket"), **environment)
        await server.connected(2)
        yield bot, server
        assert await asyncio.to_thread(bot.stop) == 0
        assert not server.faults, server.faults


@pytest_asyncio.fixture(loop_scope="module")
async def slack(running: tuple[BotProcess, SlackServer]) -> SlackServer:
    return running[1]


@pytest_asyncio.fixture(loop_scope="module")
async def chat(running: tuple[BotProcess, SlackServer]) -> SlackChat:
    return SlackChat(*running)


async def test_a_renewed_connection_loses_nothing(slack: SlackServer) -> None:
    old = await slack.renew()
    over_the_old = slack.command(slack.person(), ONLINE_MASTERS, socket=old)
    answers = await asyncio.gather(over_the_old, *(slack.command(slack.person(), "help") for _ in range(5)))
    await slack.connected(2)
    await old.close()
    afterwards = await slack.command(slack.person(), ONLINE_MASTERS)

    assert all(answers)
    assert afterwards is not None
    assert ANSWER in afterwards["text"]


async def test_lost_connections_are_opened_again(slack: SlackServer) -> None:
    await slack.drop()
    await slack.connected(2)

    assert await slack.command(slack.person(), "help")


async def test_an_answer_that_is_no_json_keeps_no_connection_from_being_opened(slack: SlackServer) -> None:
    slack.breaks["apps.connections.open"] = ["garbled"]
    await slack.drop()
    await slack.connected(2)

    assert slack.breaks["apps.connections.open"] == []
    assert await slack.command(slack.person(), "help")


async def test_an_event_that_comes_again_is_answered_once(slack: SlackServer, chat: SlackChat) -> None:
    said = {**slack.said(chat.user, f"<@{BOT}> {ONLINE_MASTERS}"), "type": "app_mention"}
    before = len(slack.shown)
    await slack.event(said, id_="EvSame")
    await slack.event(said, id_="EvSame", retry_attempt=1, retry_reason="timeout")
    await slack.event(said, id_="EvOther")
    await chat.command("help")

    assert len(slack.shown) == before + 2


async def test_what_other_bots_say_is_left_alone(slack: SlackServer, chat: SlackChat) -> None:
    said = {**slack.said("U0ROBOT", f"<@{BOT}> {ONLINE_MASTERS}"), "type": "app_mention", "bot_id": "B0ROBOT"}
    before = len(slack.shown)
    await slack.event(said)
    await chat.command("help")

    assert len(slack.shown) == before + 1


async def test_a_call_in_a_thread_that_may_not_be_read_is_met_kindly(slack: SlackServer, chat: SlackChat) -> None:
    slack.scopes -= {"channels:history"}
    thread = await chat.say(ONLINE_MASTERS)
    asked = await chat.mention("", thread=thread)
    slack.scopes |= {"channels:history"}

    assert "네, 부르셨어요?" in asked.text


async def test_a_call_in_a_long_thread_answers_its_newest_question(slack: SlackServer, chat: SlackChat) -> None:
    thread = await chat.say(ANOTHER_QUESTION)
    for number in range(40):
        slack.said(chat.user, f"{number}번째 인사", thread=thread)
    slack.said(chat.user, ONLINE_MASTERS, thread=thread)
    asked = await chat.mention("", thread=thread)

    assert ANSWER in asked.text


# aiohttp tries a connection that it had open a second time.
@pytest.mark.parametrize("breaks", [["drop", "drop"], ["500"], ["", "drop", "drop"], ["", "500"], ["garbled"]])
async def test_a_call_in_a_thread_whose_newest_messages_cannot_be_read_is_met_kindly(
    slack: SlackServer, chat: SlackChat, breaks: list[str]
) -> None:
    thread = await chat.say(ONLINE_MASTERS)
    for number in range(20):
        slack.said(chat.user, f"{number}번째 인사", thread=thread)
    slack.breaks["conversations.replies"] = [*breaks]
    asked = await chat.mention("", thread=thread)

    assert "네, 부르셨어요?" in asked.text


async def test_a_rate_limit_is_waited_for(slack: SlackServer, chat: SlackChat) -> None:
    slack.limited["chat.postMessage"] = 1

    assert ANSWER in (await chat.mention(ONLINE_MASTERS)).text


async def test_somebody_unknown_is_answered_in_the_bots_own_language(slack: SlackServer) -> None:
    slack.refuse["users.info"] = "user_not_found"
    answer = await slack.command("U0GUEST", "도움말")
    slack.refuse.clear()

    assert answer is not None
    assert "/sunbae 질문" in answer["text"]
    assert "자료실" not in answer["text"].partition("—")[0]


@pytest.mark.parametrize("words", ["", "help", "도움말"])
async def test_the_root_command_alone_tells_how_it_is_used(chat: SlackChat, words: str) -> None:
    assert "/sunbae 조언" in (await chat.command(words)).text


async def test_words_after_help_are_a_question(chat: SlackChat) -> None:
    assert ANSWER in (await chat.command("help", ONLINE_MASTERS)).text


async def test_free_text_asks(chat: SlackChat) -> None:
    assert ANSWER in (await chat.command(ONLINE_MASTERS)).text


async def test_what_people_write_calls_nobody(chat: SlackChat) -> None:
    calling = await chat.command("조언", "&lt;!channel&gt; *낚시* <@U123> 하기 좋은 날씨")

    assert "<!channel>" in calling.text  # as letters: the loopback refuses markup
    assert calling.private


async def _direct(slack: SlackServer, user: str, text: str) -> Shown:
    before = len(slack.shown)
    await slack.event({**slack.said(user, text, DIRECT), "channel_type": "im"})
    return await slack.next_shown(before)


async def test_a_direct_message_is_answered_where_it_stands(slack: SlackServer, chat: SlackChat) -> None:
    answer = await _direct(slack, chat.user, ONLINE_MASTERS)
    advice = await _direct(slack, chat.user, "조언")

    assert ANSWER in seen(answer).text
    assert answer.channel == DIRECT
    assert "다른 조언" in seen(advice).buttons


async def test_an_answer_in_a_direct_message_is_shared_in_a_channel_that_one_picks(
    slack: SlackServer, chat: SlackChat
) -> None:
    answer = await _direct(slack, chat.user, ONLINE_MASTERS)
    picker = await chat.press(seen(answer), "채널에 공유")
    view = slack.views[picker.key]
    before = len(slack.shown)
    response_url = slack.at(chat.user)["response_url"]
    submitted = {"type": "view_submission", "view": {"id": picker.key, **view}}
    await slack.interact(
        chat.user, submitted | {"response_urls": [{"response_url": response_url, "channel_id": CHANNEL}]}
    )
    shared = await slack.next_shown(before)

    assert view["blocks"][0]["element"]["response_url_enabled"]
    assert shared.channel == CHANNEL
    assert shared.only_for is None
    assert "님이 공유했어요." in seen(shared).text
    assert ANSWER in seen(shared).text


async def _home(slack: SlackServer, user: str) -> Shown:
    before = len(slack.shown)
    await slack.event({"type": "app_home_opened", "user": user, "channel": "D0", "tab": "home"})
    return await slack.next_shown(before)


def _view(shown: Shown) -> dict[str, Any]:
    return {"container": {"type": "view", "view_id": shown.key}, "view": {"id": shown.key, **shown.body}}


async def test_app_home_keeps_one_piece_of_advice_for_the_day(slack: SlackServer, chat: SlackChat) -> None:
    first, second = seen(await _home(slack, chat.user)), seen(await _home(slack, slack.person()))

    assert "오늘의 조언" in first.text
    assert first.text.partition("원문 보기")[0] == second.text.partition("원문 보기")[0]
    assert "공부법" in first.buttons


async def test_app_home_shows_operators_the_library(slack: SlackServer, chat: SlackChat) -> None:
    assert "질문 18개" in seen(await _home(slack, chat.user)).text
    assert "질문 18개, 조언" not in seen(await _home(slack, slack.person())).text


async def test_app_home_finds_an_answer(slack: SlackServer, chat: SlackChat) -> None:
    home = await _home(slack, chat.user)
    before = len(slack.shown)
    search = {"type": "plain_text_input", "action_id": "search", "value": ONLINE_MASTERS}
    await slack.interact(chat.user, {"type": "block_actions", "actions": [search], **_view(home)})
    answer = await slack.next_shown(before)

    assert answer.view == "modal"
    assert ANSWER in seen(answer).text


async def test_browsing_in_app_home_turns_the_pages_of_one_modal(slack: SlackServer, chat: SlackChat) -> None:
    home = await _home(slack, chat.user)
    page_1 = await chat.press(seen(home), "전체")
    page_2 = await chat.press(page_1, "다음")

    assert page_1.key == page_2.key != home.key
    assert "2/3" in page_2.text


async def test_a_bot_that_stops_while_it_answers_finishes(
    running: tuple[BotProcess, SlackServer], chat: SlackChat
) -> None:
    bot, slack = running
    asked = [asyncio.create_task(slack.command(chat.user, ONLINE_MASTERS)) for _ in range(10)]
    await asyncio.sleep(0)  # they are on their way
    await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    assert await asyncio.to_thread(bot.stop) == 0
    answers = [task.result() for task in asked if task.done() and not task.exception()]
    for task in asked:
        task.cancel()
    await asyncio.to_thread(bot.start)
    await slack.connected(2)

    assert answers
    assert all(answers)


async def test_the_log_holds_no_token_and_nobodys_words(running: tuple[BotProcess, SlackServer]) -> None:
    bot, _ = running
    log = bot.logged()

    assert "slack socket connected" in log
    for secret in (BOT_TOKEN, APP_TOKEN, ONLINE_MASTERS):
        assert secret not in log
