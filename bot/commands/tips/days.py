"""What an operator changes about single days: rests, other pieces, pieces that never come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile

from bot.commands.composing import notice, say
from bot.commands.tips.agenda import posting_days
from bot.commands.tips.asked import Asked, agenda_of, private, rearrange, show, wishes_of
from bot.commands.tips.options import with_options
from bot.daily.calendar import Day, Pause
from bot.daily.deck import alternative, can_be_pinned
from bot.daily.planning import coming
from bot.daily.wishes import Wishes
from bot.reply import Reply


async def pause(asked: Asked) -> Reply:
    """From now on until it is resumed, or on the days from one date to another."""
    days = [_date(word) for word in asked.words]
    if not days:
        await rearrange(asked, lambda wishes: wishes, status="paused")
        return private(say(asked.request)("tips.paused_now", prefix=asked.request.prefix))
    first, last = days[0], days[-1]
    if first is None or last is None or first > last:
        return notice(asked.request, "tips.usage")
    if await _is_past(asked, last):
        return _past(asked, last)
    await rearrange(asked, lambda wishes: _without(wishes, Pause(first, last)))
    return await show(asked)


async def resume(asked: Asked) -> Reply:
    """From now on, which ends a rest that has begun, or on the day that is named; other days off stay so."""
    if asked.words:
        return await _post_after_all(asked, asked.words[0])

    def resumed(wishes: Wishes) -> Wishes:
        today = asked.now.astimezone(wishes.schedule.zone).date()
        later = tuple(pause for pause in wishes.schedule.pauses if pause.first > today)
        return replace(wishes, schedule=replace(wishes.schedule, pauses=later))

    await rearrange(asked, resumed, status="active")
    return await show(asked)


async def skip(asked: Asked) -> Reply:
    """No post on the day that is named, or on the next one."""
    day = _day(asked, (await agenda_of(asked)).days)
    if day is None:
        return notice(asked.request, "tips.usage")
    if await _is_past(asked, day):
        return _past(asked, day)
    await rearrange(asked, lambda wishes: _without(wishes, Pause(day, day)))
    return await show(asked)


async def swap(asked: Asked) -> Reply:
    """Another piece of advice on the day that is named, or on the next one."""
    agenda = await agenda_of(asked)
    day = _day(asked, agenda.days)
    if day is None or day not in agenda.picks:
        return notice(asked.request, "tips.usage")
    other = alternative(agenda.round, agenda.pool, agenda.picks[day], agenda.wishes.pins)
    if other is not None:
        await rearrange(asked, lambda wishes: replace(wishes, pins={**wishes.pins, day: other}))
    return await show(asked)


async def pin(asked: Asked) -> Reply:
    """The piece that is named, on the day that is named; where it was pinned to another, it moves."""
    day = _date(asked.words[0]) if len(asked.words) > 1 else None
    if day is None:
        return notice(asked.request, "tips.usage")
    piece = asked.library.piece(asked.words[1])
    if piece is None:
        return _no_piece(asked, asked.words[1])
    if await _is_past(asked, day):
        return _past(asked, day)
    agenda = await agenda_of(asked)
    days = posting_days(agenda, asked.now, day)
    if day not in days:
        return private(say(asked.request)("tips.not_posted_on", date=day))
    if not can_be_pinned(agenda.round, agenda.pool, piece.id, days.index(day)):
        return private(say(asked.request)("tips.not_to_pin", date=day))

    def pinned(wishes: Wishes) -> Wishes:
        others = {other: id_ for other, id_ in wishes.pins.items() if id_ != piece.id}
        return replace(wishes, pins={**others, day: piece.id})

    await rearrange(asked, pinned)
    return await show(asked)


async def ban(asked: Asked) -> Reply:
    """Never again the piece that is named."""
    if not asked.words:
        return notice(asked.request, "tips.usage")
    piece = asked.library.piece(asked.words[0])
    if piece is None:
        return _no_piece(asked, asked.words[0])
    await rearrange(asked, lambda wishes: replace(wishes, banned=wishes.banned | {piece.id}))
    return await show(asked)


async def _post_after_all(asked: Asked, word: str) -> Reply:
    """A post on the day off that *word* names, be it a rest or a holiday."""
    day = _date(word)
    if day is None:
        return notice(asked.request, "tips.usage")
    if await _is_past(asked, day):
        return _past(asked, day)
    agenda = await agenda_of(asked)
    named = takewhile(lambda each: each.date <= day, coming(agenda.subscription, agenda.wishes, asked.now))
    if all(each.date != day for each in named):
        return private(say(asked.request)("tips.not_posted_on", date=day))
    if day not in posting_days(agenda, asked.now, day):
        await rearrange(asked, lambda wishes: with_options(wishes, [f"on={day}"], asked.library, asked.now))
    return await show(asked)


def _without(wishes: Wishes, rest: Pause) -> Wishes:
    return replace(wishes, schedule=replace(wishes.schedule, pauses=(*wishes.schedule.pauses, rest)))


def _day(asked: Asked, days: Sequence[Day]) -> date | None:
    """The day that is named, else the next of *days* that something is posted on."""
    if asked.words:
        return _date(asked.words[0])
    return next((day.date for day in days if day.off is None), None)


def _date(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


async def _is_past(asked: Asked, day: date) -> bool:
    """Whether *day* is over, or has its advice already, so that nothing can be arranged for it."""
    _, wishes = await wishes_of(asked)
    if day < asked.now.astimezone(wishes.schedule.zone).date():
        return True
    return any(each.date == day for each in await asked.store.history.of(asked.channel, limit=3))


def _no_piece(asked: Asked, id_: str) -> Reply:
    return private(say(asked.request)("tips.no_piece", value=id_[:40]))


def _past(asked: Asked, day: date) -> Reply:
    return private(say(asked.request)("tips.past", date=day))
