"""A question from its blocks: its words without marker and label, what belongs to it, and where its answer begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from content.notes import labels, signs
from content.notes.blocks import Block
from content.notes.ends import without_end
from content.notes.plain import plain
from content.notes.points import is_image, points_of
from content.notes.reading import Asked

_NUMBER = re.compile(
    r"^\s*(?:\(?\d{1,3}(?:[.-]\d{1,3}){0,2}[.)]\s*|\d{1,3}(?:[.-]\d{1,3}){1,2}\s+|#\d{1,3}[.:]?\s+|[①-⑳]\s*"
    r"|\[[ xX]\]\s+)(?=\S)"
)
_WRAP = re.compile(
    r"^(\*\*\*|\*\*|__|\*|_|==|`(?!`)|<(?:b|strong|em|i|u|h\d)>)(?=\S)(.+?)(</(?:b|strong|em|i|u|h\d)>|\*\*\*"
    r"|\*\*|__|\*|_|==|`)\s*$",
    re.DOTALL,
)
_ATTRIBUTES = re.compile(r"(?<!\s)\s*\{[#.:][^{}\n]{0,200}\}\s*$")
_BREAK = re.compile(r"<br\s*/?>|\\", re.IGNORECASE)
_OPTION = re.compile(r"^\s*(?:[(\[]?(?:[A-Ea-e]|[가나다라마]|[ㄱㄴㄷㄹㅁ]|[1-6])[.)\]]|[①-⑥]|\[[ xX]\])\s*\S")
_CHOOSES = re.compile(
    r"다음 ?(?:중|보기|설명|내용)|보기 ?중|(?:옳|알맞|올바르|맞|틀린|잘못|아닌|적절|해당하).{0,20}(?:것|은|는|고르"
    r"|모두)|고르시오|고르세요"
    r"|which (?:one )?of the following"
    r"|choose|select (?:the|all)|정답은|true or false",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"다음 ?코드|아래 ?(?:코드|그림|쿼리|표|예)|출력|output|following|below|this code|결과는|[:：]\s*$", re.IGNORECASE
)
_BOLD_QUESTION = re.compile(r"^(?P<said>(\*\*|__)(?=\S).{1,1000}?(?<=\S)\2[?？]?)\s*[:：]?\s+(?P<rest>\S.*)$")
_WRAPPED = 60  # characters; a first line this long may go on in the next
_BESIDE = {"code", "table", "math"}


def bare_question(text: str) -> str:
    """*text* without number, label, heading attributes and the bold pair around all of it."""
    text = without_end(_ATTRIBUTES.sub("", text.strip()), _BREAK)
    for _ in range(4):
        before = text
        text = _NUMBER.sub("", labels.without_label(text) if labels.label(text) == labels.QUESTION else text, count=1)
        found = _WRAP.match(text) if len(text) < 5000 else None
        if found and _pairs(found[1], found[3]) and found[1].lower() not in found[2]:
            text = found[2]
        text = without_end(_ATTRIBUTES.sub("", text.strip()), _BREAK)
        if text == before:
            break
    return text


def ask(
    head: str,
    line: int,
    below: Sequence[Block],
    *,
    section: str = "",
    follow_ups: bool = False,
) -> Asked | None:
    """The question *head*, with *below* divided into what belongs to it and its answer; None if *head* says nothing.

    Where *follow_ups* is set, a list below that only asks on becomes questions that follow it.
    """
    more, answer = divided(head, below)
    text = bare_question(" ".join(head.split("\n")))
    if labels.says_question(plain(text)) or not plain(text):  # "### Question 3": the words stand below
        text = ""
        if not more and answer and answer[0].kind in {"paragraph", "quote"}:
            more, answer = [answer[0]], answer[1:]
        line = more[0].line if more else line
    text = "\n".join(filter(None, [text, *(block_source(block) for block in more)]))
    if not any(map(str.isalnum, text)):
        return None
    last = max([line + head.count("\n"), *(block.last for block in below)])
    if follow_ups and (nested := _only_questions(answer)):
        return Asked(text, line, (), tuple(replace(each, section=section) for each in nested), section, last)
    # A Chinese 答 opens an answer as a plain word too; it is a label only where the question has one.
    bare = answer and answer[0].text.startswith("答") and labels.label(head) != labels.QUESTION
    points = points_of(answer if bare else _unlabelled(answer))
    return Asked(text, line, points, (), section, last, choices=_choices(more[-1:] or answer))


def divided(head: str, below: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """*below* as what still belongs to the question (code, image, options) and its answer."""
    blocks = list(below)
    for index, block in enumerate(blocks):
        if begins_answer(block) and (index == 0 or not _is_long(blocks[:index])):
            return [each for each in blocks[:index] if each.kind != "rule"], blocks[index:]
    count = 0
    if _CHOOSES.search(head[:2000]) and blocks and (found := _options(blocks)):
        count = found
    elif (
        len(blocks) > 1
        and (blocks[0].kind in _BESIDE or is_image(blocks[0]))
        and (blocks[1].kind == "list" or _SHOWS.search(head[-300:]))
    ):
        count = 1
    return blocks[:count], blocks[count:]


def cut_answer(block: Block, *, invites: bool = False) -> tuple[Block, ...]:
    """A paragraph cut where its answer begins: at a label or arrow, behind a bold question, below a line that asks.

    *invites*: the page announces questions; then a short first line is one.
    """
    if block.kind != "paragraph":
        return (block,)
    for index, line in enumerate(block.lines[1:], start=1):
        if labels.label(line) == labels.ANSWER or labels.is_arrow(line):
            return _cut_at(block, index)
    found = _BOLD_QUESTION.match(block.lines[0]) if len(block.lines[0]) < 3000 else None
    if found and signs.question_score(plain(found["said"])) == 1.0:
        below = replace(block, lines=(found["rest"], *block.lines[1:]))
        return replace(block, lines=(found["said"],)), below
    for index, line in enumerate(block.lines[:-1]):
        if signs.question_score(plain(line)) == 1.0:
            return _cut_at(block, index + 1)
    first = plain(bare_question(block.lines[0]))
    if len(block.lines) > 1 and len(first) < _WRAPPED and (invites or signs.is_question(first)):
        return _cut_at(block, 1)
    return (block,)


def _cut_at(block: Block, index: int) -> tuple[Block, Block]:
    return block.part(0, index), block.part(index)


def begins_answer(block: Block) -> bool:
    """Whether *block* is marked as an answer: a label, or a foldout or heading that says so."""
    if block.kind == "paragraph":
        return (
            labels.label(block.text) == labels.ANSWER
            or labels.says_answer(plain(block.lines[0]))
            or labels.is_arrow(block.text)
        )
    if block.kind == "quote":
        return bool(block.children) and begins_answer(block.children[0])
    if block.kind == "details":
        return labels.reveals_answer(plain(block.text)) or labels.label(block.text) == labels.ANSWER
    if block.kind == "heading":
        return labels.says_answer(plain(block.text)) or labels.label(block.text) == labels.ANSWER
    if block.kind == "list" and block.children[0].children:
        first = block.children[0].children[0]
        return first.kind == "paragraph" and labels.label(first.text) == labels.ANSWER and not is_options(block)
    return False


def is_options(block: Block) -> bool:
    """Whether a list, quote or paragraph offers choices: a), b), c) or ①②③."""
    if block.kind == "list":
        texts = [item.children[0].text for item in block.children if item.children]
        numbered = all(item.number is not None for item in block.children)
    else:
        texts = [line.lstrip("> ") for line in block.lines if line.strip("> ")]
        numbered = False
    return len(texts) >= 2 and (numbered or all(_OPTION.match(text) for text in texts))


def block_source(block: Block) -> str:
    """The Markdown of *block* with everything below it."""
    if block.kind != "list":
        return block.text
    lines = []
    for item in block.children:
        marker = f"{item.number}." if item.number is not None else "-"
        lines.append(f"{marker} " + "\n  ".join(block_source(child) for child in item.children))
    return "\n".join(lines)


def _options(blocks: Sequence[Block]) -> int:
    """How many of the first *blocks* are choices, or code and images before them."""
    for index, block in enumerate(blocks[:3]):
        if block.kind in {"list", "quote", "paragraph"} and is_options(block):
            return index + 1
        if block.kind not in _BESIDE and not is_image(block):
            break
    listed = blocks[0].kind == "list" and len(blocks[0].children) >= 3
    return 1 if listed and all(len(item.children) == 1 for item in blocks[0].children) else 0


def _choices(blocks: Sequence[Block]) -> str:
    """The Markdown of *blocks* if they are one block of choices with nothing below them, else ""."""
    if len(blocks) != 1 or begins_answer(blocks[0]) or not is_options(blocks[0]):
        return ""
    nested = blocks[0].kind == "list" and any(len(item.children) > 1 for item in blocks[0].children)
    return "" if nested else block_source(blocks[0])


def _is_long(blocks: Sequence[Block]) -> bool:
    """Whether so much stands before a marked answer that it can hardly belong to the question."""
    return sum(len(block.lines) for block in blocks) > 40


def _unlabelled(blocks: Sequence[Block]) -> list[Block]:
    """*blocks* without the label that begins the answer; a label with nothing behind it stays what it is."""
    if not blocks or not begins_answer(blocks[0]):
        return list(blocks)
    return [*_without_label(blocks[0]), *blocks[1:]] or list(blocks)


def _without_label(block: Block) -> list[Block]:
    if block.kind == "quote":
        return _unlabelled(block.children)
    if block.kind == "list":
        item = block.children[0]
        item = replace(item, children=tuple(_unlabelled(item.children)))
        return [replace(block, children=(item, *block.children[1:]))]
    words = plain(block.lines[0]) if block.kind == "paragraph" else plain(block.text)
    if block.kind == "paragraph" and labels.says_answer(words):
        lines = block.lines[1:]
    elif block.kind != "paragraph" and labels.reveals_answer(words):
        lines = ()
    else:
        lines = tuple(labels.without_label(block.text).split("\n"))
    said = [replace(block, kind="paragraph", lines=lines, children=())] if "".join(lines).strip() else []
    return [*said, *block.children]


def _only_questions(blocks: Sequence[Block]) -> tuple[Asked, ...]:
    """The follow-ups, if *blocks* are one list of nothing but unanswered questions."""
    if len(blocks) != 1 or blocks[0].kind != "list":
        return ()
    asked = []
    for item in blocks[0].children:
        if len(item.children) != 1 or item.children[0].kind != "paragraph":
            return ()
        text = bare_question(" ".join(item.children[0].lines))
        if signs.question_score(plain(text)) < 0.9:
            return ()
        asked.append(Asked(text, item.line))
    return tuple(asked)


def _pairs(opening: str, closing: str) -> bool:
    return closing == opening or (opening.startswith("<") and closing.lower() == opening.lower().replace("<", "</", 1))
