"""What becomes of a subscription that is due: a delivery for each day that has come, and the next instant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.daily.calendar import Day, upcoming
from bot.daily.deck import Round, pick
from bot.daily.spread import INSTANT, LONGEST, NONE, spread_due
from bot.daily.wishes import Wishes, from_json, pool
from bot.store.records import LATE_S, REMEMBERED, Channel, Delivery, Plan, Planner, State, Subscription
from content import Library

_TWO_DAYS = timedelta(days=2)  # more than any two zones lie apart


def planner(library: Library, now: datetime, *, within: timedelta = NONE) -> Planner:
    """Plans for the days that have come since a subscription was due, each spread *within* that long after its time."""

    def plan(subscription: Subscription, dealt: Sequence[str], taken: Collection[date]) -> Plan:
        wishes = from_json(subscription.wishes)
        round_ = round_of(subscription, dealt)
        born: list[Delivery] = []
        begin = max(subscription.next_due or now, now - REMEMBERED)
        for each in upcoming(wishes.schedule, _before_its_day(begin)):
            day = replace(each, due=spread_due(each, wishes.schedule.zone, subscription.channel, within))
            if day.due > now:
                return Plan(day.due, round_.cycle, tuple(born))
            if day.date not in taken:
                delivery, round_ = _birth(subscription.channel, wishes, library, round_, day=day, now=now)
                born.append(delivery)
        return Plan(None, round_.cycle, tuple(born))

    return plan


def planner_now(library: Library, now: datetime) -> Planner:
    """Plans for today at once, whatever the schedule says; the schedule then leaves today out."""

    def plan(subscription: Subscription, dealt: Sequence[str], taken: Collection[date]) -> Plan:
        wishes = from_json(subscription.wishes)
        today = now.astimezone(wishes.schedule.zone).date()
        round_ = round_of(subscription, dealt)
        born: tuple[Delivery, ...] = ()
        if today not in taken:
            delivery, round_ = _birth(subscription.channel, wishes, library, round_, day=Day(today, now), now=now)
            born = (delivery,)
        return Plan(subscription.next_due, round_.cycle, born)

    return plan


def due_again(subscription: Subscription, wishes: Wishes, now: datetime) -> datetime | None:
    """When *subscription*, which is active, is due once it has these *wishes* in place of its own.

    A day that has come but is not planned yet, for its turn or the planner is still on the way, is not lost: it comes
    at its new time, or as late as any other day where that is over. What had not come yet goes by the new schedule.
    """
    if subscription.next_due is None:
        return _first_due(upcoming(wishes.schedule, now))
    schedule = from_json(subscription.wishes).schedule
    if schedule == wishes.schedule:
        return subscription.next_due
    begun = next(upcoming(schedule, _before_its_day(subscription.next_due)), None)
    if begun is None or begun.due > now:
        return _first_due(upcoming(wishes.schedule, now))
    days = upcoming(wishes.schedule, begun.due - _TWO_DAYS)
    return _first_due(day for day in days if day.date >= begun.date)


def coming(subscription: Subscription, wishes: Wishes, now: datetime) -> Iterator[Day]:
    """The schedule's days that are yet to be planned: those ahead, and one that has come whose turn has not."""
    due = subscription.next_due
    in_grace = due is not None and now - due <= timedelta(seconds=wishes.schedule.grace_s)
    return upcoming(wishes.schedule, min(now, _before_its_day(due)) if due and in_grace else now)


def round_of(subscription: Subscription, dealt: Sequence[str]) -> Round:
    return Round(subscription.channel.path, subscription.cycle, tuple(dealt))


def repick(library: Library, subscription: Subscription, dealt: Sequence[str], day: date) -> tuple[int, str] | None:
    """The piece for a delivery whose own has left the library."""
    wishes = from_json(subscription.wishes)
    picked = pick(round_of(subscription, dealt), pool(library, wishes), day, wishes.pins)
    return (picked.cycle, picked.advice) if picked else None


def _before_its_day(due: datetime) -> datetime:
    """Before the time of the day that a subscription is *due* for, and after that of the day before.

    It is due when its turn comes, which may have moved since; its days lie further apart than any turns do.
    """
    return due - LONGEST - INSTANT


def _first_due(days: Iterator[Day]) -> datetime | None:
    return next((day.due for day in days), None)


def _birth(
    channel: Channel, wishes: Wishes, library: Library, round_: Round, *, day: Day, now: datetime
) -> tuple[Delivery, Round]:
    expires = day.due + timedelta(seconds=wishes.schedule.grace_s)
    closed = Delivery(0, channel, day.date, day.due, expires, "skipped")
    if day.off is not None:
        return replace(closed, error=day.off), round_
    if now > expires:
        return replace(closed, state="expired", error="too late"), round_
    picked = pick(round_, pool(library, wishes), day.date, wishes.pins)
    if picked is None:
        return replace(closed, error="no advice"), round_
    # A database restored from a backup may have lost the confirmation of a post, so a late one is looked up first.
    state: State = "unsure" if now - day.due > timedelta(seconds=LATE_S) else "planned"
    delivery = replace(closed, state=state, cycle=picked.cycle, advice=picked.advice, wake=max(day.due, now))
    return delivery, round_.deal(picked)
