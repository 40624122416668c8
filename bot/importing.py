"""`sunbae import`: notes into session files, with a preview and an honest report."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.progress import Progress
from rich.text import Text
from rich.tree import Tree

from bot.terminal import out, write_json
from content import Fault, Library
from content.notes import Asked, Plan, Said, numbers, plan_import, sheet_warnings, to_json, write_plan

_SUFFIXES = {".md", ".markdown", ".txt"}
_SHOWN = 8  # dropped places and warnings of a note shown at most; --json gives all


def note_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The notes among *paths*, folders searched through, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if found.suffix.lower() in _SUFFIXES)
        else:
            yield path


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it came."""

    path: str  # "-" for standard input
    name: str  # its title where it has none, and what its session is called after
    source: bytes = field(repr=False)


def read_notes(files: Iterable[Path]) -> list[Note]:
    """The notes in *files*. Raises OSError."""
    return [
        Note("-", "note", sys.stdin.buffer.read())
        if str(file) == "-"
        else Note(str(file), file.stem, file.read_bytes())
        for file in files
    ]


def plan_all(
    notes: list[Note], folder: Path, *, id_: str | None, remove: Collection[str]
) -> Iterator[tuple[str, Plan]]:
    """The path of each note and what importing it would do; a bar shows the way through many. Raises OSError."""
    with Progress(console=out, disable=len(notes) < 2 or not out.is_terminal, transient=True) as progress:
        for note in progress.track(notes, description="Reading notes"):
            yield note.path, plan_import(note.source, name=note.name, folder=folder, id_=id_, remove=remove)


def not_lost(notes: list[Note], folder: Path, *, id_: str | None, remove: Collection[str]) -> list[str]:
    """Those of *remove* under which the notes have lost nothing, so that there is nothing to remove. Raises OSError.

    None where a session file stands in the way of a note: that is to be told first.
    """
    if not remove:
        return []
    plans = [plan for _, plan in plan_all(notes, folder, id_=id_, remove=())]
    drafts = [draft for plan in plans for draft in plan.drafts]
    lost = {change.question for draft in drafts for change in draft.changes if change.needs_answer}
    return [] if any(draft.faults for draft in drafts) else [wanted for wanted in remove if wanted not in lost]


def carry_out(path: str, plan: Plan, *, dry_run: bool, as_json: bool) -> None:
    """Show what importing the note at *path* does, tell why it cannot be, and write it unless this is a *dry_run*.

    Raises EditedError and OSError.
    """
    if as_json:
        report_json(plan)
    elif plan.drafts:
        preview(path, plan)
    if not plan.drafts:
        sys.stderr.write(f"sunbae: {path}: {plan.reading.found}\n")
    for fault in plan.faults:
        sys.stderr.write(f"sunbae: {fault}\n")
    if not dry_run and not plan.faults:
        write_and_tell(plan, quiet=as_json)


def preview(name: str, plan: Plan) -> None:
    """The sessions as trees, what was left out and why, and doubts."""
    for talk in plan.reading.talks:
        about = " · ".join(filter(None, (talk.speaker, talk.title, talk.date, talk.source)))
        tree = Tree(Text(f"{name}: {about}", "bold"))
        counted = numbers()
        for question in talk.questions:
            _question_branch(tree, question, counted)
        out.print(tree)
    for dropped in plan.reading.dropped[:_SHOWN]:
        lines = f" ({dropped.count} lines)" if dropped.count > 1 else ""
        out.print(Text(f"  left out, line {dropped.line}: {dropped.reason}{lines}", "dim"))
    _more(len(plan.reading.dropped))
    for warning in plan.reading.warnings[:_SHOWN]:
        out.print(Text(f"  doubt: {warning}", "yellow"))
    _more(len(plan.reading.warnings))
    show_changes(plan)


def show_changes(plan: Plan) -> None:
    """What an import over curated files changes, and what it leaves although the note no longer holds it."""
    for draft in plan.drafts:
        if draft.before is not None and not draft.changed:
            out.print(Text(f"  {draft.path.name}: unchanged"))
        for change in draft.changes:
            place = f" (line {change.line})" if change.line else ""
            whose = f"{change.question}: " if change.question else ""
            style = "yellow" if change.needs_answer else ""
            out.print(Text(f"  {draft.path.name}: {change.kind}: {whose}{change.message}{place}", style))


def report_json(plan: Plan) -> None:
    """The JSON of contracts: one line a note."""
    write_json(**to_json(plan.reading))


def write_and_tell(plan: Plan, *, quiet: bool) -> None:
    """Write what the plan changes; unless *quiet*, say where, and what to do next."""
    written = write_plan(plan)
    if quiet:
        return
    for path in written:
        out.print(Text(f"wrote {path}"))
    if any(draft.before is None for draft in plan.drafts):
        out.print("Look at what is marked '# proposed', then run: sunbae check")


def curation_warnings(library: Library, folder: Path) -> Iterator[str]:
    """What a curator should still look at in each session file of *folder*, with file and line."""
    for session in library.sessions:
        for path in (folder / f"{session.id}.yaml", folder / f"{session.id}.yml"):
            if path.exists():
                for warning in sheet_warnings(path.read_text(encoding="utf-8-sig")):
                    yield str(Fault(path, warning.line, warning.message))


def _question_branch(tree: Tree, question: Asked, counted: Iterator[int]) -> None:
    open_ = "" if question.answered else "  [no answer]"
    branch = tree.add(
        Text.assemble((f"{next(counted)}. ", "bold"), question.text, (f"{open_}  line {question.line}", "dim"))
    )
    for point in question.points:
        _point_branch(branch, point)
    for follow_up in question.follow_ups:
        _question_branch(branch, follow_up, counted)


def _point_branch(branch: Tree, point: Said) -> None:
    below = branch.add(Text(point.text))
    for child in point.children:
        _point_branch(below, child)


def _more(count: int) -> None:
    if count > _SHOWN:
        out.print(Text(f"  … and {count - _SHOWN} more; --json shows all", "dim"))
