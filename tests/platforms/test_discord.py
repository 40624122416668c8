"""What only Discord has: commands in two languages, manners in a conversation, permissions, a gateway that drops."""

from __future__ import annotations

import pytest
import pytest_asyncio

from tests.platforms.discord_chat import DiscordChat
from tests.platforms.discord_payloads import CREATE_THREADS, FORUM, SEND_MESSAGES, VIEW_CHANNEL, Channel, Json, Message
from tests.platforms.discord_world import Interaction

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = "해외 온라인 석사는 어떻게 생각하시나요?"
ANSWER = "솔직히 내실이 그렇게 있는 것 같지는 않습니다."
MESSAGES = r"/channels/\d+/messages"


@pytest_asyncio.fixture(loop_scope="module")
async def chat(discord_chat: DiscordChat) -> DiscordChat:
    """Somebody in a channel of their own, so that no other test is heard."""
    server = discord_chat.server
    channel = server.add(Channel("잡담", guild=server.guild))
    await server.gateway.dispatch("CHANNEL_CREATE", channel.json(), guild=server.guild)
    discord_chat.channel = channel
    return discord_chat


def operators_log(chat: DiscordChat) -> str:
    return chat.bot.logged()


async def test_commands_have_korean_names_and_operators_ones_are_hidden_from_others(chat: DiscordChat) -> None:
    commands = {command["name"]: command for command in chat.server.commands["global"]}

    korean = {name: command["name_localizations"].get("ko") for name, command in commands.items()}
    assert korean == {
        "ask": "질문",
        "browse": "둘러보기",
        "advice": "조언",
        "library": "자료실",
        "tips": "조언설정",
        "help": "도움말",
        "Q&A에서 답 찾기": None,
    }
    assert commands["ask"]["options"][0]["name_localizations"]["ko"] == "질문"
    assert commands["library"]["default_member_permissions"] == 1 << 5
    assert commands["library"]["integration_types"] == [0]
    assert commands["ask"]["default_member_permissions"] is None
    assert commands["ask"]["integration_types"] == [0, 1]
    assert commands["ask"]["contexts"] == [0, 1, 2]


async def test_the_daily_advice_is_arranged_with_subcommands_in_both_languages(chat: DiscordChat) -> None:
    tips = chat._command("조언설정")

    korean = {each["name"]: each["name_localizations"]["ko"] for each in tips["options"]}
    assert korean == {
        "set": "설정",
        "show": "보기",
        "preview": "미리보기",
        "now": "지금",
        "pause": "멈춤",
        "resume": "다시",
        "skip": "건너뛰기",
        "swap": "바꾸기",
        "pin": "고정",
        "ban": "제외",
        "history": "기록",
        "off": "끄기",
    }
    assert tips["default_member_permissions"] == 1 << 5
    assert tips["contexts"] == [0]


async def test_commands_that_did_not_change_are_not_sent_again(chat: DiscordChat) -> None:
    before = chat.server.puts
    await chat.restart_bot()
    await chat.command("help")

    assert chat.server.puts == before


async def test_a_member_without_manage_server_is_told_that_the_library_is_for_operators(chat: DiscordChat) -> None:
    chat.person.permissions = 1 << 11
    seen = await chat.command("자료실")

    assert "운영자만" in seen.text


@pytest.mark.parametrize("typed", ["ㅎㅇ ㅇㄹㅇ", "온라인 석", "dhsfkdls tjrtk"])
async def test_suggestions_come_while_typing_in_any_way(chat: DiscordChat, typed: str) -> None:
    assert "해외 온라인 석사는 어떤가요?" in await chat.suggestions("질문", typed)


async def test_topics_and_tasks_are_suggested_where_they_are_asked_for(chat: DiscordChat) -> None:
    assert await chat.suggestions("둘러보기", "공부") == ("공부법",)
    assert "진로" in await chat.suggestions("조언", "")
    assert await chat.suggestions("자료실", "다시") == ("다시읽기",)


