"""The shapes that questions take below one heading: labels, foldouts, tables, bold lines, list items.

Each shape takes the blocks of a section and gives the questions it finds, or none. The first that finds some wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from content.notes import labels, signs
from content.notes.asked import ask, bare_question, begins_answer
from content.notes.blocks import Block
from content.notes.lists import answer_key, ask_items
from content.notes.plain import plain
from content.notes.quiz import with_choices
from content.notes.reading import Asked
from content.notes.tables import ask_rows

_BOLD = re.compile(
    r"^(?:\*\*|__|<(?:b|strong)>)\s*(?P<said>\S(?:.{0,1000}?\S)?)\s*(?:\*\*|__|</(?:b|strong)>)(?P<rest>.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section stands."""

    heading: str = ""  # plain
    invites: bool = False  # a heading above announces questions: FAQ, Q&A, 면접


def questions_in(blocks: Sequence[Block], place: Place) -> tuple[Asked, ...]:
    """The questions that stand in *blocks*, the body of one section without headings."""
    pieces = _pieces(blocks)
    for shape in (_labelled, _foldouts, _tables, _bold, _listed, _quoted):
        if found := shape(pieces, place):
            return tuple(found)
    return ()


def _pieces(blocks: Sequence[Block]) -> list[Block]:
    """*blocks* with paragraphs cut before each label, and labelled lists and quotes opened."""
    pieces: list[Block] = []
    for block in blocks:
        if block.kind == "paragraph":
            pieces += _cut(block)
        elif block.kind == "list" and _is_labelled_list(block):
            for item in block.children:
                pieces += _pieces(item.children)
        elif block.kind == "quote" and any(_is_labelled(child) for child in block.children):
            pieces += _pieces(block.children)
        else:
            pieces.append(block)
    return pieces


def _cut(block: Block) -> list[Block]:
    starts = [
        index
        for index, line in enumerate(block.lines)
        if index == 0
        or labels.label(line)
        or (labels.is_arrow(line) and signs.is_question(plain(block.lines[index - 1])))
    ]
    ends = [*starts[1:], len(block.lines)]
    return [block.part(start, end) for start, end in zip(starts, ends, strict=True)]


def _is_labelled(block: Block) -> bool:
    return block.kind == "paragraph" and labels.label(block.text) is not None


def _is_labelled_list(block: Block) -> bool:
    """A list with questions and answers side by side: "- Q: …", "- A: …"."""
    heads = [item.children[0] for item in block.children if item.children]
    asked = sum(1 for head in heads if head.kind == "paragraph" and labels.label(head.text) == labels.QUESTION)
    answered = sum(1 for head in heads if head.kind == "paragraph" and begins_answer(head))
    return asked > 0 and answered > 0 and (asked + answered) * 2 >= len(heads)


def _labelled(pieces: list[Block], place: Place) -> list[Asked]:
    kinds = [_label(piece) for piece in pieces]
    asked, answered = kinds.count(labels.QUESTION), kinds.count(labels.ANSWER)
    if asked and (answered or asked > 1 or place.invites):
        starts = [index for index, kind in enumerate(kinds) if kind == labels.QUESTION]
    elif answered:
        # Only the answers are marked: the piece before each asks.
        starts = [
            index - 1
            for index, kind in enumerate(kinds)
            if kind == labels.ANSWER and index and kinds[index - 1] is None and _asks(pieces[index - 1])
        ]
        if len(starts) < answered / 2 or any(piece.kind == "list" and _item_head(piece) for piece in pieces):
            return []
    else:
        return []
    return _between(pieces, starts, place)


def _label(piece: Block) -> str | None:
    if piece.kind == "paragraph" and labels.label(piece.text) == labels.QUESTION:
        return labels.QUESTION
    if piece.kind == "details" and labels.label(piece.text) == labels.QUESTION:
        return labels.QUESTION
    return labels.ANSWER if begins_answer(piece) and piece.kind != "list" else None


def _asks(piece: Block) -> bool:
    return piece.kind in {"paragraph", "details"} and signs.is_question(plain(piece.text))


def _item_head(block: Block) -> bool:
    return any(item.children and signs.is_question(plain(item.children[0].text)) for item in block.children)


def _between(pieces: list[Block], starts: list[int], place: Place) -> list[Asked]:
    """A question at each of *starts*, answered by what stands before the next."""
    found = []
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=True):
        head, below = pieces[start], [*pieces[start].children, *pieces[start + 1 : end]]
        words, rest = _question_lines(head, answered=any(begins_answer(piece) for piece in below), alone=not below)
        if rest:
            below.insert(0, head.part(len(words)))
        if asked := ask("\n".join(words), head.line, below, section=place.heading):
            found.append(asked)
    return found


