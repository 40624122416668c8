"""Words in, questions out: the index over one library's questions, other phrasings and answer points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from content.model import Match, Point, Question
from content.search import hangul, text
from content.search.postings import Scores, Terms, grams, pack
from content.search.suggestions import Suggestions


class Index:
    """Finds questions of one library; it is never changed, so any thread may ask it."""

    def __init__(self, questions: Sequence[Question], glossary: tuple[tuple[str, ...], ...] = ()) -> None:
        """*glossary*: groups of words that mean the same, the usual one first."""
        self._questions = tuple(questions)
        self._glossary = glossary
        phrasings = [[question.text, question.short, *question.aliases] for question in self._questions]
        self._first_phrasing = np.cumsum([0, *(len(row) for row in phrasings)])[:-1]
        flat = [phrasing for row in phrasings for phrasing in row]
        self._asked = pack((_grams(phrasing) for phrasing in flat), len(flat))
        answers = [" ".join([question.text, *_answer(question)]) for question in self._questions]
        self._told = pack((_grams(answer) for answer in answers), len(answers))
        self._suggestions = Suggestions(self._questions)

    def search(self, text: str, *, limit: int = 5) -> list[Match]:
        """Questions that *text* asks, best first; scores are 0-1 and comparable within one Library."""
        if not self._questions:
            return []
        wanted = _grams(text)
        scores = self._scores(wanted)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [Match(self._questions[i], float(scores[i]), self._point(self._questions[i], wanted)) for i in best]

    def suggest(self, prefix: str, *, limit: int = 25) -> list[Question]:
        """Questions for what is typed so far, best first; the first ones in order where nothing is typed."""
        return self._suggestions.search(prefix, limit=limit)

    def related(self, question: Question, *, limit: int = 3) -> list[Question]:
        """Other questions close to *question*, best first."""
        scores = self._scores(_grams(question.text))
        best = (self._questions[i] for i in np.argsort(-scores, kind="stable"))
        return [other for other in best if other.id != question.id][:limit]

    def _scores(self, wanted: Terms) -> Scores:
        asked = np.maximum.reduceat(self._asked.score(wanted), self._first_phrasing)
        scores: Scores = (asked + self._told.score(wanted)) / 2
        return scores

    def _point(self, question: Question, wanted: Terms) -> Point | None:
        points = [point for _, point in question.walk()]
        if not points:
            return None
        shared = [float(np.isin(wanted, _grams(point.text)).sum()) for point in points]
        return points[int(np.argmax(shared))] if max(shared) > 0 else points[0]


def _answer(question: Question) -> list[str]:
    return [point.text for _, point in question.walk()]


def _grams(typed: str) -> Terms:
    return grams("".join(hangul.keys(word) for word in text.words(text.plain(typed))))
