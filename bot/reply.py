"""What crosses the border between a platform and the core: a Request in, a Reply out."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from content import Advice, Question, Session

Visibility = Literal["private", "public"]


@dataclass(frozen=True, slots=True)
class User:
    """Who asks."""

    id: str
    name: str
    operator: bool = False  # may see and change how the bot is run


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands."""

    platform: str
    tenant: str  # the guild or workspace
    channel: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's words, or the argument of the button they pressed."""

    text: str
    user: User
    place: Place
    locale: str
    thread: tuple[str, ...] = ()  # the words around it, oldest first, its title before all; where the bot may read them
    prefix: str = "/"  # what people type before a command's name here; Slack has one command for all: "/sunbae "
    obstacle: str = ""  # for `tips`: why the bot could not post here and what to do, in this locale; empty if it could


@dataclass(frozen=True, slots=True)
class Words:
    """The bot's own words."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of the notes with its answer, to be shown word for word with speaker, session and date."""

    question: Question
    session: Session
    best: str | None = None  # the address of the point that best fits the words asked


@dataclass(frozen=True, slots=True)
class Tip:
    """One piece of advice, to be shown with whose words it is."""

    advice: Advice
    question: Question
    session: Session


Block = Words | Answer | Tip


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: a use case and the ids it needs, never words, so it works after a restart."""

    label: str
    command: str
    argument: str = ""  # that use case's Request.text
    note: str = ""  # a few words that tell a choice from its neighbours

    @property
    def id(self) -> str:
        """At most 100 characters, as Discord's custom_id asks."""
        return f"{self.command}:{self.argument}"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a form asks; it may be left empty unless its value says otherwise."""

    name: str  # the option's, as the form's command knows it
    label: str
    kind: Literal["time", "date", "text", "choice", "choices"]
    value: tuple[str, ...] = ()  # as it stands: ISO for a time (09:00) or a date; at most one, but for "choices"
    options: tuple[tuple[str, str], ...] = ()  # for "choice" and "choices": what is sent and what is shown
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Several things to fill in at once: a modal, or a part of a page."""

    title: str
    command: str  # the use case that takes it
    argument: str  # ahead of the fields in that use case's Request.text
    fields: tuple[Field, ...]  # what matters most first
    submit: str  # what the button says

    def text(self, values: Mapping[str, Sequence[str]]) -> str:
        """The Request.text that hands *values* over, by the fields' names; a field that is not among them stays."""
        given = (f"{name}={','.join(value)}" for name, value in values.items())
        return shlex.join([self.argument, *given])

    def filled(self, values: Mapping[str, Sequence[str]]) -> Form:
        """The form with *values* in it, to be mended; a field that is not among them stays."""
        fields = (replace(each, value=tuple(values.get(each.name, each.value))) for each in self.fields)
        return replace(self, fields=tuple(fields))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answers; platforms dress it natively."""

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()  # what can be done with the blocks
    lead: str = ""  # the line above the choices
    choices: tuple[Button, ...] = ()  # what can be picked next
    visibility: Visibility = "private"
    form: Form | None = None  # to fill in; the blocks say how to do it in words
    wrong: Mapping[str, str] = field(default_factory=dict)  # a form's fields that were not taken, and what to do
    thread: str = ""  # the name of a thread to open under it, for people to talk in; empty: none
    locale: str = ""  # of its words, where nobody asked and so nobody's tells; empty: the bot's own

    @property
    def text(self) -> str:
        """The whole reply as plain text: complete without the rest."""
        parts = [_plain(block) for block in self.blocks]
        if self.choices:
            labels = (f"{number}. {choice.label}" for number, choice in enumerate(self.choices, start=1))
            parts.append("\n".join([*filter(None, [self.lead]), *labels]))
        return "\n\n".join(parts)


def attribution(session: Session) -> str:
    """Whose words, where and when, as far as the note says: "주재걸 · Week 4 마스터클래스1 · 02.17"."""
    return " · ".join(filter(None, (session.speaker, session.title, session.date)))


def _plain(block: Block) -> str:
    match block:
        case Words(text=text):
            return text
        case Tip(advice=advice, session=session):
            return f"“{advice.text}”\n— {attribution(session)}"
        case Answer(question=question, session=session):
            points = (
                f"{'  ' * address.count('.')}• {_indented(point.text, address)}" for address, point in question.walk()
            )
            source = filter(None, [session.source])
            return "\n".join([f"Q. {question.text}", *points, f"— {attribution(session)}", *source])


def _indented(text: str, address: str) -> str:
    """The further lines of a point (code, a table) below its first word."""
    return text.replace("\n", "\n" + "  " * (address.count(".") + 1))
