"""The meaning-bearing parts of words, by Kiwi, which is started once and only when something is searched."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal, NamedTuple

_LOCK = Lock()  # Kiwi is asked by one thread at a time; a question takes 0.1 ms
_NOUNS = frozenset({"NNG", "NNP", "NR", "SH", "SL", "SN", "XR"})
_VERBS = frozenset({"VA", "VV"})
_MINOR = frozenset({"MAG", "MM", "NNB", "NP"})  # adverbs, determiners, bound nouns, pronouns
_UNKNOWN = frozenset({2, 3})  # Kiwi's numbers for a noun and a name that it had to guess

_INDEXING = ContextVar("whether a library is being indexed", default=False)

# minor: "when", "more", "that"; other: particles, endings, punctuation
Kind = Literal["noun", "verb", "minor", "other"]


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
        return self.kind in {"noun", "verb"}


@lru_cache(maxsize=256)  # one query is read by several of its judges
def morphemes(text: str) -> tuple[Morpheme, ...]:
    """The pieces of plain *text*, in order."""
    shipped = _shipped().get(text) if _INDEXING.get() else None
    return tuple(map(Morpheme._make, json.loads(shipped))) if shipped is not None else _taken_apart(text)


def start_kiwi() -> None:
    """Have Kiwi ready for a first question; takes a second, half of which leaves Python free."""
    _taken_apart("")


def ship_morphemes(texts: Iterable[str]) -> None:
    """Make what Kiwi finds in plain *texts* come with the package, so that no start has to find it again."""
    lines = (f"{item}\t{_written(_taken_apart(item))}\n" for item in sorted(set(texts)))
    _shipped_file().write_text("".join(lines), encoding="utf-8")


@contextlib.contextmanager
def indexing() -> Iterator[None]:
    """Around what takes apart a whole library: what comes with the package is looked at, and then left on disk."""
    before = _INDEXING.set(True)
    try:
        yield
    finally:
        _INDEXING.reset(before)
        _shipped.cache_clear()


def _written(pieces: Sequence[Morpheme]) -> str:
    return json.dumps(pieces, ensure_ascii=False, separators=(",", ":"))


def _shipped_file() -> Path:
    """A text, a tab and its pieces a line. Another version of Kiwi may find others, and reads the texts itself."""
    return Path(__file__).with_name(f"kiwipiepy-{importlib.metadata.version('kiwipiepy')}.morphemes")


@cache
def _shipped() -> dict[str, str]:
    """The pieces of each text, yet to be read: most are asked for once, and read they take ten times the memory."""
    try:
        lines = _shipped_file().read_text(encoding="utf-8").splitlines()
        return dict(line.split("\t", 1) for line in lines)
    except FileNotFoundError:
        return {}


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
