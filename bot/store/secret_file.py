"""Files that only their owner may read: made once, whoever comes first, and never seen half written."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def made_once(file: Path, secret: str) -> str:
    """What *file* holds: *secret*, unless somebody has made it before or makes it at the same time."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        write_secret(draft, secret)
        try:
            with contextlib.suppress(FileExistsError):
                _name(draft, file)
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii")


def write_secret(file: Path, secret: str) -> None:
    """Write a new *file*, which then outlives a power cut. Raises FileExistsError where there is one."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
        stream.write(secret)
        stream.flush()
        os.fsync(stream.fileno())


def _name(draft: Path, file: Path) -> None:
    """Give what is in *draft* the name *file*, whole from the first moment on. Raises FileExistsError."""
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # some file systems know no links
        write_secret(file, draft.read_text(encoding="ascii"))
