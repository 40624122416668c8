"""The note as a tree of blocks: headings, paragraphs, lists, code, tables, foldouts, each with its own lines.

Only the block half of the parser runs; the words inside a block stay as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from content.notes import nesting
from content.notes.tidy import CLOSE, MARK, OPEN, SUMMARY, SUMMARY_END, Tidied

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_DEEPEST = 60  # levels the parser follows; what is nested deeper stays text of the level above
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])(?:\s+|$)")
_QUOTE = re.compile(r"^\s{0,3}>[ \t]?")
_ATX = re.compile(r"^\s*#{1,6}(?:\s+|$)")
_ATX_END = re.compile(r"(?<!\s)\s+#+\s*$")
_UNDERLINE = re.compile(r"^={3,}\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of Markdown."""

    kind: str  # heading, paragraph, list, item, code, quote, table, math, rule, details
    line: int  # in the note, from 1
    lines: tuple[str, ...] = ()  # its own source without indentation, quote signs and list markers around it
    children: tuple[Block, ...] = ()
    level: int = 0  # of a heading
    number: int | None = None  # of an item in a numbered list
    indent: int = 0  # columns before it
    rows: tuple[Row, ...] = ()  # of a table, the header first
    last: int = 0  # the last of its lines in the note

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def part(self, start: int, end: int | None = None) -> Block:
        """The block's own lines from *start* up to *end*, as a block without children."""
        lines = self.lines[start:end]
        line = min(self.line + start, self.last)
        return replace(self, lines=lines, line=line, last=min(line + len(lines) - 1, self.last), children=())

    def walk(self) -> Iterator[Block]:
        """This block and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    line: int
    cells: tuple[str, ...]


def parse(tidied: Tidied) -> tuple[Block, ...]:
    """The blocks of a note in reading order."""
    parser = _PARSERS[_underlined_headings(tidied.lines)]
    tokens = parser.parse("\n".join(tidied.lines), {"marks": tidied.marks})
    return _Builder(tidied, tokens).blocks()


def _underlined_headings(lines: list[str]) -> bool:
    """Whether a line of dashes below a paragraph makes it a heading: only in notes that know no other headings.

    Elsewhere people mean a rule: "an answer, and below it ---".
    """
    return any(_UNDERLINE.match(line) for line in lines) or not any(_ATX.match(line) for line in lines)


def _tag_mark(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
    if start not in state.env.get("marks", {}) or state.src[state.bMarks[start] + state.tShift[start]] != MARK:
        return False
    if not silent:
        state.line = start + 1
        token = state.push("mark", "", 0)
        token.map = [start, start + 1]
    return True


def _parser(*, underlined: bool) -> MarkdownIt:
    # Indented code is off: in real notes, four spaces are an answer far more often than code.
    # HTML blocks are off: tags stay text, and the parser goes on seeing the Markdown between them.
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable(["code", "html_block"])
    dollarmath_plugin(parser, allow_blank_lines=False)
    parser.block.ruler.before("table", "tag_mark", _tag_mark, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    if not underlined:
        parser.disable("lheading")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


_PARSERS = {underlined: _parser(underlined=underlined) for underlined in (False, True)}
_LEAVES = {
    "paragraph_open": "paragraph",
    "fence": "code",
    "code_block": "code",
    "math_block": "math",
    "math_block_label": "math",
    "hr": "rule",
}
_BRANCHES = {
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "blockquote_open": "quote",
}


class _Builder:
    """Turns the parser's flat tokens into blocks."""

    def __init__(self, tidied: Tidied, tokens: list[Token]) -> None:
        self._tidied = tidied
        self._tokens = tokens
        self._next = 0
        self._around: list[tuple[str, int]] = []  # quotes and items around the current block, with their first line

    def blocks(self) -> tuple[Block, ...]:
        return self._until(None)

    def _until(self, closing: str | None) -> tuple[Block, ...]:
        pieces: list[Block | str] = []
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            self._next += 1
            if token.type == closing:
                break
            if token.type == "mark" and token.map:
                pieces.append(self._tidied.marks[token.map[0]])
            elif (block := self._block(token)) is not None:
                pieces.append(block)
        blocks = _folded(pieces)
        if any(kind == "quote" for kind, _ in self._around):
            return tuple(blocks)
        return nesting.repaired(blocks)

    def _block(self, token: Token) -> Block | None:
        if token.map is None:
            return None
        start, end = self._span(token)
        if token.type in _BRANCHES:
            return self._branch(token, start, end)
        if token.type == "heading_open":
            return self._heading(token, start, end)
        if token.type == "table_open":
            return self._made("table", start, end, self._dedented(start, end), rows=self._rows())
        kind = _LEAVES.get(token.type)
        return self._made(kind, start, end, self._dedented(start, end, code=kind == "code")) if kind else None

    def _made(
        self,
        kind: str,
        start: int,
        end: int,
        lines: tuple[str, ...] = (),
        children: tuple[Block, ...] = (),
        *,
        level: int = 0,
        number: int | None = None,
        rows: tuple[Row, ...] = (),
    ) -> Block:
        return Block(
            kind=kind,
            line=self._tidied.numbers[start],
            lines=lines,
            children=children,
            level=level,
            number=number,
            indent=_indent(self._tidied.lines[start]),
            rows=rows,
            last=self._tidied.numbers[end - 1],
        )

    def _heading(self, token: Token, start: int, end: int) -> Block:
        lines = self._dedented(start, end)
        atx = token.markup.startswith("#")
        text = _ATX_END.sub("", _ATX.sub("", lines[0])) if atx else " ".join(lines[:-1])
        # With indented code off, a comment in indented code looks like a heading.
        is_comment = atx and _indent(self._tidied.lines[start]) >= 4 and not self._around
        return self._made(
            "paragraph" if is_comment else "heading", start, end, (text.strip(),), level=int(token.tag[1])
        )

    def _span(self, token: Token) -> tuple[int, int]:
        """The first line and the one after the last that says something."""
        start, end = token.map or [0, 0]
        end = min(end, len(self._tidied.lines))
        while end > start + 1 and not self._tidied.lines[end - 1].strip():
            end -= 1
        return start, max(end, start + 1)

    def _branch(self, token: Token, start: int, end: int) -> Block:
        kind = _BRANCHES[token.type]
        closing = token.type.replace("_open", "_close")
        if kind == "list":
            return self._made(kind, start, end, children=self._until(closing))
        lines = self._dedented(start, end) if kind == "quote" else ()
        self._around.append((kind, start))
        children = self._until(closing)
        if kind == "item" and not children:  # nested deeper than the parser follows, or empty
            raw = self._dedented(start, end)
            children = (self._made("paragraph", start, end, raw),) if any(line.strip() for line in raw) else ()
        self._around.pop()
        number = int(token.info) if kind == "item" and token.info.isdigit() else None
        return self._made(kind, start, end, lines, children, number=number)

    def _dedented(self, start: int, end: int, *, code: bool = False) -> tuple[str, ...]:
        """The lines without the quote signs, list markers and indentation that stand around the block."""
        lines = []
        margin = 0
        for index in range(start, end):
            if index in self._tidied.marks:
                continue
            line = self._tidied.lines[index]
            for kind, first in self._around:
                if kind == "quote":
                    line = _QUOTE.sub("", line, count=1)
                elif first == index:
                    line = _ITEM.sub("", line, count=1)
            if index == start:
                line = line.lstrip()
                margin = len(self._tidied.lines[index].expandtabs(4)) - len(line.expandtabs(4))
            else:
                line = _cut(line, margin) if code else line.lstrip()
            lines.append(line if code else line.rstrip())
        return tuple(lines)

    def _rows(self) -> tuple[Row, ...]:
        rows: list[Row] = []
        cells: list[str] = []
        line = 0
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            self._next += 1
            if token.type == "table_close":
                break
            if token.type == "tr_open" and token.map:
                line, cells = self._tidied.numbers[min(token.map[0], len(self._tidied.numbers) - 1)], []
            elif token.type == "inline":
                cells.append(token.content.strip())
            elif token.type == "tr_close":
                rows.append(Row(line, tuple(cells)))
        return tuple(rows)


