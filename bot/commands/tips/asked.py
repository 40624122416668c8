"""What an operator asks about a channel's daily advice, with all that it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.commands.composing import say
from bot.commands.tips.agenda import Agenda, ahead
from bot.daily.planning import due_again
from bot.daily.wishes import Wishes, from_json, to_json
from bot.reply import Button, Reply, Request, Words
from bot.store.records import Channel, Status, Subscription
from bot.study import Study
from content import Library

if TYPE_CHECKING:
    from bot.store.store import Store

_GONE = "the subscription went while its operator arranged it"


@dataclass(frozen=True, slots=True)
class Asked:
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


async def show(asked: Asked) -> Reply:
    """The next days with what comes, and buttons for what an operator does most."""
    return listed(asked, await agenda_of(asked))


def listed(asked: Asked, agenda: Agenda) -> Reply:
    """*agenda* as `show` tells it."""
    phrase = say(asked.request)
    subscription, schedule = agenda.subscription, agenda.wishes.schedule
    at = f"{schedule.at:%H:%M} ({schedule.zone.key})"
    lines = [phrase("tips.paused" if subscription.status == "paused" else "tips.title", at=at)]
    if subscription.status == "disabled":
        lines = [phrase("tips.disabled", reason=subscription.error, at=at)]
    if asked.request.obstacle:
        lines.insert(0, obstacle(asked.request))
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


def obstacle(request: Request) -> str:
    """Why nothing can be posted where *request* was made, and what to do."""
    return say(request)("tips.obstacle", obstacle=request.obstacle)


async def wishes_of(asked: Asked) -> tuple[Subscription, Wishes]:
    """The channel's subscription and what it asks for; LookupError where it went meanwhile."""
    subscription = await asked.store.subscriptions.find(asked.channel)
    if subscription is None:
        raise LookupError(_GONE)
    return subscription, from_json(subscription.wishes)


async def agenda_of(asked: Asked) -> Agenda:
    """The next days of the channel; LookupError where its subscription went meanwhile."""
    agenda = await ahead(asked.study, asked.store, asked.channel)
    if agenda is None:
        raise LookupError(_GONE)
    return agenda


async def rearrange(asked: Asked, change: Callable[[Wishes], Wishes], *, status: Status | None = None) -> None:
    """*status*: the new one; None keeps it."""

    def changed(now: Subscription | None) -> Subscription | None:
        kept = replace(now, status=status or now.status) if now else None
        return due(kept, change(from_json(kept.wishes)), asked.now) if kept else None

    await asked.store.subscriptions.change(asked.channel, changed)


def due(subscription: Subscription, wishes: Wishes, now: datetime) -> Subscription:
    """With these wishes, due when they say; never while it is paused or disabled."""
    next_due = due_again(subscription, wishes, now) if subscription.status == "active" else None
    return replace(subscription, wishes=to_json(wishes), next_due=next_due)


def private(text: str) -> Reply:
    """A reply that only the operator sees."""
    return Reply((Words(text),))
