"""What an operator changes about single days: rests, other pieces, pieces that never come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile

from bot.commands.composing import notice, say
from bot.commands.tips.agenda import Agenda, posting_days
from bot.commands.tips.asked import Asked, agenda_of, listed, private, rearrange, show, wishes_of
from bot.commands.tips.options import with_options
from bot.daily.calendar import Day, Pause
from bot.daily.deck import alternative, can_be_pinned
from bot.daily.planning import coming
from bot.daily.wishes import Wishes
from bot.reply import Reply, Words

_LEFT_OUT = "?"  # what a platform gives for an option before those that are given


async def pause(asked: Asked) -> Reply:
    """From now on until it is resumed, or on the days from one date to another."""
    if not asked.words:
        await rearrange(asked, lambda wishes: wishes, status="paused")
        return private(say(asked.request)("tips.paused_now", prefix=asked.request.prefix))
    begin, end = asked.words[0], asked.words[-1]
    if begin == _LEFT_OUT:
        return notice(asked.request, "tips.no_first_off")
    first, last = _date(begin), _date(end)
    if first is None or last is None:
        return _no_date(asked, end if first else begin)
    if first > last:
        return private(say(asked.request)("tips.ends_too_soon", first=first, last=last))
    if await _is_past(asked, last):
        return _past(asked, last)
    await rearrange(asked, lambda wishes: _without(wishes, Pause(first, last)))
    return await _arranged(asked, first)


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
    agenda = await agenda_of(asked)
    day = _day(asked, agenda.days)
    if day is None:
        return _no_day(asked)
    if hindrance := await _hindrance(asked, agenda, day):
        return hindrance
    await rearrange(asked, lambda wishes: _without(wishes, Pause(day, day)))
    return await _arranged(asked, day)


async def swap(asked: Asked) -> Reply:
    """Another piece of advice on the day that is named, or on the next one."""
    agenda = await agenda_of(asked)
    day = _day(asked, agenda.days)
    if day is None:
        return _no_day(asked)
    if hindrance := await _hindrance(asked, agenda, day):
        return hindrance
    if not agenda.pool:
        return notice(asked.request, "advice.none")
    if day not in agenda.picks:
        return private(say(asked.request)("tips.not_picked_yet", date=day))
    other = alternative(agenda.round, agenda.pool, agenda.picks[day], agenda.wishes.pins)
    if other is not None:
        await rearrange(asked, lambda wishes: replace(wishes, pins={**wishes.pins, day: other}))
    return await show(asked)


async def pin(asked: Asked) -> Reply:
    """The piece that is named, on the day that is named; where it was pinned to another, it moves."""
    if len(asked.words) < 2:
        return notice(asked.request, "tips.usage")
    day = _date(asked.words[0])
    if day is None:
        return _no_date(asked, asked.words[0])
    piece = asked.library.piece(asked.words[1])
    if piece is None:
        return _no_piece(asked, asked.words[1])
    agenda = await agenda_of(asked)
    if hindrance := await _hindrance(asked, agenda, day):
        return hindrance
    days = posting_days(agenda, asked.now, day)
    if not can_be_pinned(agenda.round, agenda.pool, piece.id, days.index(day)):
        return private(say(asked.request)("tips.not_to_pin", date=day))

    def pinned(wishes: Wishes) -> Wishes:
        others = {other: id_ for other, id_ in wishes.pins.items() if id_ != piece.id}
        return replace(wishes, pins={**others, day: piece.id})

    await rearrange(asked, pinned)
    return await _arranged(asked, day)


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
        return _no_date(asked, word)
    if await _is_past(asked, day):
        return _past(asked, day)
    agenda = await agenda_of(asked)
    named = takewhile(lambda each: each.date <= day, coming(agenda.subscription, agenda.wishes, asked.now))
    if all(each.date != day for each in named):
        return _not_posted_on(asked, day)
    if day not in posting_days(agenda, asked.now, day):
        await rearrange(asked, lambda wishes: with_options(wishes, [f"on={day}"], asked.library, asked.now))
    return await _arranged(asked, day)


async def _arranged(asked: Asked, day: date) -> Reply:
    """The coming days; where *day* comes after them, that something is arranged for it."""
    agenda = await agenda_of(asked)
    shown = listed(asked, agenda)
    if not agenda.days or day <= agenda.days[-1].date:
        return shown
    return replace(shown, blocks=(Words(say(asked.request)("tips.comes_later", date=day)), *shown.blocks))


async def _hindrance(asked: Asked, agenda: Agenda, day: date) -> Reply | None:
    """Why no post of *day* can be changed; None where one is yet to come."""
    if await _is_past(asked, day):
        return _past(asked, day)
    return None if day in posting_days(agenda, asked.now, day) else _not_posted_on(asked, day)


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


def _no_day(asked: Asked) -> Reply:
    """Where `_day` gives none."""
    return _no_date(asked, asked.words[0]) if asked.words else notice(asked.request, "tips.no_next")


def _no_date(asked: Asked, word: str) -> Reply:
    return private(say(asked.request)("tips.wrong.date", value=word[:40]))


def _not_posted_on(asked: Asked, day: date) -> Reply:
    return private(say(asked.request)("tips.not_posted_on", date=day))


def _no_piece(asked: Asked, id_: str) -> Reply:
    return private(say(asked.request)("tips.no_piece", value=id_[:40]))


def _past(asked: Asked, day: date) -> Reply:
    return private(say(asked.request)("tips.past", date=day))
