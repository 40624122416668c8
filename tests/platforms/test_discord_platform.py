"""Starting, looking and staying out: the Discord platform in this process, against the loopback Discord."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from discord.http import Route

from bot.daily.calendar import Schedule
from bot.daily.posting import NotAcceptedError
from bot.daily.wishes import Wishes, to_json
from bot.platforms import Check, PlatformError, build
from bot.platforms.discord.app import DiscordPlatform
from bot.platforms.discord.client import SunbaeClient
from bot.platforms.discord.doctor import invitation
from bot.reply import Place, Reply, Words
from bot.settings import DiscordSettings, Settings
from bot.store.records import Channel as StoredChannel
from bot.store.records import Subscription
from bot.study import Study
from content import Library, LiveLibrary, Match
from tests.platforms.discord_chat import DiscordChat
from tests.platforms.discord_payloads import CREATE_THREADS, SEND_MESSAGES, VIEW_CHANNEL, Channel, Message, snowflake
from tests.platforms.discord_schema import SCHEMA_AT_HAND, faults
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Interaction
from tests.shipped import INDEX

ASKED = "해외 온라인 석사는 어떻게 생각하시나요?"
ANSWER = "솔직히 내실이 그렇게 있는 것 같지는 않습니다."
CARD = Reply((Words("안녕하세요."),))
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def discords_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # the platform sets it for the whole process


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running
        assert not running.faults


@pytest.fixture(scope="module")
def live() -> LiveLibrary:
    return LiveLibrary(cache=INDEX)


@pytest.fixture
def study(live: LiveLibrary, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setattr(live, "current", live.current)  # whatever a test puts in its place
    return Study(live, lambda: datetime(2026, 3, 2, tzinfo=UTC), random.Random(1))


def settings_for(server: DiscordServer, **more: str) -> DiscordSettings:
    settings = Settings.from_env(server.environment() | more).discord
    assert settings is not None
    return settings


@asynccontextmanager
async def running(settings: DiscordSettings, home: Path, study: Study, server: DiscordServer) -> AsyncIterator[None]:
    serving = asyncio.create_task(DiscordPlatform(settings, home, study).run())
    ready = asyncio.create_task(server.gateway.until(server.gateway.connected))
    await asyncio.wait({serving, ready}, return_when=asyncio.FIRST_COMPLETED)
    assert not serving.done(), serving.exception()
    yield
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    server.gateway.forget()


def chat_of(server: DiscordServer) -> DiscordChat:
    return DiscordChat(None, server, server.person("학생 1"))  # type: ignore[arg-type] -- no process to restart


class SlowLibrary(Library):
    """Its search waits until it is let go."""

    def __init__(self, library: Library) -> None:
        super().__init__(library.sessions, library.glossary)
        self.go = threading.Event()

    def search(self, text: str, *, limit: int = 5) -> list[Match]:
        assert self.go.wait(10)
        return super().search(text, limit=limit)


async def test_a_slow_core_is_announced_in_time_and_answers_in_private(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    slow = SlowLibrary(study.library)
    study.live.current = slow
    async with running(settings_for(server), tmp_path, study, server):
        chat = chat_of(server)
        command = chat._command("질문")
        asked = Interaction(chat.person, chat.channel, 2)
        options = [{"type": 3, "name": "question", "value": ASKED}]
        await server.interact(asked, {"id": command["id"], "name": "ask", "type": 1, "options": options})
        await server.until(lambda: asked.acknowledged)
        slow.go.set()
        await server.until(asked.answer.done)

        seen = chat._seen(asked.answer.result())
        assert asked.acknowledged == 5
        assert ANSWER in seen.text
        assert seen.private


async def test_a_slow_press_is_announced_in_time_and_may_still_be_shared(
    tmp_path: Path, server: DiscordServer, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.discord.responding.DEFER_AFTER_S", 0)
    async with running(settings_for(server), tmp_path, study, server):
        chat = chat_of(server)
        private = await chat.command("질문", ASKED)
        shared = await chat.press(private, "채널에 공유")
        topics = await chat.command("둘러보기")
        page = await chat.press(topics, "전체")

        assert private.private
        assert not shared.private
        assert page.key == topics.key


async def test_with_leave_to_read_threads_earlier_messages_and_the_one_replied_to_are_looked_at(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    async with running(settings_for(server, DISCORD_READ_THREADS="on"), tmp_path, study, server):
        chat = chat_of(server)
        thread = await server.open_thread("잡담")
        asked = await server.say(Message(thread, server.person("철수"), ASKED))
        in_thread = await chat.call(f"<@{server.bot.id}>", thread)
        replied = await chat.call(f"<@{server.bot.id}>", reply_to=asked)

    assert ANSWER in in_thread.text
    assert ANSWER in replied.text


async def test_whoever_has_the_operators_role_is_an_operator(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    role = snowflake()
    server.roles[role] = "운영진"
    async with running(settings_for(server, DISCORD_OPERATOR_ROLE="운영진"), tmp_path, study, server):
        chat = chat_of(server)
        chat.person.permissions = 0
        stranger = await chat.command("자료실")
        chat.person.roles = (role,)
        operator = await chat.command("자료실")

    assert "운영자만" in stranger.text
    assert "운영자만" not in operator.text


async def test_if_wanted_a_mention_in_a_channel_is_answered_in_a_thread_of_its_own(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    server.permissions |= CREATE_THREADS
    async with running(settings_for(server, DISCORD_OPEN_THREADS="on"), tmp_path, study, server):
        chat = chat_of(server)
        seen = await chat.mention(ASKED)
        thread = server.messages[int(seen.key)].channel
        inside = await chat.call(f"<@{server.bot.id}> {ASKED}", thread)
        goodbye = await chat.mention("그만")
        server.permissions &= ~CREATE_THREADS
        refused = await chat.mention(ASKED)

    assert ANSWER in seen.text
    assert (thread.name, thread.parent) == (ASKED, server.bootcamp.id)
    assert server.messages[int(inside.key)].channel is thread
    assert server.messages[int(goodbye.key)].channel is server.bootcamp
    assert ANSWER in refused.text
    assert server.messages[int(refused.key)].channel is server.bootcamp


async def test_commands_move_between_guilds_and_everywhere_and_leave_nothing_behind(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    guild = str(server.guild)
    async with running(settings_for(server, DISCORD_GUILDS=guild), tmp_path, study, server):
        in_guild = {scope: len(commands) for scope, commands in server.commands.items()}
    async with running(settings_for(server), tmp_path, study, server):
        everywhere = {scope: len(commands) for scope, commands in server.commands.items()}

    assert in_guild == {guild: 7}
    assert everywhere == {guild: 0, "global": 7}


async def test_commands_that_discord_did_not_take_are_sent_at_the_next_start(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    server.refuse("PUT", r"/applications/\d+/commands", 403, 50001)
    async with running(settings_for(server), tmp_path, study, server):
        first = dict(server.commands)
    async with running(settings_for(server), tmp_path, study, server):
        second = dict(server.commands)

    assert not first
    assert second


async def test_a_process_serves_its_own_shards_and_leaves_the_commands_to_the_first(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    shards = {"DISCORD_SHARD_IDS": "1", "DISCORD_SHARD_COUNT": "2"}
    async with running(settings_for(server, **shards), tmp_path, study, server):
        sessions = [(session.shard, session.shards) for session in server.gateway.sessions.values()]

    assert sessions == [(1, 2)]
    assert server.puts == 0


async def test_started_while_discord_is_down_it_comes_when_discord_does(
    tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.discord.app._FIRST_WAIT_S", 0.01)
    server = DiscordServer()
    async with server:
        pass  # it now has a port, and nobody listens there
    platform = DiscordPlatform(settings_for(server), tmp_path, study)
    serving = asyncio.create_task(platform.run())
    with pytest.raises(NotAcceptedError):
        await platform.post(Place("discord", str(server.guild), str(server.bootcamp.id)), CARD, "0" * 24)
    async with server:
        server.refuse("GET", r"/gateway/bot", 503)
        await server.gateway.until(server.gateway.connected)
        seen = await chat_of(server).mention(ASKED)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving

    assert ANSWER in seen.text


async def test_after_its_session_was_lost_it_identifies_anew_and_answers(
    tmp_path: Path, server: DiscordServer, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(*_: object, **__: object) -> None:
        """discord.py waits five seconds before it identifies again."""

    monkeypatch.setattr(SunbaeClient, "before_identify_hook", at_once)
    async with running(settings_for(server), tmp_path, study, server):
        await server.gateway.invalidate()
        await server.gateway.until(lambda: server.gateway.identified == 2)
        await server.gateway.until(server.gateway.connected)
        seen = await chat_of(server).mention(ASKED)

    assert server.gateway.resumed == 0
    assert ANSWER in seen.text


async def test_no_privileged_intent_is_asked_for_unless_it_is_wanted(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    privileged = (1 << 1) | (1 << 8) | (1 << 15)
    async with running(settings_for(server), tmp_path, study, server):
        asked = server.gateway.sessions[0].intents

    assert asked & privileged == 0


async def test_a_refused_intent_is_told_with_what_to_do(tmp_path: Path, server: DiscordServer, study: Study) -> None:
    server.gateway.refuse = 4014
    with pytest.raises(PlatformError, match="Message Content Intent"):
        await DiscordPlatform(settings_for(server, DISCORD_READ_THREADS="on"), tmp_path, study).run()


async def test_a_wrong_token_is_told_with_what_to_do_and_never_shown(tmp_path: Path, server: DiscordServer) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SUNBAE_", "DISCORD_"))}
    environment |= server.environment() | {"DISCORD_TOKEN": "wrong-token", "SUNBAE_WEB": "off"}
    (tmp_path / "index").symlink_to(INDEX)
    bot = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot"),
        cwd=ROOT,
        env=environment | {"SUNBAE_HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
    )
    _, said = await bot.communicate()

    assert bot.returncode == 1
    assert "Reset Token" in said.decode()
    assert "wrong-token" not in said.decode()


async def test_a_sound_bot_passes_the_doctor(tmp_path: Path, server: DiscordServer, study: Study) -> None:
    async with running(settings_for(server), tmp_path, study, server):
        checks = await DiscordPlatform(settings_for(server), tmp_path, study).check()

    assert [check.remedy for check in checks] == [""] * len(checks)
    assert "7 commands everywhere" in " ".join(check.what for check in checks)


async def test_the_doctor_names_what_stands_in_the_way(tmp_path: Path, server: DiscordServer, study: Study) -> None:
    server.permissions = 1 << 10
    server.endpoint = "https://elsewhere.test/interactions"
    settings = settings_for(server, DISCORD_READ_THREADS="on", DISCORD_GUILDS="42")
    checks = await DiscordPlatform(settings, tmp_path, study).check()

    wrong = "\n".join(check.what for check in checks if check.remedy)
    assert "Interactions Endpoint URL" in wrong
    assert "Message Content Intent is off" in wrong
    assert "not in guild 42" in wrong
    assert "lacks Send Messages, Read Message History, Send Messages In Threads" in wrong
    assert "commands missing in guild 42: Q&A에서 답 찾기, advice, ask" in wrong
    assert server.puts == 0


async def test_the_doctor_says_for_each_channel_of_the_daily_advice_what_to_click(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    wishes = to_json(Wishes(Schedule(ZoneInfo("Asia/Seoul"), time(9)), thread=True))

    def subscription(id_: int) -> Subscription:
        return Subscription(StoredChannel("discord", str(server.guild), str(id_)), "1", "ko", wishes)

    denying = server.add(Channel("공지", guild=server.guild, denied=SEND_MESSAGES))
    hidden = server.add(Channel("비밀", guild=server.guild, denied=VIEW_CHANNEL))
    platform = DiscordPlatform(settings_for(server), tmp_path, study)
    checks = (await platform.check([subscription(id_) for id_ in (denying.id, hidden.id, 42)]))[-3:]
    server.permissions |= CREATE_THREADS
    (*_, sound) = await platform.check([subscription(server.bootcamp.id)])

    assert [check.what.partition(": ")[2].partition(": ")[2] for check in checks] == [
        "the bot lacks Send Messages, Create Public Threads",
        "the bot lacks View Channel",
        "the channel or its server is gone",
    ]
    assert all(check.remedy for check in checks)
    assert not sound.remedy
    assert "all 1 channel" in sound.what


async def test_the_doctor_knows_a_wrong_token_and_a_discord_out_of_reach(
    tmp_path: Path, server: DiscordServer, study: Study
) -> None:
    wrong = replace(settings_for(server), token="wrong-token")
    nowhere = replace(wrong, api_url="http://127.0.0.1:9/api/v10")

    (token,) = await DiscordPlatform(wrong, tmp_path, study).check()
    (reach,) = await DiscordPlatform(nowhere, tmp_path, study).check()

    assert isinstance(token, Check)
    assert "Reset Token" in token.remedy
    assert "out of reach" in reach.remedy


async def test_the_invitation_asks_for_no_more_than_is_needed(server: DiscordServer) -> None:
    with_threads = urlsplit(await invitation(settings_for(server, DISCORD_OPEN_THREADS="on")))
    address = urlsplit(await invitation(settings_for(server)))
    asked = parse_qs(address.query)

    assert asked["client_id"] == [str(server.bot.id)]
    assert asked["scope"] == ["bot applications.commands"]
    needed = (1 << 10) | (1 << 11) | (1 << 16) | (1 << 38)
    assert int(asked["permissions"][0]) == needed
    assert int(parse_qs(with_threads.query)["permissions"][0]) == needed | CREATE_THREADS


def test_with_a_token_the_local_chat_runs_beside_discord(tmp_path: Path, study: Study) -> None:
    settings = Settings.from_env({"DISCORD_TOKEN": "x", "SUNBAE_HOME": str(tmp_path)})

    assert [type(platform).__name__ for platform in build(settings, study)] == ["WebPlatform", "DiscordPlatform"]


def test_discords_own_schema_is_at_hand() -> None:
    if not SCHEMA_AT_HAND:
        pytest.skip("no ../shared/schemas/discord-openapi.json: bodies were checked by hand-written limits only")

    assert faults("POST", "/channels/{channel_id}/messages", {"embeds": 1, "allowed_mentions": {"parse": []}})
