"""What a reader takes from one note: talks with their questions, what was left out and why, and doubts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from content.notes.plain import plain


@dataclass(frozen=True, slots=True)
class Said:
    """One point of an answer as it stands in the note."""

    text: str  # Markdown, verbatim; code, tables and images that belong to it follow as further lines
    children: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands in the note, with its answer."""

    text: str  # Markdown without list marker, number or label; line breaks only where code or options belong to it
    line: int  # from 1
    points: tuple[Said, ...] = ()
    follow_ups: tuple[Asked, ...] = ()  # questions nested below it
    section: str = ""  # the heading it stands under, plain; "" at the top
    last: int = 0  # the last line of its answer
    choices: str = ""  # "a) … b) …": what *text* ends with, or else all that answers it; "" where there are none

    @property
    def answered(self) -> bool:
        return bool(self.points)

    def walk(self) -> Iterator[Asked]:
        """This question, then the ones that follow it up."""
        yield self
        for follow_up in self.follow_ups:
            yield from follow_up.walk()


@dataclass(frozen=True, slots=True)
class Talk:
    """What becomes one session: a talk, a meeting, a page of questions."""

    title: str
    speaker: str  # "" where the note does not say
    date: str  # as the note writes it, "" where it does not say
    source: str | None
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Lines that are part of no question and no answer."""

    line: int  # the first one, from 1
    reason: str
    count: int = 1  # lines


@dataclass(frozen=True, slots=True)
class Warned:
    """A doubt for the curator to settle."""

    line: int | None
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class Reading:
    """A note, read. Without a question in it *talks* is empty and *found* says what stands there instead."""

    talks: tuple[Talk, ...]
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[Warned, ...] = ()
    found: str = ""
    lines: tuple[str, ...] = field(default=(), repr=False)  # the decoded note

    @property
    def questions(self) -> tuple[Asked, ...]:
        """All questions of all talks, follow-ups included, in reading order."""
        return tuple(each for talk in self.talks for question in talk.questions for each in question.walk())


def numbers() -> Iterator[int]:
    """The numbers of one talk's questions, each before its follow-ups: their places in the session file."""
    return count(1)


def to_json(reading: Reading) -> dict[str, Any]:
    """The answer of `sunbae import --dry-run --json`, as docs promise it; question text is plain, points are Markdown.

    A question whose Markdown is more than its words (an image, lines of code, a link) has it under "markdown" too. One
    with follow-ups carries them under "follow_ups"; "number" counts them, see `numbers`.
    """
    return {
        "sessions": [_talk(talk) for talk in reading.talks],
        "dropped": [{"line": each.line, "reason": _reason(each)} for each in reading.dropped],
        "warnings": [str(warning) for warning in reading.warnings],
    }


def _talk(talk: Talk) -> dict[str, Any]:
    counted = numbers()
    return {
        "title": talk.title,
        "speaker": talk.speaker,
        "date": talk.date,
        "source": talk.source,
        "questions": [_question(question, counted) for question in talk.questions],
    }


def _question(question: Asked, counted: Iterator[int]) -> dict[str, Any]:
    words = plain(question.text)
    shown: dict[str, Any] = {
        "number": next(counted),
        "text": words,
        "line": question.line,
        "answered": question.answered,
        "points": [_point(point) for point in question.points],
    }
    if question.text != words:
        shown["markdown"] = question.text
    if question.follow_ups:
        shown["follow_ups"] = [_question(follow_up, counted) for follow_up in question.follow_ups]
    return shown


def _point(point: Said) -> dict[str, Any]:
    return {"text": point.text, "children": [_point(child) for child in point.children]}


def _reason(dropped: Dropped) -> str:
    return dropped.reason if dropped.count == 1 else f"{dropped.reason} ({dropped.count} lines)"
