"""What takes seconds to work out, kept on disk from one start to the next.

It is worked out again when its texts change, or the code that made it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import pickle
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

Kept = TypeVar("Kept")

_SUFFIX = ".index"
_PACKAGES = ("kiwipiepy", "kiwipiepy_model", "numpy")


def kept(folder: Path | None, kind: str, of: object, make: Callable[[], Kept]) -> Kept:
    """What *make* makes *of* something, or made of the same at an earlier start.

    *folder* holds the last one of each *kind*, in a form that only this user's own folder may be trusted with; None
    keeps nothing. *of* is known again by what it is written as.
    """
    if folder is None:
        return make()
    file = folder / f"{kind}-{_name(of)}{_SUFFIX}"
    with suppress(Exception), file.open("rb") as opened:  # absent, or whatever half a file may raise: it is made again
        found: Kept = pickle.load(opened)  # noqa: S301  # the bot's own folder, as its database is
        return found
    made = make()
    with suppress(OSError):  # a full disk costs the next start two seconds
        _write(file, kind, made)
    return made


def _write(file: Path, kind: str, made: object) -> None:
    """Keep *made* in place of its *kind*, a killed process's remains too; another replica sees all of it or none."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f"{kind}-", suffix=_SUFFIX, delete=False) as part:
        pickle.dump(made, part, pickle.HIGHEST_PROTOCOL)
    Path(part.name).replace(file)
    for other in file.parent.glob(f"{kind}-*{_SUFFIX}"):
        if other != file:
            other.unlink(missing_ok=True)


def _name(of: object) -> str:
    text = repr(of).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(_code() + text, digest_size=16).hexdigest()


@cache
def _code() -> bytes:
    """What changes with the code that makes what is kept, and with the packages it rests on."""
    here = hashlib.blake2b(repr((sys.version_info[:2], *map(importlib.metadata.version, _PACKAGES))).encode())
    for file in sorted(Path(__file__).parent.iterdir()):
        if file.suffix in {".py", ".txt"}:
            here.update(file.read_bytes())
    return here.digest()
