"""The daily advice in Slack: what is posted, and what becomes of a post that went wrong on the way."""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.daily.card import daily_card
from bot.daily.engine import Engine, Time
from bot.daily.posting import NotAcceptedError
from bot.daily.telling import Telling
from bot.platforms.slack.app import SlackPlatform
from bot.reply import Place, Reply, Words
from bot.settings import SlackSettings
from bot.store.database import Database
from bot.store.notices import Notices
from bot.store.records import Channel, Delivery
from bot.store.store import Store
from bot.study import Study
from content import LiveLibrary
from content.library import SHIPPED
from tests.platforms.slack_chat import SlackChat, seen
from tests.platforms.slack_server import APP_TOKEN, BOT_TOKEN, TEAM, Shown, SlackServer, channel

pytestmark = pytest.mark.asyncio(loop_scope="module")

_POINTS = "".join(f"      - {number}번째 대목{' .' * 250}\n" for number in range(30))
_LONG = f"""\
title: 긴 모임
speaker: 주재걸
date: 03.02
questions:
  - id: endless
    short: 끝없는 질문
    text: 끝없는 질문인가요?
    points:
{_POINTS}"""

NINE = datetime(2026, 3, 3, tzinfo=UTC)  # in Seoul, a Tuesday


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = NINE

    def __call__(self) -> datetime:
        return self.now

    def timestamp(self) -> float:
        return self.now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Group:
    """The bot in Slack and the engine beside it, both in this process, with a clock that is set by hand."""

    slack: SlackServer
    platform: SlackPlatform
    engine: Engine
    telling: Telling
    store: Store
    study: Study
    clock: Clock
    _channels: Iterator[int]

    def channel(self) -> str:
        """A new channel with the bot in it."""
        id_ = f"C{next(self._channels):08}"
        self.slack.channels[id_] = channel(id_)
        return id_

    async def subscribe(self, id_: str | None = None) -> str:
        """A channel, the only one, whose advice comes at nine tomorrow; and it is now a moment later."""
        for other in self.slack.channels:
            await self.store.subscriptions.change(Channel("slack", TEAM, other), lambda _: None)
        id_ = id_ or self.channel()
        ack = await self.slack.command(self.slack.person(admin=True), "조언설정 설정 09:00 매일 공휴일=none", id_)
        assert ack is not None
        assert "매일 조언을 09:00" in ack["text"]
        tomorrow = self.clock.now.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        self.clock.now = tomorrow + timedelta(seconds=1)
        return id_

    async def tick(self, seconds: float = 0.0) -> None:
        """Let the engine do what is due after a while."""
        self.clock.now += timedelta(seconds=seconds)
        await self.engine.tick()
        await self.engine.drain()
        await self.telling.tick()

    async def delivery(self, id_: str) -> Delivery:
        return (await self.store.history.of(Channel("slack", TEAM, id_), limit=1))[0]

    def posts(self, id_: str) -> list[Shown]:
        """What everybody in a channel has got of the bot."""
        return [shown for shown in self.slack.shown if shown.channel == id_ and shown.only_for is None]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def group(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Group]:
    home: Path = tmp_path_factory.mktemp("slack-daily")
    clock = Clock()
    database = Database(f"sqlite+aiosqlite:///{home}/sunbae.db")
    await database.upgrade()
    async with SlackServer(clock=clock.timestamp) as server:
        settings = SlackSettings(BOT_TOKEN, APP_TOKEN, None, None, None, f"{server.address}/api")
        store = Store.on(database)
        shutil.copytree(SHIPPED, home / "content")
        (home / "content" / "long.yaml").write_text(_LONG, encoding="utf-8")
        study = Study(LiveLibrary(home / "content"), clock, Random(1), store=store)
        platform = SlackPlatform(settings, None, home, f"sqlite+aiosqlite:///{home}/sunbae.db", study)
        place = Place("slack", TEAM, "C1")
        with pytest.raises(NotAcceptedError, match="Slack에 연결할 수 없어요"):
            await platform.post(place, Reply((Words("안녕"),)), "key")
        running = asyncio.create_task(platform.run())
        await server.connected(2)
        passing = Time(monotonic=clock.timestamp, sleep=clock.sleep)
        engine = Engine("slack", platform, study, store.deliveries, passing=passing)
        telling = Telling("slack", platform, study, Notices(database), passing=passing)
        yield Group(server, platform, engine, telling, store, study, clock, itertools.count(1))
        running.cancel()
        await asyncio.wait([running])
        assert not server.faults, server.faults
    await database.close()


