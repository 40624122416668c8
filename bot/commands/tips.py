"""Tips: what an operator arranges about a channel's daily advice, in words that every platform can carry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from bot.commands.composing import notice, say
from bot.commands.tips_options import OptionError, with_options
from bot.daily.calendar import Day, Pause, Schedule, upcoming
from bot.daily.card import daily_card
from bot.daily.deck import alternative, preview
from bot.daily.planning import planner_now, round_of
from bot.daily.posting import POSTERS
from bot.daily.wishes import Wishes, from_json, pool, to_json
from bot.reply import Button, Reply, Request, Words
from bot.store.records import Channel, Status, Subscription
from bot.study import Study
from bot.wording import LOCALES, phrases
from content import Library

if TYPE_CHECKING:
    from bot.store.store import Store

_SHOWN = 14  # days
_RESENDS = 5  # buttons; a row on every platform
_NINE = time(9)
_OPEN = frozenset({"planned", "sending", "unsure"})
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
    """*request.text* is an action and its words: "set 09:00", "skip 2026-03-02"; nothing shows the next days."""
    if not request.user.operator:
        return notice(request, "library.operators_only")
    if study.store is None or request.place.platform not in POSTERS:
        return notice(request, "tips.not_here")
    first, *words = request.text.split() or ["show"]
    act = _action(first)
    if act is None:
        return notice(request, "tips.usage")
    place = request.place
    channel = Channel(place.platform, place.tenant, place.channel)
    asked = _Asked(study, study.store, request, words, channel, study.clock())
    if act is not _set and await asked.store.subscriptions.find(channel) is None and act is not _history:
        return notice(request, "tips.none")
    return await act(asked)


async def _set(asked: _Asked) -> Reply:
    fresh = Wishes(Schedule(asked.study.zone, _NINE))

    def change(now: Subscription | None) -> Subscription:
        wishes = with_options(from_json(now.wishes) if now else fresh, asked.words, asked.library)
        owner = asked.request.user.id
        made = now or Subscription(asked.channel, owner, asked.request.locale, "")
        return _due(
            replace(made, owner=owner, locale=asked.request.locale, status="active", error=""), wishes, asked.now
        )

    try:
        await asked.store.subscriptions.change(asked.channel, change)
    except OptionError as error:
        return Reply((Words(say(asked.request)("tips.bad_option", word=str(error)[:40])),))
    return await _show(asked)


async def _show(asked: _Asked) -> Reply:
    phrase = say(asked.request)
    subscription, wishes, days, picks = await _ahead(asked)
    at = f"{wishes.schedule.at:%H:%M} ({wishes.schedule.zone.key})"
    lines = [phrase("tips.paused" if subscription.status == "paused" else "tips.title", at=at)]
    if subscription.status == "disabled":
        lines = [phrase("tips.disabled", reason=subscription.error)]
    for day in days:
        piece = asked.library.piece(picks[day.date]) if day.date in picks else None
        told = phrase("tips.off_day") if day.off else f"“{piece.text}” [{piece.id}]" if piece else phrase("advice.none")
        lines.append(f"{day.date} — {told}")
    return _private("\n".join(lines))


async def _preview(asked: _Asked) -> Reply:
    _, _, days, picks = await _ahead(asked)
    piece = next((asked.library.piece(picks[day.date]) for day in days if day.date in picks), None)
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
    await _rearrange(asked, lambda wishes: wishes, status="paused")
    return notice(asked.request, "tips.paused_now")


async def _resume(asked: _Asked) -> Reply:
    def resumed(wishes: Wishes) -> Wishes:
        return replace(wishes, schedule=replace(wishes.schedule, pauses=()))

    await _rearrange(asked, resumed, status="active")
    return await _show(asked)


async def _skip(asked: _Asked) -> Reply:
    _, _, days, _ = await _ahead(asked)
    day = _day(asked, days)
    if day is None:
        return notice(asked.request, "tips.usage")

    def skip(wishes: Wishes) -> Wishes:
        pauses = (*wishes.schedule.pauses, Pause(day, day))
        return replace(wishes, schedule=replace(wishes.schedule, pauses=pauses))

    await _rearrange(asked, skip)
    return await _show(asked)


async def _swap(asked: _Asked) -> Reply:
    subscription, wishes, days, picks = await _ahead(asked)
    day = _day(asked, days)
    if day is None or day not in picks:
        return notice(asked.request, "tips.usage")
    dealt = await asked.store.history.dealt(asked.channel, subscription.cycle)
    other = alternative(round_of(subscription, dealt), pool(asked.library, wishes), picks[day], wishes.pins)
    if other is not None:
        await _rearrange(asked, lambda wishes: replace(wishes, pins={**wishes.pins, day: other}))
    return await _show(asked)


async def _pin(asked: _Asked) -> Reply:
    day = _date(asked.words[0]) if asked.words else None
    piece = asked.library.piece(asked.words[1]) if len(asked.words) > 1 else None
    if day is None or piece is None:
        return notice(asked.request, "tips.usage")
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
    made = await asked.store.history.of(asked.channel, limit=_SHOWN)
    states = {
        "sent": phrase("tips.state_sent"),
        "held": phrase("tips.state_held"),
        "failed": phrase("tips.state_failed"),
        "skipped": phrase("tips.state_skipped"),
        "expired": phrase("tips.state_expired"),
    }
    lines = [phrase("tips.history")]
    for each in made:
        why = f" ({each.error})" if each.error and each.state != "sent" else ""
        lines.append(f"{each.date} — {states.get(each.state, phrase('tips.state_open'))}{why}")
    held = (each for each in made if each.state in {"held", "failed"})
    resend = tuple(
        Button(phrase("tips.resend", date=each.date), "tips", f"resend {each.id}") for each in islice(held, 5)
    )
    return Reply((Words("\n".join(lines)),), buttons=resend)


async def _resend(asked: _Asked) -> Reply:
    id_ = asked.words[0] if asked.words else ""
    _, wishes = await _wishes(asked)
    until = _until(asked, wishes)
    if not id_.isdecimal() or not await asked.store.deliveries.resend(int(id_), asked.channel, asked.now, until):
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
        raise LookupError("the subscription went while its operator arranged it")
    return subscription, from_json(subscription.wishes)


async def _ahead(asked: _Asked) -> tuple[Subscription, Wishes, list[Day], dict[date, str]]:
    """The subscription, its next days, and the pieces that will come as things stand."""
    subscription, wishes = await _wishes(asked)
    taken = {each.date for each in await asked.store.history.of(asked.channel, limit=3)}
    coming = (day for day in upcoming(wishes.schedule, asked.now) if day.date not in taken)
    days = list(islice(coming, _SHOWN))
    dealt = await asked.store.history.dealt(asked.channel, subscription.cycle)
    wanted = [day.date for day in days if day.off is None]
    picks = preview(round_of(subscription, dealt), pool(asked.library, wishes), wanted, wishes.pins)
    return subscription, wishes, days, {day: picked.advice for day, picked in picks.items()}


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


def _day(asked: _Asked, days: list[Day]) -> date | None:
    """The day that is named, else the next of *days* that something is posted on."""
    if asked.words:
        return _date(asked.words[0])
    return next((day.date for day in days if day.off is None), None)


def _date(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def _until(asked: _Asked, wishes: Wishes) -> datetime:
    return asked.now + timedelta(seconds=wishes.schedule.grace_s)


def _private(text: str) -> Reply:
    return Reply((Words(text),))
