"""Answers as Slack's rich text: the note's bullets as lists, its code as code, every word as it stands."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bot.platforms.slack.limits import BLOCK_WORDS, INDENT, PAGE_WORDS
from bot.platforms.slack.text import sound
from bot.reply import Answer
from bot.wording import Phrases
from content import Question

Json = dict[str, Any]

_PIECE = BLOCK_WORDS - 100  # room for the mark of the closest passage
_FENCE = "```"
_CHANNEL = re.compile(r"\b([CG][A-Z0-9]{8,})\b")


@dataclass(frozen=True, slots=True)
class _Line:
    """One bullet or one piece of code."""

    words: str
    depth: int
    code: bool = False
    best: bool = False


class Pages:
    """Answers' pages, the newest kept: the same few questions are asked again and again."""

    def __init__(self, kept: int = 256) -> None:
        self._made: OrderedDict[tuple[int, str | None, str], tuple[Question, tuple[list[Json], ...]]] = OrderedDict()
        self._kept = kept

    def of(self, answer: Answer, phrase: Phrases) -> tuple[list[Json], ...]:
        """The question and its answer as rich text blocks, a message's worth on each page; no word is left out."""
        key = (id(answer.question), answer.best, phrase.locale)  # a question that is kept keeps its id
        if key not in self._made:
            self._made[key] = (answer.question, _pages(answer, phrase))
            if len(self._made) > self._kept:
                self._made.popitem(last=False)
        return self._made[key][1]


answer_pages = Pages().of


def _pages(answer: Answer, phrase: Phrases) -> tuple[list[Json], ...]:
    question = [_Line(piece, -1) for piece in _pieces(answer.question.text)]
    pages: list[list[_Line]] = [[]]
    for line in [*question, *_lines(answer)]:
        if pages[-1] and sum(len(each.words) for each in pages[-1]) + len(line.words) > PAGE_WORDS:
            pages.append([])
        pages[-1].append(line)
    return tuple(_blocks(page, phrase) for page in pages)


def paragraph(text: str, *, style: str = "") -> list[Json]:
    """*text* in rich text, in as many blocks as it takes; nothing where it is blank."""
    return [_block([_section(piece, style)]) for piece in _pieces(text)]


def naming_channels(block: Json) -> Json:
    """*block* with the ids of channels in it shown as their names, to who may see them."""
    elements: list[Json] = []
    for element in block.get("elements", []):
        if element.get("type") != "text":
            elements.append(naming_channels(element))
            continue
        for number, part in enumerate(_CHANNEL.split(element["text"])):
            if part:
                elements.append({"type": "channel", "channel_id": part} if number % 2 else {**element, "text": part})
    return {**block, "elements": elements} if elements else block


def quote(text: str) -> list[Json]:
    """*text* as a quotation."""
    return [
        _block([{"type": "rich_text_quote", "elements": [{"type": "text", "text": piece}]}]) for piece in _pieces(text)
    ]


def words_in(block: Json) -> int:
    """How many characters *block* shows."""
    count = 0
    waiting = [block]
    while waiting:
        part = waiting.pop()
        text = part.get("text", "")
        count += len(text) if isinstance(text, str) else len(text["text"])
        waiting += part.get("elements", ())
    return count


def _lines(answer: Answer) -> Iterator[_Line]:
    for address, point in answer.question.walk():
        depth = min(address.count("."), INDENT)
        for code, part in _parts(point.text):
            for piece in _pieces(part):
                yield _Line(piece, depth, code=code, best=address == answer.best)


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """*text* as words and fenced code in turn; a fence that is never closed is words."""
    held: list[str] = []
    opening, fenced = "", False
    for line in text.split("\n"):
        if line.startswith(_FENCE) and (not fenced or not line.strip("` \t")):
            yield fenced, "\n".join(held)
            held, fenced, opening = [], not fenced, line
        else:
            held.append(line)
    yield False, "\n".join([opening, *held] if fenced else held)


def _pieces(text: str) -> list[str]:
    """*text* in pieces that a block takes, parted at the end of a line or a word where there is one."""
    rest = sound(text).strip("\n")
    pieces: list[str] = []
    while rest.strip():
        if len(rest) <= _PIECE:
            return [*pieces, rest]
        end = max(rest.rfind(mark, _PIECE // 2, _PIECE) for mark in ("\n", " ")) + 1 or _PIECE
        pieces.append(rest[:end])
        rest = rest[end:]
    return [piece for piece in pieces if piece.strip()]


def _blocks(lines: list[_Line], phrase: Phrases) -> list[Json]:
    blocks: list[list[_Line]] = [[]]
    for line in lines:
        if blocks[-1] and sum(len(each.words) for each in blocks[-1]) + len(line.words) > _PIECE:
            blocks.append([])
        blocks[-1].append(line)
    return [_block(_elements(each, phrase)) for each in blocks if each]


def _elements(lines: list[_Line], phrase: Phrases) -> list[Json]:
    elements: list[Json] = []
    for (code, depth), group in groupby(lines, key=lambda line: (line.code, line.depth)):
        if code:
            elements += [{"type": "rich_text_preformatted", "elements": [_text(line.words)]} for line in group]
        elif depth < 0:
            elements += [_section(line.words, "bold") for line in group]
        else:
            items = [_item(line, phrase) for line in group]
            elements.append({"type": "rich_text_list", "style": "bullet", "indent": depth, "elements": items})
    return elements


def _item(line: _Line, phrase: Phrases) -> Json:
    if not line.best:
        return _section(line.words)
    mark = [{"type": "emoji", "name": "point_right"}, _text(f" {phrase('answer.best')}: ", "italic")]
    return {"type": "rich_text_section", "elements": [*mark, _text(line.words, "bold")]}


def _section(text: str, style: str = "") -> Json:
    return {"type": "rich_text_section", "elements": [_text(text, style)]}


def _text(text: str, style: str = "") -> Json:
    # Rich text shows "<!channel>" and "&" as letters: only markup is read, and this is none.
    return {"type": "text", "text": text} | ({"style": {style: True}} if style else {})


def _block(elements: list[Json]) -> Json:
    return {"type": "rich_text", "elements": elements}