async def test_emoji_and_times_in_a_command_are_no_words(chat: DiscordChat) -> None:
    seen = await chat.command("질문", "<:joy:123456789012345678> 해외 온라인 석사 <t:1700000000:R>")
    empty = await chat.command("질문", "<:joy:123456789012345678>")

    assert "해외 온라인 석사" in seen.text
    assert "무엇이 궁금한지 적어 주세요" in empty.text


async def test_a_page_turns_in_place_and_an_answer_comes_below(chat: DiscordChat) -> None:
    topics = await chat.command("둘러보기")
    page_1 = await chat.press(topics, "전체")
    page_2 = await chat.press(page_1, "다음")
    answer = await chat.press(page_2, page_2.buttons[-1])

    assert topics.key == page_1.key == page_2.key
    assert answer.key != page_2.key
    assert answer.private


async def test_a_forum_post_is_answered_by_its_title(chat: DiscordChat) -> None:
    forum = chat.server.add(Channel("질문 게시판", FORUM, chat.server.guild))
    await chat.server.gateway.dispatch("CHANNEL_CREATE", forum.json(), guild=chat.server.guild)
    post = await chat.server.open_thread(ASKED, parent=forum)
    seen = await chat.call(f"<@{chat.server.bot.id}> ?", post)

    assert ANSWER in seen.text
    assert chat.server.messages[int(seen.key)].channel is post


async def test_words_in_a_direct_message_are_a_question_and_nothing_is_private_there(chat: DiscordChat) -> None:
    chat.channel = chat.server.direct(chat.person)
    said = await chat.call(ASKED)
    commanded = await chat.command("질문", ASKED)

    assert ANSWER in said.text
    assert ANSWER in commanded.text
    assert not commanded.private
    assert "채널에 공유" not in [*said.buttons, *commanded.buttons]


async def test_an_answer_to_a_mention_is_a_reply_that_pings_nobody(chat: DiscordChat) -> None:
    seen = await chat.mention(ASKED)  # the server takes no message that may ping

    reference = chat.server.messages[int(seen.key)].reference
    assert reference is not None
    assert int(reference["message_id"]) == chat._spoken


@pytest.mark.parametrize(
    "content", ["<@{other}> <@!{other}> 이거 <@{bot}> 한테 물어봐", "잘 봤어요", "@everyone <@{bot}> 공지"]
)
async def test_what_is_not_for_the_bot_is_left_alone(chat: DiscordChat, content: str) -> None:
    other = chat.server.person("철수")
    words = content.format(other=other.id, bot=chat.server.bot.id)
    said = chat.calling(words, chat.channel)
    said.everyone = "@everyone" in words
    chat._spoken = (await chat.server.say(said)).id

    assert await chat.silence()


async def test_other_bots_are_left_alone(chat: DiscordChat) -> None:
    other = chat.server.person("다른 봇", bot=True)
    said = Message(chat.channel, other, f"<@{chat.server.bot.id}> {ASKED}", mentions=(chat.server.bot,))
    chat._spoken = (await chat.server.say(said)).id

    assert await chat.silence()


@pytest.mark.parametrize(
    "content", ["{ask} <@{bot}>", "<@{other}> <@{bot}> {ask}", "<@!{bot}> {ask} <:smile:123456789>"]
)
async def test_a_mention_among_others_is_answered(chat: DiscordChat, content: str) -> None:
    other = chat.server.person("철수")
    seen = await chat.call(content.format(ask=ASKED, other=other.id, bot=chat.server.bot.id))

    assert ANSWER in seen.text


async def test_a_reply_to_what_the_bot_may_not_read_is_shown_the_message_command(chat: DiscordChat) -> None:
    asked = chat.server.messages[int(await chat.say(ASKED))]
    seen = await chat.call(f"<@{chat.server.bot.id}>", reply_to=asked)

    assert "Q&A에서 답 찾기" in seen.text


