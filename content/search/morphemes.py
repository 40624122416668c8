"""The meaning-bearing parts of words, by Kiwi, which is started once and only when something is searched."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any, Literal

_LOCK = Lock()  # Kiwi is asked by one thread at a time; a question takes 0.1 ms
_NOUNS = frozenset({"NNG", "NNP", "NR", "SH", "SL", "SN", "XR"})
_VERBS = frozenset({"VA", "VV"})
_UNKNOWN = frozenset({2, 3})  # Kiwi's numbers for a noun and a name that it had to guess

Kind = Literal["noun", "verb", "other"]  # other: particles, endings, punctuation


@dataclass(frozen=True, slots=True)
class Morpheme:
    """A piece of a word with its place in the text."""

    form: str  # verbs end in 다
    start: int
    end: int
    kind: Kind
    known: bool  # whether the dictionary has it


@lru_cache(maxsize=256)  # one query is read by several of its judges
def morphemes(text: str) -> tuple[Morpheme, ...]:
    """The pieces of plain *text*, in order."""
    with _LOCK:
        tokens = _kiwi().tokenize(text)
    return tuple(_morpheme(token) for token in tokens)


def _morpheme(token: Any) -> Morpheme:
    tag = token.tag.partition("-")[0]  # "VA-I": an irregular adjective
    kind: Kind = "noun" if tag in _NOUNS else "verb" if tag in _VERBS else "other"
    form = token.form.lower() + ("다" if kind == "verb" else "")
    return Morpheme(form, token.start, token.end, kind, token.id not in _UNKNOWN)


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi  # noqa: PLC0415  # 100 MB and two seconds: not for `import content`

    return Kiwi(
        num_workers=1, load_multi_dict=False, load_default_dict=False
    )  # the multi-word dictionary doubles the start and finds no more
