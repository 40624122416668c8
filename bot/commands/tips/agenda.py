"""A channel's advice as it will come, as things stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from bot.daily.calendar import Day
from bot.daily.deck import preview
from bot.daily.planning import coming, round_of
from bot.daily.wishes import Wishes, from_json, pool
from bot.store.records import Channel, Subscription
from bot.study import Study

if TYPE_CHECKING:
    from bot.store.store import Store

SHOWN = 14  # days


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a channel's operator sees of the coming days."""

    subscription: Subscription
    wishes: Wishes
    days: tuple[Day, ...]  # the next that are to be planned, days off among them
    picks: Mapping[date, str]  # the id of the advice for each day on


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
    picks = preview(round_of(subscription, dealt), pool(study.library, wishes), wanted, wishes.pins)
    return Agenda(subscription, wishes, days, {day: picked.advice for day, picked in picks.items()})