def _question_lines(head: Block, *, answered: bool, alone: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines of a paragraph that ask and those that already answer."""
    lines = head.lines
    if head.kind != "paragraph" or answered or len(lines) == 1:
        return lines, ()
    for index, line in enumerate(lines):
        if signs.question_score(plain(line)) == 1.0:
            return lines[: index + 1], lines[index + 1 :]
    return (lines[:1], lines[1:]) if alone else (lines, ())


def _foldouts(pieces: list[Block], place: Place) -> list[Asked]:
    folds = [piece for piece in pieces if piece.kind == "details"]
    asking = [signs.is_question(plain(bare_question(fold.text))) for fold in folds]
    if not folds or (sum(asking) < len(folds) / 2 and not place.invites):
        return []
    found: list[Asked] = []
    for fold, asks in zip(folds, asking, strict=True):
        title = plain(fold.text)
        if signs.is_dropped_section(title) or labels.reveals_answer(title):
            continue
        if not asks and any(child.kind == "details" for child in fold.children):
            found += questions_in(fold.children, Place(title, place.invites))
        elif asked := ask(fold.text, fold.line, fold.children, section=place.heading):
            found.append(asked)
    return found


def _tables(pieces: list[Block], place: Place) -> list[Asked]:
    return [asked for piece in pieces if piece.kind == "table" for asked in ask_rows(piece, section=place.heading)]


def _bold(pieces: list[Block], place: Place) -> list[Asked]:
    pieces = [part for piece in pieces for part in _bold_parts(piece)]
    return _marked(pieces, place, _bold_words)


def _bold_parts(piece: Block) -> list[Block]:
    """A paragraph whose first line is all bold, or that begins with a bold question, cut behind the bold words."""
    found = _BOLD.match(piece.lines[0]) if piece.kind == "paragraph" else None
    if not found:
        return [piece]
    rest = found["rest"].strip()
    if rest and rest not in {":", "?", "？", "\\"}:
        if signs.question_score(plain(found["said"])) < 1:
            return [piece]
        start = piece.lines[0].index(rest)
        head = replace(piece.part(0, 1), lines=(piece.lines[0][:start].rstrip(),))
        return [head, replace(piece, lines=(rest, *piece.lines[1:]))]
    return [piece.part(0, 1), piece.part(1)] if len(piece.lines) > 1 else [piece]


def _bold_words(piece: Block) -> str | None:
    found = _BOLD.match(piece.lines[0]) if piece.kind == "paragraph" and len(piece.lines) == 1 else None
    if not found or found["rest"].strip() not in {"", ":", "?", "？", "\\"} or "**" in found["said"]:
        return None
    return bare_question(found["said"] + found["rest"].strip(":\\ "))


def _quoted(pieces: list[Block], place: Place) -> list[Asked]:
    def words(piece: Block) -> str | None:
        if piece.kind == "quote" and len(piece.children) == 1 and piece.children[0].kind == "paragraph":
            return bare_question(piece.children[0].text)
        return None

    if sum(1 for piece in pieces if (said := words(piece)) and signs.question_score(plain(said)) > 0.7) < 2:
        return []
    return _marked(pieces, place, words)


def _marked(pieces: list[Block], place: Place, words: Callable[[Block], str | None]) -> list[Asked]:
    """Questions where *words* finds a marked line, if at least half of the marked lines look like questions."""
    marked = {index: said for index, piece in enumerate(pieces) if (said := words(piece)) is not None}
    likely = {index for index, said in marked.items() if signs.is_question(plain(said))}
    if not likely or len(likely) < len(marked) / 2 or (len(likely) == 1 and not place.invites and len(marked) > 1):
        return []
    if len(likely) == 1 and not place.invites and signs.question_score(plain(marked[min(likely)])) < 0.8:
        return []
    starts = [
        index
        for index, said in marked.items()
        if index in likely or (_is_answered(pieces, index, marked) and not _is_aside(plain(said)))
    ]
    found = []
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=True):
        head = replace(pieces[start], lines=(marked[start],), children=())
        if asked := ask(head.text, head.line, pieces[start + 1 : end], section=place.heading):
            found.append(asked)
    return found


def _is_aside(words: str) -> bool:
    return signs.is_dropped_inside(words) or signs.is_frame(words)


def _is_answered(pieces: list[Block], index: int, marked: dict[int, str]) -> bool:
    return index + 1 < len(pieces) and index + 1 not in marked and pieces[index + 1].kind != "rule"


def _listed(pieces: list[Block], place: Place) -> list[Asked]:
    found = ask_items(pieces, section=place.heading, invites=place.invites)
    return answer_key(with_choices(found), pieces)
