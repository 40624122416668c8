"""An edited note over a curated session file: what people added stays with its question, and every change is named."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from content.notes.matching import pair
from content.notes.plain import plain
from content.notes.proposals import as_lines, propose_entry
from content.notes.reading import Asked, Talk
from content.notes.remark import Remark, counted
from content.notes.sheet import Entry, Line, Sheet
from content.session_file import Taken, bare, is_trim_of

APPEARED, VANISHED, REWORDED, ANSWER, ADVICE, REPAIRED, ABOUT = (
    "appeared",
    "vanished",
    "reworded",
    "answer changed",
    "advice kept",
    "text repaired",
    "kept as curated",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an import over a curated file would change, or deliberately leaves."""

    kind: str
    question: str  # its id; "" where the session itself is meant
    message: str
    line: int | None = None  # in the note

    @property
    def needs_answer(self) -> bool:
        """Whether something curated stays only because nobody has said that it may go."""
        return self.kind in {VANISHED, ADVICE}


def merge(
    old: Sheet,
    talk: Talk,
    *,
    session: str,
    taken: Taken | None = None,
    remove: Collection[str] = (),
) -> tuple[Sheet, tuple[Change, ...]]:
    """*old* brought up to the note, and what changed; the same Sheet where nothing did.

    Questions that vanished from the note, and points with advice that did, stay until their question's id is in
    *remove*. *session* is the session's id, *taken* what the questions of other sessions are called.
    """
    merger = _Merger(old, session, taken or Taken(), remove)
    entries = merger.entries([each for question in talk.questions for each in question.walk()], talk)
    merger.compare_heads(talk)
    if list(old.entries) == entries:
        return old, tuple(merger.changes)
    return replace(old, entries=tuple(entries)), tuple(merger.changes)


