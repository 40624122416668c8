"""The study library: lecture notes as questions and answers, and the search over them. Knows nothing of chat."""

from content.faults import ContentError, Fault
from content.library import Library, LiveLibrary, load
from content.model import SHORT_LENGTH, Advice, Match, Point, Question, Session

__all__ = [
    "SHORT_LENGTH",
    "Advice",
    "ContentError",
    "Fault",
    "Library",
    "LiveLibrary",
    "Match",
    "Point",
    "Question",
    "Session",
    "load",
]
