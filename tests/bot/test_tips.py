"""An operator arranges a channel's daily advice in words."""

from __future__ import annotations

import re
import shlex
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import handle, press
from bot.commands.tips import ahead
from bot.reply import Form, Place, Reply, Request, Tip
from bot.store.database import Database
from bot.store.records import Channel, Settlement, State
from bot.store.store import Store
from bot.study import Study
from bot.wording import LOCALES, phrases
from tests.bot.conftest import Ask

CHANNEL = Channel("web", "local", "bootcamp")


@pytest.fixture
async def keeping(shipped: Study, tmp_path: Path) -> AsyncIterator[Study]:
    """The shipped study with a store; it is 18:00 on Monday, 2 March 2026, in Seoul."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/sunbae.db")
    await database.upgrade()
    yield replace(shipped, store=Store.on(database))
    await database.close()


@pytest.fixture
def operator(asked: Ask) -> Ask:
    def said(text: str = "", **options: object) -> Request:
        request = asked(text, **{"operator": True, **options})
        return replace(request, place=Place("web", "local", "bootcamp"))

    return said


async def told(study: Study, request: Request) -> Reply:
    return await handle(study, "tips", request)


def _ids(reply: Reply) -> list[str]:
    return re.findall(r"\[([^\]]+)\]$", reply.text, re.MULTILINE)


def _now(form: Form | None) -> dict[str, tuple[str, ...]]:
    assert form
    return {field.name: field.value for field in form.fields}


async def test_only_operators_may_arrange(keeping: Study, operator: Ask) -> None:
    reply = await told(keeping, operator("set 09:00", operator=False))

    assert "운영자만" in reply.text
    assert keeping.store
    assert await keeping.store.subscriptions.find(CHANNEL) is None


async def test_a_channel_without_advice_says_how_to_begin(keeping: Study, operator: Ask) -> None:
    slack = replace(operator(), prefix="/sunbae ")

    assert "‘/조언설정 설정 09:00’" in (await told(keeping, operator())).text
    assert "‘/sunbae 조언설정 설정 09:00’" in (await told(keeping, slack)).text


async def test_a_bot_that_keeps_nothing_says_so(shipped: Study, operator: Ask) -> None:
    assert "매일 조언을 정할 수 없어요" in (await told(shipped, operator("set 09:00"))).text


@pytest.mark.parametrize("words", ["set 08:30 America/New_York 월수금", "설정 8:30 America/New_York 월수금"])
async def test_setting_a_time_shows_what_comes_next(keeping: Study, operator: Ask, words: str) -> None:
    reply = await told(keeping, operator(words))

    assert "08:30 (America/New_York)" in reply.text
    assert reply.visibility == "private"
    assert reply.text.splitlines()[1] == "2026-03-02 — 쉬는 날이에요"
    assert reply.text.splitlines()[2].startswith("2026-03-04 — “")
    assert len(_ids(reply)) == len(set(_ids(reply))) == 13


@pytest.mark.parametrize(("locale", "heading"), [("ko", "앞으로의 일정은 이래요."), ("en", "What comes next")])
async def test_posts_that_come_once_a_week_are_not_called_a_fortnight(
    keeping: Study, operator: Ask, locale: str, heading: str
) -> None:
    first, *days = (await told(keeping, operator("set 09:00 월", locale=locale))).text.splitlines()

    assert heading in first
    assert "14" not in first
    assert [len(days), days[-1][:10]] == [14, "2026-06-08"]


@pytest.mark.parametrize("word", ["25:00", "Mars/Olympus", "holidays=XX", "topic=낚시", "from=soon", "what"])
async def test_a_word_that_is_no_option_changes_nothing(keeping: Study, operator: Ask, word: str) -> None:
    await told(keeping, operator("set 09:00"))

    reply = await told(keeping, operator(f"set 10:00 {word}"))

    assert f"‘{word.rpartition('=')[2]}’" in reply.text
    assert "아무것도 바꾸지 않았어요" in reply.text
    assert "09:00" in (await told(keeping, operator())).text


async def test_every_wrong_option_is_told_at_once(keeping: Study, operator: Ask) -> None:
    reply = await told(keeping, operator("set 25:00 zone=Mars/Olympus days= from=2026-03-09 to=soon"))

    assert list(reply.wrong) == ["at", "zone", "days", "to"]
    assert all(sentence in reply.text for sentence in reply.wrong.values())


async def test_a_last_day_before_the_first_is_refused(keeping: Study, operator: Ask) -> None:
    reply = await told(keeping, operator("set 09:00 from=2026-03-09 to=2026-03-08"))

    assert list(reply.wrong) == ["to"]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("9시", "09:00"),
        ("9시30분", "09:30"),
        ("오후2시반", "14:30"),
        ("오후 3시 30분", "15:30"),
        ("시각=오후 3시 반", "15:30"),
        ("9 시", "09:00"),
        ("오전12시", "00:00"),
    ],
)
async def test_a_time_can_be_written_as_people_say_it(keeping: Study, operator: Ask, written: str, at: str) -> None:
    assert f"{at} (Asia/Seoul)" in (await told(keeping, operator(f"set {written}"))).text


async def test_set_alone_gives_a_form_with_what_holds_now(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 08:30 월수금 topic=진로 thread=on"))
    form = (await press(keeping, "tips:set", operator())).form

    assert form
    now = {field.name: field.value for field in form.fields}
    assert now["at"] == ("08:30",)
    assert now["days"] == ("0", "2", "4")
    assert now["topics"] == ("진로",)
    assert now["thread"] == ("on",)


async def test_a_form_sent_back_as_it_was_changes_nothing(keeping: Study, operator: Ask) -> None:
    before = await told(keeping, operator("set 08:30 월수금 topic=진로 from=2026-03-09 thread=on grace=5"))
    form = (await told(keeping, operator("set"))).form
    assert form

    after = await told(keeping, operator(form.text({field.name: field.value for field in form.fields})))

    assert after == before
    assert (await told(keeping, operator("set"))).form == form


async def test_a_channel_that_cannot_be_posted_in_says_what_is_missing(keeping: Study, operator: Ask) -> None:
    reply = await told(keeping, replace(operator("set 09:00"), obstacle="‘메시지 보내기’ 권한을 켜 주세요."))

    assert reply.text.startswith("⚠️")
    assert "‘메시지 보내기’ 권한을 켜 주세요." in reply.text


async def test_no_post_is_promised_where_none_can_be_made(keeping: Study, operator: Ask) -> None:
    barred = replace(operator("now"), obstacle="‘메시지 보내기’ 권한을 켜 주세요.")
    await told(keeping, operator("set 09:00"))
    assert keeping.store

    refused = await told(keeping, barred)
    came = await keeping.store.history.of(CHANNEL, limit=1)
    await told(keeping, operator("now"))
    (claimed,) = await keeping.store.deliveries.claim("web", keeping.clock(), limit=9, lease_s=60)
    await keeping.store.deliveries.settle([Settlement(claimed, "failed", error="gone", stopped=keeping.clock())])
    resent = await press(keeping, f"tips:resend {claimed.id}", barred)

    assert came == []
    assert refused.text == "⚠️ 아직 이 채널에 글을 올릴 수 없어요. ‘메시지 보내기’ 권한을 켜 주세요."
    assert resent == refused
    assert (await keeping.store.history.of(CHANNEL, limit=1))[0].state == "failed"


async def test_days_on_beat_holidays_and_the_weekend(keeping: Study, operator: Ask) -> None:
    reply = await told(keeping, operator("set 09:00 on=2026-03-07"))

    assert "2026-03-07 — “" in reply.text


async def test_a_stretch_of_days_can_be_left_out(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))

    reply = await told(keeping, operator("pause 2026-03-04 2026-03-05"))

    assert "2026-03-03 — “" in reply.text
    assert "2026-03-04 — 쉬는 날이에요" in reply.text
    assert "2026-03-05 — 쉬는 날이에요" in reply.text
    assert "2026-03-06 — “" in reply.text


async def test_options_hold_until_they_are_changed(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00 topic=진로 from=2026-03-09 to=2026-03-11 holidays=none"))
    reply = await told(keeping, operator("set 10:00"))

    assert [line[:10] for line in reply.text.splitlines()[1:]] == ["2026-03-09", "2026-03-10", "2026-03-11"]
    topics = {keeping.library.question_of(keeping.library.piece(id_)).topics for id_ in _ids(reply)}  # type: ignore[arg-type]
    assert all("진로" in each for each in topics)


async def test_the_preview_is_the_next_days_card_in_private(keeping: Study, operator: Ask) -> None:
    shown = await told(keeping, operator("set 09:00"))
    reply = await told(keeping, operator("preview"))

    (tip,) = reply.blocks
    assert isinstance(tip, Tip)
    assert tip.advice.id == _ids(shown)[0]
    assert reply.visibility == "private"


async def test_a_skipped_day_is_a_day_off(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))

    following = await told(keeping, operator("skip"))
    named = await told(keeping, operator("건너뛰기 2026-03-05"))

    assert "2026-03-03 — 쉬는 날이에요" in following.text
    assert "2026-03-05 — 쉬는 날이에요" in named.text


async def test_swapping_pinning_and_banning_change_what_comes(keeping: Study, operator: Ask) -> None:
    before = _ids(await told(keeping, operator("set 09:00")))

    swapped = _ids(await told(keeping, operator("swap")))
    pinned = _ids(await told(keeping, operator(f"pin 2026-03-04 {before[5]}")))
    banned = _ids(await told(keeping, operator(f"ban {before[5]}")))

    assert swapped[0] != before[0]
    assert pinned[1] == before[5]
    assert before[5] not in banned


@pytest.mark.parametrize("words", ["고정 2026-12-01 없는id", "제외 없는id"])
async def test_a_piece_that_does_not_exist_is_named_in_one_sentence(keeping: Study, operator: Ask, words: str) -> None:
    before = await told(keeping, operator("set 09:00"))

    reply = await told(keeping, operator(words))

    assert reply.text.startswith("ID가 ‘없는id’인 조언은 없어요.")
    assert await told(keeping, operator()) == before


@pytest.mark.parametrize(
    ("settings", "day"), [("월화수목금", "2026-03-07"), ("매일", "2026-03-08"), ("매일 to=2026-03-20", "2026-03-21")]
)
async def test_a_day_without_a_post_is_given_no_piece(keeping: Study, operator: Ask, settings: str, day: str) -> None:
    await told(keeping, operator(f"set 09:00 {settings}"))
    before = await told(keeping, operator("pause 2026-03-08"))

    reply = await told(keeping, operator(f"pin {day} {_ids(before)[3]}"))

    assert reply.text == f"{day}에는 조언을 올리지 않아요. 조언을 올리는 날을 적어 주세요."
    assert await told(keeping, operator()) == before


async def test_a_piece_that_has_come_in_this_round_is_pinned_to_the_next_only(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00 매일 holidays=none"))
    await told(keeping, operator("now"))
    assert keeping.store
    (came,) = await keeping.store.history.of(CHANNEL, limit=1)
    others = len(keeping.library.advice()) - 1
    agenda = await ahead(keeping, keeping.store, CHANNEL)
    assert agenda
    assert came.advice
    early, soon, next_round = (came.date + timedelta(days=days) for days in (1, others, others + 1))

    refused = [await told(keeping, operator(f"pin {day} {came.advice}")) for day in (early, soon)]
    taken = await told(keeping, operator(f"pin {next_round} {came.advice}"))

    assert came.advice not in agenda.pinnable
    assert len(agenda.pinnable) == others
    assert [reply.text.partition(" ")[0] for reply in refused] == [f"{early}에는", f"{soon}에는"]
    assert all("이미 나왔거나" in reply.text for reply in refused)
    assert "매일 조언을 09:00" in taken.text


async def test_a_piece_that_is_pinned_again_moves_to_the_later_day(keeping: Study, operator: Ask) -> None:
    piece = _ids(await told(keeping, operator("set 09:00")))[6]

    await told(keeping, operator(f"pin 2026-03-04 {piece}"))
    moved = await told(keeping, operator(f"pin 2026-03-06 {piece}"))

    (line,) = (line for line in moved.text.splitlines() if piece in line)
    assert line.startswith("2026-03-06 — ")


@pytest.mark.parametrize("words", ["ban {id}", "set topic=진로"])
async def test_a_piece_that_may_not_come_is_not_pinned(keeping: Study, operator: Ask, words: str) -> None:
    await told(keeping, operator("set 09:00"))
    advice = keeping.library.advice()
    career = {piece.id for piece in keeping.library.advice(topic="진로")}
    unwanted = next(piece.id for piece in advice if piece.id not in career)
    before = await told(keeping, operator(words.format(id=unwanted)))

    reply = await told(keeping, operator(f"pin 2026-03-04 {unwanted}"))

    assert "제외했거나, 고른 주제가 아닌" in reply.text
    assert await told(keeping, operator()) == before


@pytest.mark.parametrize("words", ["skip 2026-03-01", "pause 2026-02-02 2026-03-01", "pin 2026-03-01 {id}"])
async def test_nothing_is_arranged_for_a_day_that_is_over(keeping: Study, operator: Ask, words: str) -> None:
    before = await told(keeping, operator("set 09:00"))

    reply = await told(keeping, operator(words.format(id=_ids(before)[0])))

    assert reply.text.startswith("2026-03-01에는 더 정할 것이 없어요.")
    assert await told(keeping, operator()) == before


async def test_nothing_is_arranged_for_a_day_that_has_its_advice(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))
    await told(keeping, operator("now"))

    assert "더 정할 것이 없어요" in (await told(keeping, operator("skip 2026-03-02"))).text


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("건너뛰기 내일", "‘내일’은 날짜가 아니에요."),
        ("건너뛰기 '12월 3일'", "‘12월 3일’은 날짜가 아니에요."),
        ("건너뛰기 2026-03-07", "2026-03-07에는 조언을 올리지 않아요."),
        ("건너뛰기 2026-03-05", "2026-03-05에는 조언을 올리지 않아요."),  # skipped already
        ("건너뛰기 2026-12-29", "2026-12-29에는 조언을 올리지 않아요."),  # after the last day
        ("바꾸기 내일", "‘내일’은 날짜가 아니에요."),
        ("바꾸기 2026-03-07", "2026-03-07에는 조언을 올리지 않아요."),
        ("바꾸기 2026-03-05", "2026-03-05에는 조언을 올리지 않아요."),
        ("바꾸기 2026-02-27", "2026-02-27에는 더 정할 것이 없어요."),
        ("바꾸기 2026-12-01", "2026-12-01에 올릴 조언은 아직 정해지지 않았어요."),
        ("멈춤 내일", "‘내일’은 날짜가 아니에요."),
        ("멈춤 2026-03-09 모레", "‘모레’는 날짜가 아니에요."),
        ("멈춤 2026-03-09 2026-03-06", "쉬는 마지막 날(2026-03-06)이 첫날(2026-03-09)보다 일러요."),
        ("멈춤 ? 2026-03-09", "쉬기 시작하는 날도 적어 주세요."),
        ("고정 내일 x", "‘내일’은 날짜가 아니에요."),
        ("다시 내일", "‘내일’은 날짜가 아니에요."),
    ],
)
async def test_a_day_that_cannot_be_taken_is_told_what_is_wrong(
    keeping: Study, operator: Ask, words: str, answer: str
) -> None:
    await told(keeping, operator("set 09:00 to=2026-12-24"))
    before = await told(keeping, operator("skip 2026-03-05"))

    reply = await told(keeping, operator(words))

    assert reply.text.startswith(answer)
    assert reply.visibility == "private"
    assert await told(keeping, operator()) == before


@pytest.mark.parametrize("words", ["skip", "swap"])
async def test_where_only_days_off_are_ahead_a_day_is_asked_for(keeping: Study, operator: Ask, words: str) -> None:
    await told(keeping, operator("set 09:00"))
    await told(keeping, operator("pause 2026-03-02 2026-06-30"))

    assert "날짜를 적어 주세요" in (await told(keeping, operator(words))).text


@pytest.mark.parametrize(
    "words", ["skip 2026-12-01", "pause 2026-12-01 2026-12-03", "pin 2026-12-01 {id}", "resume 2026-12-25"]
)
async def test_what_is_arranged_for_a_day_after_those_listed_is_confirmed(
    keeping: Study, operator: Ask, words: str
) -> None:
    before = await told(keeping, operator("set 09:00"))

    reply = await told(keeping, operator(words.format(id=_ids(before)[0])))

    assert reply.text.startswith(f"{words.split()[1]}의 일정을 저장했어요.")
    assert "2026-03-03 — “" in reply.text


async def test_new_settings_end_no_pause(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))
    await told(keeping, operator("pause"))

    reply = await told(keeping, operator("set 10:00"))

    assert reply.text.startswith("매일 조언이 멈춰 있어요. ‘다시’로 이어 가면 10:00")
    assert keeping.store
    kept = await keeping.store.subscriptions.find(CHANNEL)
    assert kept is not None
    assert (kept.status, kept.next_due) == ("paused", None)


async def test_a_pause_holds_until_it_is_resumed(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))
    assert keeping.store

    await told(keeping, operator("pause"))
    paused = await keeping.store.subscriptions.find(CHANNEL)
    shown = await told(keeping, operator())
    await told(keeping, operator("resume"))
    resumed = await keeping.store.subscriptions.find(CHANNEL)

    assert paused is not None
    assert (paused.status, paused.next_due) == ("paused", None)
    assert "멈춰 있어요" in shown.text
    assert resumed is not None
    assert resumed.status == "active"
    assert resumed.next_due is not None


async def test_resuming_twice_keeps_the_days_that_are_yet_to_be_skipped(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))
    await told(keeping, operator("skip 2026-03-06"))
    planned = await told(keeping, operator("pause 2026-03-09 2026-03-11"))
    paused = await told(keeping, operator("pause"))

    pressed = [await press(keeping, "tips:resume", operator()) for _ in range(3)]

    assert paused.text.startswith("매일 조언을 멈췄어요.")
    assert pressed == [planned] * 3


async def test_resuming_ends_the_rest_that_has_begun_and_no_other(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 20:00 holidays=none"))
    await told(keeping, operator("skip 2026-03-06"))
    await told(keeping, operator("pause 2026-03-02 2026-03-04"))

    resumed = await told(keeping, operator("resume"))

    assert resumed.text.count("쉬는 날이에요") == 1
    assert "2026-03-06 — 쉬는 날이에요" in resumed.text


@pytest.mark.parametrize("locale", ["ko", "en"])
async def test_a_stopped_channel_names_the_button_that_lets_it_go_on(
    keeping: Study, operator: Ask, locale: str
) -> None:
    await told(keeping, operator("set 09:00"))
    await told(keeping, operator("now"))
    assert keeping.store
    (claimed,) = await keeping.store.deliveries.claim("web", keeping.clock(), limit=9, lease_s=60)
    await keeping.store.deliveries.settle([Settlement(claimed, "failed", error="gone", stopped=keeping.clock())])

    shown = await told(keeping, operator("show", locale=locale))

    (resume,) = (button.label for button in shown.buttons if button.id == "tips:resume")
    assert "gone" in shown.text
    assert re.search(f"[‘“]{resume}[’”]", shown.text)
    assert (await press(keeping, "tips:resume", operator())).text.startswith("매일 조언을 09:00")


@pytest.mark.parametrize("status", ["active", "paused"])
async def test_a_day_off_is_taken_back_by_its_name(keeping: Study, operator: Ask, status: str) -> None:
    await told(keeping, operator("set 09:00"))
    await told(keeping, operator("skip 2026-03-06"))
    await told(keeping, operator("pause 2026-03-09 2026-03-11"))
    await told(keeping, operator("pause" if status == "paused" else "show"))

    skipped = await told(keeping, operator("다시 2026-03-06"))
    amid = await told(keeping, operator("다시 2026-03-10"))

    assert "2026-03-06 — “" in skipped.text
    assert re.findall("(.*) — 쉬는 날이에요", amid.text) == ["2026-03-09", "2026-03-11"]
    assert keeping.store
    kept = await keeping.store.subscriptions.find(CHANNEL)
    assert kept
    assert kept.status == status


async def test_a_day_that_is_not_off_is_not_taken_back(keeping: Study, operator: Ask) -> None:
    before = await told(keeping, operator("set 09:00 to=2026-03-31"))
    form = (await told(keeping, operator("set"))).form

    posted, saturday, later, past = [
        await told(keeping, operator(f"resume {day}"))
        for day in ("2026-03-06", "2026-03-07", "2026-04-01", "2026-03-01")
    ]

    assert posted == before
    assert saturday.text.startswith("2026-03-07에는 조언을 올리지 않아요.")
    assert later.text.startswith("2026-04-01에는 조언을 올리지 않아요.")
    assert past.text.startswith("2026-03-01에는 더 정할 것이 없어요.")
    assert (await told(keeping, operator("set"))).form == form


async def test_a_channel_whose_days_are_over_says_so(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00 to=2026-03-03"))
    later = replace(keeping, clock=lambda: keeping.clock() + timedelta(days=2))

    shown = await told(later, operator())
    changed = await told(later, operator("set 10:00"))

    assert "앞으로 올릴 날이 없어요" in shown.text
    assert "앞으로 올릴 날이 없어요" in changed.text


@pytest.mark.parametrize("words", ["to=2020-01-01", "끝=2026-03-01", "to=2026-03-02 Pacific/Kiritimati"])
async def test_a_last_day_that_is_over_is_refused(keeping: Study, operator: Ask, words: str) -> None:
    before = await told(keeping, operator("set 09:00 to=2026-03-02"))
    later = replace(keeping, clock=lambda: keeping.clock() + timedelta(hours=2))  # the 3rd on Kiritimati

    reply = await told(later, operator(f"set {words}"))

    assert list(reply.wrong) == ["to"]
    assert "끝나는 날이 될 수 없어요" in reply.text
    assert "아무것도 바꾸지 않았어요" in reply.text
    assert await told(keeping, operator()) == before


@pytest.mark.parametrize(
    ("days", "meant"),
    [
        *((days, "월수") for days in ("월,수", "mon,wed", "Monday,wednesday", "days=mon,wed", "요일=월,수", "월/수")),
        *(
            (days, "월수금")
            for days in ("월 수 금", "월, 수, 금", "월 , 수 ,금", "요일=월, 수 금", "월수 fri", "'월 수 금'")
        ),
        *((days, "월수") for days in ("mon wed", "mon, wed", "'요일=mon, wed'", "요일=월요일 수", "요일= 월 수")),
        *((days, "월화수목금토") for days in ("평일 토", "월~금 토요일", "mon-fri sat", "평일 (월~금) 토")),
        ("주말", "토일"),
        ("금~월", "월금토일"),
    ],
)
async def test_all_days_that_are_named_are_taken(keeping: Study, operator: Ask, days: str, meant: str) -> None:
    reply = await told(keeping, operator(f"set 오후 2시 {days}"))

    assert "14:00" in reply.text
    kept = _now((await told(keeping, operator("set"))).form)["days"]
    assert "".join("월화수목금토일"[int(day)] for day in kept) == meant


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", [*(f"tips.day.{day}" for day in range(7)), "discord.workdays", "discord.every_day"])
async def test_days_are_taken_as_they_are_offered(keeping: Study, operator: Ask, locale: str, key: str) -> None:
    reply = await told(keeping, operator(f"set '요일={phrases(locale)(key)}'"))

    assert not reply.wrong


@pytest.mark.parametrize(
    ("words", "option", "sentence"),
    [
        ("09:00 10:00", "at", "시각을 서로 다르게 여러 번 적었어요(09:00, 10:00). 하나만 적어 주세요."),
        ("1 오전 9시", "", "‘1’은 알 수 없는 설정이에요."),
        ("09:00 10:00 09:00", "at", "시각을 서로 다르게 여러 번 적었어요(09:00, 10:00, 09:00)."),
        ("off=2026-03-03 off=none", "off", "쉬는 날을 서로 다르게 여러 번 적었어요(2026-03-03, none)."),
        ("topic=진로 topic=연구", "topics", "주제를 서로 다르게 여러 번 적었어요(진로, 연구). 하나만 적어 주세요."),
        ("요일=월, 없는날, 수", "days", "‘없는날’은 요일이 아니에요."),
    ],
)
async def test_no_word_is_passed_over(keeping: Study, operator: Ask, words: str, option: str, sentence: str) -> None:
    before = await told(keeping, operator("set 08:00"))

    reply = await told(keeping, operator(f"set {words}"))

    assert list(reply.wrong) == [option]
    assert sentence in reply.text
    assert await told(keeping, operator()) == before


@pytest.mark.parametrize("locale", LOCALES)
async def test_topics_and_holidays_are_taken_as_they_are_offered(keeping: Study, operator: Ask, locale: str) -> None:
    phrase = phrases(locale)
    asked_for = {"topics": "연구, 진로", "holidays": phrase("tips.holidays_of", country="US")}
    none = {"topics": phrase("discord.any_topic"), "holidays": phrase("tips.no_holidays")}

    await told(keeping, operator(shlex.join(["set", *(f"{name}={value}" for name, value in asked_for.items())])))
    some = _now((await told(keeping, operator("set"))).form)
    await told(keeping, operator(shlex.join(["set", *(f"{name}={value}" for name, value in none.items())])))
    any_ = _now((await told(keeping, operator("set"))).form)

    assert (some["topics"], some["holidays"]) == (("연구", "진로"), ("US",))
    assert (any_["topics"], any_["holidays"]) == ((), ("none",))


async def test_topics_may_have_a_space_behind_the_comma(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00 주제=연구, 진로 월 수"))

    assert _now((await told(keeping, operator("set"))).form)["topics"] == ("연구", "진로")


async def test_only_the_topic_that_is_unknown_is_blamed(keeping: Study, operator: Ask) -> None:
    reply = await told(keeping, operator("set 09:00 주제=연구,없는거"))

    assert reply.wrong["topics"].startswith("‘없는거’에 맞는 조언은")


@pytest.mark.parametrize("zone", ["asia/seoul", "ASIA/SEOUL", "'zone=Asia/Seoul '", "시간대=asia/seoul"])
async def test_a_zone_is_known_in_any_case_and_kept_as_it_is_spelled(keeping: Study, operator: Ask, zone: str) -> None:
    reply = await told(keeping, operator(f"set 09:00 {zone}"))

    assert "09:00 (Asia/Seoul)" in reply.text


@pytest.mark.parametrize("zone", ["Factory", "posixrules", "localtime", "../../etc/passwd"])
async def test_what_is_no_places_zone_is_refused(keeping: Study, operator: Ask, zone: str) -> None:
    reply = await told(keeping, operator(f"set 09:00 zone={zone}"))

    assert reply.wrong["zone"].startswith(f"‘{zone}’ 시간대는 없어요.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("09:00 시각=", "시각이 비어 있어요. 09:00처럼 적어 주세요."),
        ("시각=", "시각이 비어 있어요. 09:00처럼 적어 주세요."),
        ("'zone= '", "시간대가 비어 있어요. Asia/Seoul처럼 적어 주세요."),
        ("요일=", "요일이 비어 있어요. 평일, 매일, 월수금처럼 하루 이상 골라 주세요."),
        ("요일=,", "요일이 비어 있어요. 평일, 매일, 월수금처럼 하루 이상 골라 주세요."),
        ("스레드=", "스레드 설정이 비어 있어요. 켬이나 끔을 적어 주세요."),
        ("유예=", "늦어도 올릴 시간이 비어 있어요. 1부터 24까지의 시간을 적어 주세요."),
    ],
)
async def test_a_value_that_is_missing_is_called_so(keeping: Study, operator: Ask, words: str, sentence: str) -> None:
    reply = await told(keeping, operator(f"set {words}"))

    assert list(reply.wrong.values()) == [sentence]


@pytest.mark.parametrize("option", ["시작", "끝", "쉬는날", "올리는날"])
async def test_a_day_that_is_in_no_calendar_is_no_date(keeping: Study, operator: Ask, option: str) -> None:
    reply = await told(keeping, operator(f"set {option}=2026-02-30"))

    assert list(reply.wrong.values()) == ["‘2026-02-30’은 날짜가 아니에요. 2026-03-02처럼 적어 주세요."]


async def test_an_option_may_be_said_twice_alike(keeping: Study, operator: Ask) -> None:
    reply = await told(keeping, operator("set 09:00 오전 9시 off=2026-03-03 off=2026-03-04"))

    assert "09:00" in reply.text
    assert "2026-03-03 — 쉬는 날이에요" in reply.text
    assert "2026-03-04 — 쉬는 날이에요" in reply.text


async def test_every_word_that_is_no_option_is_named_as_it_was_written(keeping: Study, operator: Ask) -> None:
    reply = await told(keeping, operator("set 오전 money foo=bar 09:00"))

    assert "‘오전, money, foo=bar’" in reply.text


@pytest.mark.parametrize(
    ("state", "error", "told_as"),
    [
        ("skipped", "holiday", "쉬었어요 (공휴일)"),
        ("skipped", "withdrawn", "쉬었어요 (그사이에 멈추거나 껐어요)"),
        ("expired", "too late", "너무 늦어서 올리지 않았어요"),
        ("failed", "채널이 없어졌어요", "올리지 못했어요 (채널이 없어졌어요)"),
        ("held", "interrupted", "올라갔는지 확인할 수 없어서 멈춰 두었어요 (올리다가 중간에 끊겼어요)"),
    ],
)
async def test_the_history_says_why_in_the_reader_s_language(
    keeping: Study, operator: Ask, state: State, error: str, told_as: str
) -> None:
    await told(keeping, operator("set 09:00"))
    await told(keeping, operator("now"))
    assert keeping.store
    (claimed,) = await keeping.store.deliveries.claim("web", keeping.clock(), limit=9, lease_s=60)
    await keeping.store.deliveries.settle([Settlement(claimed, state, error=error)])

    history = await told(keeping, operator("history"))

    assert history.text.splitlines()[1] == f"2026-03-02 — {told_as}"


async def test_a_number_that_no_delivery_can_have_is_not_resent(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))

    assert "다시 보낼 조언이 없어요" in (await told(keeping, operator("resend " + "9" * 30))).text


async def test_a_post_asked_for_now_is_made_once_a_day(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))
    assert keeping.store

    first = await told(keeping, operator("now"))
    (claimed,) = await keeping.store.deliveries.claim("web", keeping.clock(), limit=9, lease_s=60)
    await keeping.store.deliveries.settle([Settlement(claimed, "sent", message="m1")])
    second = await told(keeping, operator("now"))

    assert "지금 올릴게요" in first.text
    assert "이미 올렸어요" in second.text


async def test_a_held_delivery_can_be_resent_from_the_history(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))
    await told(keeping, operator("now"))
    assert keeping.store
    (claimed,) = await keeping.store.deliveries.claim("web", keeping.clock(), limit=9, lease_s=60)
    await keeping.store.deliveries.settle([Settlement(claimed, "held", error="history unreadable")])

    history = await told(keeping, operator("history"))
    resent = await press(keeping, history.buttons[0].id, operator())
    again = await press(keeping, history.buttons[0].id, operator())

    assert "확인할 수 없어서" in history.text
    assert "지금 올릴게요" in resent.text
    assert "다시 보낼 조언이 없어요" in again.text
    assert len(await keeping.store.deliveries.claim("web", keeping.clock(), limit=9, lease_s=60)) == 1


async def test_off_ends_it(keeping: Study, operator: Ask) -> None:
    await told(keeping, operator("set 09:00"))
    await told(keeping, operator("off"))

    assert keeping.store
    assert await keeping.store.subscriptions.find(CHANNEL) is None


async def test_an_unknown_action_tells_how_to_write_it(keeping: Study, operator: Ask) -> None:
    assert "이렇게 써 주세요" in (await told(keeping, operator("frobnicate"))).text
