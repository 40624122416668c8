"""One note, read: its talks, their questions and answers, what was left out, and what a curator should look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from content.memory import many_objects
from content.notes import lint, shapes, signs, tables
from content.notes.asked import ask
from content.notes.blocks import Block, parse
from content.notes.contents import without_contents
from content.notes.outline import Level, Section, leaf_level, outline, question_level
from content.notes.quiz import with_choices
from content.notes.reading import Asked, Dropped, Reading, Talk, Warned
from content.notes.remark import Remark, counted
from content.notes.shapes import Place
from content.notes.source import Source, decode
from content.notes.tidy import MARK, Tidied, tidy
from content.notes.title import is_generic, read_address, read_heading

_FIRM = 0.75  # where so many headings of a level ask, one that does not by itself asks too
_LOOKED = "looked for Q/A labels, <details>, question tables, headings, bold lines and list items that ask"
_EMPTY = Remark("empty", f"no questions found: {_LOOKED}; the file is empty")


@many_objects()
def read(source: bytes, *, name: str) -> Reading:
    """The questions and answers in a lecture note; *name* is its title where the note has none.

    Any bytes can be read. Where no questions are found, `talks` is empty and `found` says what stands there.
    """
    decoded = decode(source)
    tidied = tidy(decoded)
    top = outline(without_contents(parse(tidied), tidied))
    reader = _Reader(decoded, tidied, name)
    talks = tuple(reader.talks(top))
    questions = [each for talk in talks for question in talk.questions for each in question.walk()]
    return Reading(
        talks=talks,
        dropped=tuple(_once([*tidied.dropped, *_unused(decoded, tidied, questions)])),
        warnings=(
            *decoded.warnings,
            *reader.warnings,
            *lint.note_warnings(decoded.lines[decoded.body :], decoded.body),
        ),
        found="" if questions else _found(top) if any(map(str.strip, decoded.lines)) else _EMPTY,
        lines=decoded.lines,
    )


@dataclass(slots=True)
class _Reader:
    source: Source
    tidied: Tidied
    name: str
    warnings: list[Warned] = field(default_factory=list)

    def talks(self, top: Section) -> list[Talk]:
        """One talk for each top heading that holds questions; the whole note where there is but one."""
        invites = self._invites(top)
        level = question_level(top, invites=invites)
        heads = [part for part in top.parts if part.level == 1]
        asks_on_top = level is not None and level.depth == 1
        if len(heads) < 2 or asks_on_top:
            main = heads[0] if heads and (not asks_on_top or not heads[0].asks) else None
            if not heads and len(top.parts) == 1 and not top.parts[0].asks:
                main = top.parts[0]
            questions = self._questions(top, level, Place(main.title if main else "", invites))
            return self._talk(main, questions or self._page_as_question(top, main))
        talks = []
        for head in heads:
            only = Section(None, 0, top.body if head is heads[0] else [], [head])
            questions = self._questions(only, level, Place(head.title, invites))
            talks += self._talk(head, questions, main=heads[0])
        return talks

    def _invites(self, top: Section) -> bool:
        titles = [part.title for part in top.parts if part.level == 1] or [self.source.fields.get("title", "")]
        fields = [self.source.fields.get(key, "") for key in ("title", "category", "tags", "type")]
        return any(map(signs.is_question_context, [*titles[:1], *fields]))

    def _questions(self, section: Section, level: Level | None, place: Place) -> list[Asked]:
        found = list(shapes.questions_in(section.body, place)) if section.body else []
        self._drop_columns(section.body, found)
        asking = {id(part) for part in _asking(section.parts, level, invites=place.invites)}
        for part in section.parts:
            if signs.is_dropped_section(part.title):
                self._drop(part, Remark("section", f"section {part.title!r}", title=part.title))
            elif part.heading and id(part) in asking:
                content = part.content()
                self._drop_sources(part)
                if asked := ask(part.heading.text, part.heading.line, content, section=place.heading):
                    found.append(asked)
            else:
                below = Place(part.title, place.invites or signs.is_question_context(part.title))
                found += self._questions(part, level, below)
        if not found and place.invites and section.parts:
            found = self._leaves(section, place)
        return with_choices(found)

    def _leaves(self, section: Section, place: Place) -> list[Asked]:
        """The sections of a page of questions whose headings are mere nouns."""
        level = leaf_level(section)
        found = []
        for part in section.walk():
            fits = part.level == level and part.heading and part.body
            if (
                fits
                and part.heading
                and not signs.is_frame(part.title, invites=True)
                and not signs.is_dropped_section(part.title)
            ):
                found.append(ask(part.heading.text, part.heading.line, part.content(), section=place.heading))
        return [asked for asked in found if asked and asked.answered] if len(found) > 1 else []

    def _page_as_question(self, top: Section, main: Section | None) -> list[Asked]:
        """A page that is one question: in its front matter, or as its only heading."""
        if text := self.source.fields.get("question", ""):
            line = next((n for n, said in enumerate(self.source.lines, 1) if said.lower().startswith("question")), 1)
            asked = ask(text, line, top.content())
            return [asked] if asked else []
        if main and main.heading and not main.parts and main.body and main.score >= 0.7:
            asked = ask(main.heading.text, main.heading.line, main.body)
            return [asked] if asked and asked.answered else []
        title = self.source.fields.get("title", "")
        if title and not top.parts and top.body and signs.question_score(title) >= 0.7:
            line = next((n for n, said in enumerate(self.source.lines, 1) if said.lower().startswith("title")), 1)
            asked = ask(title, line, top.body)
            return [asked] if asked and asked.answered else []
        return []

    def _talk(self, section: Section | None, questions: Sequence[Asked], *, main: Section | None = None) -> list[Talk]:
        if not questions:
            return []
        first = min(question.line for question in questions)
        start = section.heading.line if section and section.heading else self.source.body
        before = self.source.lines[start : first - 1]
        heading = read_heading(section.title if section else "", self.source, before, name=self.name)
        if is_generic(heading.title) and (better := self._better_title(main, section)):
            heading = replace(heading, title=better)
        if heading.speaker:
            sentence = f"the speaker is read as {heading.speaker!r}; please confirm"
            self.warnings.append(Warned(start or 1, Remark("speaker_read", sentence, name=heading.speaker)))
        return [
            Talk(
                title=heading.title,
                speaker=heading.speaker,
                date=heading.date,
                source=read_address(self.source, self.tidied.address),
                questions=tuple(questions),
            )
        ]

    def _better_title(self, main: Section | None, section: Section | None) -> str:
        """The note's own title, where *section* is merely called "Q&A"."""
        if main and main is not section and not is_generic(main.title):
            return main.title
        return self.source.fields.get("title", "")

    def _drop(self, section: Section, reason: str) -> None:
        if section.heading:
            last = max([section.heading.last, *(block.last for block in section.content())])
            self.tidied.drop(section.heading.line, reason, last - section.heading.line + 1)

    def _drop_columns(self, blocks: Sequence[Block], found: Sequence[Asked]) -> None:
        lines = {asked.line for asked in found}
        for block in blocks:
            if block.kind == "table" and any(row.line in lines for row in block.rows):
                names = ", ".join(tables.left_out(block))
                columns = Remark("columns", f"columns of the table: {names}", names=names)
                self.tidied.drop(block.line, columns if names else Remark("header", "header of the table"), 2)

    def _drop_sources(self, section: Section) -> None:
        for part in section.walk():
            if signs.is_dropped_inside(part.title):
                self._drop(part, Remark("sources", f"sources below an answer ({part.title})", title=part.title))


