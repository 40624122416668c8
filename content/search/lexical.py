"""The words of questions, of their other phrasings and of their answers, and how well a query's words fit them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from content.model import Question
from content.search import hangul, text
from content.search.analysis import Analyst
from content.search.intents import MOODS, intents, mood
from content.search.lines import Lines, line_of
from content.search.postings import Found, Postings, Scores, Terms, hashed, joined, pack, spelt, sums_between, unseen

# What the rankers count, round numbers by which judged queries and paraphrases are found best: an answer holds words
# that other questions ask for, so it tells less than phrasings; several that fit tell as much as the best one.
_WEIGHTS = (0.3, 0.2, 0.4, 0.1)
_FEW_WORDS, _FEW_KEYS = 0.3, 0.5
_OTHER_MOOD = 0.1  # … and what a question loses for each way in which all its phrasings are put otherwise

MOST_WORDS = 20_000  # misspelt words are compared with; a larger library's rarest words are left out
OWN = 2  # phrasings that the note itself gives, see `phrasings_of`
_RUN = 4  # stems
_NOUNS = 60  # the commonest, which strange requests are made of


@dataclass(frozen=True, slots=True)
class Spread:
    """Texts of all questions in one row: which question each belongs to, and where each question's begin."""

    texts: tuple[str, ...]  # plain
    starts: NDArray[np.int64]  # one longer than the questions
    owners: NDArray[np.int64]  # the question that each text belongs to

    @property
    def questions(self) -> int:
        """How many there are."""
        return len(self.starts) - 1

    def of(self, question: int) -> slice:
        """Where the texts of *question* stand."""
        return slice(int(self.starts[question]), int(self.starts[question + 1]))

    def texts_of(self, question: int) -> tuple[str, ...]:
        """The texts of *question*."""
        return self.texts[self.of(question)]

    @property
    def own(self) -> NDArray[np.bool_]:
        """Which texts are the first or second of their question: its own words, if they are phrasings."""
        return np.arange(len(self.texts)) - self.starts[self.owners] < OWN

    def best(self, scores: Scores) -> Scores:
        """The highest of *scores* (one a text) for each question; 0 where it has no text."""
        highest = np.full(self.questions, -np.inf, np.float32)
        np.maximum.at(highest, self.owners, scores)  # five times as fast as by reduceat where a question has few texts
        return np.where(np.isneginf(highest), np.float32(0), highest)

    def mean(self, scores: Scores) -> Scores:
        """The mean of *scores* for each question; 0 where it has no text."""
        return (self._sums(scores) / np.maximum(np.diff(self.starts), 1)).astype(np.float32)

    def few(self, scores: Scores) -> Scores:
        """What the highest few of *scores* say together for each question; of one or two, near the highest.

        A mean of fourth powers: as telling as the mean of the highest three, and nothing has to be sorted.
        """
        squares = np.maximum(scores, 0) ** 2
        powers = self._sums(squares * squares) / np.clip(np.diff(self.starts), 1, 3)
        few: Scores = np.sqrt(np.sqrt(powers)).astype(np.float32)
        return few

    def nearest(self, question: int, scores: Scores) -> int:
        """The text of *question* with the highest of *scores*, which are one a text."""
        own = self.of(question)
        return int(own.start + np.argmax(scores[own]))

    def _sums(self, scores: Scores) -> NDArray[np.float64]:
        return np.bincount(self.owners, scores, minlength=self.questions).astype(np.float64)


def spread(rows: Iterable[Sequence[str]]) -> Spread:
    """The texts of each question, side by side."""
    texts: list[str] = []
    starts = [0]
    for row in rows:
        texts += row
        starts.append(len(texts))
    counts = np.diff(np.array(starts))
    return Spread(tuple(texts), np.array(starts), np.repeat(np.arange(len(counts)), counts))


