"""One session from its YAML file, with every fault in it named by line."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import yaml

from content.faults import Fault
from content.model import SHORT_LENGTH, Advice, Point, Question, Session
from content.yaml_nodes import NodeReader

GLOSSARY = "glossary"  # the one file of a library that is no session
TOPIC_LENGTH = 20  # a topic stands in button ids beside a session's id, and Discord's custom_id holds 100 characters
ID_LENGTH = 48  # so that a question's id, a point's address and a command's name fit in one custom_id
_ID = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{ID_LENGTH - 1}}})")
_ID_RULE = f"should be 1-{ID_LENGTH} lower-case letters a-z, digits and hyphens"


@dataclass(frozen=True, slots=True)
class Taken:
    """The ids and aliases that belong to a question already; grows from file to file."""

    ids: dict[str, str] = field(default_factory=dict)  # the place (file:line) of each
    aliases: dict[str, tuple[str, Callable[[], str]]] = field(default_factory=dict)  # by bare letters: whose, and where


def read_session(path: Path, taken: Taken, *, source: str | None = None) -> tuple[Session | None, list[Fault]]:
    """The session in *path* and all its faults; None where nothing can be made of it. Notes its names in *taken*.

    *source* is what the file would hold, where it is not written yet.
    """
    reader = _SessionReader(path, taken, source)
    return reader.session(), reader.faults


def advice_of(question: Question) -> tuple[Advice, ...]:
    """The points of *question* that a curator marked, in reading order.

    The id comes from the point's own words, so new points around it or a better trim leave it as it is.
    """
    return tuple(
        Advice(f"{question.id}.{_digest(point.text)}", point.advice, question.id, address)
        for address, point in question.walk()
        if point.advice is not None
    )


def is_trim_of(trimmed: str, text: str) -> bool:
    """Whether *trimmed* only cuts words: each of its words stands in *text*, in the same order, punctuation aside."""
    remaining = iter(_words(text))
    return all(word in remaining for word in _words(trimmed))


def id_fault(id_: str) -> str | None:
    """Why *id_* cannot be the id of a session or a question; None where it can."""
    return None if _ID.fullmatch(id_) else f"an id {_ID_RULE}"


class _SessionReader(NodeReader):
    def __init__(self, path: Path, taken: Taken, source: str | None) -> None:
        super().__init__(path, source)
        self._taken = taken
        self._earlier: set[str] = set()  # ids of this session

    def session(self) -> Session | None:
        if not _ID.fullmatch(self.path.stem):
            self.fault(None, f"the file's name is the session's id and {_ID_RULE}")
        root = self.root()
        if root is None:
            return None
        fields = self.mapping(
            root, "the session", required=("title", "speaker", "date", "questions"), optional=("source",)
        )
        source = self.text(fields.get("source"), "source") or None
        if source and not re.fullmatch(r"https?://\S+", source):
            self.fault(fields["source"], "source should be an address (https://…)")
        questions = tuple(
            question
            for number, node in enumerate(self.sequence(fields.get("questions"), "questions"), start=1)
            if (question := self._question(node, number))
        )
        if isinstance(fields.get("questions"), yaml.SequenceNode) and not questions and not self.faults:
            self.fault(fields["questions"], "the session has no questions")
        return Session(
            id=self.path.stem,
            title=self.text(fields.get("title"), "title"),
            speaker=self._may_be_empty(fields.get("speaker"), "speaker"),
            date=self._may_be_empty(fields.get("date"), "date"),
            source=source,
            questions=questions,
        )

    def _may_be_empty(self, node: yaml.Node | None, what: str) -> str:
        # A note need not say who spoke or when; the writer then says so with "".
        if isinstance(node, yaml.ScalarNode) and node.value == "":
            return ""
        return self.text(node, what)

    def _question(self, node: yaml.Node, number: int) -> Question | None:
        fields = self.mapping(
            node,
            f"question {number}",
            required=("id", "short", "text"),
            optional=("topics", "follows", "answered", "source_text", "points", "aliases"),
        )
        if not fields:
            return None
        id_ = self.text(fields.get("id"), f"question {number}'s id")
        what = f"question {id_!r}" if id_ else f"question {number}"
        if id_ and (fault := id_fault(id_)):
            self.fault(fields["id"], f"{what}: {fault}")
        if id_ in self._taken.ids:
            self.fault(fields["id"], f"{what} stands twice, first in {self._taken.ids[id_]}; ids are unique")
        elif id_:
            self._taken.ids[id_] = self.place(fields["id"])
        short = self.text(fields.get("short"), f"{what}: short")
        if len(short) > SHORT_LENGTH:
            self.fault(
                fields["short"], f"{what}: short has {len(short)} characters, at most {SHORT_LENGTH} fit on a button"
            )
        self.text(fields.get("source_text"), f"{what}: source_text")
        question = Question(
            id=id_,
            session=self.path.stem,
            number=number,
            text=self.text(fields.get("text"), f"{what}: text"),
            short=short,
            points=tuple(
                point
                for item in self.sequence(fields.get("points"), f"{what}: points")
                if (point := self._point(item, what))
            ),
            topics=tuple(
                self._topic(text, item, what) for text, item in self.texts(fields.get("topics"), f"{what}: topic")
            ),
            aliases=tuple(
                self._alias(text, item, id_) for text, item in self.texts(fields.get("aliases"), f"{what}: alias")
            ),
            follows=self._follows(fields.get("follows"), what),
            answered=self.flag(fields.get("answered"), f"{what}: answered", default=True),
        )
        told = isinstance(fields.get("points"), yaml.ScalarNode)  # a text for a list
        self._check_answer(question, node, what, told=told)
        self._earlier.add(id_)
        return question

    def _check_answer(self, question: Question, node: yaml.Node, what: str, *, told: bool) -> None:
        if question.answered and not question.points and not told:
            self.fault(node, f"{what} has no answer points; add points, or answered: false")
        if not question.answered and question.points:
            self.fault(node, f"{what} has answer points but says answered: false")
        seen: set[str] = set()
        for advice in advice_of(question):
            if advice.id in seen:
                self.fault(node, f"{what} marks the same words as advice twice")
            seen.add(advice.id)

    def _follows(self, node: yaml.Node | None, what: str) -> str | None:
        id_ = self.text(node, f"{what}: follows")
        if not id_:
            return None
        if id_ not in self._earlier:
            self.fault(node, f"{what} follows {id_!r}, which is no earlier question of this session")
        return id_

    def _topic(self, text: str, node: yaml.Node, what: str) -> str:
        # "/" parts a button's id, and "," the topics that somebody chooses
        if not {"/", ","}.isdisjoint(text) or len(text) > TOPIC_LENGTH:
            self.fault(node, f"{what}: topic {text!r} should have at most {TOPIC_LENGTH} characters and no '/' or ','")
        return text

    def _alias(self, text: str, node: yaml.Node, question: str) -> str:
        key = bare(text)
        if key in self._taken.aliases:
            other, place = self._taken.aliases[key]
            whose = "the same question" if other == question else f"question {other!r}"
            self.fault(node, f"alias {text!r} of question {question!r} belongs to {whose} already ({place()})")
        self._taken.aliases.setdefault(key, (question, partial(self.place, node)))
        return text

    def _point(self, node: yaml.Node, what: str) -> Point | None:
        if isinstance(node, yaml.ScalarNode):
            text = self.text(node, f"{what}: a point")
            return Point(text) if text else None
        fields = self.mapping(node, f"{what}: a point", required=("text",), optional=("points", "advice"))
        text = self.text(fields.get("text"), f"{what}: a point's text")
        children = (self._point(item, what) for item in self.sequence(fields.get("points"), f"{what}: points"))
        point = Point(text, tuple(child for child in children if child))
        advice = self.text(fields.get("advice"), f"{what}: advice")
        if not text or advice in {"", "false"}:
            return point if text else None
        if advice == "true":
            return replace(point, advice=text)
        if not is_trim_of(advice, text):
            self.fault(
                fields["advice"], f"{what}: advice may only cut words from its point's text, not add or change any"
            )
        return replace(point, advice=advice)


def bare(text: str) -> str:
    """The letters and digits of *text* alone: what makes two aliases the same. The text itself if it has none."""
    bare = "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
    return bare or text


def _words(text: str) -> list[str]:
    """The words of *text* without the punctuation around them; what is nothing else is left out."""
    return re.findall(r"[^\W_](?:\S*[^\W_+#%])?[+#%]*", text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
