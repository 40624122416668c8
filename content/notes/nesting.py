"""Lists that note takers mean as one but Markdown reads as several: too little indentation below "1.", text between.

Markdown wants three columns below "1. " and breaks a numbered list at every paragraph that stands at the margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from content.notes.blocks import Block

_FARTHEST = 60  # blocks between two items of one list; keeps a note of ten thousand lists quick


def repaired(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """*blocks* of one container with what hangs below a list item put into that item."""
    if not any(block.kind == "list" for block in blocks):
        return tuple(blocks)
    return tuple(_chained(_indented(blocks)))


def _indented(blocks: Sequence[Block]) -> list[Block]:
    """What follows a list and stands further right than its items belongs to its last item."""
    result: list[Block] = []
    for block in blocks:
        before = result[-1] if result else None
        if before and before.kind == "list" and block.kind != "heading" and block.indent > before.children[-1].indent:
            result[-1] = _below_last(before, (block,))
        elif before and before.kind == block.kind == "list" and _continues(before, block):
            result[-1] = _joined(before, block)
        else:
            result.append(block)
    return result


def _chained(blocks: list[Block]) -> list[Block]:
    """A numbered list that goes on after other blocks takes those blocks into the item before them."""
    result: list[Block] = []
    index = 0
    while index < len(blocks):
        block = blocks[index]
        index += 1
        between: list[Block] = []
        while block.kind == "list" and (ahead := _continuation(blocks, index, block)) is not None:
            between += blocks[index:ahead]
            block = _joined(_below_last(block, blocks[index:ahead]), blocks[ahead])
            index = ahead + 1
        if between:  # the last item is answered in the same way as the others
            ends = {"heading"} if any(each.kind == "rule" for each in between) else {"heading", "rule"}
            stop = next((n for n in range(index, len(blocks)) if blocks[n].kind in ends), len(blocks))
            block = _below_last(block, blocks[index:stop])
            index = stop
        result.append(block)
    return result


def _continuation(blocks: list[Block], index: int, block: Block) -> int | None:
    """Where the numbered list *block*, which ends before *index*, goes on."""
    if block.children[-1].number is None:
        return None
    for ahead in range(index, min(len(blocks), index + _FARTHEST)):
        if blocks[ahead].kind == "heading":
            return None
        if blocks[ahead].kind == "list" and blocks[ahead].indent == block.indent and _continues(block, blocks[ahead]):
            return ahead
    return None


def _continues(before: Block, block: Block) -> bool:
    number = block.children[0].number
    return number is not None and block.indent == before.indent and number == (before.children[-1].number or -1) + 1


def _below_last(block: Block, more: Sequence[Block]) -> Block:
    if not more:
        return block
    item = block.children[-1]
    last = more[-1].last
    item = replace(item, children=(*item.children, *more), last=last)
    return replace(block, children=(*block.children[:-1], item), last=last)


def _joined(before: Block, block: Block) -> Block:
    return replace(before, children=(*before.children, *block.children), last=block.last)