@dataclass(frozen=True, slots=True)
class Content:
    """The words that say something, of one text after another, each once a text."""

    vocabulary: tuple[str, ...]
    places: NDArray[np.uint32]  # in the vocabulary
    starts: NDArray[np.int64]  # where each text's begin; one longer than the texts

    def of(self, text: int) -> NDArray[np.uint32]:
        """The places of the words of *text*."""
        return self.places[self.starts[text] : self.starts[text + 1]]


class Lexical:
    """The lexical ranker: words and key grams, of phrasings and of answers."""

    def __init__(self, questions: Sequence[Question], analyst: Analyst) -> None:
        self.phrasings = spread(map(phrasings_of, questions))
        self.points = spread([text.plain(point.text) for _, point in question.walk()] for question in questions)
        self.intents = tuple(map(intents, self.phrasings.texts))  # of each phrasing
        self._moods = self._other_moods()
        names: Counter[str] = Counter()
        written: Counter[str] = Counter()
        asked = _read(self.phrasings.texts, analyst, names, written)
        self.nouns = tuple(name.lstrip("=") for name, _ in names.most_common(_NOUNS) if len(name.lstrip("=")) > 1)
        told = _read(self.points.texts, analyst, names, written)
        self.written = tuple(word for word, _ in written.most_common(MOST_WORDS))
        self.content = asked.content
        self.phrased = pack(asked.terms, asked.lengths)
        self.pointed = pack(told.terms, told.lengths)
        self.answered = pack(told.terms, sums_between(self.points.starts, told.lengths))
        self.masses = self.phrased.sums(self._rarity(self.phrased.find(self.phrased.terms)))  # of each phrasing
        self.typed, self.initials = asked.spoken.each(hangul.keys), asked.spoken.each(hangul.initials)
        self.phrased_initials = _runs(asked.stems.each(hangul.initials), self.initials)
        self.pointed_initials = _runs(told.stems.each(hangul.initials), told.spoken.each(hangul.initials))
        self.phrased_keys = pack(*spelt(map(self._keys, range(len(self.phrasings.texts)))))
        self._norms = self.phrased_keys.norms()
        grams, lengths = spelt(self._whole(told.spoken.each(hangul.keys)))
        del asked, told
        heads = self.points.starts + np.arange(len(self.points.starts))  # one more text for each question
        self.told_keys = pack(grams, sums_between(heads, lengths))

    def _keys(self, phrasing: int) -> str:
        return self.typed.line(phrasing).replace(" ", "")

    def _whole(self, told: Lines) -> Iterator[str]:
        """The keys of each question's own words and of its points, one after another."""
        for number, start in enumerate(self.phrasings.starts[:-1].tolist()):
            yield self._keys(start)
            own = self.points.of(number)
            yield from (told.line(point).replace(" ", "") for point in range(own.start, own.stop))

    def rarity(self, terms: Terms) -> NDArray[np.float64]:
        """How rare each of *terms* is among phrasings: 1 for a word nobody uses, near 0 for one in all of them."""
        return self._rarity(self.phrased.find(terms))

    def _rarity(self, found: Found) -> NDArray[np.float64]:
        return self.phrased.rarity(found) / unseen(self.phrased.count)

    def _other_moods(self) -> NDArray[np.float32]:
        """For each mood of a query and each question, in how many ways its nearest phrasing is put otherwise."""
        moods = np.fromiter(map(mood, self.phrasings.texts), np.uint8)
        apart = np.array([number.bit_count() for number in range(MOODS)], np.float32)
        return np.array([-self.phrasings.best(-apart[moods ^ number]) for number in range(MOODS)])

    def look_at(self, plain: str, terms: Terms, keys: Terms) -> LexicalLook:
        """How well the query *plain*, of these distinct *terms* and key grams, fits each question."""
        phrased, phrased_keys, told_keys = (
            self.phrased.find(terms),
            self.phrased_keys.find(keys),
            self.told_keys.find(keys),
        )
        words, spelt = self.phrased.score(phrased), self.phrased_keys.alike(phrased_keys, self._norms)
        rankers = (
            self.phrasings.best(words),
            self.answered.score(self.answered.find(terms)),
            self.phrasings.best(spelt),
            self.told_keys.score(told_keys),
        )
        total = _FEW_WORDS * self.phrasings.few(words) + _FEW_KEYS * self.phrasings.few(spelt)
        total += sum(weight * ranker for weight, ranker in zip(_WEIGHTS, rankers, strict=True))
        total -= _OTHER_MOOD * self._moods[mood(plain)]
        return LexicalLook(
            rankers,
            np.asarray(total, np.float32),
            words + spelt,
            self._rarity(phrased),
            phrased,
            self.pointed.find(terms),
            phrased_keys,
            told_keys,
        )

    def knows(self, terms: Sequence[str]) -> bool:
        """Whether any phrasing or point holds one of *terms*."""
        wanted = hashed(terms)
        return bool(self.phrased.find(wanted).known.any() or self.pointed.find(wanted).known.any())


