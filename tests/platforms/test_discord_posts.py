"""The day's post in Discord: made once whatever happens on the way, and found again, or not, as can be proven."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import discord
import pytest
from discord.http import Route

from bot.daily.card import daily_card, stopped_notice
from bot.daily.posting import Found, NotAcceptedError, Posted, PostError, RefusedError, UnsureError
from bot.platforms.discord.app import DiscordPlatform
from bot.platforms.discord.posts import Posts
from bot.platforms.discord.sending import Sending
from bot.reply import Place, Reply, Tip, Words
from bot.settings import Settings
from bot.store.records import Channel as StoredChannel
from bot.store.records import Delivery, Notice
from bot.study import Study
from bot.wording import phrases
from content import LiveLibrary, load
from tests.platforms.discord_payloads import READ_HISTORY, SEND_MESSAGES, VIEW_CHANNEL, Channel, Message
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import TOKEN
from tests.shipped import INDEX

KEY = "0123456789abcdef01234567"
MESSAGES = r"/channels/\d+/messages"
LIBRARY = load(cache=INDEX)
CARD = daily_card(LIBRARY, LIBRARY.advice()[0], "ko")


class Clock:
    """Now, and later when told so."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


class Bot:
    """Posts to a loopback Discord and looks there."""

    def __init__(self, server: DiscordServer, sending: Sending, client: discord.Client) -> None:
        self.server = server
        self.channel = server.add(Channel("daily", guild=server.guild))
        self.place = Place("discord", str(server.guild), str(self.channel.id))
        self.clock = Clock()
        self._client = client
        self._posts = Posts(sending, self.clock, phrases("ko"))

    async def post(self, reply: Reply = CARD) -> Posted | PostError:
        try:
            return await self._posts.post(self.place, reply, KEY)
        except PostError as error:
            return error

    async def find(self) -> Found:
        """As the engine asks a second after a post."""
        self.clock.now += timedelta(seconds=1)
        return await self._posts.find(self._client, self.place, KEY, self.clock.now - timedelta(seconds=61))

    def shown(self, channel: Channel | None = None) -> list[Message]:
        return [each for each in self.server.messages.values() if each.channel is (channel or self.channel)]


