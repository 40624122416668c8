"""Questions found by the first consonants of their words: "ㄷㅎㅇ ㅊㅇ" for 대학원 취업."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from content.search import hangul, text

_CHAT = frozenset(  # greetings, laughter and curses, when they stand alone
    text.words(
        "ㅎㅇ ㄱㅅ ㅇㅇ ㅈㅅ ㄴㄴ ㅇㅋ ㄱㄱ ㅂㅂ ㅅㄱ ㅊㅋ ㅁㄹ ㄹㅇ ㅇㅈ ㅋㅋ ㅎㅎ "
        "ㅠㅠ ㅜㅜ ㄷㄷ ㄱㅊ ㅇㅎ ㄱㄷ ㅂㅇ ㄲㅂ ㄹㄷ ㅅㅂ ㅇㅁㄹ ㄱㄴㄷ"
    )
)
_UNSURE, _SURE = 0.5, 0.9
_ENOUGH = 3  # consonants that may be answered without asking back


@dataclass(frozen=True, slots=True)
class Found:
    """A question that fits, with how sure it is."""

    question: int
    confidence: float  # 0-1


class Initials:
    """The initials of every phrasing and every point."""

    def __init__(self, phrasings: Sequence[Sequence[str]], points: Sequence[Sequence[str]]) -> None:
        """*phrasings*, *points*: those of each question, the question's own words first."""
        self._fields = (
            _Field([row[:2] for row in phrasings], 1.0),
            _Field([row[2:] for row in phrasings], 0.8),
            _Field(points, 0.4),
        )

    def search(self, plain: str) -> list[Found]:
        """Questions holding words with the initials of *plain*, best first."""
        tokens = hangul.split_clusters(plain).split()
        if all(token in _CHAT for token in tokens):
            return []
        strengths: dict[int, float] = {}
        for field in self._fields:
            for question, texts in field.holders(tokens).items():
                strengths[question] = strengths.get(question, 0.0) + field.weight * (1 + min(texts, 9) / 100)
        ranked = sorted(strengths.items(), key=lambda item: (-item[1], item[0]))
        if not ranked:
            return []
        letters = sum(map(len, tokens))
        alone = len(ranked) == 1 or ranked[0][1] > ranked[1][1] + 0.05
        first = _SURE if letters >= _ENOUGH and alone else _UNSURE if letters >= _ENOUGH or len(ranked) <= 5 else 0.1
        return [Found(question, first * strength / ranked[0][1]) for question, strength in ranked]


class _Field:
    """Texts of one kind as one long line of initials, which is searched at the speed of `str.find`."""

    def __init__(self, rows: Sequence[Sequence[str]], weight: float) -> None:
        self.weight = weight
        lines: list[str] = []
        self._owners: list[int] = []
        for number, row in enumerate(rows):
            for item in row:
                lines.append("\n " + " ".join(hangul.initials(word) for word in text.words(text.plain(item))))
                self._owners.append(number)
        self._ends: list[int] = []
        end = 0
        for line in lines:
            end += len(line)
            self._ends.append(end)
        self._line = "".join(lines)

    def holders(self, tokens: Sequence[str]) -> dict[int, int]:
        """How many texts of each question hold words beginning with each of *tokens*."""
        holding = [self._texts(token) for token in tokens]
        together = set.intersection(*holding) if holding else set()
        return dict(Counter(self._owners[text] for text in together))

    def _texts(self, token: str) -> set[int]:
        found: set[int] = set()
        place = self._line.find(" " + token)
        while place >= 0:
            number = bisect_right(self._ends, place)
            found.add(number)
            place = self._line.find(" " + token, self._ends[number])
        return found