async def test_the_next_morning_brings_one_quiet_post_with_a_mark_that_only_apps_see(group: Group) -> None:
    id_ = await group.subscribe()
    before = len(group.slack.calls)
    await group.tick()
    await group.tick(3_600)

    [post] = group.posts(id_)
    assert group.slack.calls[before:].count("chat.postMessage") == 1
    assert seen(post).buttons == ("전체 답변 보기", "다른 조언")
    assert "주재걸 · Week 4 마스터클래스1 · 02.17" in post.body["text"]
    assert post.body["metadata"]["event_payload"]["key"] not in str(post.body["blocks"]) + post.body["text"]
    assert (post.body["unfurl_links"], post.body["unfurl_media"]) == (False, False)
    delivery = await group.delivery(id_)
    assert (delivery.state, delivery.message) == ("sent", post.key)


async def test_a_card_speaks_its_channels_language_throughout(group: Group) -> None:
    id_ = group.channel()
    library = group.study.library
    card = daily_card(library, library.advice()[0], "en", thread=date(2026, 3, 3))
    await group.platform.post(Place("slack", TEAM, id_), card, "0123456789abcdef01234567")
    [post] = group.posts(id_)

    assert "talk about it in the thread of this message" in post.body["text"]
    assert "Source" in seen(post).text
    assert not {"원문", "스레드"} & set(re.findall(r"[가-힣]+", seen(post).text.partition("—")[2]))


@pytest.mark.parametrize("ways", [["429"], ["429", "429"], ["message_limit_exceeded"]])
async def test_a_post_that_slack_surely_did_not_take_is_made_again(group: Group, ways: list[str]) -> None:
    id_ = await group.subscribe()
    group.slack.breaks["chat.postMessage"] = [*ways]
    for _ in range(4):
        await group.tick(90)

    assert len(group.posts(id_)) == 1
    assert (await group.delivery(id_)).state == "sent"


@pytest.mark.parametrize("way", ["500 after", "drop after", "fatal_error after", "internal_error after"])
async def test_a_post_whose_answer_was_lost_is_found_and_not_made_again(group: Group, way: str) -> None:
    id_ = await group.subscribe()
    group.slack.breaks["chat.postMessage"] = [way]
    await group.tick()
    unsure = await group.delivery(id_)
    group.slack.history_lags = True
    await group.tick(5)
    await group.tick(30)
    group.slack.history_lags = False
    for number in range(20):  # more than a page of what people say meanwhile
        group.slack.said(group.slack.person(), f"{number}번째 인사", id_)
    await group.tick(40)

    assert unsure.state == "unsure"
    assert len(group.posts(id_)) == 1
    assert (await group.delivery(id_)).message == group.posts(id_)[0].key


@pytest.mark.parametrize("way", ["500", "drop"])
async def test_a_post_that_did_not_arrive_is_made_again_after_two_looks_at_a_settled_history(
    group: Group, way: str
) -> None:
    id_ = await group.subscribe()
    group.slack.breaks["chat.postMessage"] = [way]
    await group.tick()
    for seconds in (5, 50, 10):
        await group.tick(seconds)
    still_unsure = await group.delivery(id_)
    await group.tick(31)
    await group.tick(1)

    assert still_unsure.state == "unsure"
    assert len(group.posts(id_)) == 1
    assert (await group.delivery(id_)).state == "sent"


async def test_a_limit_on_reading_the_history_is_waited_for(group: Group) -> None:
    id_ = await group.subscribe()
    group.slack.breaks["chat.postMessage"] = ["500 after"]
    await group.tick()
    group.slack.breaks["conversations.history"] = ["429", "500"]
    await group.tick(5)
    await group.tick(60)
    await group.tick(60)

    assert len(group.posts(id_)) == 1
    assert (await group.delivery(id_)).state == "sent"


async def test_without_the_scope_for_history_an_unsure_post_is_held_until_its_operator_says(group: Group) -> None:
    id_ = await group.subscribe()
    group.slack.scopes -= {"channels:history"}
    group.slack.breaks["chat.postMessage"] = ["drop"]
    await group.tick()
    await group.tick(200)
    group.slack.scopes |= {"channels:history"}
    held = await group.delivery(id_)
    history = await group.slack.command(group.slack.person(admin=True), "조언설정 기록", id_)

    assert (held.state, group.posts(id_)) == ("held", [])
    assert history is not None
    assert "이미 올라갔는지 볼 수 없어요. sunbae manifest slack --with-history" in str(history["blocks"])
    assert "다시 보내기" in str(history["blocks"])


