"""A note's bytes as text: encodings, line ends, invisible characters, front matter."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

import yaml

from content.notes.reading import Warned
from content.notes.remark import Remark

_INVISIBLE = re.compile("[\u200b\u2060\ufeff\x00]")  # zero width space, word joiner, BOM; not the emoji joiner
_LONGEST_FRONT_MATTER = 200  # lines; PyYAML takes a second for a few thousand


@dataclass(frozen=True, slots=True)
class Source:
    """The decoded note."""

    lines: tuple[str, ...]  # all of them, front matter included, without line ends
    body: int = 0  # the index of the first line after the front matter
    fields: dict[str, str] = field(default_factory=dict)  # the front matter's single values, keys in lower case
    warnings: tuple[Warned, ...] = ()


def decode(source: bytes) -> Source:
    """*source* as UTF-8, UTF-16 or CP949, whichever fits; what fits none is read as UTF-8 with a warning."""
    text, warnings = _text(source)
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = tuple(text.split("\n"))
    fields, body = _front_matter(lines)
    return Source(lines=lines, body=body, fields=fields, warnings=warnings)


def _text(source: bytes) -> tuple[str, tuple[Warned, ...]]:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.decode("utf-16", errors="replace"), ()
    if (bare := _bare_utf16(source)) is not None:
        return bare, ()
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return source.decode(encoding), ()
        except UnicodeDecodeError:
            continue
    sentence = "the note is neither UTF-8, UTF-16 nor CP949; unreadable characters became \ufffd"
    fault = Warned(None, Remark("encoding", sentence))
    return source.decode("utf-8-sig", errors="replace"), (fault,)


def _bare_utf16(source: bytes) -> str | None:
    """UTF-16 without its mark: every line end then holds a zero byte."""
    for encoding, line_end, space in (("utf-16-le", b"\n\x00", b" \x00"), ("utf-16-be", b"\x00\n", b"\x00 ")):
        if source.count(line_end) + source.count(space) > max(2, len(source) // 200):
            try:
                return source.decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _front_matter(lines: tuple[str, ...]) -> tuple[dict[str, str], int]:
    """The front matter's values and the index of the line after it; nothing and 0 where there is none."""
    start = next((index for index, line in enumerate(lines[:20]) if line.strip()), None)
    fence = lines[start].strip() if start is not None else ""
    if start is None or fence not in {"---", "+++"}:
        return {}, 0
    ends = {fence, "..."} if fence == "---" else {fence}
    for end in range(start + 1, min(len(lines), start + _LONGEST_FRONT_MATTER)):
        if lines[end].rstrip() in ends:
            values = _parsed("\n".join(lines[start + 1 : end]), toml=fence == "+++")
            if values is None:
                return {}, 0
            return values, end + 1
    return {}, 0


def _parsed(text: str, *, toml: bool) -> dict[str, str] | None:
    """The single values of a mapping, by key in lower case; None where *text* is none (a rule, not front matter)."""
    try:
        # BaseLoader leaves every scalar the text it is: a date stays as it was written.
        read = tomllib.loads(text) if toml else yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds only text
    except (tomllib.TOMLDecodeError, yaml.YAMLError, RecursionError, ValueError):
        return None
    if not isinstance(read, dict):
        return None
    single = {str(key).lower(): value for key, value in read.items() if not isinstance(value, (dict, list))}
    return {key: str(value).strip() for key, value in single.items() if value is not None}
