"""A note as sections, and which of its headings ask: the level where most siblings look like questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from content.notes import labels, signs
from content.notes.asked import bare_question
from content.notes.blocks import Block
from content.notes.plain import plain

_SURE = 0.7  # a score that a plain "…방법" or "Describe …" does not reach


@dataclass(slots=True, eq=False)
class Section:
    """A heading with what stands below it."""

    heading: Block | None  # None: the top of the note
    level: int
    body: list[Block] = field(default_factory=list)  # before the first heading below
    parts: list[Section] = field(default_factory=list)

    @property
    def title(self) -> str:
        return plain(self.heading.text) if self.heading else ""

    @property
    def score(self) -> float:
        """0-1: how much the heading looks like a question."""
        if self.heading is None:
            return 0.0
        if labels.label(self.heading.text) == labels.QUESTION or self.is_pair:
            return 1.0
        return signs.question_score(plain(bare_question(self.heading.text)))

    @property
    def is_pair(self) -> bool:
        """Whether this is "### Question" followed by "### Answer", with the words below them."""
        return labels.says_question(self.title) and any(block.kind == "heading" for block in self.body)

    @property
    def asks(self) -> bool:
        return self.score >= signs.LIKELY

    def walk(self) -> Iterator[Section]:
        """All sections below this one, in reading order."""
        for part in self.parts:
            yield part
            yield from part.walk()

    def content(self) -> list[Block]:
        """Everything below the heading as blocks, deeper headings included."""
        blocks = list(self.body)
        for part in self.parts:
            blocks += [part.heading] if part.heading else []
            blocks += part.content()
        return blocks


def outline(blocks: Sequence[Block]) -> Section:
    """*blocks* as a tree of sections. A heading that only announces an answer joins the section before it."""
    top = Section(None, 0)
    open_: list[Section] = [top]
    for block in blocks:
        if block.kind != "heading":
            open_[-1].body.append(block)
            continue
        if len(open_) > 1 and _answers(block, open_[-1]):
            open_[-1].body.append(block)
            continue
        while open_[-1].level >= block.level:
            open_.pop()
        section = Section(block, block.level)
        open_[-1].parts.append(section)
        open_.append(section)
    return top


@dataclass(frozen=True, slots=True)
class Level:
    """The level of the headings that ask."""

    depth: int  # 1-6
    share: float  # of them that look like questions by themselves


def question_level(top: Section, *, invites: bool) -> Level | None:
    """The level of the headings that ask, or None where headings do not ask.

    *invites*: the title announces questions; then a mere "…방법" counts, which elsewhere may head a manual.
    """
    levels: dict[int, list[Section]] = {}
    for section in top.walk():
        if not signs.is_dropped_section(section.title) and not signs.is_frame(section.title, invites=invites):
            levels.setdefault(section.level, []).append(section)
    fitting = []
    for level, sections in levels.items():
        scores = [section.score for section in sections]
        asking = sum(1 for score in scores if score >= signs.LIKELY)
        sure = sum(1 for score in scores if score >= _SURE)
        alone = level > 1 and max(scores) == 1.0 and not any(other > 1 for other in levels if other != level)
        several = asking >= 2 and sure * 4 >= asking
        if asking * 2 >= len(scores) and (several or invites or alone or any(map(_is_labelled, sections))):
            fitting.append((asking / len(scores), asking, level))
    share, _, depth = max(fitting, default=(0.0, 0, 0))
    return Level(depth, share) if depth else None


def leaf_level(top: Section) -> int | None:
    """The level of most headings that have a text of their own and no headings below them."""
    counts: dict[int, int] = {}
    for section in top.walk():
        if section.body and not section.parts and section.level > 1:
            counts[section.level] = counts.get(section.level, 0) + 1
    return max(counts, key=lambda level: (counts[level], -level)) if counts else None


def _is_labelled(section: Section) -> bool:
    return section.heading is not None and labels.label(section.heading.text) == labels.QUESTION


def _answers(heading: Block, section: Section) -> bool:
    """Whether *heading* ("### A.", "## 답변") only begins the answer to *section*."""
    says = labels.says_answer(plain(heading.text)) or labels.label(heading.text) == labels.ANSWER
    return says and section.level <= heading.level and (section.asks or labels.says_question(section.title))
