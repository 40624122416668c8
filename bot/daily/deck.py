"""Which piece of advice comes: a shuffled deck for each channel, dealt out before one comes again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

Pins = Mapping[date, str]  # the piece that an operator wants on a day


@dataclass(frozen=True, slots=True)
class Round:
    """One pass through the deck; what has been dealt in it is kept with the deliveries."""

    channel: str  # seeds the shuffle, so that neighbours differ
    cycle: int = 0
    dealt: tuple[str, ...] = ()  # ids of advice, oldest first

    def deal(self, pick: Pick) -> Round:
        """The round after *pick*."""
        dealt = self.dealt if pick.cycle == self.cycle else ()
        return replace(self, cycle=pick.cycle, dealt=(*dealt, pick.advice))


@dataclass(frozen=True, slots=True)
class Pick:
    """The piece for a day."""

    cycle: int
    advice: str  # its id


def pick(round_: Round, pool: Collection[str], day: date, pins: Pins) -> Pick | None:
    """The piece for *day*, or None of an empty *pool*.

    A pin wins where its piece has not been dealt in this round; what is pinned to a later day is left for it while
    there is anything else.
    """
    cycle, left = _left(round_, pool)
    if not left:
        return None
    pinned = pins.get(day)
    if pinned in left:
        return Pick(cycle, pinned)
    kept = {piece for pinned_day, piece in pins.items() if pinned_day > day}
    free = [piece for piece in left if piece not in kept]
    return Pick(cycle, (free or left)[0])


def left_over(round_: Round, pool: Collection[str]) -> list[str]:
    """What has yet to come in this round, or in the next where this one is over; in the deck's order."""
    return _left(round_, pool)[1]


def can_be_pinned(round_: Round, pool: Collection[str], piece: str, days_before: int) -> bool:
    """Whether *piece* can still come on a day that *days_before* others precede: it is dealt once a round."""
    left = left_over(round_, pool)
    return piece in left or (piece in pool and days_before >= len(left))


def preview(round_: Round, pool: Collection[str], days: Iterable[date], pins: Pins) -> dict[date, Pick]:
    """The piece for each of *days* (ascending), as things stand; empty where the pool is."""
    picks: dict[date, Pick] = {}
    for day in days:
        picked = pick(round_, pool, day, pins)
        if picked is None:
            break
        picks[day] = picked
        round_ = round_.deal(picked)
    return picks


def alternative(round_: Round, pool: Collection[str], current: str, pins: Pins) -> str | None:
    """Another piece for a day that has *current*: the next in the deck that no pin wants; None where there is none.

    Asked again and again it goes through the whole deck.
    """
    wanted = set(pins.values()) - {current}
    left = [piece for piece in _left(round_, pool)[1] if piece not in wanted]
    if current in left:
        place = left.index(current) + 1
        left = [*left[place:], *left[: place - 1]]
    return left[0] if left else None


def _left(round_: Round, pool: Collection[str]) -> tuple[int, list[str]]:
    """The cycle of the next piece, and what it can be, in the deck's order."""
    left = set(pool).difference(round_.dealt)
    if left or not pool:
        return round_.cycle, _shuffled(round_.channel, round_.cycle, left)
    fresh = _shuffled(round_.channel, round_.cycle + 1, pool)
    if round_.dealt and fresh[0] == round_.dealt[-1]:
        fresh.append(fresh.pop(0))  # yesterday's piece must not be today's
    return round_.cycle + 1, fresh


def _shuffled(channel: str, cycle: int, pieces: Iterable[str]) -> list[str]:
    """By a hash, so that an order needs no storing and a new piece takes a place without moving the others."""
    return sorted(pieces, key=lambda piece: hashlib.sha256(f"{channel}/{cycle}/{piece}".encode()).digest())
