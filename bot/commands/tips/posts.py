"""What an operator sees of posts, and has posted: the next one, today's, those that were held."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from bot.commands.composing import notice, say
from bot.commands.tips.agenda import SHOWN
from bot.commands.tips.asked import Asked, agenda_of, obstacle, private, wishes_of
from bot.daily.card import daily_card
from bot.daily.planning import planner_now
from bot.daily.wishes import Wishes, pool
from bot.reply import Button, Reply, Words

_RESENDS = 5  # buttons; a row on every platform
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


async def preview(asked: Asked) -> Reply:
    """The next post as it will look."""
    agenda = await agenda_of(asked)
    piece = next((asked.library.piece(agenda.picks[day.date]) for day in agenda.days if day.date in agenda.picks), None)
    if piece is None:
        return notice(asked.request, "advice.none")
    return replace(daily_card(asked.library, piece, asked.request.locale), visibility="private")


async def post_now(asked: Asked) -> Reply:
    """Today's post at once, if today has none yet and one can be made here."""
    if asked.request.obstacle:
        return private(obstacle(asked.request))
    deliveries = asked.store.deliveries
    subscription, wishes = await wishes_of(asked)
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


async def history(asked: Asked) -> Reply:
    """What became of the last posts, with a button for each that can be sent again."""
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


async def resend(asked: Asked) -> Reply:
    """A post that was held or failed, once more, if one can be made here."""
    if asked.request.obstacle:
        return private(obstacle(asked.request))
    id_ = asked.words[0] if asked.words else ""
    _, wishes = await wishes_of(asked)
    until = _until(asked, wishes)
    if not re.fullmatch(r"[0-9]{1,18}", id_) or not await asked.store.deliveries.resend(
        int(id_), asked.channel, asked.now, until
    ):
        return notice(asked.request, "tips.nothing_held")
    return notice(asked.request, "tips.posting")


def _until(asked: Asked, wishes: Wishes) -> datetime:
    return asked.now + timedelta(seconds=wishes.schedule.grace_s)
