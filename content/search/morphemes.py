"""The meaning-bearing parts of words, by Kiwi, which is started once and only when something is searched."""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

_LOCK = Lock()  # Kiwi is asked by one thread at a time; a question takes 0.1 ms
_NOUNS = frozenset({"NNG", "NNP", "NR", "SH", "SL", "SN", "XR"})
_VERBS = frozenset({"VA", "VV"})
_MINOR = frozenset({"MAG", "MM", "NNB", "NP"})  # adverbs, determiners, bound nouns, pronouns
_UNKNOWN = frozenset({2, 3})  # Kiwi's numbers for a noun and a name that it had to guess

_INDEXING = ContextVar("whether a library is being indexed", default=False)

# minor: "when", "more", "that"; other: particles, endings, punctuation
Kind = Literal["noun", "verb", "minor", "other"]
FULL = frozenset[Kind]({"noun", "verb"})  # what names or says something by itself
_KINDS: tuple[Kind, ...] = get_args(Kind)


class Morpheme(NamedTuple):
    """A piece of a word with its place in the text."""

    form: str  # verbs end in 다
    start: int
    end: int
    kind: Kind
    known: bool  # whether the dictionary has it

    @property
    def full(self) -> bool:
        """Whether it names or says something by itself."""
        return self.kind in FULL


@lru_cache(maxsize=256)  # one query is read by several of its judges
def morphemes(text: str) -> tuple[Morpheme, ...]:
    """The pieces of plain *text*, in order."""
    shipped = _shipped() if _INDEXING.get() else None
    pieces = shipped.of(text) if shipped else None
    return _taken_apart(text) if pieces is None else pieces


def start_kiwi() -> None:
    """Have Kiwi ready for a first question; takes a second, half of which leaves Python free."""
    _taken_apart("")


def ship_morphemes(texts: Iterable[str]) -> None:
    """Make what Kiwi finds in plain *texts* come with the package, so that no start has to find it again."""
    found = {item: _taken_apart(item) for item in sorted(set(texts))}
    pieces = list(chain.from_iterable(found.values()))
    forms = {form: place for place, form in enumerate(dict.fromkeys(piece.form for piece in pieces))}
    rows = [(forms[form], start, end, _KINDS.index(kind), known) for form, start, end, kind, known in pieces]
    np.savez_compressed(
        _shipped_file(),
        texts=_written(found),
        forms=_written(forms),
        pieces=np.array(rows, np.uint16 if len(forms) < 1 << 16 else np.uint32).reshape(-1, len(Morpheme._fields)),
        ends=np.cumsum(list(map(len, found.values()))),
    )


@contextlib.contextmanager
def indexing() -> Iterator[None]:
    """Around what takes apart a whole library: what comes with the package is looked at, and then left on disk."""
    before = _INDEXING.set(True)
    try:
        yield
    finally:
        _INDEXING.reset(before)
        _shipped.cache_clear()


class _Shipped:
    """The pieces of many texts, a column for each field: as objects they take more, and few are met twice."""

    def __init__(self, file: Path) -> None:
        """*file*: as `ship_morphemes` writes it."""
        with np.load(file) as arrays:
            self.places = {item: place for place, item in enumerate(_read(arrays["texts"]))}
            self._ends = [0, *arrays["ends"].tolist()]
            forms, starts, ends, kinds, known = arrays["pieces"].T.tolist()
            names = _read(arrays["forms"])
        self._pieces = (
            [names[form] for form in forms],
            starts,
            ends,
            [_KINDS[kind] for kind in kinds],
            [*map(bool, known)],
        )

    def of(self, text: str) -> tuple[Morpheme, ...] | None:
        """The pieces of *text*, or None where they do not come with the package."""
        place = self.places.get(text)
        if place is None:
            return None
        own = slice(*self._ends[place : place + 2])
        return tuple(map(Morpheme, *(column[own] for column in self._pieces)))


def _written(lines: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _read(lines: NDArray[np.uint8]) -> list[str]:
    return lines.tobytes().decode().split("\n")


def _shipped_file() -> Path:
    """Another version of Kiwi may find other pieces, and reads the texts itself."""
    return Path(__file__).with_name(f"kiwipiepy-{importlib.metadata.version('kiwipiepy')}.npz")


@cache
def _shipped() -> _Shipped | None:
    return _Shipped(file) if (file := _shipped_file()).exists() else None


def _taken_apart(text: str) -> tuple[Morpheme, ...]:
    with _LOCK:
        tokens = _kiwi().tokenize(text)
    return tuple(_morpheme(token) for token in tokens)


def _morpheme(token: Any) -> Morpheme:
    tag = token.tag.partition("-")[0]  # "VA-I": an irregular adjective
    kind: Kind = "noun" if tag in _NOUNS else "verb" if tag in _VERBS else "minor" if tag in _MINOR else "other"
    form = token.form.lower() + ("다" if kind == "verb" else "")
    return Morpheme(form, token.start, token.end, kind, token.id not in _UNKNOWN)


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi  # noqa: PLC0415  # 100 MB and two seconds: not for `import content`

    # the dictionary of several words doubles the start, that of slips takes 23 MB, and neither finds more
    return Kiwi(num_workers=1, load_multi_dict=False, load_default_dict=False, load_typo_dict=False)
