"""The shipped library's index, made once for all workers and runs."""

from __future__ import annotations

from pathlib import Path

INDEX = Path(__file__).parents[1] / ".pytest_cache" / "index"
INDEX.mkdir(parents=True, exist_ok=True)
