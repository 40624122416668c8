"""Finds the questions that somebody's words ask, and knows when there are none."""

from content.search.encoders import Status, find_vectors, semantic_status
from content.search.index import Index
from content.search.morphemes import start_kiwi
from content.search.ranking import ANSWER, NEAR, Outcome, outcome
from content.search.vectors import Encoder, EncoderUnavailableError, Vectors

__all__ = [
    "ANSWER",
    "NEAR",
    "Encoder",
    "EncoderUnavailableError",
    "Index",
    "Outcome",
    "Status",
    "Vectors",
    "find_vectors",
    "outcome",
    "semantic_status",
    "start_kiwi",
]
