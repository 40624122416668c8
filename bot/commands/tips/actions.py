"""What an operator can do about a channel's daily advice, in words that every platform can carry."""

from __future__ import annotations

import re
import shlex
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from bot.commands.composing import notice, say
from bot.commands.tips.agenda import SHOWN, Agenda, ahead
from bot.commands.tips.form import tips_form
from bot.commands.tips.options import OptionsError, with_options
from bot.daily.calendar import Day, Pause, Schedule, upcoming
from bot.daily.card import daily_card
from bot.daily.deck import alternative
from bot.daily.planning import planner_now, round_of
from bot.daily.wishes import Wishes, from_json, pool, to_json
from bot.reply import Button, Reply, Request, Words
from bot.store.records import Channel, Status, Subscription
from bot.study import Study
from bot.wording import LOCALES, phrases
from content import Library

if TYPE_CHECKING:
    from bot.store.store import Store

_RESENDS = 5  # buttons; a row on every platform
_NINE = time(9)
_GONE = "the subscription went while its operator arranged it"
_OPEN = frozenset({"planned", "sending", "unsure"})
# What a delivery notes of itself; "" where its state says so already. A platform's own words stand as they are.
_WHY = {
    "holiday": "tips.why.holiday",
    "pause": "tips.why.pause",
    "no advice": "tips.why.no_advice",
    "withdrawn": "tips.why.withdrawn",
    "interrupted": "tips.why.interrupted",
    "too late": "",
    "history unreadable": "",
}
_UNPOSTED = frozenset({"held", "failed", "expired", "skipped"})


@dataclass(frozen=True, slots=True)
class _Asked:
    """An operator's words with all that they are about."""

    study: Study
    store: Store
    request: Request
    words: list[str]
    channel: Channel
    now: datetime

    @property
    def library(self) -> Library:
        return self.study.library


async def tips(study: Study, request: Request) -> Reply:
    """*request.text* is an action and its words: "set 09:00", "skip 2026-03-02"; nothing shows the next days.

    "set" alone gives a form to fill in, which has what holds now.
    """
    if not request.user.operator:
        return notice(request, "library.operators_only")
    if study.store is None:
        return notice(request, "tips.not_here")
    first, *words = _words(request.text) or ["show"]
    act = _action(first)
    if act is None:
        return notice(request, "tips.usage")
    place = request.place
    channel = Channel(place.platform, place.tenant, place.channel)
    asked = _Asked(study, study.store, request, words, channel, study.clock())
    if act in {_set, _history} or await asked.store.subscriptions.find(channel):
        return await act(asked)
    phrase = say(request)
    begin = Button(phrase("tips.begin"), "tips", "set")
    return replace(_private(phrase("tips.none", prefix=request.prefix)), buttons=(begin,))


async def _set(asked: _Asked) -> Reply:
    fresh = Wishes(Schedule(asked.study.zone, _NINE))
    if not asked.words:
        found = await asked.store.subscriptions.find(asked.channel)
        form = tips_form(from_json(found.wishes) if found else fresh, asked.library, say(asked.request))
        again = Button(say(asked.request)("tips.press.set"), "tips", "set")  # where the form cannot be shown at once
        return replace(notice(asked.request, "tips.usage"), buttons=(again,), form=form)

    def change(now: Subscription | None) -> Subscription:
        wishes = with_options(from_json(now.wishes) if now else fresh, asked.words, asked.library)
        owner = asked.request.user.id
        made = now or Subscription(asked.channel, owner, asked.request.locale, "")
        status: Status = "paused" if made.status == "paused" else "active"  # a pause holds until it is taken back
        return _due(replace(made, owner=owner, locale=asked.request.locale, status=status, error=""), wishes, asked.now)

    try:
        await asked.store.subscriptions.change(asked.channel, change)
    except OptionsError as error:
        return _not_taken(asked.request, error.faults)
    return await _show(asked)


def _not_taken(request: Request, faults: Mapping[str, str]) -> Reply:
    phrase = say(request)
    wrong = {name: phrase(f"tips.wrong.{name or 'unknown'}", value=value[:40]) for name, value in faults.items()}
    return replace(_private("\n".join([*wrong.values(), phrase("tips.unchanged")])), wrong=wrong)


async def _show(asked: _Asked) -> Reply:
    phrase = say(asked.request)
    agenda = await _agenda(asked)
    subscription, schedule = agenda.subscription, agenda.wishes.schedule
    at = f"{schedule.at:%H:%M} ({schedule.zone.key})"
    lines = [phrase("tips.paused" if subscription.status == "paused" else "tips.title", at=at)]
    if subscription.status == "disabled":
        lines = [phrase("tips.disabled", reason=subscription.error)]
    if asked.request.obstacle:
        lines.insert(0, phrase("tips.obstacle", obstacle=asked.request.obstacle))
    for day in agenda.days:
        piece = asked.library.piece(agenda.picks[day.date]) if day.date in agenda.picks else None
        told = phrase("tips.off_day") if day.off else f"“{piece.text}” [{piece.id}]" if piece else phrase("advice.none")
        lines.append(f"{day.date} — {told}")
    if not agenda.days:
        lines.append(phrase("calendar.over"))
    go_on = "pause" if subscription.status == "active" else "resume"
    offered = ("set", "preview", go_on, "history")
    buttons = tuple(Button(phrase(f"tips.press.{action}"), "tips", action) for action in offered)
    return Reply((Words("\n".join(lines)),), buttons=buttons)


