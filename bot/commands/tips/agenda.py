"""A channel's advice as it will come, as things stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from bot.daily.calendar import Day
from bot.daily.deck import Round, left_over, preview
from bot.daily.planning import coming, round_of
from bot.daily.wishes import Wishes, from_json, pool
from bot.store.records import Channel, Subscription
from bot.study import Study

if TYPE_CHECKING:
    from bot.store.store import Store

SHOWN = 14  # of the schedule's days, however far apart they lie


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a channel's operator sees of the coming days."""

    subscription: Subscription
    wishes: Wishes
    days: tuple[Day, ...]  # the next that are to be planned, days off among them
    picks: Mapping[date, str]  # the id of the advice for each day on
    round: Round  # of its deck
    pool: tuple[str, ...]  # the ids of all that may come in it

    @property
    def pinnable(self) -> frozenset[str]:
        """The ids of the advice that any of the days can be given: what was dealt in this round is not among them."""
        return frozenset(left_over(self.round, self.pool))


def posting_days(agenda: Agenda, now: datetime, last: date) -> list[date]:
    """The days until *last* that something will be posted on."""
    days = takewhile(lambda day: day.date <= last, coming(agenda.subscription, agenda.wishes, now))
    first = agenda.days[0].date if agenda.days else last
    return [day.date for day in days if day.off is None and day.date >= first]


async def ahead(study: Study, store: Store, channel: Channel) -> Agenda | None:
    """None where the channel has no daily advice."""
    subscription = await store.subscriptions.find(channel)
    if subscription is None:
        return None
    wishes = from_json(subscription.wishes)
    taken = {each.date for each in await store.history.of(channel, limit=3)}
    free = (day for day in coming(subscription, wishes, study.clock()) if day.date not in taken)
    days = tuple(islice(free, SHOWN))
    dealt = await store.history.dealt(channel, subscription.cycle)
    wanted = [day.date for day in days if day.off is None]
    round_, pieces = round_of(subscription, dealt), pool(study.library, wishes)
    picks = {day: picked.advice for day, picked in preview(round_, pieces, wanted, wishes.pins).items()}
    return Agenda(subscription, wishes, days, picks, round_, pieces)
