"""Which texts hold which terms, weighed by BM25: an inverted index in packed arrays, without an object per entry."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Terms = NDArray[np.uint32]  # terms by their hash: two of a million share one with a chance that ranking does not notice
Scores = NDArray[np.float32]

_SPACE = ord(" ")
_K1, _B = 1.2, 0.75
_AT_ONCE = 1_000_000  # entries sorted together
_READ_WHOLE = 8_192  # entries that are read faster than searched
_BUDGET = 150_000  # entries read for one query, rarest terms first: what everybody says tells the least


@dataclass(frozen=True, slots=True)
class Postings:
    """The terms of a row of texts."""

    count: int  # texts
    terms: Terms  # distinct, ascending
    starts: NDArray[np.int64]  # where each term's entries begin in *texts*; one longer than *terms*
    texts: NDArray[np.uint32]
    weights: NDArray[np.float16]

    def score(self, terms: Terms) -> Scores:
        """How well each text fits *terms*, 0-1: its BM25 sum x as x / (x + the weight of a word never seen)."""
        known, places = self._find(np.unique(terms))
        places = places[known]
        lengths = self.starts[places + 1] - self.starts[places]
        order = np.argsort(lengths, kind="stable")
        affordable = order[np.cumsum(lengths[order]) <= _BUDGET]
        starts, lengths = self.starts[places[affordable]], lengths[affordable]
        entries = _runs(starts, lengths)
        sums = np.bincount(self.texts[entries], self.weights[entries], minlength=self.count)
        return (sums / (sums + unseen(self.count))).astype(np.float32)

    def rarity(self, terms: Terms) -> NDArray[np.float64]:
        """The inverse document frequency of each of *terms*; the highest for a term that no text holds."""
        known, places = self._find(terms)
        frequency = np.zeros(len(terms), np.int64)
        frequency[known] = self.starts[places[known] + 1] - self.starts[places[known]]
        return _idf(self.count, frequency)

    def known(self, terms: Terms) -> NDArray[np.bool_]:
        """Which of *terms* some text holds."""
        return self._find(terms)[0]

    def holding(self, terms: Terms, texts: slice) -> NDArray[np.bool_]:
        """Which of the neighbouring *texts* hold which of *terms*: one row a term, one column a text."""
        held = np.zeros((len(terms), texts.stop - texts.start), bool)
        known, places = self._find(terms)
        rows = np.flatnonzero(known)
        low, high = self.starts[places[rows]], self.starts[places[rows] + 1]
        if int((high - low).sum()) > _READ_WHOLE:
            low, high = self._first(low, high, texts.start), self._first(low, high, texts.stop)
        lengths = high - low
        entries = _runs(low, lengths)
        columns = self.texts[entries].astype(np.int64) - texts.start
        inside = (columns >= 0) & (columns < held.shape[1])
        held[np.repeat(rows, lengths)[inside], columns[inside]] = True
        return held

    def _first(self, low: NDArray[np.int64], high: NDArray[np.int64], text: int) -> NDArray[np.int64]:
        """The first place from *low* to *high* whose text is *text* or a later one: a binary search in every row."""
        while (searching := low < high).any():
            middle = (low + high) // 2
            before = searching & (self.texts[np.minimum(middle, len(self.texts) - 1)] < text)
            low, high = np.where(before, middle + 1, low), np.where(searching & ~before, middle, high)
        return low

    def _find(self, terms: Terms) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which of *terms* some text holds, and where those stand."""
        if not len(self.terms):
            return np.zeros(len(terms), bool), np.zeros(len(terms), np.int64)
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        return self.terms[places] == terms, places


def pack(rows: Iterable[Terms], count: int) -> Postings:
    """The postings of *count* texts, given the terms of each (repeated as they repeat)."""
    held, sizes = bytearray(), np.zeros(count, np.int64)
    for number, row in enumerate(rows):
        held += row.astype(np.uint32).tobytes()
        sizes[number] = len(row)
    terms = np.frombuffer(held, np.uint32)
    owners = np.repeat(np.arange(count, dtype=np.uint32), sizes)
    length = (1 - _B + _B * sizes / max(sizes.mean() if count else 1, 1)).astype(np.float32)
    # a part of the terms at a time: sorting all at once would take several times the memory of the result
    parts = [_packed(terms[chosen], owners[chosen], count, length) for chosen in _parts(terms)]
    frequency = np.concatenate([part[1] for part in parts])
    return Postings(
        count,
        np.concatenate([part[0] for part in parts]),
        np.concatenate(([0], np.cumsum(frequency, dtype=np.int64))),
        np.concatenate([part[2] for part in parts]),
        np.concatenate([part[3] for part in parts]),
    )


def _parts(terms: Terms) -> Iterator[slice | NDArray[np.bool_]]:
    """What chooses the terms of one part after another, ascending."""
    if len(terms) <= _AT_ONCE:
        yield slice(None)
    else:
        yield from ((terms >> np.uint32(28)) == part for part in range(16))


def _packed(
    terms: Terms, owners: NDArray[np.uint32], count: int, length: NDArray[np.float32]
) -> tuple[Terms, NDArray[np.int64], NDArray[np.uint32], NDArray[np.float16]]:
    """Distinct terms, in how many texts each is, those texts, and the weights there."""
    entries = terms.astype(np.uint64)
    entries <<= np.uint64(32)
    entries |= owners
    entries.sort()
    distinct = np.flatnonzero(np.diff(entries, prepend=~entries[:1]))
    repeats = np.diff(np.append(distinct, len(entries))).astype(np.float32)
    entries = entries[distinct]
    texts = (entries & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    of_entry = (entries >> np.uint64(32)).astype(np.uint32)
    begins = np.flatnonzero(np.diff(of_entry, prepend=~of_entry[:1]))
    frequency = np.diff(np.append(begins, len(of_entry)))
    weights = repeats * (_K1 + 1) / (repeats + _K1 * length[texts])
    weights *= np.repeat(_idf(count, frequency).astype(np.float32), frequency)
    return of_entry[begins], frequency, texts, weights.astype(np.float16)


def hashed(words: Iterable[str]) -> Terms:
    """The terms for *words*."""
    return np.fromiter((zlib.crc32(word.encode()) for word in words), np.uint32)


def grams(text: str, sizes: Sequence[int] = (3, 4, 5), *, across: bool = True) -> Terms:
    """The terms for every run of 3, 4 and 5 characters of *text*; a shorter text is one term.

    *across*: also for those that hold two spaces side by side.
    """
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    if 0 < len(codes) < min(sizes):
        return hashed([text])
    found = []
    gaps = np.cumsum(np.concatenate(([False], (codes[1:] == _SPACE) & (codes[:-1] == _SPACE)))) if not across else codes
    for size in sizes:
        spread = np.full(max(len(codes) - size + 1, 0), size, np.uint32)
        for offset in range(size if len(spread) else 0):  # FNV-1a, a character at a time
            spread = (spread ^ codes[offset : offset + len(spread)]) * np.uint32(16777619)
        spread = spread ^ (spread >> np.uint32(15))
        found.append(spread if across else spread[gaps[: len(spread)] == gaps[size - 1 : size - 1 + len(spread)]])
    return np.concatenate(found)


def _runs(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of *lengths* entries from each of *starts*, in one row."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + lengths, lengths)


def unseen(count: int) -> float:
    """The inverse document frequency of a term that none of *count* texts holds."""
    return math.log(1 + (count + 0.5) / 0.5)


def _idf(count: int, frequency: NDArray[np.int64]) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = np.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
    return weights
