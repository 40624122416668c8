"""Keeps a second process out of the local chat's folder: each would lose what was said in the other."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bot.platforms import PlatformError


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold *folder* until the end; the system lets go of it over a crash too.

    Raises PlatformError where another process holds it, OSError where it cannot be written in.
    """
    with (folder / "lock").open("a") as file:
        try:
            _hold(file)
        except (BlockingIOError, PermissionError) as error:
            raise PlatformError(
                f"another Sunbae keeps its chat in {folder}; stop it, or give this one its own SUNBAE_HOME "
                "or SUNBAE_WEB=off"
            ) from error
        yield


def _hold(file: IO[str]) -> None:
    """Raises BlockingIOError or, on Windows, PermissionError where somebody else holds *file*."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 -- Windows only

        os.lseek(file.fileno(), 0, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 -- not on Windows

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:  # some network file systems know no locks; the chat goes on as it did without
            return
