"""What an encoder gives for texts: started once, and learnt once for each text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from threading import Lock, Thread
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from content.search.familiarity import Vector

_BATCH = 32
_ASKED = 1_024  # vectors of queries and of their words


class EncoderUnavailableError(Exception):
    """The encoder cannot encode now; the search goes on by words."""


class Encoder(Protocol):
    """Gives texts with like meanings like vectors."""

    @property
    def name(self) -> str:
        """What names the model and, after a hyphen, its version in a file name; vectors of two names never meet."""

    @property
    def width(self) -> int:
        """Numbers in a vector; may raise EncoderUnavailableError."""

    def encode(self, texts: Sequence[str]) -> Vector:
        """A unit vector for each of *texts*; may be called from any thread, may raise EncoderUnavailableError."""


class Vectors:
    """An encoder with what it has encoded before, kept in one file of *folder*."""

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        """*folder*: where vectors are kept between runs; None keeps them in memory only."""
        self._encoder = encoder
        self._file = folder / f"{encoder.name}.vectors" if folder else None
        self._lock = Lock()
        self.started = False  # see `start`
        self._asked: dict[str, Vector] = {}

    @property
    def name(self) -> str:
        """The encoder's."""
        return self._encoder.name

    @property
    def family(self) -> str:
        """The encoder's name without its version."""
        return self._encoder.name.partition("-")[0]

    @cached_property
    def _record(self) -> np.dtype[np.void]:
        return np.dtype([("text", "V16"), ("vector", np.float16, (self._encoder.width,))])

    @cached_property
    def _known(self) -> dict[bytes, NDArray[np.float16]]:
        known: dict[bytes, NDArray[np.float16]] = {}
        for file in (self.shipped, self._file):
            if file and file.exists():
                whole = file.stat().st_size // self._record.itemsize  # a killed process may leave half a record
                records = np.fromfile(file, self._record, whole)
                known |= {bytes(key): row for key, row in zip(records["text"], records["vector"], strict=True)}
        return known

    def start(self) -> None:
        """Have the encoder ready, so that no question waits for it; may raise EncoderUnavailableError."""
        self.of_asked(["선배"])
        self.started = True

    def start_beside(self) -> None:
        """Start in a thread of its own, while a library is loaded; whoever needs the encoder waits for it.

        So does Python before it ends: what is torn down while it loads aborts the process.
        """

        def start() -> None:
            with suppress(EncoderUnavailableError):
                self.start()

        Thread(target=start).start()

    @property
    def shipped(self) -> Path:
        """The vectors of the shipped library, so that a first start has them; `sunbae calibrate` writes the file."""
        return Path(__file__).with_name(f"{self._encoder.name}.vectors")

    def ship(self, texts: Sequence[str]) -> None:
        """Make the vectors of *texts* the shipped ones."""
        self.learn(texts)
        rows = [(digest, self._known[digest]) for digest in sorted({_digest(item) for item in texts})]
        self.shipped.write_bytes(np.array(rows, self._record).tobytes())

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Those of *texts* that have yet to be encoded, each once."""
        return [item for item in dict.fromkeys(texts) if _digest(item) not in self._known]

    def learn(self, texts: Sequence[str]) -> None:
        """Encode and keep those of *texts* that are missing; a few ms a text."""
        missing = self.missing(texts)
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = self._encoder.encode(batch).astype(np.float16)
            with self._lock:
                self._known.update(zip(map(_digest, batch), vectors, strict=True))
                if self._file:
                    self._append(self._file, [(_digest(item), row) for item, row in zip(batch, vectors, strict=True)])

    def _append(self, file: Path, rows: list[tuple[bytes, NDArray[np.float16]]]) -> None:
        """Keep *rows* in *file*; where nothing can be written, the next start encodes them again."""
        with suppress(OSError), _opened(file) as opened:
            opened.truncate(opened.tell() - opened.tell() % self._record.itemsize)  # half a record would shift the rest
            opened.write(np.array(rows, self._record).tobytes())

    def of(self, texts: Sequence[str]) -> Vector:
        """The vectors of *texts*, which have all been learnt."""
        return np.array([self._known[_digest(item)] for item in texts], np.float32).reshape(-1, self._encoder.width)

    def forget(self) -> None:
        """Leave on disk what is there; it is read again after an edit."""
        if self._file:
            self.__dict__.pop("_known", None)

    def of_asked(self, texts: Sequence[str]) -> Vector:
        """The vectors of what somebody asks: they are encoded together, and kept for a while."""
        with self._lock:
            found = {item: self._asked[item] for item in texts if item in self._asked}
        missing = [item for item in dict.fromkeys(texts) if item not in found]
        if missing:
            found |= zip(missing, self._encoder.encode(missing), strict=True)
            with self._lock:
                self._asked |= found
                for oldest in list(islice(self._asked, max(0, len(self._asked) - _ASKED))):
                    del self._asked[oldest]
        return np.array([found[item] for item in texts], np.float32).reshape(-1, self._encoder.width)


def _opened(file: Path) -> BinaryIO:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.open("ab")


def _digest(item: str) -> bytes:
    return hashlib.blake2b(item.encode(), digest_size=16).digest()
