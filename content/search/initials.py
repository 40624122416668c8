"""Questions found by the first consonants of their words: "ㄷㅎㅇ ㅊㅇ" for 대학원 취업."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from content.search import hangul, text
from content.search.lexical import OWN, Lexical
from content.search.postings import Found, Scores, Terms, joined

_GREETINGS = (  # … laughter and curses
    "ㅎㅇ ㄱㅅ ㅇㅇ ㅈㅅ ㄴㄴ ㅇㅋ ㄱㄱ ㅂㅂ ㅅㄱ ㅊㅋ ㅁㄹ ㄹㅇ ㅇㅈ ㅋㅋ ㅎㅎ "
    "ㅠㅠ ㅜㅜ ㄷㄷ ㄱㅊ ㅇㅎ ㄱㄷ ㅂㅇ ㄲㅂ ㄹㄷ ㅅㅂ ㅇㅁㄹ ㄱㄴㄷ"
)
# One of them, said once or more, with laughter or tears; or the keys on which a hand lies.
_CHAT = re.compile(rf"({'|'.join(_GREETINGS.split())})\1*([ㅋㅎㅠㅜ]{{2,}})?|(ㅁㄴㅇㄹ?)+")
_ASKING = frozenset(  # what a question says besides what it is about
    map(
        hangul.initials,
        text.words(
            "뭐야 뭐임 뭐예요 뭔가요 뭐가 뭘까 어때 어때요 어떰 어떤가요 어떻게 어떡해 어케 왜 왜요 언제 얼마나 정도 "
            "필요 필요해 필요함 필요한가 필요한가요 필요할까 필요한지 해야돼 해야됨 해야 해야하나 해야하나요 해야할까 "
            "하나요 하나 하는법 하는 법 방법 되나요 되나 돼요 됨 될까 될까요 인가요 있나요 있나 있음 있어 있을까 "
            "쓰나요 쓰나 씀 쓰는지 쓰이나요 좋나요 좋나 좋음 좋아 좋을까 좋은가요 괜찮 괜찮나 괜찮나요 괜찮아 괜찮을까 "
            "나을까 낫나 나음 알려줘 알려줘요 궁금 궁금해 궁금해요 질문 추천 추천좀 조언 가능 가능해 가능함 가능한가요 "
            "할까 할까요 갈까 갈까요 가야돼 가야하나 가야하나요 의견 생각"
        ),
    )
)
_LITTLE = 0.3  # what such a word counts
_LONE = re.compile(r"(?<!\S)[ㄱ-ㅎ]{2,}(?!\S)")
_RANKED = 25  # questions
_WHOLE = 0.99
# What several phrasings say together, the answer, and the note's own words, beside the best phrasing.
_FEW, _POINTS, _OWN = 0.6, 0.2, 0.3


FIGURES = (
    "share",  # of the consonants' words, by rarity, what the best phrasing holds
    "own",  # … the question's own words
    "anywhere",  # … all phrasings and points together
    "whole",  # log of the number of phrasings that hold all
    "mine",  # of all phrasings of any question that hold all, its share
    "lead",  # over the next question, as a share
    "letters",  # log of the number of consonants
    "words",  # log of the number of words
    "unknown",  # of the words, by rarity, what no question's phrasing holds
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Questions that fit some initials, best first, and what speaks for the first."""

    questions: tuple[int, ...]
    shares: tuple[float, ...]  # how well each fits beside the first, 0-1
    evidence: NDArray[np.float64]  # the FIGURES
    told: Found  # the points where what was looked for stands
    rarity: NDArray[np.float64]  # … of each


def is_chat(word: str) -> bool:
    """Whether *word* is in initials and says hello, thanks or the like."""
    return _CHAT.fullmatch(hangul.split_clusters(word)) is not None


