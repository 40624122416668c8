"""Finds the questions that somebody's words ask, and knows when there are none."""

from content.search.index import Index
from content.search.ranking import ANSWER, NEAR, Outcome, outcome

__all__ = ["ANSWER", "NEAR", "Index", "Outcome", "outcome"]