@dataclass(frozen=True, slots=True)
class LexicalLook:
    """One query beside every question."""

    rankers: tuple[Scores, ...]  # 0-1 each: words of phrasings, of answers; key grams of phrasings, of answers
    total: Scores  # their weighted sum
    asked: Scores  # how well each phrasing fits, in words and in key grams
    rarity: NDArray[np.float64]  # of each of the query's terms
    phrased: Found  # where those stand
    pointed: Found
    phrased_keys: Found  # where its key grams stand
    told_keys: Found

    def without(self, question: int) -> LexicalLook:
        """The same as if *question* fitted not at all."""
        rankers = tuple(_zero_at(question, ranker) for ranker in self.rankers)
        return replace(self, rankers=rankers, total=_zero_at(question, self.total))


def _zero_at(place: int, scores: Scores) -> Scores:
    scores = scores.copy()
    scores[place] = 0
    return scores


def phrasings_of(question: Question) -> tuple[str, ...]:
    """Every way to ask *question*, plain, the note's own first."""
    return tuple(dict.fromkeys(map(text.plain, (question.text, question.short, *question.aliases))))


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read in a row of texts."""

    terms: Terms  # of one text after another
    lengths: NDArray[np.int64]  # how many of each
    spoken: Lines  # each text's words
    stems: Lines  # … and the stems of those
    content: Content


def _read(items: Sequence[str], analyst: Analyst, names: Counter[str], written: Counter[str]) -> _Read:
    """What *items* hold; their names and nouns are counted on the way."""
    terms, lengths = array("I"), array("q")
    content, starts = array("I"), array("q", [0])
    vocabulary: dict[str, int] = {}
    spoken, stems = bytearray(), bytearray()
    for item in items:  # what an analysis holds besides would fill a gigabyte at 100,000 questions
        analysis = analyst.analyse_once(item)
        names.update(analysis.names)
        written.update(analysis.nouns)
        terms.frombytes(hashed(analysis.terms).tobytes())
        lengths.append(len(analysis.terms))
        spoken += line_of(analysis.words).encode()
        stems += line_of(analysis.stems).encode()
        content.extend(vocabulary.setdefault(word, len(vocabulary)) for word in analysis.content)
        starts.append(len(content))
    return _Read(
        np.array(terms, np.uint32),
        np.array(lengths, np.int64),
        Lines(spoken.decode()),
        Lines(stems.decode()),
        Content(tuple(vocabulary), np.array(content, np.uint32), np.array(starts, np.int64)),
    )


def _runs(stems: Lines, words: Lines) -> Postings:
    """Whole *words* of each text, and one to four of its neighbouring *stems* together."""
    rows = (
        ([*parts, *whole], [*(min(left, _RUN) for left in range(len(parts), 0, -1)), *[1] * len(whole)])
        for parts, whole in zip(stems, words, strict=True)
    )
    return pack(*joined(rows))
