"""The local chat's transcript outlives crashes and edits."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands import handle
from bot.daily.card import daily_card
from bot.daily.posting import NotAcceptedError
from bot.platforms import PlatformError
from bot.platforms.web.app import WebPlatform
from bot.platforms.web.conversation import Conversation
from bot.platforms.web.lock import alone_in
from bot.platforms.web.room import CHANNEL, KEPT, Change, Room, Spot
from bot.reply import Place, Request, User
from bot.settings import Address
from bot.study import Study
from content import LiveLibrary
from tests.shipped import INDEX

SPOT = Spot(CHANNEL)


@pytest.fixture
def study() -> Study:
    return Study(LiveLibrary(cache=INDEX), lambda: datetime(2026, 3, 2, 9, tzinfo=UTC), random.Random(1))


def say(room: Room, words: str, **options: str) -> int:
    return room.add(SPOT, author="u1", name="학생 1", words=words, locale="ko", **options).id


def words_in(room: Room, user: str = "u1") -> list[str]:
    return [message.words for message in room.messages(SPOT, user)]


def test_what_was_said_is_there_after_a_restart(tmp_path: Path, study: Study) -> None:
    room = Room(tmp_path / "chat.jsonl", study)
    say(room, "첫\u2028째")
    say(room, "둘째")

    again = Room(tmp_path / "chat.jsonl", study)

    assert words_in(again) == ["첫\u2028째", "둘째"]


async def test_a_reply_is_shown_as_the_library_gives_it_after_a_restart(tmp_path: Path, study: Study) -> None:
    asked = Request(
        "해외 온라인 석사는 어떻게 생각하시나요?", User("u1", "학생 1"), Place("web", "local", CHANNEL), "ko"
    )
    reply = await handle(study, "ask", asked)
    room = Room(tmp_path / "chat.jsonl", study)
    room.add(SPOT, author="", name="선배", words="/질문", locale="ko", reply=reply, only_for="u1")

    again = Room(tmp_path / "chat.jsonl", study)

    assert [message.reply for message in again.messages(SPOT, "u1")] == [reply]
    assert words_in(again, "u2") == []


def test_half_a_line_from_a_crash_is_left_out_and_the_rest_is_kept(tmp_path: Path, study: Study) -> None:
    room = Room(tmp_path / "chat.jsonl", study)
    say(room, "온전해요")
    with (tmp_path / "chat.jsonl").open("a", encoding="utf-8") as transcript:
        transcript.write('{"id": 2, "channel": "boot')

    again = Room(tmp_path / "chat.jsonl", study)
    say(again, "이어서 말해요")

    assert words_in(Room(tmp_path / "chat.jsonl", study)) == ["온전해요", "이어서 말해요"]


def test_a_removed_message_stays_away_and_its_id_is_not_given_again(tmp_path: Path, study: Study) -> None:
    room = Room(tmp_path / "chat.jsonl", study)
    gone = say(room, "지울 말")
    room.remove(gone)

    again = Room(tmp_path / "chat.jsonl", study)

    assert words_in(again) == []
    assert say(Room(tmp_path / "chat.jsonl", study), "새 말") > gone


def test_only_the_newest_messages_are_kept(tmp_path: Path, study: Study) -> None:
    room = Room(tmp_path / "chat.jsonl", study)
    for number in range(KEPT + 20):
        say(room, str(number))

    again = Room(tmp_path / "chat.jsonl", study)

    assert words_in(room) == words_in(again) == [str(number) for number in range(20, KEPT + 20)]


def test_people_are_numbered_over_restarts(tmp_path: Path, study: Study) -> None:
    first = Room(tmp_path / "chat.jsonl", study).welcome()
    second = Room(tmp_path / "chat.jsonl", study).welcome()

    assert (first, second) == (1, 2)


def test_listeners_are_told_until_they_stop(tmp_path: Path, study: Study) -> None:
    told: list[Change] = []
    room = Room(tmp_path / "chat.jsonl", study)
    stop = room.listen(told.append)
    id_ = say(room, "들려요")
    room.remove(id_)
    stop()
    say(room, "안 들려요")

    assert [(change.message.words, change.gone) for change in told] == [("들려요", False), ("들려요", True)]


async def test_the_daily_advice_is_found_by_its_key_after_a_restart(tmp_path: Path, study: Study) -> None:
    card = daily_card(study.library, study.library.advice()[0], "ko")
    room = Room(tmp_path / "chat.jsonl", study)
    room.add(SPOT, author="", name="선배", words="", locale="ko", reply=card, key="2026-03-02")

    again = Room(tmp_path / "chat.jsonl", study)

    assert [message.reply for message in again.messages(SPOT, "u2")] == [card]
    assert again.posted("2026-03-02") is not None
    assert again.posted("2026-03-03") is None
    assert again.remembers(study.clock() - timedelta(days=1))


async def test_what_is_forgotten_is_not_taken_for_absent(tmp_path: Path, study: Study) -> None:
    platform = WebPlatform(Address("127.0.0.1", 0), tmp_path, study)
    place = Place("web", "local", CHANNEL)
    with pytest.raises(NotAcceptedError):
        await platform.find(place, "key", study.clock())
    platform._room = Room(tmp_path / "chat.jsonl", study)
    posted = await platform.post(place, daily_card(study.library, study.library.advice()[0], "ko"), "key")
    found = await platform.find(place, "key", study.clock())
    absent = await platform.find(place, "other", study.clock() - timedelta(hours=1))
    for number in range(KEPT):
        say(platform._room, str(number))

    forgotten = await platform.find(place, "key", study.clock() - timedelta(hours=1))

    assert (found.what, found.message) == ("present", posted.message)
    assert absent.what == "absent"
    assert forgotten.what == "unknowable"
    assert forgotten.reason == "그 뒤로 메시지가 500개 넘게 올라와서, 이미 올라갔는지 볼 수 없어요"


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_is_forgotten_is_not_taken_for_absent_where_something_was_removed_since(
    tmp_path: Path, study: Study, *, restarted: bool
) -> None:
    platform = WebPlatform(Address("127.0.0.1", 0), tmp_path, study)
    platform._room = Room(tmp_path / "chat.jsonl", study)
    place = Place("web", "local", CHANNEL)
    await platform.post(place, daily_card(study.library, study.library.advice()[0], "ko"), "key")
    said = [say(platform._room, str(number)) for number in range(KEPT)]
    if restarted:
        platform._room = Room(tmp_path / "chat.jsonl", study)
    platform._room.remove(said[-1])

    found = await platform.find(place, "key", study.clock() - timedelta(hours=1))

    assert found.what == "unknowable"


def test_what_came_since_is_remembered_where_only_older_messages_are_forgotten(tmp_path: Path, study: Study) -> None:
    now = study.clock()
    times = iter([now - timedelta(days=1)] * 2)
    room = Room(tmp_path / "chat.jsonl", replace(study, clock=lambda: next(times, now)))
    for number in range(KEPT + 1):
        say(room, str(number))

    assert room.remembers(now - timedelta(hours=12))
    assert not room.remembers(now - timedelta(days=2))


async def test_a_second_process_does_not_write_over_what_is_said_in_the_first(tmp_path: Path, study: Study) -> None:
    (tmp_path / "web").mkdir()
    second = WebPlatform(Address("127.0.0.1", 0), tmp_path, study)

    with (
        alone_in(tmp_path / "web"),
        pytest.raises(PlatformError, match=r"another Sunbae keeps its chat in .*SUNBAE_HOME"),
    ):
        await asyncio.wait_for(second.run(), timeout=5)

    with alone_in(tmp_path / "web"):
        pass  # it is free again


@pytest.mark.parametrize(
    ("words", "replies"),
    [
        ("@선배 대학원 꼭 가야 하나요?", 1),
        ("@Sunbae님 대학원 꼭 가야 하나요?", 1),
        ("대학원 꼭 가야 하나요?@선배", 1),
        ("대학원 물어볼 곳은 foo@sunbae.io", 0),
        ("@sunbae.io 대학원 계정", 0),
        ("@sunbaekim 대학원 꼭 가야 하나요?", 0),
    ],
)
async def test_the_bot_answers_its_name_and_not_an_address_with_it(
    tmp_path: Path, study: Study, words: str, replies: int
) -> None:
    room = Room(tmp_path / "chat.jsonl", study)

    await Conversation(room, study, User("u1", "학생 1"), "ko").say(SPOT, words)

    assert [message.reply is not None for message in room.messages(SPOT, "u1")] == [False, True][: 1 + replies]


async def test_a_message_that_is_too_long_is_told_with_both_numbers_alike(tmp_path: Path, study: Study) -> None:
    room = Room(tmp_path / "chat.jsonl", study)

    await Conversation(room, study, User("u1", "학생 1"), "ko").say(SPOT, "가" * 6000)

    (notice,) = [message.reply for message in room.messages(SPOT, "u1") if message.reply]
    assert notice.text == "메시지가 너무 길어요 (6,000자). 4,000자 안으로 줄여 주세요."
