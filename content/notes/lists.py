"""List items that ask, with the answer nested below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from content.notes import labels, signs
from content.notes.asked import ask, bare_question, cut_answer, is_options
from content.notes.blocks import Block
from content.notes.plain import plain
from content.notes.points import points_of
from content.notes.reading import Asked

_CHECK = re.compile(r"(?:했는가|하였는가|되었는가|됐는가|있는가|없는가|인가|했나|했나요|하였나요|확인)\W*$")
_BOX = re.compile(r"^\[[ xX]\]\s")


@dataclass(frozen=True, slots=True)
class _Item:
    block: Block
    head: Block  # what it says itself
    words: str  # the same, plain
    below: tuple[Block, ...]
    score: float  # how much it looks like a question

    @property
    def asks(self) -> bool:
        return self.score >= signs.LIKELY

    @property
    def is_sure(self) -> bool:
        return self.score >= 0.8


def ask_items(pieces: Sequence[Block], *, section: str = "", invites: bool = False) -> list[Asked]:
    """The questions among the list items of one section, from the level where most siblings ask."""
    lists = [piece for piece in pieces if piece.kind == "list"]
    if not lists or _is_checklist(lists):
        return []
    items = [
        item
        for piece in _with_margins(pieces)
        for block in piece.children
        if (item := _item(block, invites=invites)) is not None
    ]
    if _accepts(items, invites=invites):
        every = _are_all_questions(items)
        return [asked for item in items if _counts(item, every=every) for asked in _asked(item, section)]
    deeper = [child for item in items for child in item.below if child.kind == "list"]
    return ask_items(deeper, section=section, invites=invites) if deeper else []


def answer_key(asked: list[Asked], pieces: Sequence[Block]) -> list[Asked]:
    """*asked*, answered from a numbered list at the end that holds one short answer for each."""
    lists = [piece for piece in pieces if piece.kind == "list"]
    if len(lists) < 2 or len(asked) < 2 or any(question.answered for question in asked):
        return asked
    key = lists[-1].children
    if len(key) != len(asked) or any(item.number is None or not _is_short(item) for item in key):
        return asked
    return [replace(question, points=points_of(item.children)) for question, item in zip(asked, key, strict=True)]


def _is_short(item: Block) -> bool:
    return len(item.children) == 1 and len(item.children[0].text) <= 60 and not signs.is_question(item.children[0].text)


def _with_margins(pieces: Sequence[Block]) -> list[Block]:
    """The lists. One of a single item that asks takes what follows it: people number paragraphs by hand."""
    found: list[Block] = []
    taken = 0
    for index, piece in enumerate(pieces):
        if piece.kind != "list" or index < taken:
            continue
        taken = index + 1
        item = piece.children[0]
        if len(piece.children) == len(item.children) == 1:
            asks = signs.question_score(plain(item.children[0].text)) >= 0.8
            while asks and taken < len(pieces) and _hangs_below(piece, pieces[taken]):
                taken += 1
        item = replace(item, children=(*item.children, *pieces[index + 1 : taken]))
        found.append(replace(piece, children=(item,)) if taken > index + 1 else piece)
    return found


def _hangs_below(piece: Block, other: Block) -> bool:
    if other.kind == "list":
        return _is_other_kind(piece, other)
    return other.kind not in {"rule", "heading"}


def _is_other_kind(piece: Block, other: Block) -> bool:
    return (piece.children[0].number is None) != (other.children[0].number is None)


def _item(item: Block, *, invites: bool) -> _Item | None:
    if not item.children or item.children[0].kind not in {"paragraph", "heading", "details"}:
        return None
    head, *below = (*cut_answer(item.children[0], invites=invites and len(item.children) == 1), *item.children[1:])
    words = plain(bare_question(head.text))
    labelled = labels.label(head.text) == labels.QUESTION
    return _Item(item, head, words, tuple(below), 1.0 if labelled else signs.question_score(words))


def _accepts(items: list[_Item], *, invites: bool) -> bool:
    """Whether most of *items* that could ask do: those with an answer below, or a question mark."""
    asking = [item for item in items if item.asks]
    sure = [item for item in asking if item.is_sure]
    answered = [item for item in items if item.below]
    candidates = sum(1 for item in items if item.asks or item.below)
    if not asking or (not sure and not invites) or len(asking) < candidates / 2:
        return False
    if any(item.below for item in asking):
        return len(sure) >= len(answered) / 4 or invites
    # Unanswered questions: only where they are what the section is about.
    return len(sure) >= len(items) / 2 and (len(sure) >= 5 or invites)


def _are_all_questions(items: list[_Item]) -> bool:
    """A list of nothing but questions: then an item asks that does not look like it."""
    return len(items) >= 5 and sum(1 for item in items if item.asks) >= len(items) * 0.75


def _counts(item: _Item, *, every: bool) -> bool:
    """Whether one item of an accepted level is a question."""
    if not item.words or _is_links(item.block):
        return False
    if item.asks or (every and not item.below):
        return True
    return (
        bool(item.below)
        and not signs.is_frame(item.words)
        and (signs.is_trouble(item.words) or not signs.is_remark(item.words))
        and not _only_options(item)
    )


def _only_options(item: _Item) -> bool:
    return len(item.below) == 1 and is_options(item.below[0]) and item.below[0].kind != "list"


def _is_links(item: Block) -> bool:
    """An entry of a table of contents."""
    text = item.children[0].text.strip()
    return bool(re.fullmatch(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]\(#[^)]*\)", text))


def _asked(item: _Item, section: str) -> list[Asked]:
    head = item.head
    below = [*head.children, *item.below] if head.kind == "details" else item.below
    found = ask(head.text, item.block.line, below, section=section, follow_ups=True)
    return [found] if found else []


def _is_checklist(lists: Sequence[Block]) -> bool:
    """Boxes to tick, or "…했는가?" all the way: to be proposed to a person, not imported."""
    items = [item for each in lists for item in each.children if item.children]
    texts = [item.children[0].text for item in items if not len(item.children) > 1]
    if not texts or len(texts) < len(items):
        return False
    boxes = sum(1 for text in texts if _BOX.match(text))
    checks = sum(1 for text in texts if _CHECK.search(plain(text)))
    return boxes * 2 > len(texts) or (checks == len(texts) and len(texts) >= 3)
