"""What a text is about, as the index sees it: its content words, with the glossary's usual names, and its keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from content.search import hangul, text
from content.search.morphemes import FULL, Morpheme, morphemes

_KEPT = 1_024  # texts
_LONGEST_VARIANT = 8  # pieces: "long short - term memory" is five
_EMPTY_WORDS = frozenset(
    text.words("하다 되다 있다 없다 같다 그렇다 이렇다 어떻다 싶다 보다")  # what every sentence has
    + text.words("s t the a an is are am be do does i my me you to of in on at it and or for with")
)


@dataclass(frozen=True, slots=True)
class Analysis:
    """One text, analysed."""

    terms: tuple[str, ...]  # content words in order; a glossary's word stands as "=" and its usual name
    names: tuple[str, ...]  # those of *terms* that are no verbs and no numbers
    words: tuple[str, ...]  # as they are written
    plain: str  # the text itself
    pieces: tuple[Morpheme, ...]  # all of it, particles and endings too

    @property
    def nouns(self) -> list[str]:
        """Every run of nouns as it is written, and its beginnings."""
        return list(_noun_runs(self.plain, self.pieces))

    @property
    def stems(self) -> list[str]:
        """The parts of words that are no particles and no endings, as they are written."""
        return [self.plain[piece.start : piece.end] for piece in self.pieces if piece.full]

    @property
    def content(self) -> tuple[str, ...]:
        """The words that say something, each once: the terms, and adverbs, pronouns and the like."""
        minor = (piece.form for piece in self.pieces if piece.kind == "minor" and piece.form not in _EMPTY_WORDS)
        return tuple(dict.fromkeys([*(term.lstrip("=") for term in self.terms), *minor]))

    @property
    def keys(self) -> str:
        """The presses that type it, without spaces and punctuation."""
        return hangul.keys("".join(self.words))


class Analyst:
    """Analyses texts with one glossary."""

    def __init__(self, glossary: Sequence[Sequence[str]] = ()) -> None:
        """*glossary*: groups of words that mean the same, the usual one first."""
        self._glossary = tuple(map(tuple, glossary))
        self._usual: dict[str, str] = {}
        for group in glossary:
            for variant in group:
                self._usual.setdefault(_joined(text.plain(variant)), "=" + _joined(text.plain(group[0])))
        self._begun = frozenset(word[:length] for word in self._usual for length in range(1, len(word) + 1))
        self.analyse = lru_cache(_KEPT)(self.analyse_once)
        """What `analyse_once` gives, kept: a query is looked at from several sides."""

    def __reduce__(self) -> tuple[object, ...]:
        """It is kept on disk as what it goes by."""
        return analyst, (self._glossary,)

    @property
    def variants(self) -> tuple[str, ...]:
        """Every word of the glossary, without spaces."""
        return tuple(self._usual)

    def analyse_once(self, plain: str) -> Analysis:
        """The analysis of plain text."""
        pieces = morphemes(plain)
        terms: list[str] = []
        covered = 0  # where the last name of several pieces ends
        for place, (form, start, end, kind, _) in enumerate(pieces):
            wide, single, word = "", None, plain[start:end]
            if word in self._begun:
                wide, name_end = self._name_from(plain, start, pieces[place + 1 : place + _LONGEST_VARIANT])
                single = self._usual.get(word)
                covered = max(covered, name_end)
            if wide:
                terms.append(wide)
            if single and single != wide:
                terms.append(single)
            elif not single and start >= covered and kind in FULL and form not in _EMPTY_WORDS:
                terms.append(form)
        return Analysis(
            tuple(terms),
            tuple(term for term in terms if not (term.endswith("다") or term.isdigit())),
            tuple(text.words(plain)),
            plain,
            pieces,
        )

    def _name_from(self, plain: str, start: int, following: Sequence[Morpheme]) -> tuple[str, int]:
        """The usual name of the longest variant from *start* through one or more *following* pieces, and its end."""
        found, end = "", 0
        for piece in following:
            word = _joined(plain[start : piece.end])
            if word not in self._begun:
                break
            if name := self._usual.get(word):
                found, end = name, piece.end
        return found, end


@lru_cache(2)
def analyst(glossary: tuple[tuple[str, ...], ...]) -> Analyst:
    """The one that goes by *glossary*, with what it has analysed."""
    return Analyst(glossary)


def _noun_runs(plain: str, pieces: Sequence[Morpheme]) -> Iterator[str]:
    start = end = -1
    for piece in pieces:
        if piece.kind == "noun":
            start, end = (piece.start if piece.start != end else start), piece.end
            yield plain[start:end]


def _joined(words: str) -> str:
    """*words* without the spaces and hyphens that people set as they like."""
    return words.replace(" ", "").replace("-", "")
