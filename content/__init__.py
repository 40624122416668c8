"""The study library: lecture notes as questions and answers, and the search over them. Knows nothing of chat."""

from content.model import Advice, Match, Point, Question, Session

__all__ = ["Advice", "Match", "Point", "Question", "Session"]
