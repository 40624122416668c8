"""What speaks for and against a question being the one that somebody asks, as numbers for the confidence model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from content.search import hangul
from content.search.analysis import Analysis
from content.search.familiarity import Strangers, votes
from content.search.intents import ASKING, intents
from content.search.lexical import Lexical, LexicalLook
from content.search.postings import Postings, Scores, Terms, spelt
from content.search.semantic import Look

WORDS = (
    "covered",  # share of the query's rare words that the question, its phrasings or its answer hold
    "keys_covered",  # the same of its key grams
    "keys_covered_once",  # … by the best single phrasing
    "words_once",  # … of its words, by the best single phrasing
    "words_point",  # … by the best single point
    "likeness",  # words shared with the most similar phrasing, of all words of either
    "worst_gap",  # the weight of the heaviest word that is not covered
    "last_gap",  # the weight of its last name if not covered: a request's last word is what it asks for
    "gaps",  # log of the number of heavy words not covered
    "length",  # log of the number of words, as far as three
    "margin",  # lead over the next question
    "phrased",  # the four lexical rankers' scores
    "answered",
    "phrased_keys",
    "told_keys",
    "agreement",  # share of the rankers that put it first
    "particular",  # whether the query asks for a particular kind of thing (see intents)
    "foreign",  # how many kinds it asks for that no phrasing asks for
    "rare_kind",  # the same, a kind that one phrasing asks for counted half
    "opinion",  # whether it asks for an opinion, as most questions do
    "familiar",  # which side of the library's line its spelling lies
    "stranger",  # how well its words fit the nearest stranger (see familiarity)
    "stranger_keys",  # … its key grams
    "than_stranger",  # how much better the question's phrasings fit, in words
    "keys_than_stranger",  # … in key grams
    "votes",  # share of the ten most similar texts, of phrasings and strangers, that are phrasings of the question
    "strange_votes",  # … that are strangers
    "crowd",  # log10 of the number of questions
    "phrasings",  # log10 of the number of phrasings it has
)
AGREEMENT = "words_agree"  # whether it is first in words, too; if not, the bot asks back however sure it is
MEANING = (
    "near_phrasing",  # cosine to the nearest phrasing
    "near_phrasings",  # … to the nearest three
    "near_point",  # … to the nearest point
    "near_anything",  # the higher of the first and the third
    "near_centre",  # the mean cosine to its phrasings
    "near_margin",  # lead over the next question
    "near_agrees",  # whether it is first in meaning
    AGREEMENT,
    "near_foreign",  # whether the nearest phrasing asks for none of the kinds that the query asks for
    "near_familiar",  # which side of the library's line its vector lies
    "near_strange",  # mean cosine to the five nearest strangers
    "near_stranger",  # cosine to the nearest one
    "near_votes",  # the votes of the ten texts nearest in meaning
    "near_strange_votes",
    "fit",  # how well the words of the query and of the nearest phrasing find their counterparts (see alignment)
    "fit_share",  # … those of the query
    "fit_gap",  # … the weight of the word that lacks it most
)


@dataclass(frozen=True, slots=True)
class Query:
    """One query as every ranker saw it."""

    plain: str
    analysis: Analysis
    terms: Terms  # of its distinct content words, in order
    keys: Terms  # its distinct key grams
    words: LexicalLook
    meaning: Look | None  # None without the semantic tier


class Evidence:
    """Weighs one library's candidates."""

    def __init__(self, lexical: Lexical, strangers: Strangers) -> None:
        self._lexical = lexical
        self._strangers = strangers

    def of(self, query: Query, candidate: int) -> NDArray[np.float64]:
        """The figures named in WORDS, then those named in MEANING if there is a semantic tier."""
        figures = self._words(query, candidate)
        if query.meaning is not None:
            figures += self._meaning(query, query.meaning, candidate)
        return np.array(figures)

    def _words(self, query: Query, candidate: int) -> list[float]:
        lexical, rankers = self._lexical, query.words.rankers
        phrasings = lexical.phrasings.of(candidate)
        cover = _Cover(lexical, query, candidate)
        kinds = intents(query.plain)
        asked = kinds - ASKING
        offering = [sum(kind in own for own in lexical.intents[phrasings]) for kind in asked]
        strange, strange_keys = self._strangers.near(query.terms, query.keys)
        stranger, stranger_keys = float(strange.max()), float(strange_keys.max())
        return [
            cover.share,
            *_key_shares(lexical, query.words, candidate),
            cover.once,
            cover.point,
            cover.likeness,
            cover.worst,
            cover.last,
            math.log1p(cover.gaps),
            math.log1p(min(cover.count, 3)),
            _lead(query.words.total, candidate),
            *(float(ranker[candidate]) for ranker in rankers),
            float(np.mean([np.argmax(ranker) == candidate for ranker in rankers])),
            float(bool(asked)),
            float(sum(count == 0 for count in offering)),
            sum(1 - min(1.0, count / 2) for count in offering),
            float("worth" in kinds),
            self._strangers.side(query.plain),
            stranger,
            stranger_keys,
            float(rankers[0][candidate]) - stranger,
            float(rankers[2][candidate]) - stranger_keys,
            *votes(query.words.asked[phrasings], query.words.asked, strange + strange_keys),
            math.log10(len(query.words.total)),
            math.log10(phrasings.stop - phrasings.start),
        ]

    def _meaning(self, query: Query, look: Look, candidate: int) -> list[float]:
        phrasings = self._lexical.phrasings.of(candidate)
        nearest = phrasings.start + int(np.argmax(look.asked[phrasings]))
        asked = intents(query.plain) - ASKING
        return [
            float(look.best[candidate]),
            float(look.near[candidate]),
            float(look.point[candidate]),
            float(max(look.best[candidate], look.point[candidate])),
            float(look.centre[candidate]),
            _lead(look.total, candidate),
            float(np.argmax(look.total) == candidate),
            float(np.argmax(query.words.total) == candidate),
            float(bool(asked - self._lexical.intents[nearest])),
            look.familiar,
            look.strange,
            look.stranger,
            *votes(look.asked[phrasings], look.asked, look.strangers),
            float(look.fit[candidate]),
            float(look.share[candidate]),
            float(look.gap[candidate]),
        ]