async def test_told_to_stop_the_bot_leaves_the_thread(chat: DiscordChat) -> None:
    thread = await chat.server.open_thread("잡담")
    seen = await chat.call(f"<@{chat.server.bot.id}> 그만!", thread)
    await chat.server.until(lambda: thread.id in chat.server.left)

    assert "물러날게요" in seen.text


@pytest.mark.parametrize(("code", "status"), [(50013, 403), (50001, 403), (160005, 400), (50083, 400)])
async def test_where_it_may_not_write_the_writer_is_told_in_private_with_the_answer(
    chat: DiscordChat, code: int, status: int
) -> None:
    place = rf"/channels/{chat.channel.id}/messages"
    chat.server.refuse("POST", place, status, code, times=2)
    first = await chat.mention(ASKED)
    second = await chat.mention(ASKED)

    for seen in (first, second):
        assert chat.server.messages[int(seen.key)].channel is chat.server.direct(chat.person)
        assert "잡담에는 제가 글을 쓸 수 없어서" in seen.text
        assert ANSWER in seen.text
    told = [line for line in operators_log(chat).splitlines() if str(chat.channel.id) in line]
    assert len(told) == 1
    assert str(code) in told[0]


async def test_where_nobody_can_be_told_nothing_is_tried_again(chat: DiscordChat) -> None:
    chat.server.refuse("POST", rf"/channels/{chat.channel.id}/messages", 403, 50013)
    chat.server.refuse("POST", r"/users/@me/channels", 403, 50007)
    chat.server.calls.clear()
    await chat.server.say(chat.calling(f"<@{chat.server.bot.id}> {ASKED}", chat.channel))
    await chat.server.until(lambda: not chat.server.refusals)
    await chat.command("help")

    assert [path for method, path in chat.server.calls if method == "POST" and "callback" not in path] == [
        f"/channels/{chat.channel.id}/messages",
        "/users/@me/channels",
    ]


async def test_a_deleted_channel_ends_the_answer_quietly(chat: DiscordChat) -> None:
    chat.server.refuse("POST", rf"/channels/{chat.channel.id}/messages", 404, 10003)
    chat._spoken = (await chat.server.say(chat.calling(f"<@{chat.server.bot.id}> {ASKED}", chat.channel))).id
    await chat.server.until(lambda: not chat.server.refusals)

    assert await chat.silence()


async def test_without_read_message_history_the_answer_comes_without_a_reference(chat: DiscordChat) -> None:
    chat.server.refuse("POST", MESSAGES, 400, 160002)
    seen = await chat.mention(ASKED)

    assert ANSWER in seen.text
    assert chat.server.messages[int(seen.key)].reference is None


async def test_a_rate_limit_is_waited_out_and_the_answer_comes_once(chat: DiscordChat) -> None:
    refusals = chat.server.refusals
    chat.server.refuse("POST", MESSAGES, 429, Via="1.1 google")
    refusals[-1].body = {"message": "You are being rate limited.", "retry_after": 0.05, "global": False}
    mentioned = await chat.mention(ASKED)
    chat.server.refuse("POST", r"/interactions/.*", 429, Via="1.1 google")
    refusals[-1].body = {"message": "You are being rate limited.", "retry_after": 0.05, "global": False}
    commanded = await chat.command("질문", ASKED)

    assert ANSWER in mentioned.text
    assert ANSWER in commanded.text
    assert len(chat._since_spoken()) == 1


async def test_a_passing_failure_of_discord_is_tried_again(chat: DiscordChat) -> None:
    chat.server.refuse("POST", MESSAGES, 502)
    seen = await chat.mention(ASKED)

    assert ANSWER in seen.text
    assert len(chat._since_spoken()) == 1


