"""Keys that seal secrets in the database: a file beside it, the newest key first."""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.store.secret_file import made_once, write_secret

KEYS_FILE = "keys"  # in SUNBAE_HOME


class SealError(Exception):
    """The file of keys cannot be read, or no key in it opens what is sealed; the message says what to do."""


class Keys:
    """Seals with the newest key, opens with any. Raises SealError where the file of keys cannot be read."""

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
        self._keys = None
        self._loaded()  # before a new key makes good what cannot be read
        lines = [Fernet.generate_key().decode(), *self._lines()]
        draft = self._file.with_name(f"{self._file.name}.{secrets.token_hex(8)}")
        write_secret(draft, _written(lines))
        draft.replace(self._file)
        self._keys = None

    def _loaded(self) -> MultiFernet:
        if self._keys is None:
            try:
                self._keys = MultiFernet([Fernet(line) for line in self._lines()])
            except (OSError, ValueError) as error:
                raise SealError(f"{self._file} holds no keys that can be read; restore it") from error
        return self._keys

    def _lines(self) -> list[str]:
        return made_once(self._file, _written([Fernet.generate_key().decode()])).split()


def _written(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