class _Merger:
    def __init__(self, old: Sheet, session: str, taken: Taken, remove: Collection[str]) -> None:
        self._old = old
        self._session = session
        self._taken = {*taken.ids, *(entry.id for entry in old.entries)}
        self._aliases = {bare(alias) for entry in old.entries for alias in entry.aliases} | {*taken.aliases}
        self._remove = remove
        self.changes: list[Change] = []

    def entries(self, asked: Sequence[Asked], talk: Talk) -> list[Entry]:
        """The questions of the merged file, in the note's order, with vanished ones at their old place."""
        partners = pair(
            [plain(entry.source_text or entry.text) for entry in self._old.entries],
            [plain(each.text) for each in asked],
            [_answer(entry.points) for entry in self._old.entries],
            [_answer(as_lines(each.points)) for each in asked],
        )
        ids: dict[Asked, str] = {}
        merged: list[Entry] = []
        for number, each in enumerate(asked, start=1):
            place = partners.get(number - 1)
            if place is not None:
                entry = self._updated(self._old.entries[place], each)
            else:
                entry = propose_entry(
                    each, session=self._session, number=number, taken=self._taken, aliases=self._aliases
                )
                parent = next((q for q in talk.questions if each in q.follow_ups), None)
                entry = replace(entry, follows=ids.get(parent) if parent else None)
                self._note(
                    APPEARED, entry.id, Remark("new", f"new question: {entry.short}", short=entry.short), each.line
                )
            ids[each] = entry.id
            merged.append(entry)
        return self._with_vanished(merged, set(partners.values()))

    def _with_vanished(self, merged: list[Entry], matched: set[int]) -> list[Entry]:
        before = ""
        for index, entry in enumerate(self._old.entries):
            if index not in matched and entry.id not in self._remove:
                sentence = f"no longer in the note, kept: {entry.short}"
                self._note(VANISHED, entry.id, Remark("kept", sentence, short=entry.short))
                place = next((n + 1 for n, other in enumerate(merged) if other.id == before), 0)
                merged.insert(place, entry)
            elif index not in matched:
                self._note(VANISHED, entry.id, Remark("removed", f"removed: {entry.short}", short=entry.short))
                continue
            before = entry.id
        kept = {entry.id for entry in merged}
        return [
            entry if entry.follows is None or entry.follows in kept else replace(entry, follows=None, written=None)
            for entry in merged
        ]

    def _updated(self, entry: Entry, asked: Asked) -> Entry:
        text, source_text = entry.text, entry.source_text
        if source_text is not None and not _same(source_text, asked.text):
            source_text = asked.text
            sentence = "the note's words changed under a repaired text; please compare"
            self._note(REPAIRED, entry.id, Remark("repaired", sentence), asked.line)
        elif source_text is None and not _same(text, asked.text):
            text = asked.text
            asks = plain(text)
            self._note(REWORDED, entry.id, Remark("reworded", f"now asks: {asks}", text=asks), asked.line)
        points = self._points(entry, entry.points, as_lines(asked.points))
        if _bare_tree(points) != _bare_tree(entry.points):
            self._note(ANSWER, entry.id, _difference(entry.points, points), asked.line)
        else:
            points = entry.points
        if (text, source_text, points) == (entry.text, entry.source_text, entry.points):
            return entry
        return replace(entry, text=text, source_text=source_text, points=points, written=None)

    def _points(self, entry: Entry, old: Sequence[Line], new: Sequence[Line]) -> tuple[Line, ...]:
        """*new* with the advice of *old*; a point whose advice would go stays as it was."""
        partners = pair([plain(line.text) for line in old], [plain(line.text) for line in new])
        merged: list[Line] = []
        for index, line in enumerate(new):
            place = partners.get(index)
            if place is None:
                merged.append(line)
                continue
            before = old[place]
            children = self._points(entry, before.children, line.children)
            text = before.text if _same(before.text, line.text) else line.text
            if before.advice not in {None, "true"} and not is_trim_of(before.advice or "", text):
                text = self._text_for_advice(entry, before, text)
            fits = before.advice is None or before.advice == "true" or is_trim_of(before.advice, text)
            merged.append(Line(text, children, before.advice if fits else "true"))
        found = set(partners.values())
        for index, before in enumerate(old):
            if index in found or all(line.advice is None for line in before.walk()):
                continue
            if entry.id in self._remove:
                sentence = f"removed with its advice: {before.text}"
                self._note(ADVICE, entry.id, Remark("advice_removed", sentence, text=before.text))
                continue
            sentence = f"no longer in the note, kept for its advice: {before.text}"
            self._note(ADVICE, entry.id, Remark("advice_kept", sentence, text=before.text))
            merged.insert(min(index, len(merged)), before)
        return tuple(merged)

    def _text_for_advice(self, entry: Entry, before: Line, text: str) -> str:
        """The old words where a trimmed advice no longer fits the new ones, unless the operator let it go."""
        if entry.id in self._remove:
            return text
        sentence = f"the note now says {text!r}; kept, as its advice is cut from: {before.text}"
        self._note(ADVICE, entry.id, Remark("advice_cut", sentence, now=text, text=before.text))
        return before.text

    def compare_heads(self, talk: Talk) -> None:
        """Title, speaker and date are for people to set; a note that says otherwise is only reported."""
        for what, curated, said in (
            ("title", self._old.title, talk.title),
            ("speaker", self._old.speaker, talk.speaker),
            ("date", self._old.date, talk.date),
        ):
            if said and not _same(curated, said):
                sentence = f"the {what} stays {curated!r}; the note says {said!r}"
                self._note(ABOUT, "", Remark(what, sentence, curated=curated, said=said))

    def _note(self, kind: str, question: str, message: Remark, line: int | None = None) -> None:
        self.changes.append(Change(kind, question, message, line))


def _same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but white space and how letters are composed."""
    return unicodedata.normalize("NFC", one).split() == unicodedata.normalize("NFC", other).split()


def _answer(points: Sequence[Line]) -> str:
    return " ".join(plain(line.text) for point in points for line in point.walk())[:2000]


def _bare_tree(points: Sequence[Line]) -> list[object]:
    return [(" ".join(point.text.split()), point.advice, _bare_tree(point.children)) for point in points]


def _difference(old: Sequence[Line], new: Sequence[Line]) -> Remark:
    before = {" ".join(line.text.split()) for point in old for line in point.walk()}
    after = {" ".join(line.text.split()) for point in new for line in point.walk()}
    new_points, gone = len(after - before), len(before - after)
    return Remark("answer", f"{counted(new_points, 'point')} new or reworded, {gone} gone", new=new_points, gone=gone)
