"""Lecture notes in, sessions out: reads a note, proposes a session file, merges an edited note into a curated one."""

from content.notes.reader import read
from content.notes.reading import Asked, Dropped, Reading, Said, Talk, Warned, to_json

__all__ = ["Asked", "Dropped", "Reading", "Said", "Talk", "Warned", "read", "to_json"]
