"""Damage and gaps that a curator should look at; nothing is repaired in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from content.notes.reading import Warned

_FENCE = re.compile(r"^\s*(?:`{3,}|~{3,})")
# "C++을 … C++를" between two ++ loses them on HackMD; what is left is a C with a particle that does not fit it
# (씨 ends in a vowel: 씨를, 씨는), or the same word on both sides of "or".
_EATEN_PARTICLE = re.compile(r"(?<![A-Za-z0-9+])C(?:을|은|이(?![가-힣])|과)(?![가-힣])")
_EATEN_TWIN = re.compile(r"(?<![A-Za-z0-9+])C\s?(?:혹은|또는|이나|나|or)\s?C(?![A-Za-z0-9+#])")
_INSERTED = re.compile(r"(?<![A-Za-z0-9+])\+\+(?=[^\s+])[^+\n]{1,200}(?<=[^\s+])\+\+(?!\+)")
_TWO_LANGUAGES = re.compile(r"(?<![A-Za-z0-9])C\+\+.{0,200}?(?<![A-Za-z0-9])C\+\+")
_YEARLESS = re.compile(r"^\d{1,2}\s*[./월-]\s*\d{1,2}\s*일?\.?(?:\s*[(（]?[월화수목금토일][)）]?)?$")


def note_warnings(lines: Sequence[str], offset: int = 0) -> tuple[Warned, ...]:
    """Doubts about the note's own text; *offset* lines stand before the first of *lines*."""
    warnings = []
    in_code = False
    for number, line in enumerate(lines, start=offset + 1):
        if _FENCE.match(line):
            in_code = not in_code
        if in_code or len(line) > 10_000:
            continue
        for pattern in (_EATEN_PARTICLE, _EATEN_TWIN):
            if found := pattern.search(line):
                warnings.append(Warned(number, f"“{found[0]}” may have been “C++”: HackMD eats ++…++"))
                break
        if _INSERTED.search(line) and not _TWO_LANGUAGES.search(line):
            warnings.append(Warned(number, "++…++ is underlined text on HackMD; elsewhere it shows as plus signs"))
    return tuple(warnings)


def is_yearless(date: str) -> bool:
    """Whether *date* says day and month only."""
    return bool(_YEARLESS.match(date.strip()))
