"""Which text of an edited note is which of the old one: the same words first, then close ones in the same order."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz

_CLOSE = 70.0  # of 100: below this, two texts are different questions
_ANSWERED_ALIKE = 80.0  # a question that was rewritten but kept its answer and its place is still the same


def pair(
    old: Sequence[str], new: Sequence[str], old_below: Sequence[str] = (), new_below: Sequence[str] = ()
) -> dict[int, int]:
    """For each place in *new* that has one, its place in *old*. *below*: what stands under each text."""
    partners = _equal(old, new)
    rest_old = [index for index in range(len(old)) if index not in set(partners.values())]
    rest_new = [index for index in range(len(new)) if index not in partners]
    scored = []
    for n in rest_new:
        for o in rest_old:
            likeness = fuzz.ratio(_key(old[o]), _key(new[n]))
            if likeness < _CLOSE and old_below and _between_same(o, n, partners, len(old), len(new)):
                below = fuzz.ratio(old_below[o], new_below[n]) if old_below[o] and new_below[n] else 0.0
                likeness = _CLOSE if below >= _ANSWERED_ALIKE else likeness
            if likeness >= _CLOSE:
                scored.append((likeness, -abs(o - n), n, o))
    for _, _, n, o in sorted(scored, reverse=True):
        if n not in partners and o not in partners.values():
            partners[n] = o
    return partners


def _equal(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Texts that are the same; where one repeats, the first is the first."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(old):
        places[_key(text)].append(index)
    partners = {}
    for index, text in enumerate(new):
        if queue := places.get(_key(text)):
            partners[index] = queue.pop(0)
    return partners


def _between_same(o: int, n: int, partners: dict[int, int], olds: int, news: int) -> bool:
    """Whether the texts before and after the two are each other's partners, or the ends."""
    before = partners.get(n - 1) == o - 1 if n else o == 0
    after = partners.get(n + 1) == o + 1 if n + 1 < news else o + 1 == olds
    return before and after


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
