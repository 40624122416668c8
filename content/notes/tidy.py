"""A note's lines made ready for the Markdown parser: HTML wrappers out, foldouts as marks, page furniture dropped.

The parser swallows an answer that follows `<summary>` without a blank line, and splits `<details>` into pieces. So
tags become marks, each on a line of its own, and every line remembers which line of the note it comes from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from content.notes import furniture, labels
from content.notes.ends import without_end
from content.notes.reading import Dropped
from content.notes.remark import Remark
from content.notes.source import Source

OPEN, SUMMARY, SUMMARY_END, CLOSE = "details", "summary", "/summary", "/details"
MARK = "\ue002"  # begins a line that stands for a tag

_FENCE = re.compile(r"^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*(`{3,}|~{3,})(.*)$")
_FOLD = re.compile(r"<(/?)(details|summary)\b[^<>]*>", re.IGNORECASE)
_RULED = re.compile(r"(?=.*\|)\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")  # the line below a table's header
_HEADING = re.compile(r"^(\s{0,3})<h([1-6])\b[^<>]*>(.*?)</h\2>\s*$", re.IGNORECASE)
_TIGHT_HEADING = re.compile(r"^( {0,3}#{2,6})(?=[^#\s])")
_EMPTY_ANCHOR = re.compile(r"<a\s+(?:name|id)\s*=[^<>]*>\s*</a>", re.IGNORECASE)
_WRAPPER = re.compile(
    r"</?(?:p|div|center|section|article|blockquote|font|span|ul|ol|li|hr)\b[^<>]*>|<br\s*/?>|</br>|&nbsp;",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"^\s*<p\b", re.IGNORECASE)
_LIST_ITEM = re.compile(r"^(\s*)<li\b[^<>]*>\s*", re.IGNORECASE)
_ITEM_END = re.compile(r"</li>", re.IGNORECASE)
_LEADING_SPACES = re.compile(r"^(\s*)(?:&nbsp;\s*)+")
_BREAK = re.compile(r"<br\s*/?>|</br>", re.IGNORECASE)
_EDGE = re.compile(r"</?(?:p|div|center)\b[^<>]*>", re.IGNORECASE)
_FIRST_EDGES = re.compile(rf"^(\s*)(?:{_EDGE.pattern}\s*)+", re.IGNORECASE)
_CONTAINER = re.compile(r"^:::\s*(\w*)\s*(.*)$")
_EMBED = re.compile(r"^\s*\{%.*%\}\s*$")
_SWALLOWING = re.compile(r"<(script|style)\b", re.IGNORECASE)


@dataclass(slots=True)
class Tidied:
    """Lines for the parser. *numbers* and *lines* run in step; *marks* holds the tag a mark line stands for."""

    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # the line in the note, from 1
    marks: dict[int, str] = field(default_factory=dict)  # by index in *lines*
    dropped: list[Dropped] = field(default_factory=list)
    address: str | None = None  # of the note itself, where its furniture tells

    def add(self, line: str, number: int) -> None:
        self.lines.append(line.replace(MARK, ""))
        self.numbers.append(number)

    def mark(self, tag: str, indent: str, number: int) -> None:
        if self.lines and self.lines[-1].strip():
            self.add("", number)  # else a far indented tag would go on the paragraph before it
        self.marks[len(self.lines)] = tag
        self.lines.append(f"{indent}{MARK}")
        self.numbers.append(number)

    def drop(self, number: int, reason: str, count: int = 1) -> None:
        """Note that lines were left out; a run of lines with one reason is one entry."""
        last = self.dropped[-1] if self.dropped else None
        if last and last.reason == reason and last.line + last.count == number:
            self.dropped[-1] = Dropped(last.line, reason, last.count + count)
        else:
            self.dropped.append(Dropped(number, reason, count))


def tidy(source: Source) -> Tidied:
    """The body of *source* as lines for the parser."""
    tidied = Tidied()
    walk = _Walk(source, tidied)
    for index in range(source.body, len(source.lines)):
        walk.take(index)
    return tidied


class _Walk:
    """Goes through the lines once, knowing whether it stands in code, a comment, a table or a foldout."""

    def __init__(self, source: Source, tidied: Tidied) -> None:
        self._lines = source.lines
        self._tidied = tidied
        self._fence: str | None = None
        self._table = False
        self._until: tuple[re.Pattern[str], str] | None = None  # the end of what is being left out, and why
        self._spoilers: list[bool] = []
        self._ends = {  # a comment without an end is text
            mark: max((n for n, line in enumerate(source.lines) if mark in line.lower()), default=-1)
            for mark in ("-->", "</script", "</style")
        }

    def take(self, index: int) -> None:
        line, number = self._lines[index], index + 1
        self._table = self._is_row(index)
        if self._until:
            line = self._skip(line, number, *self._until)
            if not line.strip():
                self._tidied.add("", number)
                return
        if self._in_code(line):
            self._tidied.add(line, number)
            return
        line = self._without_comments(line, index)
        if not line.strip():
            self._tidied.add("", number)
        elif (reason := furniture.reason(line)) is not None:
            self._tidied.address = self._tidied.address or furniture.address(line)
            self._tidied.drop(number, reason)
            self._tidied.add("", number)
        elif line.lstrip().startswith(":::") and self._container(line, number):
            pass
        elif _FOLD.search(line) and not self._table and not _in_backticks(line, _FOLD):
            self._fold(line, number)
        else:
            self._plain_line(line, number)

    def _is_row(self, index: int) -> bool:
        """Whether the line is a row of a table, whose cells are never more than words."""
        line = self._lines[index]
        if "|" not in line or line.lstrip("> \t").startswith("<"):
            return False
        below = self._lines[index + 1] if index + 1 < len(self._lines) else ""
        return self._table or _RULED.fullmatch(below.strip("> \t")) is not None

    def _in_code(self, line: str) -> bool:
        found = _FENCE.match(line)
        if self._fence is None:
            if found and not (found[1][0] == "`" and "`" in found[2]):
                self._fence = found[1]
            return self._fence is not None
        if found and found[1].startswith(self._fence) and not found[2].strip():
            self._fence = None
        return True

    def _without_comments(self, line: str, index: int) -> str:
        start = line.find("<!--")
        if start >= 0 and self._ends["-->"] >= index and line.count("`", 0, start) % 2 == 0:
            return self._leave_out(line, start, re.compile("-->"), Remark("comment", "HTML comment"), index + 1)
        found = _SWALLOWING.search(line) if "<s" in line.lower() else None
        if found and self._ends[f"</{found[1].lower()}"] >= index and line.count("`", 0, found.start()) % 2 == 0:
            end = re.compile(rf"</{found[1]}\s*>", re.IGNORECASE)
            tag = found[1].lower()
            return self._leave_out(line, found.start(), end, Remark("html", f"HTML {tag}", tag=tag), index + 1)
        return line

    def _leave_out(self, line: str, start: int, end: re.Pattern[str], reason: str, number: int) -> str:
        return line[:start] + self._skip(line[start:], number, end, reason)

    def _skip(self, line: str, number: int, end: re.Pattern[str], reason: str) -> str:
        """What is left of *line* behind *end*; without it, the next lines are left out too."""
        self._tidied.drop(number, reason)
        found = end.search(line)
        self._until = None if found else (end, reason)
        return line[found.end() :] if found else ""

    def _container(self, line: str, number: int) -> bool:
        """HackMD's `:::info` boxes and `:::spoiler` foldouts."""
        found = _CONTAINER.match(line.strip())
        if not found:
            return False
        kind, title = found[1], found[2]
        if kind == "spoiler":
            self._spoilers.append(True)
            self._open(title, "", number)
        elif kind:
            self._spoilers.append(False)
            self._tidied.add(title, number)
        elif self._spoilers and self._spoilers.pop():
            self._tidied.mark(CLOSE, "", number)
        else:
            self._tidied.add("", number)
        return True

    def _open(self, title: str, indent: str, number: int) -> None:
        self._tidied.mark(OPEN, indent, number)
        self._tidied.mark(SUMMARY, indent, number)
        self._tidied.add(indent + title, number)
        self._tidied.mark(SUMMARY_END, indent, number)

    def _fold(self, line: str, number: int) -> None:
        """A line with `<details>` or `<summary>` tags: each tag and each text between them on a line of its own."""
        indent = re.match(r"(?:\s|>\s?)*", line)
        margin = indent[0] if indent else ""
        position = 0
        for found in _FOLD.finditer(line):
            self._between(line[position : found.start()], margin, number)
            self._tidied.mark(found[1] + found[2].lower(), margin, number)
            position = found.end()
        self._between(line[position:], margin, number)

    def _between(self, text: str, margin: str, number: int) -> None:
        text = without_end(_FIRST_EDGES.sub("", text), _EDGE).strip()
        if _WRAPPER.sub("", text).strip(" \t>"):
            self._tidied.add(margin + without_end(text, _BREAK), number)

    def _plain_line(self, line: str, number: int) -> None:
        if "<" in line or "&" in line:
            if not _WRAPPER.sub("", line).strip():
                self._tidied.add("", number)
                return
            if _PARAGRAPH.match(line):
                self._tidied.add("", number)
            line = _LEADING_SPACES.sub(r"\1", line)
            if item := _LIST_ITEM.match(line):
                line = f"{item[1]}- {without_end(line[item.end() :], _ITEM_END).rstrip()}"
            line = without_end(without_end(_FIRST_EDGES.sub(r"\1", line), _EDGE), _BREAK)
            line = _EMPTY_ANCHOR.sub("", line)
            if heading := _HEADING.match(line):
                line = f"{heading[1]}{'#' * int(heading[2])} {heading[3].strip()}"
        if _EMBED.match(line):
            self._tidied.drop(number, Remark("embedded", "embedded content"))
            line = ""
        line = _TIGHT_HEADING.sub(r"\1 ", line)
        for part in [line] if self._table else labels.split_line(line):
            self._tidied.add(part, number)


def _in_backticks(line: str, pattern: re.Pattern[str]) -> bool:
    found = pattern.search(line)
    return found is not None and line.count("`", 0, found.start()) % 2 == 1
