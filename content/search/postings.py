"""Which texts hold which terms, weighed by BM25: an inverted index in packed arrays, without an object per entry."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Terms = NDArray[np.uint32]  # terms by their hash: two of a million share one with a chance that ranking does not notice
Scores = NDArray[np.float32]
Item = TypeVar("Item")

_SIZE = 3  # of key grams: longer ones find nothing more, and take most of the time and memory
_K1, _B = 1.2, 0.75
_TEXT, _WEIGHT = np.uint32(8), np.uint32(255)  # an entry's last bits
_AT_ONCE = 1_000_000  # terms sorted together
_BATCH = 2_000  # texts whose terms are found together
_BASE = 16777619  # of what terms are spread by, as FNV-1a has it
_INVERSE = pow(_BASE, -1, 1 << 32)
_FEW = 256  # entries of a term that are read faster than searched
_TINY = 1e-6
_BUDGET = 30_000  # entries read for one query, rarest terms first: what everybody says tells the least


@dataclass(frozen=True, slots=True)
class Postings:
    """The terms of a row of texts. An entry is a text's number with, in its last eight bits, what a term weighs there.

    That is BM25's part for how often a text has the term and how long it is; rarity is worked out for each query.
    """

    count: int  # texts, at most 2 ** 24
    terms: Terms  # distinct, ascending
    starts: NDArray[np.int64]  # where each term's entries begin; one longer than *terms*
    entries: NDArray[np.uint32]  # ascending for each term

    def find(self, terms: Terms) -> Found:
        """Where distinct *terms* stand."""
        if not len(self.terms):
            return Found(np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64))
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        known = self.terms[places] == terms
        return Found(self.starts[places] * known, self.starts[places + 1] * known)

    def score(self, found: Found) -> Scores:
        """How well each text fits the terms, 0-1: its BM25 sum x as x / (x + the weight of a word never seen)."""
        entries, lengths = self._rarest(found)
        rarity = (_K1 + 1) / int(_WEIGHT) * idf(self.count, lengths)
        weights = (entries & _WEIGHT) * np.repeat(rarity, lengths)
        sums = np.bincount(_texts(entries), weights, minlength=self.count)
        return (sums / (sums + unseen(self.count))).astype(np.float32)

    def alike(self, found: Found, norms: Scores) -> Scores:
        """The cosine of each text and the terms, 0-1, each term weighing what it is rare; *norms*: `self.norms()`."""
        entries, lengths = self._rarest(found)
        sums = np.bincount(_texts(entries), np.repeat(idf(self.count, lengths) ** 2, lengths), minlength=self.count)
        norm = max(float(np.linalg.norm(self.rarity(found))), _TINY)
        return (sums / (norm * norms)).astype(np.float32)

    def norms(self) -> Scores:
        """The length of each text as a vector of the rarity of its terms, for `alike`."""
        rarity = self.rarity(self.find(self.terms))
        return np.maximum(np.sqrt(self.sums(rarity * rarity)), _TINY).astype(np.float32)

    def _rarest(self, found: Found) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The entries of the rarest of the terms, as many as a query may read, and how many each term has."""
        order = np.argsort(found.lengths, kind="stable")
        chosen = order[np.cumsum(found.lengths[order]) <= _BUDGET]
        bounds = zip(found.low[chosen].tolist(), found.high[chosen].tolist(), strict=True)
        entries = np.concatenate([self.entries[:0], *(self.entries[start:end] for start, end in bounds)])
        return entries, found.lengths[chosen]

    def pairs(self, found: Found) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every text that holds one of the terms, and which of them: term by term, texts ascending."""
        texts = _texts(self.entries[_runs(found.low, found.lengths)])
        return texts, np.repeat(np.arange(len(found.lengths)), found.lengths)

    def share(self, found: Found, weights: NDArray[np.float64]) -> Scores:
        """How much of the terms, each with its weight, each text holds, 0-1, however long it is."""
        texts, terms = self.pairs(found)
        sums = np.bincount(texts, weights[terms], minlength=self.count)
        return (sums / max(float(weights.sum()), 1e-6)).astype(np.float32)

    def sums(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each text the sum of *weights* (one for each of all terms) of those it holds."""
        texts = _texts(self.entries)
        return np.bincount(texts, np.repeat(weights, np.diff(self.starts)), minlength=self.count).astype(np.float64)

    def rarity(self, found: Found) -> NDArray[np.float64]:
        """The inverse document frequency of each of the terms; the highest for a term that no text holds."""
        return idf(self.count, found.lengths)

    def holding(self, found: Found, texts: slice) -> NDArray[np.bool_]:
        """Which of the neighbouring *texts* hold which of the terms: one row a term, one column a text."""
        low, lengths = self._near(found, texts)
        columns = _texts(self.entries[_runs(low, lengths)]) - texts.start
        held = np.zeros((len(lengths), texts.stop - texts.start), bool)
        inside = (columns >= 0) & (columns < held.shape[1])
        held[np.repeat(np.arange(len(lengths)), lengths)[inside], columns[inside]] = True
        return held

    def _near(self, found: Found, texts: slice) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where each term's entries of the neighbouring *texts* begin and their number; all where they are few."""
        low, lengths = found.low.copy(), found.lengths
        bounds = np.array([texts.start, texts.stop], np.uint32) << _TEXT
        for term in np.flatnonzero(lengths > _FEW).tolist():
            first, last = self.entries[low[term] : found.high[term]].searchsorted(bounds).tolist()
            low[term] += first
            lengths[term] = last - first
        return low, lengths


