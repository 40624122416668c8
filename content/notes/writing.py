"""A session file that a person likes to read: folded text, one point a line, proposals marked as such.

What was written before and has not changed is written again as it stands, byte for byte.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

from content.notes.sheet import CANDIDATE, PROPOSED, Entry, Line, Sheet

_WIDTH = 100
_PLAIN = re.compile(r"(?![\s\-?:,\[\]{}#&*!|>'\"%@`=<~])[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]+(?<!\s)")
_NOT_PLAIN = re.compile(r": |:$| #")
_NOT_TEXT = re.compile(
    r"[-+]?[\d.][\d_,.:eE+-]*|0[xob]\w+|(?:true|false|yes|no|on|off|null|y|n)|\.?(?:inf|nan)", re.IGNORECASE
)
_STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_FOLD = re.compile(r"(?<=\S) (?=\S)")


def to_yaml(sheet: Sheet) -> str:
    """The text of the session file."""
    head = sheet.head if sheet.head is not None else _head(sheet)
    parts = [head, *(entry.written if entry.written is not None else _entry(entry) for entry in sheet.entries)]
    text = "".join(part if part.endswith("\n") else f"{part}\n" for part in parts[:-1])
    return (
        text + parts[-1].rstrip("\n") + "\n"
        if not sheet.entries or sheet.entries[-1].written is None
        else text + parts[-1]
    )


def _head(sheet: Sheet) -> str:
    lines = [f"title: {_inline(sheet.title)}", f"speaker: {_inline(sheet.speaker)}", f"date: {_quoted(sheet.date)}"]
    if sheet.source:
        lines.append(f"source: {_inline(sheet.source)}")
    return "\n".join([*lines, "", "questions:", ""])


def _entry(entry: Entry) -> str:
    lines = [
        _one("  - id: ", entry.id, "id" in entry.proposed),
        _one("    short: ", entry.short, "short" in entry.proposed),
    ]
    if entry.topics:
        topics = ", ".join(_inline(topic, flow=True) for topic in entry.topics)
        lines.append(f"    topics: [{topics}]{PROPOSED if 'topics' in entry.proposed else ''}")
    if entry.follows:
        lines.append(_one("    follows: ", entry.follows, "follows" in entry.proposed))
    if not entry.points:
        lines.append("    answered: false")
    lines += _block("    text:", entry.text, 6)
    if entry.source_text is not None:
        lines += _block("    source_text:", entry.source_text, 6)
    if entry.points:
        lines += ["    points:", *_points(entry.points, 6)]
    if entry.aliases:
        proposed = "aliases" in entry.proposed
        lines += ["    aliases:", *(_one("      - ", alias, proposed) for alias in entry.aliases)]
    return "\n".join([*lines, "", ""])


def _points(points: Iterable[Line], indent: int) -> list[str]:
    margin = " " * indent
    lines: list[str] = []
    for point in points:
        if point.advice is None and not point.children and not point.candidate:
            lines += _block(f"{margin}-", point.text, indent + 2)
            continue
        key = f"{margin}- "
        if point.advice is not None:
            trimmed = point.advice != "true"
            lines += _block(f"{key}advice:", point.advice, indent + 4) if trimmed else [f"{key}advice: true"]
            key = f"{margin}  "
        elif point.candidate:
            lines.append(f"{key}{CANDIDATE}")
            key = f"{margin}  "
        lines += _block(f"{key}text:", point.text, indent + 4)
        if point.children:
            lines += [f"{margin}  points:", *_points(point.children, indent + 4)]
    return lines


def _one(key: str, value: str, proposed: bool) -> str:  # noqa: FBT001 - reads as a sentence where it is called
    return f"{key}{_inline(value)}{PROPOSED if proposed else ''}"


def _inline(value: str, *, flow: bool = False) -> str:
    """*value* on one line, bare where YAML takes it for the text it is."""
    bare = _PLAIN.fullmatch(value) and not _NOT_PLAIN.search(value) and not _NOT_TEXT.fullmatch(value)
    return value if bare and not (flow and re.search(r"[,\[\]{}]", value)) else _quoted(value)


def _quoted(value: str) -> str:
    escaped = json.dumps(value, ensure_ascii=False)  # JSON's strings are YAML's, but for what YAML calls unprintable
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)


def _block(key: str, value: str, indent: int) -> list[str]:
    """*value* as a block: folded at single spaces where it is one line, else line by line."""
    lines = value.split("\n")
    odd = (
        not value
        or value != value.strip(" \n")
        or _STRANGE.search(value)
        or any(line != "" and not line.strip() for line in lines)
    )
    if odd or ("\t" in value and len(lines) == 1):
        return [f"{key} {_quoted(value)}"]
    margin = " " * indent
    if len(lines) == 1:
        return [f"{key} >-", *(margin + line for line in _folded(value, _WIDTH - indent))]
    return [f"{key} |-", *(margin + line if line else "" for line in lines)]


def _folded(text: str, width: int) -> list[str]:
    """*text* in lines at most *width* columns wide where words allow; joined with single spaces they are *text* again.

    A Korean letter is two columns wide.
    """
    lines: list[str] = []
    used = 0
    for word in _FOLD.split(text):
        columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in word)
        if lines and used + 1 + columns <= width:
            lines[-1] = f"{lines[-1]} {word}"
            used += 1 + columns
        else:
            lines.append(word)
            used = columns
    return lines
