"""Lecture notes in, sessions out: reads a note, proposes a session file, merges an edited note into a curated one."""

from content.notes.importing import Draft, EditedError, Plan, plan_import, write_plan
from content.notes.lint import sheet_warnings
from content.notes.merging import Change, merge
from content.notes.proposals import propose, session_ids
from content.notes.reader import read
from content.notes.reading import Asked, Dropped, Reading, Said, Talk, Warned, numbers, to_json
from content.notes.remark import Remark
from content.notes.sheet import Entry, Line, Sheet, pending, read_sheet
from content.notes.writing import to_yaml

__all__ = [
    "Asked",
    "Change",
    "Draft",
    "Dropped",
    "EditedError",
    "Entry",
    "Line",
    "Plan",
    "Reading",
    "Remark",
    "Said",
    "Sheet",
    "Talk",
    "Warned",
    "merge",
    "numbers",
    "pending",
    "plan_import",
    "propose",
    "read",
    "read_sheet",
    "session_ids",
    "sheet_warnings",
    "to_json",
    "to_yaml",
    "write_plan",
]
