"""The state machine of a delivery: how each end of a post, and each look into the history, leads on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.daily.posting import Found, NotAcceptedError, Posted, PostError, RefusedError
from bot.reply import Place
from bot.store.records import WITHDRAWN, Delivery, Settlement

_LOOK_BACK = timedelta(days=1)  # for a delivery that nobody is known to have posted
_SKEW = timedelta(minutes=1)  # by which the platform's clock may be ahead or behind
_LOOKED_FOR = timedelta(minutes=5)  # once it may not be posted any more: time for a history that is not given at once


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take. Replace it in tests only."""

    poll_s: float = 1.0  # between looks at the database while nothing is due
    tell_poll_s: float = 10.0  # likewise, for owners to be told
    post_timeout_s: float = 25.0
    lease_s: float = 60.0  # longer than a post may take, so that nobody else has the delivery meanwhile
    first_pause_s: float = 1.0  # before a second try; each further one doubles it
    longest_pause_s: float = 60.0


def key_of(delivery: Delivery) -> str:
    """What marks the post, the same whatever became of the database: at most 25 characters, as Discord's nonce asks."""
    return hashlib.sha256(f"{delivery.channel.path}/{delivery.date}".encode()).hexdigest()[:24]


def place_of(delivery: Delivery) -> Place:
    return Place(delivery.channel.platform, delivery.channel.tenant, delivery.channel.id)


def since(delivery: Delivery) -> datetime:
    """From when on the post may stand in the channel."""
    return (delivery.first_post or delivery.due - _LOOK_BACK) - _SKEW


def before_post(delivery: Delivery, now: datetime) -> Settlement | None:
    """How a claimed delivery ends that is too late to post, or not wanted any more; None where it is neither."""
    if delivery.expires == WITHDRAWN:
        return Settlement(delivery, "skipped", error="withdrawn")
    return Settlement(delivery, "expired", error=delivery.error or "too late") if now > delivery.expires else None


def after_post(
    delivery: Delivery, outcome: Posted | Exception, now: datetime, *, timing: Timing, jitter: float
) -> Settlement:
    """*jitter*: 0-1, so that many do not come back at once."""
    match outcome:
        case Posted(message=message):
            return Settlement(delivery, "sent", message=message)
        case RefusedError():
            return Settlement(delivery, "failed", error=_reason(outcome), stopped=now)
        case NotAcceptedError(retry_after_s=retry_after_s):
            pause_s = max(retry_after_s, _pause_s(delivery.tries, timing)) * (1 + jitter / 4)
            return Settlement(delivery, "planned", wake=_in(now, pause_s), error=_reason(outcome))
        case _:
            pause_s = timing.first_pause_s * (1 + jitter)
            return Settlement(delivery, "unsure", wake=_in(now, pause_s), error=_reason(outcome))


def after_find(
    delivery: Delivery, outcome: Found | Exception, now: datetime, *, timing: Timing, jitter: float
) -> Settlement:
    """A delivery that cannot be proven absent is never posted again by itself."""
    match outcome:
        case Found(what="present", message=message):
            return Settlement(delivery, "sent", message=message)
        case Found(what="unknowable", reason=reason):
            return Settlement(delivery, "held", error=reason or "history unreadable")
        case Found(again_s=again_s, reason=reason) if again_s > 0:
            if reason and _given_up(delivery, now):
                return Settlement(delivery, "held", error=reason)
            return Settlement(delivery, "unsure", wake=_in(now, again_s), error=delivery.error)
        case Found():
            return before_post(delivery, now) or Settlement(delivery, "planned", wake=now, error=delivery.error)
        case Exception():
            return _after_failed_find(delivery, outcome, now, timing=timing, jitter=jitter)


def _after_failed_find(
    delivery: Delivery, error: Exception, now: datetime, *, timing: Timing, jitter: float
) -> Settlement:
    refused = isinstance(error, RefusedError)
    if refused or _given_up(delivery, now):
        return Settlement(delivery, "held", error=_reason(error), stopped=now if refused else None)
    # The longer it has gone on, the longer the pause.
    waited_s = (now - (delivery.first_post or delivery.due)).total_seconds()
    told_s = error.retry_after_s if isinstance(error, NotAcceptedError) else 0.0
    pause_s = max(min(max(waited_s / 4, timing.first_pause_s), timing.longest_pause_s), told_s) * (1 + jitter)
    return Settlement(delivery, "unsure", wake=_in(now, pause_s), error=_reason(error))


def _given_up(delivery: Delivery, now: datetime) -> bool:
    """Whether it has been looked for long enough; without this, a history that is never to be had is asked for ever."""
    return now > max(delivery.expires, delivery.first_post or delivery.due) + _LOOKED_FOR


def _pause_s(tries: int, timing: Timing) -> float:
    return min(timing.first_pause_s * 2.0 ** min(max(tries - 1, 0), 16), timing.longest_pause_s)


def _in(now: datetime, seconds: float) -> datetime:
    return now + timedelta(seconds=seconds)


def _reason(error: object) -> str:
    """For the operator: a platform's own words; of any other fault, which the log has, only that there was one."""
    return str(error)[:200] if isinstance(error, PostError) else "interrupted"
