"""An answer's points in Discord's Markdown, in pages that end where a sentence, a line of code or a row ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.platforms.discord.limits import ELLIPSIS, head, length
from content import Point

_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w+#.-]*)\s*$")
_SENTENCE_END = re.compile(r"[.!?…。？！]+[\"'”’)\]]*\s+")
_SPACE = re.compile(r"\s+")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(")
# A dollar before a digit is money; one before a space opens nothing.
_MATH = re.compile(r"(?<![\\$])(\$\$?)(?![\s\d$])([^$\n]+?)(?<!\s)\1(?![\d$])")
_DEEPEST = 6  # Discord draws no list deeper


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message."""

    text: str
    prefix: str = ""  # the bullet or the indent
    bold: bool = False
    fence: str = ""  # what opens the code block that it stands in

    def __str__(self) -> str:
        return f"{self.prefix}**{self.text}**" if self.bold else self.prefix + self.text


def point_lines(points: tuple[Point, ...], *, best: str | None, mark: str) -> list[Line]:
    """Every point as nested bullets, the one at the address *best* in bold, or under *mark* where bold would break."""
    return [
        line
        for number, point in enumerate(points, start=1)
        for address, each in point.walk(str(number))
        for line in _point_lines(each, address.count("."), mark if address == best else "")
    ]


def pages(lines: list[Line], room: int) -> list[str]:
    """*lines* in texts of at most *room* characters each; never none."""
    whole = _joined(lines)
    if length(whole) <= room:
        return [whole]
    filled: list[list[Line]] = [[]]
    for line in (part for each in lines for part in _parts(each, room)):
        if filled[-1] and length(_joined([*filled[-1], line])) > room:
            filled.append([])
        filled[-1].append(line)
    return [_joined(page) for page in filled]


def gist(text: str, room: int) -> str:
    """*text*, or its first sentences with an ellipsis where it is longer than *room*."""
    if length(text) <= room:
        return text
    end, _ = _end(text, room - 2)
    return f"{text[:end].rstrip()} {ELLIPSIS}"


def _point_lines(point: Point, depth: int, mark: str) -> Iterator[Line]:
    indent = "  " * min(depth, _DEEPEST)
    prefix = f"{indent}- "
    # Asterisks and underscores of the note's own would end the bold early.
    plain = not re.search(r"[*_`]", point.text)
    if mark and not plain:
        prefix += f"**{mark}** · "
    for text, fence in _segments(point.text):
        if fence:
            if prefix.strip():
                yield Line("", prefix.rstrip(" ·"))
            yield Line(text, fence=fence)
        else:
            yield Line(_degraded(text), prefix, bold=bool(mark) and plain)
        prefix = f"{indent}  "


def _segments(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a point, each with the fence of the code block it belongs in: code, tables, set-off formulas."""
    fence = closing = ""
    rows = text.split("\n")
    for place, row in enumerate(rows):
        if closing:
            if row.strip().startswith(closing):
                fence = closing = ""
            else:
                yield row, fence
        elif opened := _FENCE.match(row):
            closing, fence = opened[1], f"```{opened[2]}"
        elif row.strip() == "$$" and "$$" in map(str.strip, rows[place + 1 :]):
            closing, fence = "$$", "```latex"
        elif _is_table_row(row):
            yield row.strip(), "```"
        elif row.strip():
            yield row.strip(), ""


def _is_table_row(row: str) -> bool:
    return row.strip().startswith("|") and row.strip().endswith("|") and len(row.strip()) > 1


def _degraded(text: str) -> str:
    """What Discord does not draw, readable: formulas as code, so that no sign in them is eaten, pictures as links."""
    text = _IMAGE.sub(lambda found: f"[{found[1] or '🖼'}](", text)
    return text if "`" in text else _MATH.sub(r"`\g<0>`", text)


def _joined(lines: list[Line]) -> str:
    """The lines with code blocks opened and closed around them."""
    rows: list[str] = []
    fence = ""
    for line in lines:
        if line.fence != fence:
            rows += ["```"] if fence else []
            rows += [line.fence] if line.fence else []
            fence = line.fence
        rows.append(str(line))
    rows += ["```"] if fence else []
    return "\n".join(rows)


def _parts(line: Line, room: int) -> Iterator[Line]:
    """*line*, cut at sentence ends where it alone is longer than a page."""
    rest = line
    while (over := length(_joined([rest])) - room) > 0:
        end, whole = _end(rest.text, length(rest.text) - over - len(ELLIPSIS))
        yield replace(rest, text=rest.text[:end].rstrip() + ("" if whole else ELLIPSIS))
        rest = replace(rest, text=rest.text[end:], prefix=" " * len(rest.prefix))
    yield rest


def _end(text: str, room: int) -> tuple[int, bool]:
    """Where to cut *text* so that it fits, and whether a sentence ends there; else it is a space, else anywhere."""
    within = text[: max(head(text, room), 1)]
    for pattern in (_SENTENCE_END, _SPACE):
        ends = [found.end() for found in pattern.finditer(within) if found.start() > 0]
        if ends:
            return ends[-1], pattern is _SENTENCE_END
    return len(within), False