class _Cover:
    """Which of a query's words one question holds, each weighed by how rare it is."""

    def __init__(self, lexical: Lexical, query: Query, candidate: int) -> None:
        words = tuple(dict.fromkeys(query.analysis.terms))
        phrasings = lexical.phrasings.of(candidate)
        self.count = len(words)
        self._weights = query.words.rarity * [0.5 if word.endswith("다") else 1.0 for word in words]
        self._total = float(self._weights.sum()) or 1.0
        self._asked = lexical.phrased.holding(query.words.phrased, phrasings)
        self._told = lexical.pointed.holding(query.words.pointed, lexical.points.of(candidate))
        self._masses = lexical.masses[phrasings]
        held = (self._asked.any(axis=1) | self._told.any(axis=1)).astype(float)
        absent = np.flatnonzero(held == 0).tolist()
        held[absent] = _misspelt(lexical, [words[number] for number in absent], candidate)
        self.share = float(self._weights @ held) / self._total if words else 0.0
        lacking = self._weights * (1 - held)
        self.worst = float(lacking.max()) if words else 1.0
        self.gaps = int((lacking > 0.3).sum())
        names = [place for place, word in enumerate(words) if word in query.analysis.names]
        self.last = float(lacking[names[-1]]) if names else 0.0

    @property
    def once(self) -> float:
        """The highest share that one phrasing holds."""
        return float((self._weights @ self._asked).max()) / self._total if self.count else 0.0

    @property
    def point(self) -> float:
        """The highest share that one point holds."""
        return float((self._weights @ self._told).max()) / self._total if self.count and self._told.size else 0.0

    @property
    def likeness(self) -> float:
        """The weight of words shared with the most similar phrasing, of all its words and the query's."""
        if not self.count:
            return 0.0
        shared = self._weights @ self._asked
        return float((shared / (self._total + self._masses - shared + 1e-6)).max())


def _misspelt(lexical: Lexical, words: Sequence[str], candidate: int) -> Scores:
    """How much of each of *words* stands in the question letter by letter, 0-0.8; 0 for less than half."""
    typed = (hangul.keys(word.lstrip("=")) for word in words)
    # a shorter one may be another word, or stand there by chance: Latin letters do sooner than the keys of syllables
    runs, lengths = spelt(keys if len(keys) > (5 if keys.isascii() else 3) else "" for keys in typed)
    shares = np.zeros(len(words), np.float32)
    if len(runs):
        pairs = np.unique(np.repeat(np.arange(len(words), dtype=np.uint64), lengths) << np.uint64(32) | runs)
        together, places = np.unique(pairs.astype(np.uint32), return_inverse=True)
        asked = _held(lexical.phrased_keys, together, lexical.phrasings.of(candidate))
        told = _held(lexical.told_keys, together, slice(candidate, candidate + 1))
        held = np.concatenate([asked, told], axis=1)[places].astype(np.float32)
        spelled, starts, counts = np.unique(pairs >> np.uint64(32), return_index=True, return_counts=True)
        shares[spelled.astype(int)] = np.add.reduceat(held, starts).max(axis=1) / counts
    beyond_half: Scores = np.maximum(shares - 0.5, 0) / 0.5
    return beyond_half * 0.8


def _held(index: Postings, terms: Terms, texts: slice) -> NDArray[np.bool_]:
    """Which of the neighbouring *texts* hold which of *terms*."""
    return index.holding(index.find(terms), texts)


def _key_shares(lexical: Lexical, look: LexicalLook, candidate: int) -> tuple[float, float]:
    """The share of the rare key grams that the question holds anywhere, and that one phrasing holds."""
    weights = lexical.phrased_keys.rarity(look.phrased_keys)
    if not len(weights):
        return 0.0, 0.0
    asked = lexical.phrased_keys.holding(look.phrased_keys, lexical.phrasings.of(candidate))
    told = lexical.told_keys.holding(look.told_keys, slice(candidate, candidate + 1))[:, 0]
    total = float(weights.sum())
    return float((weights * (asked.any(axis=1) | told)).sum()) / total, float((weights @ asked).max()) / total


def _lead(scores: NDArray[np.float32], candidate: int) -> float:
    """The candidate's score minus the best other one's."""
    others = np.delete(scores, candidate)
    return float(scores[candidate] - others.max()) if len(others) else float(scores[candidate])
