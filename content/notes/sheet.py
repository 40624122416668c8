"""A session file as people edit it: every question with its curation, and the exact lines it stands in.

`content.Session` is what the bot answers from; a Sheet also holds what only curators need, so that a file can be
written again without losing a word of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar stays the text it is; in C where there is C


@dataclass(frozen=True, slots=True)
class Line:
    """One point of an answer in a session file."""

    text: str
    children: tuple[Line, ...] = ()
    advice: str | None = None  # "true", or a trimmed wording
    candidate: bool = False  # proposed as advice, for a curator to accept

    def walk(self) -> Iterator[Line]:
        """This point and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Entry:
    """One question in a session file."""

    id: str
    short: str
    text: str
    points: tuple[Line, ...] = ()
    topics: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    follows: str | None = None
    source_text: str | None = None  # what the note says, where a curator repaired *text*
    proposed: frozenset[str] = frozenset()  # the keys that nobody has confirmed yet
    written: str | None = None  # its lines in the file, with comments; None for what is not written yet


@dataclass(frozen=True, slots=True)
class Sheet:
    """One session file."""

    title: str
    speaker: str
    date: str
    source: str | None
    entries: tuple[Entry, ...]
    head: str | None = None  # the file up to its first question; None for what is not written yet


def read_sheet(text: str) -> Sheet:
    """The session file *text*. ValueError where it is none; `content.load` names the faults line by line."""
    try:
        fields = yaml.load(text, Loader=_LOADER)  # noqa: S506 - builds only text
        starts = _starts(text)
    except yaml.YAMLError as error:
        raise ValueError(f"not a session file: {error}") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("questions"), list):
        raise ValueError("not a session file: no list of questions")  # noqa: TRY004 - the file is at fault, no caller
    ends = [*starts[1:], len(text)]
    return Sheet(
        title=fields.get("title", ""),
        speaker=fields.get("speaker", ""),
        date=fields.get("date", ""),
        source=fields.get("source") or None,
        entries=tuple(
            _entry(question, text[start:end])
            for question, start, end in zip(fields["questions"], starts, ends, strict=True)
        ),
        head=text[: starts[0]] if starts else text,
    )


def pending(text: str) -> list[tuple[int, str]]:
    """What the importer proposed in a session file and nobody confirmed yet: line and words."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.endswith(PROPOSED):
            found.append((number, line.removesuffix(PROPOSED).strip().removeprefix("- ")))
        elif line.strip().removeprefix("- ") == CANDIDATE:
            found.append((number, "advice candidate"))
    return found


PROPOSED = "  # proposed"  # delete to confirm
CANDIDATE = "# advice: true"  # delete the "# " to confirm


def _starts(text: str) -> list[int]:
    """Where each question begins in *text*, the comments right above it included."""
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(root, yaml.MappingNode):
        return []
    lines = text.split("\n")
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    for key, value in root.value:
        if key.value == "questions" and isinstance(value, yaml.SequenceNode):
            found = []
            for node in value.value:
                number = node.start_mark.line
                while number > key.start_mark.line + 1 and lines[number - 1].lstrip().startswith("#"):
                    number -= 1
                found.append(offsets[number])
            return found
    return []


def _entry(fields: Any, written: str) -> Entry:
    if not isinstance(fields, dict):
        raise ValueError("not a session file: a question is no mapping")  # noqa: TRY004 - as above
    return Entry(
        id=fields.get("id", ""),
        short=fields.get("short", ""),
        text=fields.get("text", ""),
        points=tuple(map(_line, fields.get("points") or ())),
        topics=tuple(fields.get("topics") or ()),
        aliases=tuple(fields.get("aliases") or ()),
        follows=fields.get("follows"),
        source_text=fields.get("source_text"),
        written=written,
    )


def _line(fields: Any) -> Line:
    if not isinstance(fields, dict):
        return Line(str(fields))
    advice = fields.get("advice")
    return Line(
        text=fields.get("text", ""),
        children=tuple(map(_line, fields.get("points") or ())),
        advice=None if advice == "false" else advice,
    )