@pytest.mark.parametrize(
    ("lost", "reason"),
    [
        ({"is_member": False}, "선배가 채널에 없어요. 채널에서 /invite @sunbae"),
        ({"is_member": False, "is_private": True}, "비공개 채널이라면 채널에서 /invite @sunbae"),
        ({"is_archived": True}, "보관된 채널이에요. 보관을 풀거나"),
    ],
)
async def test_a_channel_that_may_not_be_posted_to_stops_and_its_operator_is_told_once(
    group: Group, lost: dict[str, bool], reason: str
) -> None:
    id_ = await group.subscribe()
    group.slack.channels[id_] |= lost
    before = len(group.slack.shown)
    await group.tick()
    await group.tick(86_400)

    [told] = group.slack.shown[before:]
    assert told.channel in group.slack.people
    assert reason in told.body["text"]
    assert f"'channel_id': '{id_}'" in str(told.body["blocks"])  # shown by its name
    assert (await group.delivery(id_)).state == "failed"
    [*_, lamented] = await group.platform.check(await group.store.subscriptions.of("slack"))
    assert id_ in lamented.what
    assert ("unarchive" if "is_archived" in lost else "/invite @sunbae") in lamented.remedy.lower()


async def test_the_doctor_finds_the_channels_open(group: Group) -> None:
    await group.subscribe()
    [*_, found] = await group.platform.check(await group.store.subscriptions.of("slack"))

    assert (found.what, found.remedy) == ("slack: nothing known keeps the daily advice from 1 channel(s)", "")


async def test_a_revoked_token_stops_the_channel_and_one_that_slack_does_not_take_now_is_tried_again(
    group: Group,
) -> None:
    stopped, id_ = group.channel(), group.channel()
    await group.subscribe(stopped)
    group.slack.breaks["chat.postMessage"] = ["token_revoked"]
    await group.tick()
    await group.subscribe(id_)
    group.slack.breaks["chat.postMessage"] = ["invalid_auth", "invalid_blocks"]
    for _ in range(4):
        await group.tick(90)

    assert (await group.delivery(stopped)).state == "failed"
    assert (await group.delivery(id_)).state == "sent"


async def test_a_slack_that_cannot_be_reached_is_waited_for(group: Group) -> None:
    id_ = await group.subscribe()
    posts = group.platform._daily  # only a port that is closed is surely never reached
    assert posts is not None
    reached, posts._client.base_url = posts._client.base_url, "http://127.0.0.1:1/api/"
    await group.tick()
    waiting = await group.delivery(id_)
    posts._client.base_url = reached
    await group.tick(5)

    assert waiting.state == "planned"
    assert (await group.delivery(id_)).state == "sent"


async def _break(*_: object, **__: object) -> None:
    raise TypeError("a fault of the bot's own")


async def test_a_fault_of_the_bots_own_leaves_a_post_unsure_and_is_in_the_log_whole(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = await group.subscribe()
    posts = group.platform._daily
    assert posts is not None
    with monkeypatch.context() as patched, capture_logs() as logged:
        patched.setattr(posts._client, "chat_postMessage", _break)
        await group.tick()
        unsure = await group.delivery(id_)
    for _ in range(4):
        await group.tick(90)

    assert (unsure.state, unsure.error) == ("unsure", "interrupted")
    assert [type(each.get("exc_info")) for each in logged if each["event"] == "delivery interrupted"] == [TypeError]
    assert len(group.posts(id_)) == 1


async def test_a_fault_of_the_bots_own_while_an_owner_is_told_is_in_the_log_whole(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = await group.subscribe()
    group.slack.channels[id_] |= {"is_archived": True}
    posts = group.platform._daily
    assert posts is not None
    await group.engine.tick()
    await group.engine.drain()
    with monkeypatch.context() as patched, capture_logs() as logged:
        patched.setattr(posts._client, "chat_postMessage", _break)
        await group.telling.tick()

    assert [type(each.get("exc_info")) for each in logged if each["event"] == "notice interrupted"] == [TypeError]


async def test_a_long_answer_is_read_on_in_a_modal_page_by_page(group: Group) -> None:
    user = group.slack.person()
    before = len(group.slack.shown)
    await group.slack.command(user, "질문 #endless")
    chat = SlackChat(None, group.slack)  # type: ignore[arg-type]  # it runs in this process
    answer = seen(group.slack.shown[before])
    pages = [await chat.press(answer, "더 보기")]
    while "더 보기" in pages[-1].buttons:
        pages.append(await chat.press(pages[-1], "더 보기"))
    again = await chat.press(pages[-1], "처음부터 보기")

    shown = "".join(page.text for page in [answer, *pages])
    assert all(f"{number}번째 대목" in shown for number in range(30))
    assert len(pages) > 2
    assert {page.key for page in [*pages, again]} == {pages[0].key}
    assert again.text.startswith(answer.text[:500])
