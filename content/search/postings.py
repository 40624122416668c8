"""Which texts hold which terms, weighed by BM25: an inverted index in packed arrays, without an object per entry."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

Terms = NDArray[np.uint32]  # terms by their hash: two of a million share one with a chance that ranking does not notice
Scores = NDArray[np.float32]

_SIZES = (3, 4, 5)  # of key grams
_SPACE = ord(" ")
_K1, _B = 1.2, 0.75
_TEXT, _REPEATS = np.uint32(8), np.uint32(255)  # an entry's last bits
_AT_ONCE = 1_000_000  # terms sorted together
_JOINED = 2_000  # texts whose key grams are found together
_READ_WHOLE = 8_192  # entries that are read faster than searched
_BUDGET = 150_000  # entries read for one query, rarest terms first: what everybody says tells the least


@dataclass(frozen=True, slots=True)
class Postings:
    """The terms of a row of texts. An entry is a text's number with, in its last eight bits, how often it has a term.

    Weights are worked out for each query: kept with the entries, they would take half as much again.
    """

    count: int  # texts, at most 2 ** 24
    terms: Terms  # distinct, ascending
    starts: NDArray[np.uint32]  # where each term's entries begin; one longer than *terms*
    entries: NDArray[np.uint32]  # ascending for each term
    lengths: NDArray[np.float32]  # of each text: how many repeats of a term make half of the highest weight

    def score(self, terms: Terms) -> Scores:
        """How well each text fits *terms*, 0-1: its BM25 sum x as x / (x + the weight of a word never seen)."""
        known, places = self._find(np.unique(terms))
        low, high = self._entries(places[known])
        lengths = high - low
        order = np.argsort(lengths, kind="stable")
        chosen = order[np.cumsum(lengths[order]) <= _BUDGET]
        runs = [self.entries[start:end] for start, end in zip(low[chosen].tolist(), high[chosen].tolist(), strict=True)]
        entries = np.concatenate(runs or [self.entries[:0]])
        texts = (entries >> _TEXT).astype(np.intp)
        repeats = (entries & _REPEATS).astype(np.float32)
        weights = repeats / (repeats + self.lengths[texts])
        weights *= np.repeat(((_K1 + 1) * _idf(self.count, lengths[chosen])).astype(np.float32), lengths[chosen])
        sums = np.bincount(texts, weights, minlength=self.count)
        return (sums / (sums + unseen(self.count))).astype(np.float32)

    def share(self, terms: Terms) -> Scores:
        """How much of *terms*, weighed by rarity, each text holds, 0-1, however long it is."""
        known, places = self._find(terms)
        low, high = self._entries(places[known])
        rarity = self.rarity(terms)
        texts = self.entries[_runs(low, high - low)] >> _TEXT
        sums = np.bincount(texts, np.repeat(rarity[known], high - low), minlength=self.count)
        return (sums / max(float(rarity.sum()), 1e-6)).astype(np.float32)

    def sums(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each text the sum of *weights* (one for each of all terms) of those it holds."""
        low, high = self._entries(np.arange(len(self.terms)))
        texts = self.entries >> _TEXT
        return np.bincount(texts, np.repeat(weights, high - low), minlength=self.count).astype(np.float64)

    def rarity(self, terms: Terms) -> NDArray[np.float64]:
        """The inverse document frequency of each of *terms*; the highest for a term that no text holds."""
        known, places = self._find(terms)
        frequency = np.zeros(len(terms), np.int64)
        low, high = self._entries(places[known])
        frequency[known] = high - low
        return _idf(self.count, frequency)

    def known(self, terms: Terms) -> NDArray[np.bool_]:
        """Which of *terms* some text holds."""
        return self._find(terms)[0]

    def holding(self, terms: Terms, texts: slice) -> NDArray[np.bool_]:
        """Which of the neighbouring *texts* hold which of *terms*: one row a term, one column a text."""
        held = np.zeros((len(terms), texts.stop - texts.start), bool)
        known, places = self._find(terms)
        rows = np.flatnonzero(known)
        low, high = self._entries(places[rows])
        if int((high - low).sum()) > _READ_WHOLE:
            low, high = self._first(low, high, texts.start), self._first(low, high, texts.stop)
        lengths = high - low
        entries = _runs(low, lengths)
        columns = (self.entries[entries] >> _TEXT).astype(np.int64) - texts.start
        inside = (columns >= 0) & (columns < held.shape[1])
        held[np.repeat(rows, lengths)[inside], columns[inside]] = True
        return held

    def _first(self, low: NDArray[np.int64], high: NDArray[np.int64], text: int) -> NDArray[np.int64]:
        """The first place from *low* to *high* whose text is *text* or a later one: a binary search in every row."""
        while (searching := low < high).any():
            middle = (low + high) // 2
            before = searching & (self.entries[np.minimum(middle, len(self.entries) - 1)] >> _TEXT < text)
            low, high = np.where(before, middle + 1, low), np.where(searching & ~before, middle, high)
        return low

    def _entries(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the entries of the terms at *places* begin and end."""
        return self.starts[places].astype(np.int64), self.starts[places + 1].astype(np.int64)

    def _find(self, terms: Terms) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which of *terms* some text holds, and where those stand."""
        if not len(self.terms):
            return np.zeros(len(terms), bool), np.zeros(len(terms), np.int64)
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        return self.terms[places] == terms, places


def pack(terms: Terms, lengths: NDArray[np.int64]) -> Postings:
    """The postings of a row of texts: *terms* of one after another (repeated as they repeat), *lengths* of each."""
    count, ends = len(lengths), np.cumsum(lengths)
    entries = np.empty(len(terms), np.uint32)
    distinct, frequencies, filled = [terms[:0]], [np.zeros(1, np.int64)], 0
    # a part of the terms at a time: sorting all at once would take several times the memory of the result
    for places in _parts(terms):
        both = terms[places].astype(np.uint64) << np.uint64(32)
        both |= np.searchsorted(ends, places, "right").astype(np.uint64)
        both.sort()
        first = np.flatnonzero(np.diff(both, prepend=~both[:1]))
        repeats = np.minimum(np.diff(first, append=len(both)), _REPEATS).astype(np.uint32)
        both = both[first]
        entries[filled : filled + len(both)] = both.astype(np.uint32) << _TEXT | repeats
        filled += len(both)
        held = (both >> np.uint64(32)).astype(np.uint32)
        begins = np.flatnonzero(np.diff(held, prepend=~held[:1]))
        distinct.append(held[begins])
        frequencies.append(np.diff(begins, append=len(held)))
    entries.resize(filled, refcheck=False)
    length = _K1 * (1 - _B + _B * lengths / max(lengths.mean() if count else 1, 1))
    starts = np.cumsum(np.concatenate(frequencies)).astype(np.uint32)
    return Postings(count, np.concatenate(distinct), starts, entries, length.astype(np.float32))


def _parts(terms: Terms) -> Iterator[NDArray[np.int64]]:
    """Where the lowest of *terms* stand, then the next, and so on: a few million at a time."""
    bits = (len(terms) // _AT_ONCE).bit_length()
    if not bits:
        yield np.arange(len(terms))
        return
    for part in range(2**bits):
        yield np.concatenate(
            [  # in pieces, too: what compares all terms is as large as they are
                start + np.flatnonzero(terms[start : start + _AT_ONCE] >> np.uint32(32 - bits) == part)
                for start in range(0, len(terms), _AT_ONCE)
            ]
        )


def hashed(words: Iterable[str]) -> Terms:
    """The terms for *words*."""
    return np.fromiter((zlib.crc32(word.encode()) for word in words), np.uint32)


def grams(text: str, *, across: bool = True) -> Terms:
    """The terms for every run of 3, 4 and 5 characters of *text*; a shorter text is one term.

    *across*: also for those that hold two spaces side by side.
    """
    codes = _codes(text)
    if 0 < len(codes) < min(_SIZES):
        return hashed([text])
    found = []
    gaps = np.cumsum(np.concatenate(([False], (codes[1:] == _SPACE) & (codes[:-1] == _SPACE)))) if not across else codes
    for size in _SIZES:
        spread = _spread(codes, size)
        found.append(spread if across else spread[gaps[: len(spread)] == gaps[size - 1 : size - 1 + len(spread)]])
    return np.concatenate(found)


def spelt(texts: Iterable[str]) -> tuple[Terms, NDArray[np.int64]]:
    """The `grams` of one of *texts* after another, and how many each has."""
    held, counts = bytearray(), [np.zeros(0, np.int64)]
    rest = iter(texts)
    while some := list(islice(rest, _JOINED)):
        codes, lengths = _codes("".join(some)), np.array(list(map(len, some)))
        ends = np.cumsum(lengths)
        left = np.repeat(ends, lengths) - np.arange(len(codes))  # characters of the text from each place on
        found, whole = np.zeros((len(codes), len(_SIZES)), np.uint32), left[:, None] >= _SIZES
        for column, size in enumerate(_SIZES):
            spread = _spread(codes, size)
            found[: len(spread), column] = spread
        short = np.flatnonzero((lengths > 0) & (lengths < min(_SIZES)))
        places = (ends - lengths)[short]
        found[places, 0], whole[places, 0] = hashed(some[number] for number in short), True
        held += found[whole].tobytes()
        counts.append(sums_between(np.concatenate(([0], ends)), whole.sum(axis=1)))
    return np.frombuffer(held, np.uint32), np.concatenate(counts)


def sums_between(bounds: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sum of the *counts* from each of *bounds* to the next."""
    return np.diff(np.concatenate(([0], np.cumsum(counts)))[bounds])


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _spread(codes: NDArray[np.uint32], size: int) -> Terms:
    """The term for each run of *size* of *codes*: FNV-1a, a character at a time."""
    spread = np.full(max(len(codes) - size + 1, 0), size, np.uint32)
    for offset in range(size if len(spread) else 0):
        spread = (spread ^ codes[offset : offset + len(spread)]) * np.uint32(16777619)
    return spread ^ (spread >> np.uint32(15))


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
