"""What the store keeps of the daily advice, as values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

Status = Literal["active", "paused", "disabled"]
DIRECT = "dm:"  # before a user's id: the channel that is that user's own conversation with the bot
LATE_S = 120  # a delivery later than this may have been made already, as the platform remembers and the store does not
CHANGING = ("state", "wake_ms", "token", "tries", "first_post_ms", "message_id", "error")  # of a delivery's columns
WITHDRAWN = datetime.fromtimestamp(0, UTC)  # when a delivery expired that its channel does not want any more
REMEMBERED = timedelta(days=31)  # days missed before that are not written down one by one
State = Literal["planned", "sending", "unsure", "sent", "held", "failed", "skipped", "expired"]


@dataclass(frozen=True, slots=True)
class Channel:
    """Where advice goes."""

    platform: str
    tenant: str
    id: str

    @property
    def path(self) -> str:
        """Unlike any other channel's. Posts are marked and decks shuffled by it, so it stays as it is for ever."""
        return f"{self.platform}/{self.tenant}/{self.id}"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that wants advice every day."""

    channel: Channel
    owner: str  # the id of whoever set it up
    locale: str
    wishes: str  # JSON; bot.daily reads it
    status: Status = "active"
    error: str = ""  # why it is disabled
    next_due: datetime | None = None
    cycle: int = 0  # the round of its deck


@dataclass(frozen=True, slots=True)
class Delivery:
    """A day's advice for a channel."""

    id: int  # 0: not stored yet
    channel: Channel
    date: date  # as the channel's zone counts
    due: datetime
    expires: datetime
    state: State
    cycle: int | None = None
    advice: str | None = None
    wake: datetime | None = None  # when to look at it again; None: closed
    token: str = ""  # whose it is
    tries: int = 0
    first_post: datetime | None = None
    message: str = ""  # the platform's own id
    error: str = ""
    locale: str = ""  # the subscription's, as it is claimed; "" where there is none any more
    wishes: str = ""  # likewise


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a claimed delivery goes on."""

    delivery: Delivery  # as it was claimed
    state: State
    wake: datetime | None = None  # None closes it
    message: str = ""
    error: str = ""
    stopped: datetime | None = None  # when its channel turned out not to be posted to any more; disables it


@dataclass(frozen=True, slots=True)
class Notice:
    """A channel's owner to be told that its advice has stopped."""

    delivery: Delivery  # of the message to its owner, in the channel "dm:<user id>"
    channel: Channel  # that stopped
    locale: str
    reason: str
    key: str  # marks the message; at most 24 characters


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a subscription that is due."""

    next_due: datetime | None
    cycle: int
    born: tuple[Delivery, ...]  # unnumbered; a day that has a delivery already keeps it


Planner = Callable[[Subscription, Sequence[str], Collection[date]], Plan]
"""Makes the plan, given the ids of advice dealt in the subscription's round, oldest first, and the days taken."""

NextDue = Callable[[Subscription], datetime | None]
"""When a channel that goes on is due; None where its days are over."""

Choose = Callable[[Subscription, Sequence[str]], tuple[int, str] | None]
"""Gives the cycle and the id of another piece, given what was dealt in the subscription's round."""


def claimed(delivery: Delivery, token: str, now: datetime, until: datetime, *, known_since: datetime) -> Delivery:
    """*delivery* in the hands of *token*'s worker *until* the lease ends.

    One to post is unsure, as it may have been posted already, where it waited long before *known_since*: from then on
    no backup was restored.
    """
    wake = delivery.wake or now
    doubtful = wake < known_since and now - wake > timedelta(seconds=LATE_S)
    if delivery.state != "planned" or doubtful:
        return replace(delivery, state="unsure", token=token, wake=until)
    tries, first_post = delivery.tries + 1, delivery.first_post or now
    return replace(delivery, state="sending", token=token, wake=until, tries=tries, first_post=first_post)


def settled(settlement: Settlement) -> Delivery:
    """The delivery as its settlement leaves it."""
    delivery = settlement.delivery
    return replace(
        delivery,
        state=settlement.state,
        wake=settlement.wake,
        # Planned again, it was surely not posted: history is searched, and may lag, from the next try on.
        first_post=None if settlement.state == "planned" else delivery.first_post,
        message=settlement.message or delivery.message,
        error=settlement.error,
    )


def to_ms(instant: datetime | None) -> int | None:
    return None if instant is None else round(instant.timestamp() * 1000)


def from_ms(instant_ms: int | None) -> datetime | None:
    return None if instant_ms is None else datetime.fromtimestamp(instant_ms / 1000, UTC)


def subscription_of(row: Any) -> Subscription:
    return Subscription(
        channel=Channel(row.platform, row.tenant, row.channel),
        owner=row.owner,
        locale=row.locale,
        wishes=row.wishes,
        status=row.status,
        error=row.error,
        next_due=from_ms(row.next_due_ms),
        cycle=row.cycle,
    )


def delivery_of(row: Any) -> Delivery:
    return Delivery(
        id=row.id,
        channel=Channel(row.platform, row.tenant, row.channel),
        date=date.fromisoformat(row.local_date),
        due=datetime.fromtimestamp(row.due_ms / 1000, UTC),
        expires=datetime.fromtimestamp(row.expires_ms / 1000, UTC),
        state=row.state,
        cycle=row.cycle,
        advice=row.advice_id,
        wake=from_ms(row.wake_ms),
        token=row.token,
        tries=row.tries,
        first_post=from_ms(row.first_post_ms),
        message=row.message_id,
        error=row.error,
        locale=getattr(row, "locale", None) or "",
        wishes=getattr(row, "wishes", None) or "",
    )


def columns_of(delivery: Delivery) -> dict[str, Any]:
    """A new delivery's row; the database numbers it."""
    return {
        "platform": delivery.channel.platform,
        "tenant": delivery.channel.tenant,
        "channel": delivery.channel.id,
        "local_date": delivery.date.isoformat(),
        "due_ms": to_ms(delivery.due),
        "expires_ms": to_ms(delivery.expires),
        "cycle": delivery.cycle,
        "advice_id": delivery.advice,
        **changing_of(delivery),
    }


def changing_of(delivery: Delivery) -> dict[str, Any]:
    """The columns that claims and settlements change."""
    return {
        "state": delivery.state,
        "wake_ms": to_ms(delivery.wake),
        "token": delivery.token,
        "tries": delivery.tries,
        "first_post_ms": to_ms(delivery.first_post),
        "message_id": delivery.message,
        "error": delivery.error,
    }