async def _preview(asked: _Asked) -> Reply:
    agenda = await _agenda(asked)
    piece = next((asked.library.piece(agenda.picks[day.date]) for day in agenda.days if day.date in agenda.picks), None)
    if piece is None:
        return notice(asked.request, "advice.none")
    return replace(daily_card(asked.library, piece, asked.request.locale), visibility="private")


async def _post_now(asked: _Asked) -> Reply:
    deliveries = asked.store.deliveries
    subscription, wishes = await _wishes(asked)
    if not pool(asked.library, wishes):
        return notice(asked.request, "advice.none")
    today = asked.now.astimezone(wishes.schedule.zone).date()
    todays = next((each for each in await asked.store.history.of(asked.channel, limit=3) if each.date == today), None)
    if todays is None:
        await deliveries.plan_now(subscription.channel, asked.now, planner_now(asked.library, asked.now))
    elif todays.state in _UNPOSTED:
        await deliveries.resend(todays.id, asked.channel, asked.now, _until(asked, wishes))
    elif todays.state not in _OPEN:
        return notice(asked.request, "tips.posted_already")
    return notice(asked.request, "tips.posting")


async def _pause(asked: _Asked) -> Reply:
    """From now on until it is resumed, or on the days from one date to another."""
    days = [_date(word) for word in asked.words]
    if not days:
        await _rearrange(asked, lambda wishes: wishes, status="paused")
        return _private(say(asked.request)("tips.paused_now", prefix=asked.request.prefix))
    first, last = days[0], days[-1]
    if first is None or last is None or first > last:
        return notice(asked.request, "tips.usage")
    if await _is_past(asked, last):
        return _past(asked, last)
    await _rearrange(asked, lambda wishes: _without(wishes, Pause(first, last)))
    return await _show(asked)


async def _resume(asked: _Asked) -> Reply:
    """From now on; days off that are yet to come stay so. Where nothing rests now, those are what is taken back."""
    found, _ = await _wishes(asked)

    def resumed(wishes: Wishes) -> Wishes:
        today = asked.now.astimezone(wishes.schedule.zone).date()
        later = tuple(pause for pause in wishes.schedule.pauses if pause.first > today)
        rests = found.status != "active" or later != wishes.schedule.pauses
        return replace(wishes, schedule=replace(wishes.schedule, pauses=later if rests else ()))

    await _rearrange(asked, resumed, status="active")
    return await _show(asked)


async def _skip(asked: _Asked) -> Reply:
    day = _day(asked, (await _agenda(asked)).days)
    if day is None:
        return notice(asked.request, "tips.usage")
    if await _is_past(asked, day):
        return _past(asked, day)
    await _rearrange(asked, lambda wishes: _without(wishes, Pause(day, day)))
    return await _show(asked)


async def _swap(asked: _Asked) -> Reply:
    agenda = await _agenda(asked)
    day = _day(asked, agenda.days)
    if day is None or day not in agenda.picks:
        return notice(asked.request, "tips.usage")
    subscription, wishes = agenda.subscription, agenda.wishes
    dealt = await asked.store.history.dealt(asked.channel, subscription.cycle)
    other = alternative(round_of(subscription, dealt), pool(asked.library, wishes), agenda.picks[day], wishes.pins)
    if other is not None:
        await _rearrange(asked, lambda wishes: replace(wishes, pins={**wishes.pins, day: other}))
    return await _show(asked)


async def _pin(asked: _Asked) -> Reply:
    day = _date(asked.words[0]) if asked.words else None
    piece = asked.library.piece(asked.words[1]) if len(asked.words) > 1 else None
    if day is None or piece is None:
        return notice(asked.request, "tips.usage")
    if await _is_past(asked, day):
        return _past(asked, day)
    await _rearrange(asked, lambda wishes: replace(wishes, pins={**wishes.pins, day: piece.id}))
    return await _show(asked)


async def _ban(asked: _Asked) -> Reply:
    piece = asked.library.piece(asked.words[0]) if asked.words else None
    if piece is None:
        return notice(asked.request, "tips.usage")
    await _rearrange(asked, lambda wishes: replace(wishes, banned=wishes.banned | {piece.id}))
    return await _show(asked)