async def test_what_is_said_while_the_connection_is_down_is_answered_after_a_resume(chat: DiscordChat) -> None:
    before = chat.server.gateway.resumed, chat.server.gateway.identified
    await chat.server.gateway.drop()
    seen = await chat.mention(ASKED)

    assert ANSWER in seen.text
    assert (chat.server.gateway.resumed, chat.server.gateway.identified) == (before[0] + 1, before[1])


async def test_asked_to_reconnect_it_resumes(chat: DiscordChat) -> None:
    before = chat.server.gateway.resumed
    await chat.server.gateway.ask_to_reconnect()
    await chat.server.gateway.until(lambda: chat.server.gateway.resumed == before + 1)
    seen = await chat.mention(ASKED)

    assert ANSWER in seen.text


async def test_an_answer_that_came_too_late_harms_nobody(chat: DiscordChat) -> None:
    chat.server.refuse("POST", r"/interactions/.*", 404, 10062)
    command = chat._command("help")
    data = {"id": command["id"], "name": command["name"], "type": 1, "options": []}
    await chat.server.interact(Interaction(chat.person, chat.channel, 2), data)
    await chat.server.until(lambda: not chat.server.refusals)
    seen = await chat.command("help")

    assert "/질문" in seen.text
    assert "10062" in operators_log(chat)


async def test_a_button_that_the_bot_no_longer_has_says_so_kindly(chat: DiscordChat) -> None:
    components = [{"type": 1, "components": [{"type": 2, "style": 2, "label": "옛날", "custom_id": "oldies:7"}]}]
    old = Message(chat.channel, chat.server.bot, "옛날 글", components)
    chat.server.messages[old.id] = old
    seen = await chat.press(chat._seen(old), "옛날")

    assert "이제 쓰이지 않아요" in seen.text
    assert seen.private


async def test_a_long_answer_goes_on_behind_a_button_and_no_sentence_is_cut(chat: DiscordChat) -> None:
    sentences = [f"{number:03}번째로 드릴 말씀은 복습을 하자는 것입니다." for number in range(1, 161)]
    text = " ".join(sentences)
    session = f"""
title: 긴 이야기
speaker: 김교수
date: "03.02"
questions:
  - {{id: long-story, short: 복습 이야기, text: 복습은 어떻게 하나요 정말로, points: ["{text}"]}}
"""
    await chat.edit_content(lambda folder: (folder / "long.yaml").write_text(session, encoding="utf-8") and None)
    seen = await chat.command("질문", "#long-story")
    texts = [seen.text]
    while more := next((label for label in seen.buttons if label.startswith("더 보기")), None):
        seen = await chat.press(seen, more)
        texts.append(seen.text)
    await chat.edit_content(lambda folder: (folder / "long.yaml").unlink())
    gone = await chat.command("질문", "#long-story")

    assert len(texts) > 2
    assert [sum(sentence in each for each in texts) for sentence in sentences] == [1] * len(sentences)
    assert all("김교수 · 긴 이야기 · 03.02" in each for each in texts)
    assert "김교수" not in gone.text


async def test_no_post_is_promised_in_a_channel_that_it_may_not_post_to(chat: DiscordChat) -> None:
    await chat.command("조언설정", "설정 09:00 매일")
    chat.channel.denied = SEND_MESSAGES

    seen = await chat.command("조언설정", "지금")
    chat.channel.denied = 0

    assert "지금 올릴게요" not in seen.text
    assert "‘메시지 보내기’를 켜 주세요" in seen.text


async def test_a_channel_that_refuses_ends_its_daily_advice_until_it_takes_a_post_and_its_operator_is_told_once(
    chat: DiscordChat,
) -> None:
    await chat.command("조언설정", "설정 09:00 매일")
    chat.server.refuse("POST", f"/channels/{chat.channel.id}/messages", 403, 50013)
    await chat.command("조언설정", "지금")
    owners = chat.server.direct(chat.person)
    told = await chat.server.until(
        lambda: [each for each in chat.server.messages.values() if each.channel is owners and "멈췄어요" in each.text()]
    )
    shown = await chat.command("조언설정", "보기")
    await chat.command("조언설정", "지금")
    await chat.server.until(lambda: any(_posted(each, chat) for each in chat.server.messages.values()))
    for _ in range(100):
        if "멈췄어요" not in (later := (await chat.command("조언설정", "보기")).text):
            break

    assert len(told) == 1
    assert later.startswith("매일 조언을 09:00")
    for text in (told[0].text(), shown.text):
        assert "‘메시지 보내기’를 켜 주세요" in text


