"""Arranging the daily advice in Slack: the form in a modal, what is wrong with it, and App Home's channels."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.platforms.chat import Seen
from tests.platforms.processes import BotProcess
from tests.platforms.slack_chat import SlackChat, seen
from tests.platforms.slack_server import APP_TOKEN, BOT_TOKEN, CHANNEL, SlackServer, channel

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMED = "U0NAMED"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[BotProcess, SlackServer]]:
    async with SlackServer() as server:
        environment = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{server.address}/api",
            "SLACK_OPERATORS": NAMED,
        }
        bot = await asyncio.to_thread(BotProcess, tmp_path_factory.mktemp("slack-tips"), **environment)
        await server.connected(2)
        yield bot, server
        assert await asyncio.to_thread(bot.stop) == 0
        assert not server.faults, server.faults


@pytest_asyncio.fixture(loop_scope="module")
async def chat(slack: tuple[BotProcess, SlackServer]) -> SlackChat:
    return SlackChat(*slack)


async def test_a_form_is_filled_in_corrected_and_saved_and_app_home_then_shows_the_channel(chat: SlackChat) -> None:
    begin = await chat.command("조언설정")
    form = await chat.press(begin, "매일 조언 시작하기")
    callback = chat.server.views[form.key]["callback_id"]
    wrong = await chat.submit(form, zone="Asia/Nowhere", to="2026-03-01", **{"from": "2026-03-02"})
    one_wrong = await chat.submit(form, **{"from": "2026-03-02", "to": "2026-03-01"})
    saved = await chat.submit(form, at="08:30", days=("0", "2"), topics=("공부법",), thread="on")
    again = await chat.press(await chat.command("tips"), "설정 바꾸기")
    home = await chat.home()
    agenda = await chat.press(home, "살펴보기")
    before = len(chat.server.shown)
    paused = await chat.press(agenda, "멈추기")
    behind = seen(await chat.server.next_shown(before, lambda shown: shown.view == "home"))

    assert begin.private
    assert callback == "form"
    assert isinstance(wrong, dict)
    assert "Asia/Nowhere" in wrong["zone"]
    assert isinstance(one_wrong, dict)
    assert list(one_wrong) == ["to"]
    assert isinstance(saved, Seen)
    assert "매일 조언을 08:30 (Asia/Seoul)에 올려요" in saved.text
    elements = {each["block_id"]: each["element"] for each in chat.server.views[again.key]["blocks"]}
    assert elements["at"]["initial_time"] == "08:30"
    assert [each["value"] for each in elements["days"]["initial_options"]] == ["0", "2"]
    assert [each["value"] for each in elements["topics"]["initial_options"]] == ["공부법"]
    assert elements["thread"]["initial_option"]["value"] == "on"
    assert f"<#{CHANNEL}> — 08:30 (Asia/Seoul)에 올려요" in home.text
    assert "매일 조언을 08:30" in agenda.text
    assert "멈췄어요" in paused.text
    assert f"<#{CHANNEL}> — 멈춰 있어요" in behind.text


async def test_the_form_opens_from_the_command_alone_and_a_late_one_is_told_in_words(chat: SlackChat) -> None:
    opened = await chat.command("조언설정", "설정")
    chat.server.refuse["views.open"] = "expired_trigger_id"
    told = await chat.command("조언설정", "설정")
    chat.server.refuse.clear()

    assert "시각" in opened.text
    assert chat.server.views[opened.key]["callback_id"] == "form"
    assert "이렇게 써 주세요" in told.text


@pytest.mark.parametrize(
    ("lost", "remedy"),
    [
        ({"is_member": False}, "/invite @sunbae"),
        ({"is_member": False, "is_private": True}, "/invite @sunbae"),
        ({"is_archived": True}, "보관된 채널이에요"),
    ],
)
async def test_what_keeps_the_bot_from_posting_is_said_as_soon_as_it_is_set_up(
    chat: SlackChat, lost: dict[str, bool], remedy: str
) -> None:
    id_ = f"C0LOST{len(chat.server.channels)}"
    chat.server.channels[id_] = channel(id_) | lost
    ack = await chat.server.command(chat.user, "tips set 09:00", id_)

    assert ack is not None
    assert remedy in ack["text"]


async def test_a_slack_that_does_not_tell_the_channel_is_no_obstacle(chat: SlackChat) -> None:
    chat.server.scopes -= {"channels:read"}
    told = await chat.command("tips", "set 09:00")
    chat.server.scopes |= {"channels:read"}

    assert "09:00 (Asia/Seoul)" in told.text
    assert "⚠️" not in told.text


async def test_only_admins_of_the_workspace_and_those_named_are_operators(chat: SlackChat) -> None:
    server = chat.server
    named = server.person()
    server.people[NAMED] = server.people[named] | {"id": NAMED}
    guest = server.person(admin=True)
    server.people[guest]["team_id"] = "T0OTHER"

    async def told(user: str) -> str:
        ack = await server.command(user, "tips")
        assert ack is not None
        return str(ack["text"])

    assert "운영자만" not in await told(NAMED)
    assert "운영자만" in await told(server.person())
    assert "운영자만" in await told(guest)


async def test_a_list_in_a_modal_is_still_there_under_the_answer_that_it_opened(chat: SlackChat) -> None:
    topics = await chat.command("둘러보기")
    listed = await chat.press(topics, "공부법")
    answer = await chat.press(listed, "공부하다 지칠 때, 원동력은 무엇인가요?")
    other = await chat.press(answer, answer.buttons[-2] if answer.buttons[-1] == "채널에 공유" else answer.buttons[-1])
    picker = await chat.press(other, "채널에 공유")

    assert topics.key == listed.key
    assert chat.server.under[answer.key] == listed.key
    assert other.key == answer.key
    assert "어느 채널에" in picker.text


async def test_a_thread_is_invited_to_in_the_card_itself(chat: SlackChat) -> None:
    await chat.command("tips", "set 09:00 thread=on")
    await chat.command("tips", "now")
    post = await chat.daily_post()

    assert "스레드에서 이야기 나눠요" in post.text
    assert seen(next(each for each in chat.server.shown if each.key == post.key)).buttons[-1] == "다른 조언"
