"""Tables that hold a question and its answer in each row."""

from __future__ import annotations

import re

from content.notes import labels, signs
from content.notes.asked import bare_question
from content.notes.blocks import Block, Row
from content.notes.plain import plain
from content.notes.points import is_placeholder
from content.notes.reading import Asked, Said

_QUESTION = re.compile(
    r"^\W*(?:questions?|q|질문(?: ?내용|사항)?|문제|문항|물음|문의(?: ?내용|사항)?|问题|質問|问|faq)\W*$", re.IGNORECASE
)
_ANSWER = re.compile(
    r"^\W*(?:(?:short|detailed|long|full|brief|sample|model|simple|correct) )?(?:answers?|a|답변?(?: ?내용)?|답안|해설"
    r"|설명|정답|응답|solutions?|responses?|explanations?"
    r"|回答|答案|答え|답|모범 ?답안)\W*$",
    re.IGNORECASE,
)
_FOLDOUT = re.compile(
    r"<details\b[^<>]*>\s*(?:<summary\b[^<>]*>(?P<title>[^<>]*)</summary>)?(?P<said>.*?)</details>", re.IGNORECASE
)


def ask_rows(table: Block, *, section: str = "") -> list[Asked]:
    """A question for each row, if the header or the first column says that the table asks."""
    columns = _columns(table)
    if columns is None:
        return []
    question, answers = columns
    found = []
    for row in table.rows[1:]:
        text = bare_question(_cell(row, question))
        if not plain(text):
            continue
        points = tuple(Said(cell) for column in answers if (cell := _cell(row, column)))
        found.append(Asked(text, row.line, () if is_placeholder(points) else points, (), section, row.line))
    return found


def left_out(table: Block) -> tuple[str, ...]:
    """The names of the columns that become no part of an answer."""
    columns = _columns(table)
    if columns is None:
        return ()
    used = {columns[0], *columns[1]}
    return tuple(plain(name) for index, name in enumerate(table.rows[0].cells) if index not in used and name)


def _columns(table: Block) -> tuple[int, list[int]] | None:
    """The column of the question and those of the answer; None for a table that does not ask."""
    if len(table.rows) < 2:
        return None
    header = [plain(cell) for cell in table.rows[0].cells]
    question = next((index for index, name in enumerate(header) if _QUESTION.match(name)), None)
    answers = [index for index, name in enumerate(header) if _ANSWER.match(name)]
    if question is not None and (answers or len(header) == 2):
        return question, answers or [1 - question]
    if len(header) == 2 and question is None:
        asking = sum(1 for row in table.rows[1:] if signs.question_score(plain(_cell(row, 0))) >= 0.7)
        if asking >= 2 and asking >= (len(table.rows) - 1) * 0.6:
            return 0, [1]
    return None


def _cell(row: Row, column: int) -> str:
    """The words of a cell, without the foldout around them."""
    return _FOLDOUT.sub(_unfolded, row.cells[column]).strip() if column < len(row.cells) else ""


def _unfolded(found: re.Match[str]) -> str:
    title, said = found["title"] or "", found["said"].strip()
    return said if labels.reveals_answer(plain(title)) else f"{title} {said}"
