"""A quiz without answers: what is numbered below a question is to choose from, whatever its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from content.notes.reading import Asked

_MARGIN = re.compile(r"\W*")


def with_choices(questions: Sequence[Asked]) -> list[Asked]:
    """*questions* of one place; in a quiz, an answer of nothing but choices goes to its question.

    A quiz: most of the questions with choices ask to choose, and nothing answers those.
    """
    offering = [question for question in questions if question.choices]
    chosen = [question for question in offering if question.text.endswith(question.choices)]
    if len(chosen) < 2 or len(chosen) * 2 <= len(offering) or any(question.answered for question in chosen):
        return list(questions)
    forms = {_form(question) for question in chosen}
    return [
        replace(question, text=f"{question.text}\n{question.choices}", points=())
        if question.choices and question.answered and _form(question) in forms
        else question
        for question in questions
    ]


def _form(question: Asked) -> str:
    """What stands before the first choice: a quote sign, a bullet or nothing."""
    found = _MARGIN.match(question.choices)
    return found[0].strip() if found else ""
