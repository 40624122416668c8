"""Memory that building an index freed, given back to the system where the C library can."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Two thirds of what a build took stays with the process otherwise; nothing where there is no glibc."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
