"""What people name, however they write it: topics and sessions, spaces and case aside."""

from __future__ import annotations

from content import Library, Session


def squeezed(words: str) -> str:
    """*words* as they are compared with names: without spaces, in one case."""
    return "".join(words.split()).casefold()


def topic_called(library: Library, words: str) -> str | None:
    """The topic that *words* name."""
    return next((topic for topic in library.topics() if squeezed(topic) == squeezed(words)), None)


def session_called(library: Library, words: str) -> Session | None:
    """The session whose title *words* are."""
    return next((session for session in library.sessions if squeezed(session.title) == squeezed(words)), None)
