"""A lecture note into a content folder: what would be written and why not, and the writing itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from content.faults import Fault
from content.notes.merging import VANISHED, Change, merge
from content.notes.proposals import propose, session_ids
from content.notes.reader import read
from content.notes.reading import Reading, Talk
from content.notes.remark import Remark
from content.notes.sheet import read_sheet
from content.notes.writing import to_yaml
from content.session_file import Taken, read_session


@dataclass(frozen=True, slots=True)
class Draft:
    """One session file as the import would leave it."""

    path: Path
    text: str  # the file's whole text
    before: str | None  # the text that stands there now, None where the file is new
    changes: tuple[Change, ...] = ()  # against a curated file
    faults: tuple[Fault, ...] = ()  # why it cannot be written

    @property
    def changed(self) -> bool:
        return self.text != self.before


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing one note would do; nothing is written yet."""

    reading: Reading
    drafts: tuple[Draft, ...]  # one a talk; none where the note holds no questions

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(fault for draft in self.drafts for fault in draft.faults)


class EditedError(Exception):
    """A file was edited after the plan was made; it is the message."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: was edited meanwhile, so nothing was written; import the note again")
        self.path = path


def plan_import(
    source: bytes, *, name: str, folder: Path, id_: str | None = None, remove: Collection[str] = ()
) -> Plan:
    """What importing the note *source*, a file called *name*, into *folder* would write.

    *id_* is the session's id, in which `id_fault` finds no fault, where the one made of *name* does not do. Questions
    that vanished from the note stay until their ids are in *remove*.
    """
    reading = read(source, name=name)
    ids = session_ids(name, len(reading.talks), id_=id_)
    drafts: list[Draft] = []
    for session, talk in zip(ids, reading.talks, strict=True):
        drafts.append(_draft(talk, folder / f"{session}.yaml", folder, drafts, remove))
    return Plan(reading, tuple(drafts))


def write_plan(plan: Plan) -> tuple[Path, ...]:
    """Write the drafts that change something, each whole or not at all; their paths.

    ValueError if one has faults. EditedError, and nothing written, if a file is not as it was when the plan was made.
    """
    if plan.faults:
        raise ValueError("a plan with faults cannot be written")
    changed = [draft for draft in plan.drafts if draft.changed]
    for draft in changed:
        stands = draft.path.read_bytes() if draft.path.exists() else None
        if stands != (None if draft.before is None else draft.before.encode()):
            raise EditedError(draft.path)
    for draft in changed:
        draft.path.parent.mkdir(parents=True, exist_ok=True)
        whole = draft.path.with_name(f".{draft.path.name}.new")
        whole.write_text(draft.text, encoding="utf-8", newline="")
        whole.replace(draft.path)
    return tuple(draft.path for draft in changed)


def _draft(talk: Talk, path: Path, folder: Path, earlier: list[Draft], remove: Collection[str]) -> Draft:
    taken = Taken()
    for other in sorted(folder.glob("*.y*ml")) if folder.is_dir() else ():
        if other.stem != path.stem and other.name != "glossary.yaml":
            read_session(other, taken)
    for draft in earlier:
        read_session(draft.path, taken, source=draft.text)
    if not path.exists():
        text = to_yaml(propose(talk, session=path.stem, taken=taken))
        return Draft(path, text, None, faults=tuple(read_session(path, taken, source=text)[1]))
    try:
        before = path.read_bytes().decode("utf-8")
        old = read_sheet(before)
    except (OSError, ValueError):
        sentence = "stands there and is no session file; run `sunbae check`, or name the session with --id"
        fault = Fault(path, None, Remark("no_session", sentence, file=path.name))
        return Draft(path, "", None, faults=(fault,))
    sheet, changes = merge(old, talk, session=path.stem, taken=taken, remove=remove)
    text = before if sheet is old else to_yaml(sheet)
    if old.entries and sum(change.kind == VANISHED for change in changes) == len(old.entries):
        sentence = f"holds another note ({old.title!r}); name the new session with --id"
        fault = Fault(path, None, Remark("other_note", sentence, file=path.name, title=old.title))
        return Draft(path, text, before, changes, (fault,))
    return Draft(path, text, before, changes, tuple(read_session(path, taken, source=text)[1]))
