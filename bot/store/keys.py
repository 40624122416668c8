"""Keys that seal secrets in the database: a file beside it, the newest key first."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

KEYS_FILE = "keys"  # in SUNBAE_HOME


class SealError(Exception):
    """Sealed bytes that no key in the file opens; the message says what to do."""


class Keys:
    """Seals with the newest key, opens with any."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._keys: MultiFernet | None = None

    def seal(self, secret: bytes) -> bytes:
        return self._loaded().encrypt(secret)

    def open(self, sealed: bytes) -> bytes:
        """Raises SealError where no key fits."""
        try:
            return self._loaded().decrypt(sealed)
        except InvalidToken:
            self._keys = None  # another process may have rotated the keys
        try:
            return self._loaded().decrypt(sealed)
        except InvalidToken as error:
            raise SealError(f"{self._file} holds no key that opens what the database holds; restore it") from error

    def rotate(self) -> None:
        """Seal with a new key from now on; the older ones still open what they sealed."""
        lines = [Fernet.generate_key().decode(), *self._lines()]
        draft = self._file.with_suffix(".new")
        _write_secret(draft, lines)
        draft.replace(self._file)
        self._keys = None

    def _loaded(self) -> MultiFernet:
        if self._keys is None:
            self._keys = MultiFernet([Fernet(line) for line in self._lines()])
        return self._keys

    def _lines(self) -> list[str]:
        if not self._file.exists():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            _write_secret(self._file, [Fernet.generate_key().decode()])
        return self._file.read_text(encoding="ascii").split()


def _write_secret(file: Path, lines: list[str]) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as stream:
        stream.write("\n".join(lines) + "\n")
