"""Words in, questions out: the index over one library's questions, other phrasings and answer points."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from content.memory import give_back
from content.model import Match, Point, Question
from content.search import hangul, text
from content.search.confidence import Confidence, fitted
from content.search.crowding import crowding, strictness
from content.search.evidence import Query
from content.search.kept import kept
from content.search.morphemes import indexing, ship_morphemes
from content.search.postings import Scores
from content.search.ranking import highest
from content.search.semantic import Placed, Semantic, place, texts
from content.search.vectors import EncoderUnavailableError, Vectors
from content.search.words import Source, words_of


class Index:
    """Finds questions of one library; any thread may ask it."""

    def __init__(
        self,
        questions: Sequence[Question],
        glossary: tuple[tuple[str, ...], ...] = (),
        vectors: Vectors | None = None,
        unanswered: Sequence[str] = (),
        cache: Path | None = None,
    ) -> None:
        """*glossary*: groups of words that mean the same, the usual one first. *vectors*: the semantic tier, if any.

        *unanswered*: questions that sound as if the library answered them, which it does not. *cache*: a folder that
        keeps what is indexed for the next start.

        The semantic tier takes part at once if *vectors* is started and knows all texts, and from `warm` on otherwise.
        """
        self._questions = tuple(questions)
        self._vectors = vectors
        self._semantic: Semantic | None = None
        self._warming = Lock()
        self._source = Source(self._questions, glossary, tuple(unanswered), cache)
        with indexing():
            self._words = words_of(self._source)
            self._strictness = {False: self._how_strict(None)}  # without and with meaning
        give_back()
        with suppress(EncoderUnavailableError):
            if vectors and vectors.started and not vectors.missing(self._texts):
                self.warm()

    def warm(self) -> None:
        """Start the encoder and make the semantic tier ready; encodes what has never been encoded, a few ms a text.

        Changes nothing while the encoder is not available.
        """
        if not (self._vectors and self._questions):
            return
        with self._warming, suppress(EncoderUnavailableError):  # who comes second finds it done
            if self._semantic is None:
                self._vectors.start()
                semantic = Semantic(self._words.lexical, self._placed(self._vectors), self._vectors)
                self._strictness[True] = self._how_strict(semantic)  # before anybody is answered by meaning
                self._semantic = semantic
                self._vectors.forget()
                give_back()

    def _placed(self, vectors: Vectors) -> Placed:
        def placed() -> Placed:
            vectors.learn(self._texts)
            return place(self._words.lexical, self._words.strangers, vectors)

        return kept(self._source.cache, "meaning", (self._source, vectors.name), placed)

    def ship(self) -> None:
        """Make what is worked out about this library's texts come with the package."""
        lexical = self._words.lexical
        ship_morphemes((*lexical.phrasings.texts, *lexical.points.texts, *self._words.requests))
        if self._vectors:
            self._vectors.ship(self._texts)

    @property
    def semantic(self) -> bool:
        """Whether the semantic tier takes part."""
        return self._semantic is not None

    def search(self, text: str, *, limit: int = 5) -> list[Match]:
        """Questions that *text* asks, best first; scores are 0-1 and comparable within one Library."""
        plain = self.read(text)
        if not self._questions or not plain:
            return []
        matches = (self._by_initials if hangul.is_initials(plain) else self._by_words)(plain, limit)
        if self._words.unanswered(plain):
            return [replace(match, score=0.0) for match in matches]
        return matches

    def suggest(self, prefix: str, *, limit: int = 25) -> list[Question]:
        """Questions for what is typed so far, best first; the first ones in order where nothing is typed."""
        return [self._questions[number] for number in self._words.suggestions.search(prefix, limit=limit)]

    def related(self, question: Question, *, limit: int = 3) -> list[Question]:
        """Other questions close to *question*, best first."""
        _, totals = self._elsewhere(self._questions.index(question), self._semantic)
        return [self._questions[number] for number in highest(totals, min(limit, len(self._questions) - 1))]

    def evidence(self, text: str) -> tuple[Question, NDArray[np.float64]] | None:
        """The best question for *text* and what speaks for it, for calibration; None where no model is asked."""
        plain = self.read(text)
        if not self._questions or not plain or hangul.is_initials(plain):
            return None
        query = self._query(plain)
        best = highest(_totals(query), 1)[0]
        return self._questions[best], self._words.evidence.of(query, best)

    def evidence_of_initials(self, text: str) -> tuple[Question, NDArray[np.float64]] | None:
        """The same for a query in initials; None where *text* is none, or chat."""
        plain = self.read(text)
        ranked = self._words.initials.search(plain) if hangul.is_initials(plain) else None
        return None if ranked is None else (self._questions[ranked.questions[0]], ranked.evidence)

    def read(self, typed: str) -> str:
        """*typed* made plain, its keyboard layout put right; empty where it holds no word."""
        return self._words.read(typed)

    @property
    def _texts(self) -> list[str]:
        """What the semantic tier needs the vectors of."""
        return texts(self._words.lexical, self._words.strangers)

    def _query(self, plain: str) -> Query:
        """*plain* as every ranker sees it."""
        query = self._words.query(plain)
        with suppress(EncoderUnavailableError):
            if self._semantic:
                look = self._semantic.look_at(plain, query.analysis.content, query.words)
                return replace(query, meaning=look)
        return query

    def _model_for(self, *, meaning: bool) -> Confidence:
        """The model for a query with or without *meaning*; with an encoder that none was fitted to, words decide."""
        models = fitted()
        known = meaning and self._vectors is not None and self._vectors.family in models
        return models[self._vectors.family if self._vectors and known else "words"]

    def crowding(self, model: Confidence) -> float:
        """How well this library's questions fit one another by *model*, for calibration."""
        return crowding(len(self._questions), partial(self._odds_elsewhere, model, self._semantic))

    def _how_strict(self, semantic: Semantic | None) -> float:
        model = self._model_for(meaning=semantic is not None)
        return strictness(len(self._questions), partial(self._odds_elsewhere, model, semantic), model.usual)

    def _odds_elsewhere(self, model: Confidence, semantic: Semantic | None, number: int) -> float:
        """The log odds that question *number* is answered by another one."""
        query, totals = self._elsewhere(number, semantic)
        return model.odds(self._words.evidence.of(query, int(np.argmax(totals))))

    def _elsewhere(self, number: int, semantic: Semantic | None) -> tuple[Query, Scores]:
        """Question *number* as a query to the others, and how well they fit."""
        query = self._words.query(text.plain(self._questions[number].text))
        words = query.words.without(number)
        query = replace(query, words=words, meaning=semantic.look_around(number, words) if semantic else None)
        totals = _totals(query)
        totals[number] = -np.inf
        return query, totals

    def _by_words(self, plain: str, limit: int) -> list[Match]:
        query = self._query(plain)
        totals = _totals(query)
        best = highest(totals, limit)
        evidence = self._words.evidence.of(query, best[0])
        meaning = query.meaning is not None
        sure = self._model_for(meaning=meaning).of(evidence, strictness=self._strictness[meaning])
        if plain in self._words.lexical.phrasings.texts_of(best[0]):  # whatever lies near it: these are its very words
            sure = 1.0
        most = max(float(totals[best[0]]), 1e-6)
        return [
            Match(self._questions[number], sure * max(float(totals[number]), 0.0) / most, self._point(query, number))
            for number in best
        ]

    def _by_initials(self, plain: str, limit: int) -> list[Match]:
        ranked = self._words.initials.search(plain)
        if ranked is None:
            return []
        sure = fitted()["initials"].chance(ranked.evidence)
        matches = []
        for number, share in islice(zip(ranked.questions, ranked.shares, strict=True), limit):
            question, point = self._questions[number], self._words.initials.point(ranked, number)
            matches.append(Match(question, sure * share, None if point is None else _points(question)[point]))
        return matches

    def _point(self, query: Query, number: int) -> Point | None:
        """The point of question *number* that fits *query* best, or None where it has no point."""
        place = self._words.lexical.points.of(number)
        points = _points(self._questions[number])
        if len(points) < 2:
            return points[0] if points else None
        fit = query.words.rarity @ self._words.lexical.pointed.holding(query.words.pointed, place)
        fit = fit / max(float(fit.max()), 1.0)
        if query.meaning is not None:
            fit = fit + 2 * query.meaning.told[place]
        return points[int(np.argmax(fit))]


def _points(question: Question) -> list[Point]:
    return [point for _, point in question.walk()]


def _totals(query: Query) -> Scores:
    return query.words.total if query.meaning is None else query.words.total + query.meaning.total
