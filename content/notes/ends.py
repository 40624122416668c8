"""Cutting the end of a text in one pass: a pattern that ends in `\\s*$` looks at a run of spaces from each of them."""

from __future__ import annotations

import re


def without_end(text: str, mark: re.Pattern[str]) -> str:
    """*text* without the marks at its end and the space around them; as it is where none stands there."""
    spans = [found.span() for found in mark.finditer(text)]
    cut = len(text)
    while spans and not text[spans[-1][1] : cut].strip():
        cut = spans.pop()[0]
    return text[:cut].rstrip() if cut < len(text) else text
