"""Each event once: Slack sends it again where it heard nothing, and some under two names."""

from __future__ import annotations

from collections import OrderedDict


class Once:
    """Remembers the newest keys."""

    def __init__(self, kept: int = 20_000) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._kept = kept

    def first(self, *keys: str) -> bool:
        """Whether none of *keys* came before; they are remembered either way."""
        new = not any(key in self._seen for key in keys)
        for key in keys:
            self._seen[key] = None
            self._seen.move_to_end(key)
        while len(self._seen) > self._kept:
            self._seen.popitem(last=False)
        return new