async def test_the_settings_open_as_a_form_in_two_parts_that_outlives_a_restart(chat: DiscordChat) -> None:
    form = await chat.open_form("조언설정", "설정")
    await chat.restart_bot()
    wrong = await chat.send_in(form, 시각="25:00")
    again = await chat.press_for_form(wrong, "다시 적기")
    begun = await chat.send_in(again, 시각="오후 2시 반", 요일=["월요일", "수요일"], 스레드=["조언마다 스레드 열기"])
    rest = await chat.press_for_form(begun, "나머지 설정")
    done = await chat.send_in(rest, 시간대="Europe/Berlin", **{"시작하는 날": "2099-01-05"})
    kept = await chat.press_for_form(await chat.command("조언설정", "보기"), "설정 바꾸기")

    assert form["title"] == "매일 조언 설정"
    assert "‘25:00’은 시각이 아니에요" in wrong.text
    assert "14:30 (Asia/Seoul)" in begun.text
    assert "14:30 (Europe/Berlin)" in done.text
    assert "2099-01-05 — “" in done.text
    assert "다시 적기" not in begun.buttons
    assert "나머지 설정" not in done.buttons
    assert kept["components"][0]["component"]["value"] == "14:30"
    assert done.private


def _held(form: Json) -> dict[str, str | list[str]]:
    """What each field of a modal holds, by its label."""
    fields = {label["label"]: label["component"] for label in form["components"]}
    return {
        name: [option["label"] for option in field["options"] if option.get("default")]
        if "options" in field
        else field.get("value") or ""
        for name, field in fields.items()
    }


async def test_only_what_is_wrong_in_a_form_has_to_be_filled_in_again(chat: DiscordChat) -> None:
    form = await chat.open_form("조언설정", "설정")
    wrong = await chat.send_in(form, 시각="25:00", 요일=["월요일"], 주제=["연구"])
    again = await chat.press_for_form(wrong, "다시 적기")
    rest = await chat.press_for_form(await chat.send_in(again, 시각="10:00"), "나머지 설정")
    days = {"시작하는 날": "2099-01-05", "끝나는 날": "언젠가"}
    wrong_rest = await chat.send_in(rest, 시간대="Europe/Berlin", **days)
    rest_again = await chat.press_for_form(wrong_rest, "다시 적기")
    await chat.restart_bot()
    forgotten = await chat.press_for_form(wrong, "다시 적기")

    held = _held(again)
    assert (held["시각"], held["요일"], held["주제"]) == ("25:00", ["월요일"], ["연구"])
    assert _held(rest_again) | {"시간대": "Europe/Berlin", **days} == _held(rest_again)
    assert _held(forgotten) == held | {"시각": "10:00"}


async def test_days_and_advice_are_suggested_as_they_are_arranged(chat: DiscordChat) -> None:
    none_yet = await chat._suggested("조언설정", "", "건너뛰기 날짜")
    await chat.command("조언설정", "설정 09:00 평일")
    days = await chat._suggested("조언설정", "", "건너뛰기 날짜")
    advice = await chat._suggested("조언설정", "연구", "고정 조언")
    zones = await chat._suggested("조언설정", "서울", "설정 시간대") + await chat._suggested(
        "조언설정", "seoul", "설정 시간대"
    )
    pinned = await chat.command("조언설정", f"고정 {days[3]['value']} {advice[0]['value']}")
    without = await chat.command("조언설정", f"멈춤 {days[1]['value']} {days[2]['value']}")

    assert not none_yet
    assert "요일 — “" in days[0]["name"]
    assert all("연구" in each["name"] for each in advice)
    assert [each["value"] for each in zones] == ["Asia/Seoul"]
    assert f"{days[3]['value']} — “{advice[0]['name'].removesuffix('…')}" in pinned.text
    for day in days[1:3]:
        assert f"{day['value']} — 쉬는 날이에요" in without.text


