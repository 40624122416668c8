"""Tables of contents: list items that only link into the page or repeat its headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from content.notes.asked import bare_question
from content.notes.blocks import Block
from content.notes.plain import plain
from content.notes.remark import Remark
from content.notes.tidy import Tidied

_ANCHOR = re.compile(r"^\s*(?:\*\*|__)?\[.*\]\(\s*#[^)]*\)(?:\*\*|__)?\s*$")
_REASON = Remark("contents", "table of contents")


def without_contents(blocks: Sequence[Block], tidied: Tidied) -> tuple[Block, ...]:
    """*blocks* without the list items of a table of contents, which are noted in *tidied*."""
    headings = {_key(block.text) for block in blocks if block.kind == "heading"} - {""}
    kept: list[Block] = []
    for block in blocks:
        if block.kind != "list":
            kept.append(block)
            continue
        items = []
        for item in block.children:
            if _repeats(item, headings):
                tidied.drop(item.line, _REASON, item.last - item.line + 1)
            else:
                items.append(item)
        if items:
            kept.append(
                replace(block, children=tuple(items), line=items[0].line) if len(items) < len(block.children) else block
            )
    return tuple(kept)


def _repeats(item: Block, headings: set[str]) -> bool:
    leaves = [block for block in item.walk() if block.lines]
    return bool(leaves) and all(
        (block.kind == "paragraph" and all("](" in line and _ANCHOR.match(line) for line in block.lines))
        or (bool(headings) and _key(block.text) in headings)
        for block in leaves
    )


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, plain(bare_question(text)[:500]).casefold()))
