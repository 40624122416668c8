"""An encoder behind an OpenAI-compatible embeddings URL: another model for the search by meaning.

Whatever goes wrong there costs a question no more than TIMEOUT_S, once in PAUSE_S: the search goes on by words.
"""

from __future__ import annotations

import hashlib
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from bot.settings import EmbeddingsSettings
from content.search import EncoderUnavailableError

TIMEOUT_S = 1.5  # for a question
LEARNING_S = 30.0  # for a batch of the library's texts, which nobody waits for
PAUSE_S = 30.0  # after a failure


class RemoteEncoder:
    """Asks the URL for vectors; any thread may, several at a time."""

    def __init__(
        self,
        settings: EmbeddingsSettings,
        folder: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """*folder*: where the width of the vectors is kept, so that a start needs no answer."""
        self._settings, self._clock, self._timeout_s = settings, clock, timeout_s
        named = hashlib.blake2b(f"{settings.url}\n{settings.model}".encode(), digest_size=6).hexdigest()
        self.name = f"url{named}"
        self._width_file = folder / f"{self.name}.width"
        self._width = int(self._width_file.read_text(encoding="ascii")) if self._width_file.exists() else 0
        self._lock = Lock()
        self._again = 0.0  # not before this time
        self._askers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="embeddings")

    @property
    def width(self) -> int:
        """Numbers in a vector; asks for one where that is not known yet."""
        if not self._width:
            self.encode(["선배"])
        return self._width

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector for each of *texts*; EncoderUnavailableError after TIMEOUT_S, and at once while it pauses."""
        if self._clock() < self._again:
            raise EncoderUnavailableError("it failed a moment ago")
        limit_s = self._timeout_s if len(texts) == 1 else max(LEARNING_S, self._timeout_s)
        asked = self._askers.submit(self._ask, list(texts), limit_s)
        try:
            rows = asked.result(timeout=limit_s)  # a socket's own limit starts anew with every byte
            self._note_width(rows.shape[1])
        except (OSError, HTTPException, ValueError, KeyError, TypeError, IndexError) as error:
            asked.cancel()
            self._again = self._clock() + PAUSE_S
            raise EncoderUnavailableError(f"{type(error).__name__}: {str(error)[:120]}") from error
        unit: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return unit

    def _ask(self, texts: list[str], limit_s: float) -> NDArray[np.float32]:
        wanted = {"model": self._settings.model, "input": [text or " " for text in texts], "encoding_format": "float"}
        headers = {"Content-Type": "application/json", "User-Agent": "sunbae"}
        if self._settings.key:
            headers["Authorization"] = f"Bearer {self._settings.key}"
        request = urllib.request.Request(self._settings.url, json.dumps(wanted).encode(), headers)  # noqa: S310 -- Settings allows http and https only
        try:
            with urllib.request.urlopen(request, timeout=limit_s) as response:  # noqa: S310 -- as above
                rows = sorted(json.load(response)["data"], key=lambda row: row["index"])
        except urllib.error.HTTPError as error:
            with error:  # it holds the connection
                raise OSError(f"HTTP {error.code}") from error
        vectors = np.array([row["embedding"] for row in rows], np.float32)
        if vectors.shape[:1] != (len(texts),) or vectors.ndim != 2 or not np.isfinite(vectors).all():
            raise ValueError(f"the answer holds no {len(texts)} vectors")
        return vectors

    def _note_width(self, width: int) -> None:
        with self._lock:
            if self._width and width != self._width:
                raise ValueError(f"vectors of {width} numbers now, of {self._width} before")
            if not self._width:
                self._width_file.parent.mkdir(parents=True, exist_ok=True)
                self._width_file.write_text(str(width), encoding="ascii")
                self._width = width


def trouble(settings: EmbeddingsSettings, folder: Path) -> str | None:
    """What is wrong with the URL now, a sentence for `sunbae doctor`, or None where it answers."""
    try:
        RemoteEncoder(settings, folder).encode(["선배"])
    except EncoderUnavailableError as error:
        host = urlsplit(settings.url).hostname
        return (
            f"{host} gives no vectors ({error}): questions are matched by words only until it does; "
            "see SUNBAE_EMBEDDINGS_URL, SUNBAE_EMBEDDINGS_MODEL and SUNBAE_EMBEDDINGS_KEY"
        )
    return None