class Initials:
    """The initials of every phrasing and every point."""

    def __init__(self, lexical: Lexical) -> None:
        self._lexical = lexical
        self._nouns: dict[str, str] = {}
        for noun in lexical.written:
            self._nouns.setdefault(hangul.initials(noun), noun)

    def search(self, plain: str) -> Ranked | None:
        """Questions holding words with the initials of *plain*; None where there are none, or it is chat."""
        tokens = hangul.split_clusters(plain).split()
        if all(map(is_chat, tokens)):
            return None
        lexical = self._lexical
        parts = tuple(dict.fromkeys(part for token in tokens if len(token) > 1 for part in self._parts(token)))
        terms = _terms(parts)
        asked, told = lexical.phrased_initials.find(terms), lexical.pointed_initials.find(terms)
        rarity = lexical.phrased_initials.rarity(asked) * [_LITTLE if part in _ASKING else 1.0 for part in parts]
        phrased = lexical.phrased_initials.share(asked, rarity)
        totals = lexical.phrasings.best(phrased) + _FEW * lexical.phrasings.few(phrased)
        totals += _POINTS * self._told(told, rarity)
        totals += _OWN * lexical.phrasings.best(phrased * lexical.phrasings.own)
        ranked = np.argsort(-totals, kind="stable")[:_RANKED]
        ranked = ranked[totals[ranked] > 0]
        if not len(ranked):
            return None
        first, shares = int(ranked[0]), totals[ranked] / totals[ranked[0]]
        own = phrased[lexical.phrasings.of(first)]
        held = lexical.phrased_initials.holding(asked, lexical.phrasings.of(first)).any(axis=1)
        held |= lexical.pointed_initials.holding(told, lexical.points.of(first)).any(axis=1)
        figures = (
            own.max(),
            own[:OWN].max(),
            rarity @ held / rarity.sum(),
            math.log1p((own > _WHOLE).sum()),
            (own > _WHOLE).sum() / max(1, (phrased > _WHOLE).sum()),
            1 - shares[1] if len(shares) > 1 else 1.0,
            math.log(sum(map(len, tokens))),
            math.log(len(terms)),
            rarity @ ~asked.known / rarity.sum(),
        )
        return Ranked(tuple(ranked.tolist()), tuple(shares.tolist()), np.array(figures, np.float64), told, rarity)

    def point(self, ranked: Ranked, question: int) -> int | None:
        """Which point of *question* holds most of what was looked for; None where none holds anything."""
        points = self._lexical.points.of(question)
        held = ranked.rarity @ self._lexical.pointed_initials.holding(ranked.told, points)
        return int(np.argmax(held)) if np.any(held) else None

    def spelt_out(self, plain: str) -> str:
        """*plain* with words that are given by initials among whole ones ("C++ ㅅㄴ") as the commonest such nouns."""
        return _LONE.sub(lambda found: self._noun(found[0]), plain)

    def _noun(self, lone: str) -> str:
        return lone if is_chat(lone) else self._nouns.get(lone, lone)

    def _told(self, told: Found, rarity: NDArray[np.float64]) -> Scores:
        """How much of what is looked for the points of each question hold together, 0-1."""
        points = self._lexical.points
        texts, terms = self._lexical.pointed_initials.pairs(told)
        owners = points.owners[texts]
        once = (np.diff(owners, prepend=-1) != 0) | (np.diff(terms, prepend=-1) != 0)
        sums = np.bincount(owners[once], rarity[terms[once]], minlength=points.questions)
        return (sums / max(float(rarity.sum()), 1e-6)).astype(np.float32)

    def _parts(self, token: str) -> Sequence[str]:
        """*token*, or the two known ones that it is made of: spaces are left out as people like."""
        cuts = [(token[:cut], token[cut:]) for cut in range(2, len(token) - 1)]
        whole, *parts = self._lexical.phrased_initials.find(_terms([token, *chain.from_iterable(cuts)])).known
        if whole:
            return [token]
        return next((cut for cut, *both in zip(cuts, parts[::2], parts[1::2], strict=True) if all(both)), [token])


def _terms(runs: Sequence[str]) -> Terms:
    """The terms for *runs* of initials, of two letters or more."""
    return joined([(runs, [1] * len(runs))])[0]