def _folded(pieces: list[Block | str]) -> list[Block]:
    """*pieces* with everything between two marks put into a `details` block; marks without a partner vanish."""
    if not any(isinstance(piece, str) for piece in pieces):
        return [piece for piece in pieces if isinstance(piece, Block)]
    stack: list[tuple[list[Block], list[Block]]] = []  # the summary and the body of each open foldout
    top: list[Block] = []
    in_summary = False
    for piece in pieces:
        if isinstance(piece, Block):
            target = (stack[-1][0] if in_summary else stack[-1][1]) if stack else top
            target.append(piece)
        elif piece == OPEN:
            stack.append(([], []))
            in_summary = False
        elif piece in {SUMMARY, SUMMARY_END}:
            in_summary = piece == SUMMARY and bool(stack)
        elif piece == CLOSE and stack:
            in_summary = False
            _close(stack, top)
    while stack:
        _close(stack, top)
    return top


def _close(stack: list[tuple[list[Block], list[Block]]], top: list[Block]) -> None:
    summary, body = stack.pop()
    target = stack[-1][1] if stack else top
    said = [block for each in summary for block in each.walk() if block.lines]
    first = said or body
    if not first:
        return
    lines = tuple(line for block in said for line in block.lines)
    last = max(block.last for block in first + body)
    target.append(Block("details", line=first[0].line, last=last, lines=lines, children=tuple(nesting.repaired(body))))


def _indent(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _cut(line: str, margin: int) -> str:
    """*line* without up to *margin* columns of white space."""
    column = 0
    for index, char in enumerate(line):
        if column >= margin or char not in " \t":
            return line[index:]
        column += 4 - column % 4 if char == "\t" else 1
    return ""