async def _history(asked: _Asked) -> Reply:
    phrase = say(asked.request)
    made = await asked.store.history.of(asked.channel, limit=SHOWN)
    if not made:
        return notice(asked.request, "tips.no_history")
    states = {
        "sent": phrase("tips.state_sent"),
        "held": phrase("tips.state_held"),
        "failed": phrase("tips.state_failed"),
        "skipped": phrase("tips.state_skipped"),
        "expired": phrase("tips.state_expired"),
    }
    lines = [phrase("tips.history")]
    for each in made:
        key = _WHY.get(each.error)
        reason = phrase(key) if key else each.error if key is None else ""
        why = f" ({reason})" if reason and each.state != "sent" else ""
        lines.append(f"{each.date} — {states.get(each.state, phrase('tips.state_open'))}{why}")
    held = (each for each in made if each.state in {"held", "failed"})
    resend = tuple(
        Button(phrase("tips.resend", date=each.date), "tips", f"resend {each.id}") for each in islice(held, _RESENDS)
    )
    return Reply((Words("\n".join(lines)),), buttons=resend)


async def _resend(asked: _Asked) -> Reply:
    id_ = asked.words[0] if asked.words else ""
    _, wishes = await _wishes(asked)
    until = _until(asked, wishes)
    if not re.fullmatch(r"[0-9]{1,18}", id_) or not await asked.store.deliveries.resend(
        int(id_), asked.channel, asked.now, until
    ):
        return notice(asked.request, "tips.nothing_held")
    return notice(asked.request, "tips.posting")


async def _off(asked: _Asked) -> Reply:
    await asked.store.subscriptions.change(asked.channel, lambda _: None)
    return notice(asked.request, "tips.turned_off")


_ACTIONS: dict[str, tuple[Callable[[_Asked], Awaitable[Reply]], str]] = {
    "set": (_set, "tips.words.set"),
    "show": (_show, "tips.words.show"),
    "preview": (_preview, "tips.words.preview"),
    "now": (_post_now, "tips.words.now"),
    "pause": (_pause, "tips.words.pause"),
    "resume": (_resume, "tips.words.resume"),
    "skip": (_skip, "tips.words.skip"),
    "swap": (_swap, "tips.words.swap"),
    "pin": (_pin, "tips.words.pin"),
    "ban": (_ban, "tips.words.ban"),
    "history": (_history, "tips.words.history"),
    "off": (_off, "tips.words.turn_off"),
    "resend": (_resend, "tips.words.resend"),
}


def _words(text: str) -> list[str]:
    """A value with a space in it stands in quotes."""
    try:
        return shlex.split(text)
    except ValueError:  # a quote without its other half
        return text.split()


def _action(word: str) -> Callable[[_Asked], Awaitable[Reply]] | None:
    """The action called *word* in any locale."""
    wanted = word.casefold()
    for name, (act, key) in _ACTIONS.items():
        if wanted in {name, *(phrases(locale)(key) for locale in LOCALES)}:
            return act
    return None


async def _wishes(asked: _Asked) -> tuple[Subscription, Wishes]:
    subscription = await asked.store.subscriptions.find(asked.channel)
    if subscription is None:
        raise LookupError(_GONE)
    return subscription, from_json(subscription.wishes)


async def _agenda(asked: _Asked) -> Agenda:
    agenda = await ahead(asked.study, asked.store, asked.channel)
    if agenda is None:
        raise LookupError(_GONE)
    return agenda


async def _rearrange(asked: _Asked, change: Callable[[Wishes], Wishes], *, status: Status | None = None) -> None:
    """*status*: the new one; None keeps it."""

    def changed(now: Subscription | None) -> Subscription | None:
        kept = replace(now, status=status or now.status) if now else None
        return _due(kept, change(from_json(kept.wishes)), asked.now) if kept else None

    await asked.store.subscriptions.change(asked.channel, changed)


def _due(subscription: Subscription, wishes: Wishes, now: datetime) -> Subscription:
    """With these wishes, due when they say; never while it is paused or disabled."""
    day = next(upcoming(wishes.schedule, now), None) if subscription.status == "active" else None
    return replace(subscription, wishes=to_json(wishes), next_due=day.due if day else None)


def _without(wishes: Wishes, pause: Pause) -> Wishes:
    return replace(wishes, schedule=replace(wishes.schedule, pauses=(*wishes.schedule.pauses, pause)))


def _day(asked: _Asked, days: Sequence[Day]) -> date | None:
    """The day that is named, else the next of *days* that something is posted on."""
    if asked.words:
        return _date(asked.words[0])
    return next((day.date for day in days if day.off is None), None)


def _date(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


async def _is_past(asked: _Asked, day: date) -> bool:
    """Whether *day* is over, or has its advice already, so that nothing can be arranged for it."""
    _, wishes = await _wishes(asked)
    if day < asked.now.astimezone(wishes.schedule.zone).date():
        return True
    return any(each.date == day for each in await asked.store.history.of(asked.channel, limit=3))


def _past(asked: _Asked, day: date) -> Reply:
    return _private(say(asked.request)("tips.past", date=day))


def _until(asked: _Asked, wishes: Wishes) -> datetime:
    return asked.now + timedelta(seconds=wishes.schedule.grace_s)


def _private(text: str) -> Reply:
    return Reply((Words(text),))