async def test_a_day_off_is_taken_back_by_its_day(chat: DiscordChat) -> None:
    await chat.command("조언설정", "설정 09:00 매일 공휴일=none")
    day = (await chat._suggested("조언설정", "", "건너뛰기 날짜"))[2]["value"]
    skipped = await chat.command("조언설정", f"건너뛰기 {day}")

    resumed = await chat.command("조언설정", f"다시 {day}")

    assert f"{day} — 쉬는 날이에요" in skipped.text
    assert f"{day} — “" in resumed.text


async def test_advice_that_has_come_in_this_round_is_not_suggested_to_be_pinned(chat: DiscordChat) -> None:
    await chat.command("조언설정", "설정 09:00 평일")
    coming = (await chat._suggested("조언설정", "", "고정 날짜"))[0]["name"].partition("“")[2][:12]
    before = await chat._suggested("조언설정", coming, "고정 조언")
    await chat.command("조언설정", "지금")

    assert len(before) == 1
    assert await chat._suggested("조언설정", coming, "고정 조언") == []
    assert await chat._suggested("조언설정", coming, "제외 조언") == before


@pytest.mark.parametrize(("denied", "click"), [(VIEW_CHANNEL, "‘채널 보기’"), (SEND_MESSAGES, "‘메시지 보내기’")])
async def test_where_it_could_not_post_its_operator_is_told_at_once_what_to_click(
    chat: DiscordChat, denied: int, click: str
) -> None:
    chat.channel.denied = denied
    seen = await chat.command("조언설정", "설정 09:00")

    assert seen.text.startswith("⚠️")
    assert click in seen.text


async def test_in_a_forum_its_operator_is_told_to_choose_another_channel(chat: DiscordChat) -> None:
    forum = chat.server.add(Channel("질문 게시판", FORUM, chat.server.guild))
    await chat.server.gateway.dispatch("CHANNEL_CREATE", forum.json(), guild=chat.server.guild)
    chat.channel = await chat.server.open_thread("첫 글", parent=forum)
    seen = await chat.command("조언설정", "설정 09:00")

    assert "일반 채널에서" in seen.text


async def test_a_thread_opens_under_the_days_advice_where_it_may(chat: DiscordChat) -> None:
    server = chat.server
    server.permissions |= CREATE_THREADS
    await chat.command("조언설정", "설정 09:00 매일 스레드=on")
    await chat.command("조언설정", "지금")
    post = await server.until(lambda: next((each for each in server.messages.values() if _posted(each, chat)), None))
    thread = await server.until(lambda: server.channels.get(post.id))
    server.permissions &= ~CREATE_THREADS

    assert thread.parent == chat.channel.id
    assert "조언 이야기" in thread.name


async def test_where_threads_may_not_be_opened_the_advice_stands_all_the_same(chat: DiscordChat) -> None:
    await chat.command("조언설정", "설정 09:00 매일 스레드=on")
    await chat.command("조언설정", "지금")
    await chat.server.until(lambda: any(_posted(each, chat) for each in chat.server.messages.values()))
    for _ in range(100):
        history = await chat.command("조언설정", "기록")
        if "올렸어요" in history.text:
            break

    assert "올렸어요" in history.text
    assert "Create Public Threads" in operators_log(chat)


def _posted(message: Message, chat: DiscordChat) -> bool:
    return message.nonce is not None and message.channel is chat.channel