@dataclass(frozen=True, slots=True)
class Found:
    """Where some terms stand in one index: the entries of each, none of a term that no text holds."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many texts hold each of the terms."""
        return self.high - self.low

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which of the terms some text holds."""
        return self.high > self.low


def pack(terms: Terms, lengths: NDArray[np.int64]) -> Postings:
    """The postings of a row of texts: *terms* of one after another (repeated as they repeat), *lengths* of each."""
    count, ends = len(lengths), np.cumsum(lengths)
    half = (_K1 * (1 - _B + _B * lengths / max(lengths.mean() if count else 1, 1))).astype(np.float32)
    entries = np.empty(len(terms), np.uint32)
    distinct, frequencies, filled = [terms[:0]], [np.zeros(1, np.int64)], 0
    # a part of the terms at a time: sorting all at once would take several times the memory of the result
    for places in _parts(terms):
        both = terms[places].astype(np.uint64) << np.uint64(32)
        both |= np.searchsorted(ends, places, "right").astype(np.uint64)
        both.sort()
        first = np.flatnonzero(np.diff(both, prepend=~both[:1]))
        repeats = np.diff(first, append=len(both)).astype(np.float32)
        both = both[first]
        texts = both.astype(np.uint32)
        weights = repeats / (repeats + half[texts])  # *half*: so many repeats weigh half as much as any number
        entries[filled : filled + len(both)] = texts << _TEXT | np.rint(weights * _WEIGHT).astype(np.uint32)
        filled += len(both)
        held = (both >> np.uint64(32)).astype(np.uint32)
        begins = np.flatnonzero(np.diff(held, prepend=~held[:1]))
        distinct.append(held[begins])
        frequencies.append(np.diff(begins, append=len(held)))
    entries.resize(filled, refcheck=False)
    starts = np.cumsum(np.concatenate(frequencies))
    return Postings(count, np.concatenate(distinct), starts, entries)


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
    return np.fromiter(map(zlib.crc32, map(str.encode, words)), np.uint32)


def grams(text: str) -> Terms:
    """The terms for every run of three characters of *text*; a shorter text is one term."""
    return hashed([text]) if 0 < len(text) < _SIZE else _spread(_codes(text))


def spelt(texts: Iterable[str]) -> tuple[Terms, NDArray[np.int64]]:
    """The `grams` of one of *texts* after another, and how many each has."""
    held, counts = bytearray(), [np.zeros(0, np.int64)]
    for some in _batches(texts):
        codes, lengths = _codes("".join(some)), np.array(list(map(len, some)))
        ends = np.cumsum(lengths)
        left = np.repeat(ends, lengths) - np.arange(len(codes))  # characters of the text from each place on
        found, whole = np.zeros(len(codes), np.uint32), left >= _SIZE
        spread = _spread(codes)
        found[: len(spread)] = spread
        short = np.flatnonzero((lengths > 0) & (lengths < _SIZE))
        places = (ends - lengths)[short]
        found[places], whole[places] = hashed(some[number] for number in short), True
        held += found[whole].tobytes()
        counts.append(sums_between(np.concatenate(([0], ends)), whole.astype(np.int64)))
    return np.frombuffer(held, np.uint32), np.concatenate(counts)


def joined(rows: Iterable[tuple[Sequence[str], Sequence[int]]]) -> tuple[Terms, NDArray[np.int64]]:
    """The terms for neighbouring words of one of *rows* after another, joined, and how many each has.

    A row: its words, and how many runs begin with each: the word, the word and the next, and so on. A run of a single
    letter is left out. The terms are other ones than `hashed` gives: they are worked out for all runs at once.
    """
    held, counts = bytearray(), [np.zeros(0, np.int64)]
    for some in _batches(rows):
        words, reach = (list(chain.from_iterable(part)) for part in zip(*some, strict=True))
        lengths, numbers = np.array(reach, np.int64), np.arange(len(words))
        bounds = np.cumsum([0, *map(len, words)])
        starts, ends = bounds[np.repeat(numbers, lengths)], bounds[_runs(numbers, lengths) + 1]
        owners = np.repeat(np.repeat(np.arange(len(some)), [len(row) for row, _ in some]), lengths)
        long = ends - starts > 1
        held += _between(_codes("".join(words)), starts[long], ends[long]).tobytes()
        counts.append(np.bincount(owners[long], minlength=len(some)))
    return np.frombuffer(held, np.uint32), np.concatenate(counts)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """*items*, some at a time: what is worked out of all of them would not fit."""
    rest = iter(items)
    while some := list(islice(rest, _BATCH)):
        yield some


def sums_between(bounds: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sum of the *counts* from each of *bounds* to the next."""
    return np.diff(np.concatenate(([0], np.cumsum(counts)))[bounds])


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _spread(codes: NDArray[np.uint32]) -> Terms:
    """The term for each run of _SIZE of *codes*: FNV-1a, a character at a time."""
    spread = np.full(max(len(codes) - _SIZE + 1, 0), _SIZE, np.uint32)
    for offset in range(_SIZE if len(spread) else 0):
        spread = (spread ^ codes[offset : offset + len(spread)]) * np.uint32(_BASE)
    return spread ^ (spread >> np.uint32(15))


def _between(codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Terms:
    """The term for each run of *codes*, however long: a polynomial of the run's codes."""
    powers = np.cumprod(np.full(len(codes), _BASE, np.uint32), dtype=np.uint32)
    sums = np.concatenate((np.zeros(1, np.uint32), np.cumsum(codes * powers, dtype=np.uint32)))
    inverse = np.cumprod(np.full(len(codes) + 1, _INVERSE, np.uint32), dtype=np.uint32)
    spread = (sums[ends] - sums[starts]) * inverse[starts]
    return spread ^ (spread >> np.uint32(15))


def _texts(entries: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The text of each of *entries*, as wide as NumPy counts: narrower numbers are counted at a fifth of the speed."""
    return (entries >> _TEXT).astype(np.int64)


def _runs(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of *lengths* entries from each of *starts*, in one row."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + lengths, lengths)


def unseen(count: int) -> float:
    """The inverse document frequency of a term that none of *count* texts holds."""
    return math.log(1 + (count + 0.5) / 0.5)


def idf(count: int, frequency: NDArray[np.int64]) -> NDArray[np.float64]:
    """The inverse document frequency of terms that so many of *count* texts hold."""
    weights: NDArray[np.float64] = np.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
    return weights
