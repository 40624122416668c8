"""Damage and gaps that a curator should look at; nothing is repaired in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from content.notes.reading import Warned
from content.notes.remark import Remark, counted
from content.notes.sheet import pending, read_sheet

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
        if damaged := _eaten(line):
            sentence = f"“{damaged}” may have been “C++”: HackMD eats ++…++"
            warnings.append(Warned(number, Remark("eaten", sentence, words=damaged)))
        if _INSERTED.search(line) and not _TWO_LANGUAGES.search(line):
            sentence = "++…++ is underlined text on HackMD; elsewhere it shows as plus signs"
            warnings.append(Warned(number, Remark("underlined", sentence)))
    return tuple(warnings)


def sheet_warnings(text: str) -> tuple[Warned, ...]:
    """What a curator should still look at in the session file *text*. ValueError where it is none."""
    sheet = read_sheet(text)
    proposed = pending(text)
    left = f"{counted(len(proposed), 'proposal')} to confirm or mend" + (", this one first" if proposed[1:] else "")
    warnings = [Warned(proposed[0][0], left)] if proposed else []
    line = (sheet.head or "").count("\n") + 1
    if _YEARLESS.match(sheet.date):
        warnings.append(Warned(_line_of(text, "date:"), f"the date {sheet.date!r} has no year"))
    if not any(each.advice for entry in sheet.entries for point in entry.points for each in point.walk()):
        warnings.append(Warned(None, "no point is marked as advice"))
    for entry in sheet.entries:
        if not entry.aliases:
            warnings.append(Warned(line, f"question {entry.id!r} has no aliases"))
        repaired = entry.source_text is not None
        damaged = next((found for found in map(_eaten, entry.text.split("\n")) if found), None)
        if damaged and not repaired:
            warnings.append(Warned(line, f"question {entry.id!r}: “{damaged}” may have been “C++”"))
        line += (entry.written or "").count("\n")
    return tuple(warnings)


def _eaten(line: str) -> str | None:
    """What is left where HackMD took two plus signs for a mark."""
    found = _EATEN_PARTICLE.search(line) or _EATEN_TWIN.search(line)
    return found[0] if found else None


def _line_of(text: str, key: str) -> int | None:
    return next((number for number, line in enumerate(text.split("\n"), 1) if line.startswith(key)), None)
