"""The engine brings each day's advice once, whatever the platform answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.daily.calendar import Schedule
from bot.daily.engine import Engine, Time
from bot.daily.planning import planner_now
from bot.daily.posting import Found, NotAcceptedError, RefusedError
from bot.daily.wishes import Wishes
from bot.reply import Place, Tip
from bot.store.records import Channel, Status, Subscription
from tests.daily.stage import CHANNEL, DAILY, MORNING, SEOUL, TOLD, Stage


async def test_advice_comes_on_time_and_once(stage: Stage) -> None:
    await stage.subscribe()

    await stage.until(MORNING - timedelta(seconds=1))
    early = len(stage.platform.posts)
    await stage.until(MORNING + timedelta(hours=12))

    ((place, reply, key),) = stage.platform.posts
    assert early == 0
    assert place == Place("test", "guild", "bootcamp")
    assert isinstance(reply.blocks[0], Tip)
    assert [button.label for button in reply.buttons] == ["전체 답변 보기", "다른 조언"]
    assert reply.visibility == "public"
    assert len(key) <= 25
    assert (await stage.last()).message == "m1"


async def test_a_thread_is_opened_where_the_operator_wants_one(stage: Stage) -> None:
    await stage.subscribe(replace(DAILY, thread=True))
    await stage.subscribe(DAILY, channel=Channel("test", "guild", "other"))

    await stage.until(MORNING)

    threads = {place.channel: reply.thread for place, reply, _ in stage.platform.posts}
    assert threads == {"bootcamp": "3월 3일의 조언 이야기", "other": ""}


async def test_a_failed_post_is_tried_again_and_spares_the_others(stage: Stage) -> None:
    other = Channel("test", "guild", "other")
    await stage.subscribe()
    await stage.subscribe(channel=other)
    stage.platform.answers = [NotAcceptedError("slow down", retry_after_s=30), NotAcceptedError("slow down")]

    await stage.until(MORNING + timedelta(minutes=5))

    assert sorted(place.channel for place, _, _ in stage.platform.posts) == ["bootcamp", "other"]
    assert await stage.states() == await stage.states(other) == ["sent"]


@pytest.mark.parametrize("accepted", [True, False])
async def test_an_unsure_post_is_looked_up_before_it_is_made_again(stage: Stage, *, accepted: bool) -> None:
    await stage.subscribe()
    stage.platform.answers = [ConnectionResetError("reset")]
    stage.platform.accepts_before_failing = accepted

    await stage.until(MORNING + timedelta(minutes=5))

    assert len(stage.platform.posts) == 1
    assert await stage.states() == ["sent"]


async def test_the_words_of_a_fault_are_for_the_log_and_not_for_the_channel_s_history(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.answers = [KeyError("ts")]

    await stage.until(MORNING + timedelta(seconds=1))

    assert (await stage.last()).error == "interrupted"


async def test_what_cannot_be_proven_is_held_until_somebody_says_resend(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.answers = [TimeoutError()]
    stage.platform.history_readable = False

    await stage.until(MORNING + timedelta(hours=1))
    held = await stage.last()
    posts_before = len(stage.platform.posts)
    now = stage.clock()
    await stage.deliveries.resend(held.id, CHANNEL, now, now + timedelta(hours=1))
    await stage.settle()

    assert (held.state, held.error) == ("held", "no permission to read history")
    assert posts_before == 0
    assert await stage.states() == ["sent"]


@pytest.mark.parametrize(
    "sight", [Found("absent", reason="busy", again_s=60), TimeoutError(), NotAcceptedError("busy", retry_after_s=60)]
)
async def test_a_history_that_is_never_to_be_had_is_not_asked_for_ever(stage: Stage, sight: Found | Exception) -> None:
    await stage.subscribe(Wishes(Schedule(SEOUL, time(9), grace_s=3600)))
    stage.platform.answers = [ConnectionResetError("reset")]
    stage.platform.sights = [sight] * 200

    await stage.until(MORNING + timedelta(minutes=59))
    in_grace = await stage.states()
    await stage.until(MORNING + timedelta(minutes=70))

    assert in_grace == ["unsure"]
    assert await stage.states() == ["held"]
    assert stage.platform.posts == []


async def test_a_history_that_only_lags_gets_its_second_look_however_late(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.sights = [Found("absent", again_s=30), Found("absent")]
    await stage.until(MORNING - timedelta(seconds=1))
    stage.clock.now = MORNING + timedelta(hours=2)
    stage.engine._pace.hold(2 * 3600)

    await stage.until(MORNING + timedelta(hours=5))

    assert (await stage.last()).error == "too late"
    assert await stage.states() == ["expired"]


async def test_a_post_that_broke_off_at_the_end_of_grace_is_still_looked_for(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.answers = [ConnectionResetError("reset")]
    stage.platform.sights = [Found("absent", again_s=60), Found("absent", again_s=30)]
    stage.platform.accepts_before_failing = True
    await stage.until(MORNING - timedelta(seconds=1))
    stage.clock.now = MORNING
    stage.engine._pace.hold(3 * 3600 - 10)

    await stage.until(MORNING + timedelta(hours=4))

    assert await stage.states() == ["sent"]
    assert len(stage.platform.posts) == 1


async def test_a_refusing_channel_is_disabled_and_its_operator_told_once(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.answers = [RefusedError("the channel is gone")]

    await stage.until(MORNING + timedelta(days=3))

    subscription = await stage.subscriptions.find(CHANNEL)
    assert subscription is not None
    assert subscription.status == "disabled"
    assert await stage.states() == ["failed"]
    assert [place for place, _, _ in stage.platform.posts] == [TOLD]
    assert "the channel is gone" in stage.platform.posts[0][1].text


@pytest.mark.parametrize("found_later", [True, False])
async def test_a_channel_that_takes_posts_again_goes_on(stage: Stage, *, found_later: bool) -> None:
    await stage.subscribe()
    stage.platform.answers = [RefusedError("may not post")]
    await stage.until(MORNING + timedelta(minutes=5))
    refused = await stage.last()
    disabled = await stage.subscriptions.find(CHANNEL)
    if found_later:
        stage.platform.answers = [ConnectionResetError("reset")]
        stage.platform.accepts_before_failing = True
    now = stage.clock()
    await stage.deliveries.resend(refused.id, CHANNEL, now, now + timedelta(hours=1))
    await stage.until(MORNING + timedelta(hours=1))
    enabled = await stage.subscriptions.find(CHANNEL)

    await stage.until(MORNING + timedelta(days=1))

    assert disabled
    assert enabled
    assert (disabled.status, disabled.next_due) == ("disabled", None)
    assert (enabled.status, enabled.error, enabled.next_due) == ("active", "", MORNING + timedelta(days=1))
    assert await stage.states() == ["sent", "sent"]


@pytest.mark.parametrize("wanted", ["paused", None])
async def test_a_post_in_a_channel_that_its_operator_stopped_starts_nothing(
    stage: Stage, wanted: Status | None
) -> None:
    await stage.subscribe()
    stage.platform.answers = [RefusedError("may not post")]
    await stage.until(MORNING + timedelta(minutes=5))
    refused = await stage.last()
    stopped = await stage.subscriptions.change(
        CHANNEL, lambda now: replace(now, status=wanted, error="") if now and wanted else None
    )
    now = stage.clock()
    await stage.deliveries.resend(refused.id, CHANNEL, now, now + timedelta(hours=1))

    await stage.until(MORNING + timedelta(days=1))

    assert await stage.states() == ["sent"]
    assert await stage.subscriptions.find(CHANNEL) == stopped


async def test_an_operator_is_told_of_a_channel_that_refuses_what_is_resent_days_later(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.answers = [TimeoutError(), RefusedError("the channel is gone")]
    stage.platform.history_readable = False
    await stage.until(MORNING + timedelta(minutes=1))
    held = await stage.last()
    stage.clock.now = MORNING + timedelta(days=3, hours=-1)

    now = stage.clock()
    await stage.deliveries.resend(held.id, CHANNEL, now, now + timedelta(hours=1))
    await stage.engine.tick()
    await stage.engine.drain()
    await stage.telling.tick()

    assert held.state == "held"
    assert [place for place, _, _ in stage.platform.posts] == [TOLD]


@pytest.mark.parametrize("accepted", [True, False])
async def test_an_operator_whose_message_broke_off_is_told_once(stage: Stage, *, accepted: bool) -> None:
    await stage.subscribe()
    stage.platform.answers = [RefusedError("gone"), ConnectionResetError("reset"), NotAcceptedError("slow down")]
    await stage.until(MORNING - timedelta(seconds=1))
    stage.clock.now = MORNING
    await stage.engine.tick()
    await stage.engine.drain()
    stage.platform.accepts_before_failing = accepted

    await stage.until(MORNING + timedelta(hours=1))

    assert [place for place, _, _ in stage.platform.posts] == [TOLD]


async def test_an_operator_who_cannot_be_told_is_given_up(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.answers = [RefusedError("gone"), RefusedError("no messages, please")]

    await stage.until(MORNING + timedelta(days=3))

    assert stage.platform.posts == []
    assert stage.platform.answers == []


async def test_a_paused_channel_gets_nothing_that_was_planned(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.answers = [NotAcceptedError("slow down", retry_after_s=60)]
    await stage.until(MORNING)

    await stage.subscriptions.change(CHANNEL, _paused)
    await stage.until(MORNING + timedelta(hours=1))

    assert stage.platform.posts == []
    assert await stage.states() == []


def _paused(subscription: Subscription | None) -> Subscription:
    assert subscription is not None
    return replace(subscription, status="paused", next_due=None)


@pytest.mark.parametrize("answer", [NotAcceptedError("slow down"), ConnectionResetError("reset")])
async def test_a_channel_that_leaves_while_it_is_posted_to_is_not_tried_again(stage: Stage, answer: Exception) -> None:
    await stage.subscribe()
    stage.clock.now = MORNING
    stage.platform.answers = [answer]
    stage.platform.meanwhile = lambda: stage.subscriptions.change(CHANNEL, lambda _: None)

    await stage.until(MORNING + timedelta(hours=1))

    assert stage.platform.posts == []
    assert (await stage.last()).error == "withdrawn"


async def test_whoever_leaves_and_comes_back_before_the_post_gets_it_once(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.answers = [NotAcceptedError("slow down", retry_after_s=60)]
    await stage.until(MORNING)

    await stage.subscriptions.change(CHANNEL, lambda _: None)
    await stage.subscribe(Wishes(Schedule(SEOUL, time(10))))
    await stage.until(MORNING + timedelta(hours=8))

    assert len(stage.platform.posts) == 1
    assert await stage.states() == ["sent"]


@pytest.mark.parametrize(("away", "states"), [(timedelta(hours=1), ["sent"]), (timedelta(hours=4), ["expired"])])
async def test_a_bot_that_was_away_posts_within_grace_and_says_what_it_missed(
    stage: Stage, away: timedelta, states: list[str]
) -> None:
    await stage.subscribe()

    stage.clock.now = MORNING + away
    await stage.settle()

    assert await stage.states() == states
    assert len(stage.platform.posts) == states.count("sent")


async def test_days_away_are_written_down_and_only_today_is_posted(stage: Stage) -> None:
    await stage.subscribe()

    stage.clock.now = MORNING + timedelta(days=6, hours=1)  # Monday
    await stage.settle()

    assert await stage.states() == ["sent", "expired", "expired", "expired", "expired"]


async def test_a_holiday_is_written_down_as_skipped(stage: Stage) -> None:
    stage.clock.now = MORNING - timedelta(days=2)
    await stage.subscribe()

    await stage.until(MORNING)

    first, second = await stage.history.of(CHANNEL, limit=9)
    assert (second.date, second.state, second.error) == (date(2026, 3, 2), "skipped", "holiday")
    assert (first.date, first.state) == (date(2026, 3, 3), "sent")


async def test_a_changed_time_never_posts_twice_on_one_day(stage: Stage) -> None:
    await stage.subscribe()
    await stage.until(MORNING + timedelta(minutes=1))

    await stage.subscribe(Wishes(Schedule(SEOUL, time(10))))
    await stage.until(MORNING + timedelta(hours=8))

    assert len(stage.platform.posts) == 1


async def test_leaving_and_coming_back_never_posts_twice_on_one_day(stage: Stage) -> None:
    await stage.subscribe()
    await stage.until(MORNING + timedelta(minutes=1))

    await stage.subscriptions.change(CHANNEL, lambda _: None)
    await stage.subscribe(Wishes(Schedule(SEOUL, time(10))))
    await stage.until(MORNING + timedelta(hours=8))

    assert len(stage.platform.posts) == 1


async def test_a_post_asked_for_now_takes_the_place_of_todays(stage: Stage) -> None:
    await stage.subscribe()

    await stage.deliveries.plan_now(CHANNEL, stage.clock(), planner_now(stage.study.library, stage.clock()))
    await stage.settle()
    at_once = len(stage.platform.posts)
    await stage.until(MORNING + timedelta(hours=1))

    assert at_once == len(stage.platform.posts) == 1


async def test_a_restored_backup_posts_nothing_again(stage: Stage, url: str, tmp_path: Path) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("the files of a database are its backup here; tests/chaos restores a server")
    await stage.subscribe()
    await stage.database.close()
    backup = _read(tmp_path)
    await stage.until(MORNING + timedelta(minutes=1))
    await stage.database.close()
    _restore(backup)

    stage.clock.now = MORNING + timedelta(minutes=10)
    await stage.settle()

    assert len(stage.platform.posts) == 1
    assert await stage.states() == ["sent"]


def _read(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.glob("sunbae.db*")}


def _restore(backup: dict[Path, bytes]) -> None:
    for file, kept in backup.items():
        file.write_bytes(kept)


async def test_advice_that_left_the_library_is_replaced_before_it_is_posted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.subscribe()
    piece = stage.study.library.advice()[0].id
    stage.platform.answers = [NotAcceptedError("slow down", retry_after_s=60)]
    await stage.until(MORNING)
    chosen = (await stage.last()).advice
    library = stage.study.library
    monkeypatch.setattr(library, "_advice", {id_: each for id_, each in library._advice.items() if id_ != chosen})

    await stage.until(MORNING + timedelta(minutes=5))

    ((_, reply, _),) = stage.platform.posts
    tip = reply.blocks[0]
    assert isinstance(tip, Tip)
    assert piece
    assert tip.advice.id != chosen
    assert (await stage.last()).advice == tip.advice.id


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1)])
async def test_a_lease_too_short_for_a_call_begins_none(stage: Stage, late: timedelta) -> None:
    await stage.subscribe()
    stage.clock.now = MORNING + late
    stage.engine._pace.hold(50)

    await stage.settle()
    begun = len(stage.platform.posts) + len(stage.platform.looks)
    await stage.until(MORNING + late + timedelta(minutes=1))

    assert begun == 0
    assert len(stage.platform.posts) == 1


async def test_a_call_whose_wait_used_up_its_lease_is_not_begun(stage: Stage) -> None:
    await stage.subscribe()
    stage.clock.now = MORNING
    stage.engine._pace.hold(30)

    async def overslept(seconds: float) -> None:
        stage.clock.now += timedelta(seconds=seconds + 10)

    stage.engine._pace._sleep = overslept
    await stage.engine.tick()
    await stage.engine.drain()
    begun = len(stage.platform.posts)
    await stage.settle()

    assert begun == 0
    assert len(stage.platform.posts) == 1


async def test_looks_keep_to_the_pace_of_the_platform(stage: Stage) -> None:
    for number in range(30):
        await stage.subscribe(channel=Channel("test", "guild", f"c{number}"))
    stage.engine._pace._per_s = stage.engine._pace._tokens = 10.0

    stage.clock.now = MORNING + timedelta(minutes=5)
    await stage.settle()

    calls = len(stage.platform.looks) + len(stage.platform.posts)
    assert calls == 60
    assert stage.clock.now >= MORNING + timedelta(minutes=5, seconds=(calls - 10) / 10)


async def test_a_look_that_is_told_to_wait_holds_the_whole_bot(stage: Stage) -> None:
    await stage.subscribe()
    stage.platform.sights = [NotAcceptedError("slow down", retry_after_s=20, everywhere=True)]
    stage.clock.now = MORNING + timedelta(minutes=5)
    await stage.engine.tick()
    await stage.engine.drain()

    waits = await stage.engine._pace.turn(within_s=0)

    assert waits == pytest.approx(20, abs=0.01)
    await stage.until(MORNING + timedelta(minutes=10))
    assert await stage.states() == ["sent"]


async def test_many_engines_on_one_database_post_each_delivery_once(stage: Stage) -> None:
    channels = [Channel("test", "guild", f"c{number}") for number in range(40)]
    for channel in channels:
        await stage.subscribe(channel=channel)
    passing = Time(stage.clock.monotonic, stage.clock.sleep)
    engines = [Engine("test", stage.platform, stage.study, stage.deliveries, passing=passing) for _ in range(3)]

    stage.clock.now = MORNING
    for _ in range(3):
        await asyncio.gather(*(engine.tick() for engine in engines))
        await asyncio.gather(*(engine.drain() for engine in engines))

    assert sorted(place.channel for place, _, _ in stage.platform.posts) == sorted(each.id for each in channels)


async def test_another_platforms_deliveries_are_left_to_its_own_engine(stage: Stage) -> None:
    await stage.subscribe(channel=Channel("elsewhere", "guild", "bootcamp"))

    await stage.until(MORNING + timedelta(minutes=1))

    assert stage.platform.posts == []
    assert await stage.states(Channel("elsewhere", "guild", "bootcamp")) == []
