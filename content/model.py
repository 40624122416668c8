"""What a lecture note holds once it is read: sessions, questions, points and advice, all frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One bullet of an answer, with the bullets below it."""

    text: str  # the note's own words (Markdown); several lines where code or a table belongs to it
    children: tuple[Point, ...] = ()
    advice: str | None = None  # the words to post alone (*text*, or *text* with words cut); None: no advice

    def walk(self, address: str) -> Iterator[tuple[str, Point]]:
        """This point, standing at *address*, and all below it, in reading order, each with its address."""
        yield address, self
        for number, child in enumerate(self.children, start=1):
            yield from child.walk(f"{address}.{number}")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked, with the points of its answer."""

    id: str  # lower-case ASCII letters, digits and hyphens; unique in a Library, kept for ever
    session: str  # the id of its session
    number: int  # its place in the session, from 1
    text: str
    short: str  # at most SHORT_LENGTH characters, for buttons and lists
    points: tuple[Point, ...]
    topics: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # other ways to ask it, written by people
    follows: str | None = None  # the id of the question it continues, in the same session
    answered: bool = True

    def walk(self) -> Iterator[tuple[str, Point]]:
        """Every point in reading order with its address: "3" is the third point, "3.1" the first below it."""
        for number, point in enumerate(self.points, start=1):
            yield from point.walk(str(number))

    def point(self, address: str) -> Point | None:
        """The point at *address*, or None where the answer has none."""
        return next((point for place, point in self.walk() if place == address), None)

    def address(self, point: Point) -> str:
        """Where *point* stands; the first place if its words stand twice. ValueError if it is not of this answer."""
        for place, candidate in self.walk():
            if candidate == point:
                return place
        raise ValueError(f"no such point in question {self.id!r}")


@dataclass(frozen=True, slots=True)
class Advice:
    """A point that stands alone, trimmed only by a curator."""

    id: str  # survives edits of the trimmed wording and of everything around the point
    text: str
    question: str  # the id of the question it answers
    point: str  # the address of the point in that answer


@dataclass(frozen=True, slots=True)
class Session:
    """One talk: who answered what, and when."""

    id: str
    title: str
    speaker: str
    date: str  # as the note writes it: "02.17" stays without a year
    source: str | None  # the address of the note
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A question that fits somebody's words."""

    question: Question
    score: float  # 0-1; at or above search.ANSWER the bot answers without asking back
    point: Point | None = None  # the point that best fits the words


SHORT_LENGTH = 60  # fits a Discord button (80) and a Slack button (75) with room for an ellipsis