@pytest.fixture
async def bot(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    async with DiscordServer() as server:
        monkeypatch.setattr(Route, "BASE", server.environment()["DISCORD_API_URL"])
        client = discord.Client(intents=discord.Intents.none())
        async with Sending(TOKEN, phrases("ko")) as sending, client:
            await client.login(TOKEN)
            yield Bot(server, sending, client)
        assert not server.faults


async def test_a_post_is_a_quiet_card_that_carries_its_key(bot: Bot) -> None:
    posted = await bot.post()
    (message,) = bot.shown()

    assert posted == Posted(str(message.id))
    assert LIBRARY.advice()[0].text in message.text()
    assert message.nonce == KEY
    assert await bot.find() == Found("present", str(message.id))


async def test_every_piece_of_advice_has_room_for_the_key(bot: Bot) -> None:
    for piece in LIBRARY.advice():
        bot.server.messages.clear()
        await bot.post(daily_card(LIBRARY, piece, "ko"))

        assert (await bot.find()).what == "present"


async def test_a_card_speaks_its_channels_language_throughout(bot: Bot) -> None:
    source = "https://example.org/note"
    piece = LIBRARY.advice()[0]
    card = daily_card(LIBRARY, piece, "en")
    [tip] = card.blocks
    assert isinstance(tip, Tip)
    await bot.post(replace(card, blocks=(replace(tip, session=replace(tip.session, source=source)),)))
    [shown] = bot.shown()

    assert "Source" in str(shown.components)
    assert "원문" not in str(shown.components)


async def test_an_owner_sees_the_channel_that_stopped_by_its_name(bot: Bot) -> None:
    owner = bot.server.person("운영자")
    bot.place = Place("discord", "1", f"dm:{owner.id}")
    channel = StoredChannel("discord", "1", "1199887766554433221")
    now = bot.clock()
    delivery = Delivery(1, StoredChannel("discord", "1", f"dm:{owner.id}"), now.date(), now, now, "sending")
    await bot.post(stopped_notice(Notice(delivery, channel, "ko", "글을 쓸 수 없어요", KEY)))
    [shown] = bot.shown(bot.server.direct(owner))

    assert shown.text().startswith("<#1199887766554433221> 채널에 더는 글을 올릴 수 없어서")


async def test_to_a_user_it_goes_into_their_own_conversation_and_is_found_there_without_a_button(bot: Bot) -> None:
    owner = bot.server.person("운영자")
    bot.place = Place("discord", "1", f"dm:{owner.id}")
    before = await bot.find()
    posted = await bot.post(Reply((Words("멈췄어요."),)))
    (shown,) = bot.shown(bot.server.direct(owner))

    assert before == Found("absent")
    assert posted == Posted(str(shown.id))
    assert shown.text() == "멈췄어요."
    assert await bot.find() == Found("present", str(shown.id))


@pytest.mark.parametrize(
    ("status", "code", "outcome", "why"),
    [
        (403, 50001, RefusedError, "채널 보기"),
        (403, 50013, RefusedError, "메시지 보내기"),
        (404, 10003, RefusedError, "채널이 없어졌어요"),
        (400, 50035, RefusedError, "Discord가 글을 받지 않았어요 (50035)"),
        (401, 0, NotAcceptedError, "401"),
        (403, 0, NotAcceptedError, "403"),
        (500, 0, UnsureError, "500"),
        (504, 0, UnsureError, "504"),
    ],
)
async def test_a_refusal_says_what_it_proves_and_is_not_tried_again(
    bot: Bot, status: int, code: int, outcome: type[PostError], why: str
) -> None:
    bot.server.refuse("POST", MESSAGES, status, code, times=5)
    ended = await bot.post()

    assert type(ended) is outcome
    assert why in str(ended)
    assert len([method for method, _ in bot.server.calls if method == "POST"]) == 1


async def test_a_rate_limit_says_how_long_to_wait_and_whether_the_whole_bot_has_to(bot: Bot) -> None:
    own = bot.server.refuse("POST", MESSAGES, 429)
    own.body = {"message": "You are being rate limited.", "retry_after": 1.5, "global": False}
    ended = await bot.post()
    everywhere = bot.server.refuse("POST", MESSAGES, 429, **{"Retry-After": "7"})
    everywhere.body = {}  # Discord's proxy, not Discord
    banned = await bot.post()

    assert isinstance(ended, NotAcceptedError)
    assert (ended.retry_after_s, ended.everywhere) == (1.5, False)
    assert isinstance(banned, NotAcceptedError)
    assert (banned.retry_after_s, banned.everywhere) == (7.0, True)


async def test_without_a_connection_nothing_was_posted(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:9/api/v10")

    assert isinstance(await bot.post(), NotAcceptedError)


async def test_before_the_bot_has_signed_in_it_posts_nothing(tmp_path: Path) -> None:
    settings = Settings.from_env({"DISCORD_TOKEN": "x"}).discord
    assert settings is not None
    platform = DiscordPlatform(settings, tmp_path, Study(LiveLibrary(cache=INDEX), Clock(), Random(1)))

    with pytest.raises(NotAcceptedError):
        await platform.post(Place("discord", "1", "2"), CARD, KEY)


async def test_what_was_taken_before_the_connection_broke_is_found_and_never_doubled(bot: Bot) -> None:
    bot.server.refuse("POST", MESSAGES, 502, taken=True)
    ended = await bot.post()
    found = await bot.find()
    again = await bot.post()

    assert isinstance(ended, UnsureError)
    assert found.what == "present"
    assert again == Posted(found.message)  # Discord knows the nonce
    assert len(bot.shown()) == 1


async def test_what_was_not_taken_is_proven_absent(bot: Bot) -> None:
    bot.server.refuse("POST", MESSAGES, 502)
    await bot.post()

    assert await bot.find() == Found("absent")
    assert isinstance(await bot.post(), Posted)


async def test_it_is_found_behind_hundreds_of_messages(bot: Bot) -> None:
    for _ in range(150):
        chatter = Message(bot.channel, bot.server.bot, "잡담")
        bot.server.messages[chatter.id] = chatter
    await bot.post()
    for _ in range(150):
        chatter = Message(bot.channel, bot.server.bot, "잡담")
        bot.server.messages[chatter.id] = chatter

    assert (await bot.find()).what == "present"


async def test_where_history_may_not_be_read_only_the_nonce_protects_and_only_for_a_while(bot: Bot) -> None:
    bot.channel.denied = READ_HISTORY
    bot.server.refuse("POST", MESSAGES, 502, taken=True)
    await bot.post()
    at_once = await bot.find()
    bot.server.refuse("POST", MESSAGES, 502)
    await bot.post()
    bot.clock.now += timedelta(seconds=60)
    later = await bot.find()

    assert at_once == Found("absent")
    assert later.what == "unknowable"
    assert "메시지 기록 보기" in later.reason
    assert len(bot.shown()) == 1


async def test_a_post_that_waited_longer_than_the_nonce_holds_is_not_made_unproven(bot: Bot) -> None:
    bot.channel.denied = READ_HISTORY
    bot.server.refuse("POST", MESSAGES, 502, taken=True)
    await bot.post()
    await bot.find()
    bot.clock.now += timedelta(minutes=5)
    ended = await bot.post()

    assert isinstance(ended, UnsureError)
    assert len(bot.shown()) == 1


async def test_an_empty_channel_proves_absence_only_where_it_may_be_read(bot: Bot) -> None:
    readable = await bot.find()
    bot.channel.denied = READ_HISTORY
    unreadable = await bot.find()
    bot.channel.denied = VIEW_CHANNEL | SEND_MESSAGES

    assert readable == Found("absent")
    assert unreadable.what == "unknowable"
    with pytest.raises(RefusedError):
        await bot.find()