def _asking(parts: Sequence[Section], level: Level | None, *, invites: bool) -> list[Section]:
    """Which of some sibling sections are questions."""
    if not parts:
        return []
    group = [
        part
        for part in parts
        if not signs.is_dropped_section(part.title) and not signs.is_frame(part.title, invites=invites)
    ]
    asking = [part for part in group if part.asks]
    chosen = [part for part in group if level and part.level == level.depth]
    title = parts[0] if parts[0].level == 1 else None  # a note's first top heading names it, unless it asks itself
    if level and chosen and (invites or any(part.asks for part in chosen) or level.share >= _FIRM):
        return [
            part
            for part in group
            if (part.level == level.depth and (part.asks or ((part.body or part.parts) and part is not title)))
            or (part.level != level.depth and part.score == 1.0 and not _holds(part, level))
        ]
    sure = sum(1 for part in asking if part.score > signs.LIKELY)
    if len(asking) * 2 >= len(group) and len(asking) >= 2 and (sure or invites):
        return [part for part in asking if not _holds(part, level)]
    return []


def _holds(section: Section, level: Level | None) -> bool:
    return any(level and part.level == level.depth and part.asks for part in section.walk())


def _unused(source: Source, tidied: Tidied, questions: Iterable[Asked]) -> list[Dropped]:
    """The runs of lines that became neither question nor answer and are not dropped for a better reason."""
    used: set[int] = set()
    for question in questions:
        used.update(range(question.line, question.last + 1))
    for dropped in tidied.dropped:
        used.update(range(dropped.line, dropped.line + dropped.count))
    said = {number for number, line in zip(tidied.numbers, tidied.lines, strict=True) if line.strip(f"{MARK} -*_")}
    runs = Tidied()
    for number in sorted(said - used):
        if not source.lines[number - 1].lstrip().startswith("#"):
            runs.drop(number, Remark("unused", "part of no question"))
    return runs.dropped


def _once(dropped: Iterable[Dropped]) -> list[Dropped]:
    """*dropped* in order, without what lies inside an earlier one."""
    kept: list[Dropped] = []
    for each in sorted(dropped, key=lambda each: (each.line, -each.count)):
        inside = kept and each.line + each.count <= kept[-1].line + kept[-1].count and each.line >= kept[-1].line
        if not inside or each.reason.startswith("columns"):
            kept.append(each)
    return kept


def _found(top: Section) -> str:
    """What a note without questions holds, so that its owner sees why."""
    blocks = [block for each in top.content() for block in each.walk()]
    counts = {
        "heading": sum(1 for block in blocks if block.kind == "heading"),
        "paragraph": sum(1 for block in blocks if block.kind == "paragraph"),
        "list item": sum(1 for block in blocks if block.kind == "item"),
        "table": sum(1 for block in blocks if block.kind == "table"),
        "foldout": sum(1 for block in blocks if block.kind == "details"),
    }
    held = ", ".join(counted(count, what) for what, count in counts.items() if count) or "nothing"
    return Remark(
        "found",
        f"no questions found: {_LOOKED}; found {held}",
        **{f"{what.replace(' ', '_')}s": count for what, count in counts.items()},
    )
