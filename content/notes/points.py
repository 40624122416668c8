"""The blocks of an answer as a tree of points, each the note's own Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from content.notes import labels, signs
from content.notes.blocks import Block
from content.notes.plain import plain
from content.notes.reading import Said

_IMAGE_ONLY = re.compile(
    r"^(?:\s*(?:\[?!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])(?:\]\([^)\n]*\))?|</?(?:img|figure|figcaption"
    r"|picture|source)\b[^<>]*>))+\s*$",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\W*(?:내용|(?:the )?answer (?:goes|comes) here|답변?|답변 ?(?:내용|작성|예정|대기 ?중?|필요)|answer(?: here)?"
    r"|your answer(?: here)?|write (?:your )?answer(?: here)?|a|tbd|tba|todo"
    r"|to ?do|wip|n/a|추가 ?예정|작성 ?(?:예정|중|하기|해주세요)?|업데이트 ?예정|정리 ?(?:예정|중)|준비 ?중|미정|없음"
    r"|none|empty|待补充|待定"
    r"|내용 ?(?:추가|작성|입력) ?(?:예정|중)?"
    r"|여기에 ?(?:답변?|내용)(?:을|를)? ?(?:작성|입력|적어)?.{0,10}|coming soon|not (?:yet )?answered(?: yet)?"
    r"|답변 ?없음)?\W*",
    re.IGNORECASE,
)
_ATTACHED = {"code", "table", "math"}


def points_of(blocks: Sequence[Block]) -> tuple[Said, ...]:
    """The points that *blocks* make, or none where they hold nothing but a placeholder."""
    points = _collected(blocks)
    return () if is_placeholder(points) else points


def is_placeholder(points: Iterable[Said]) -> bool:
    """Whether *points* only keep a place for an answer: "내용", "Answer here", a bare "A:"."""
    return all(
        not point.children
        and len(point.text) < 60
        and bool(_PLACEHOLDER.fullmatch(plain(point.text)))
        and "![" not in point.text
        and "<img" not in point.text
        for point in points
    )


def is_image(block: Block) -> bool:
    """Whether *block* shows an image and says nothing."""
    return block.kind == "paragraph" and len(block.text) < 5000 and bool(_IMAGE_ONLY.match(block.text))


def _collected(blocks: Sequence[Block]) -> tuple[Said, ...]:
    points: list[Said] = []
    for index, block in enumerate(blocks):
        if block.kind == "rule":
            continue
        if block.kind == "heading":
            return (*points, *_below_headings(blocks[index:]))
        if block.kind == "list":
            points += [point for item in block.children if (point := _item(item)) is not None]
        elif block.kind == "details":
            points += _foldout(block)
        elif points and (block.kind in _ATTACHED or is_image(block)):
            points[-1] = _attached(points[-1], block.text)
        elif block.text.strip():
            points.append(Said(block.text))
    return tuple(points)


def _below_headings(blocks: Sequence[Block]) -> tuple[Said, ...]:
    """A heading inside an answer is a point; what stands below it are that point's children."""
    points: list[Said] = []
    start = 0
    while start < len(blocks):
        heading = blocks[start]
        stop = next(
            (
                n
                for n in range(start + 1, len(blocks))
                if blocks[n].kind == "heading" and blocks[n].level <= heading.level
            ),
            len(blocks),
        )
        below = _collected(blocks[start + 1 : stop])
        words = plain(heading.text)
        if labels.says_answer(words) or not words:
            points += below
        elif not signs.is_dropped_inside(words):
            points.append(Said(heading.text, below))
        start = stop
    return tuple(points)


def _item(item: Block) -> Said | None:
    """A list item: its own words are the point, the lists below them its children."""
    own: list[str] = []
    rest: list[Block] = []
    for child in item.children:
        if rest or child.kind in {"list", "details"} or (child.kind == "heading" and own):
            rest.append(child)
        elif child.kind != "rule":
            own.append(child.text)
    children = _collected([replace(child, kind="paragraph") if child.kind == "heading" else child for child in rest])
    text = "\n".join(own).strip("\n")
    if text:
        return Said(text, children)
    if not children:
        return None
    return Said(children[0].text, (*children[0].children, *children[1:]))


def _foldout(block: Block) -> tuple[Said, ...]:
    below = _collected(block.children)
    words = plain(block.text)
    if not words or labels.reveals_answer(words):
        return below
    return (Said(block.text, below),)


def _attached(point: Said, text: str) -> Said:
    """*point* with *text* as further lines of the last thing it says."""
    if point.children:
        return replace(point, children=(*point.children[:-1], _attached(point.children[-1], text)))
    return replace(point, text=f"{point.text}\n{text}")
