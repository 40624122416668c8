"""Slips of the finger and of the ear put right: words the dictionary lacks that nearly are words of the library."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.search import hangul
from content.search.morphemes import Morpheme

_CORRECTED = 4  # words of one query; a pasted text is not worth more time
_ENDING = 5  # keys of a particle; what follows a corrected word must be no longer
_LONG = 8  # keys
_UNSPACED = re.compile(r"[가-힣]{8,}")
_LEFT_OVER = re.compile(
    r"([가-힣][ㄴㄹㅁㅂ])(?![가-힣ㄱ-ㅣ])|(?<=[가-힣])[ㄱ-ㅎ](?=[가-힣]|(?<![ㅋㅎ])(?![ㄱ-ㅣ]))|(?<![가-힣ㄱ-ㅣ])[ㄱ-ㅎ](?=[가-힣])"
)
_WORD = re.compile(r"[가-힣]+|[a-z]+")
# letters that sound or lie alike: 대/데, 예/에, 쟈/자, 뻡/법
_FOLD = str.maketrans("ㅔㅖㅒㅑㅕㅛㅠㄲㄸㅃㅆㅉ", "ㅐㅐㅐㅏㅓㅗㅜㄱㄷㅂㅅㅈ")


class Speller:
    """Knows the words of one library."""

    def __init__(self, words: Iterable[str]) -> None:
        """*words*: commonest first, as they are written; repeats do no harm."""
        # by first key and number of keys: the word by its folded keys
        self._shelves: dict[str, dict[int, dict[str, str]]] = {}
        for word in dict.fromkeys(words):
            folded = _folded(word)
            if len(folded) >= 3:
                shelf = self._shelves.setdefault(folded[0], {}).setdefault(len(folded), {})
                shelf.setdefault(folded, word)

    def correct(self, plain: str, pieces: Sequence[Morpheme], known: Callable[[Sequence[str]], bool]) -> str:
        """*plain* with its misspelt words put right. *pieces*: its morphemes; *known*: whether the library has one."""
        starts = [piece.start for piece in pieces]
        written: list[str] = []
        end = 0
        for word in _WORD.finditer(plain):
            inside = pieces[bisect_left(starts, word.start()) : bisect_left(starts, word.end())]
            guessed = any(not piece.known for piece in inside)
            doubtful = _doubtful(word.group(), inside, known) or (guessed and self._usual(word.group()) != word.group())
            if len(written) < 2 * _CORRECTED and doubtful:
                written += [plain[end : word.start()], self._nearest(word.group(), guessed=guessed)]
                end = word.end()
        return "".join([*written, plain[end:]])

    def _usual(self, word: str) -> str:
        """The library's commonest word that sounds like *word*: aliases may hold a slip, too."""
        folded = _folded(word)
        return self._shelves.get(folded[:1], {}).get(len(folded), {}).get(folded, word)

    def _nearest(self, word: str, *, guessed: bool) -> str:
        """*word*, or the library's word that it begins with but for a slip, and the rest of *word*.

        *guessed*: the dictionary lacks a part of it; if not, it may well be another word, and more of it must agree.
        """
        if word.isascii():
            return self._rearranged(word)
        folded = _folded(word)
        shelf = self._shelves.get(folded[:1], {})
        best, rest, gain = word, 0, 0.0
        for length, same in shelf.items():
            if length > len(folded) + 1:
                continue
            for cut in (length, length - 1, length + 1):
                if hangul.is_vowel(folded[cut : cut + 1]):  # within a syllable
                    continue
                close = max(len(folded) - cut, 0) <= _ENDING and (guessed or length >= _LONG)
                allowed = _allowed(length) if close else 0
                for candidate, distance, _ in process.extract(
                    folded[:cut], same.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=3
                ):
                    if length - 2.5 * distance > gain:
                        best, rest, gain = same[candidate], cut, length - 2.5 * distance
        return best + hangul.compose(hangul.keys(word)[rest:]) if gain else word

    def _rearranged(self, word: str) -> str:
        """*word* in Latin letters, or the library's word that has the same letters but for one slip."""
        for length, same in self._shelves.get(word[:1], {}).items():
            for candidate in same if abs(length - len(word)) <= 1 else ():
                if sorted(candidate) == sorted(word) or (len(word) > 5 and OSA.distance(candidate, word) == 1):
                    return candidate
        return word


def whole(plain: str) -> str:
    """*plain* without letters left over from typing ("유ㅎ학"); one that ends an open syllable joins it ("하느ㄴ")."""
    return re.sub(_LEFT_OVER, lambda found: hangul.compose(hangul.keys(found[1])) if found[1] else "", plain)


def spaced(plain: str, pieces: Sequence[Morpheme]) -> str:
    """*plain* with spaces before the stems inside words too long to be one ("해외온라인석사어때")."""
    starts = {piece.start for piece in pieces if piece.full}
    return re.sub(_UNSPACED, lambda word: _apart(word.group(), word.start(), starts), plain)


def _apart(word: str, place: int, starts: Collection[int]) -> str:
    return "".join(" " * (offset > 0 and place + offset in starts) + letter for offset, letter in enumerate(word))


def _doubtful(word: str, pieces: Sequence[Morpheme], known: Callable[[Sequence[str]], bool]) -> bool:
    """Whether *word* looks misspelt: neither the dictionary nor the library knows all of it as it stands."""
    content = [piece.form for piece in pieces if piece.full]
    if word.isascii():
        return len(word) > 2 and not known([word])
    strange = any(not piece.known for piece in pieces) or len(content) > 1
    return strange and any(not known([form]) for form in content)


def _allowed(length: int) -> int:
    """Slips allowed in a word of *length* keys."""
    return 0 if length < 5 else 1 if length < 9 else 2


def _folded(word: str) -> str:
    return hangul.keys(word).translate(_FOLD)
