"""What a long text comes to in a few words, for an encoder that somebody waits for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

import numpy as np

from content.search.analysis import Analyst
from content.search.lexical import Lexical
from content.search.morphemes import morphemes
from content.search.postings import hashed

_MARKS = re.compile(r"[^\w\s]+(?=\s|$)")  # at a word's end, each a token
_WORD = re.compile(r"\S+")


def gist(plain: str, analyst: Analyst, lexical: Lexical, fits: Callable[[str], bool]) -> str:
    """*plain*, less what tells least until it *fits*: marks, empty words, particles and endings, then whole words.

    A word that the library's questions hold tells more than another one, then a rare one, then a later one.
    """
    if fits(plain):
        return plain
    plain = " ".join(_MARKS.sub(" ", plain).split())
    words = [(found.start(), found.end()) for found in _WORD.finditer(plain)]
    stems = [_stem(plain, *word) for word in words]
    analysis = analyst.analyse(plain)
    terms, begins = hashed(analysis.terms), np.array(analysis.places)
    rarity, known = lexical.rarity(terms), lexical.phrased.find(terms).known

    def worth(place: int) -> tuple[bool, bool, float, int]:
        start, end = words[place]
        inside = (start <= begins) & (begins < end)
        return bool(stems[place]), bool(known[inside].any()), float(rarity[inside].sum()), place

    order = sorted(range(len(words)), key=worth)
    steps = [(place, stems[place]) for place in order] + [(place, "") for place in order[:-1]]

    def after(count: int) -> str:
        left = [plain[start:end] for start, end in words]
        for place, form in steps[:count]:
            left[place] = form
        return " ".join(filter(None, left))

    said = after(bisect_left(range(len(steps)), x=True, key=lambda count: fits(after(count)))) or plain
    while not fits(said):  # letters without a space
        said = said[: len(said) // 2]
    return said


def _stem(plain: str, start: int, end: int) -> str:
    """The word from *start* to *end* from its first to its last piece that is no particle and no ending."""
    own = [piece for piece in morphemes(plain) if piece.kind != "other" and start <= piece.start < end]
    return plain[own[0].start : own[-1].end] if own else ""
