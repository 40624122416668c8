"""The library: every session in a folder, loaded, checked and watched as one immutable snapshot."""

from __future__ import annotations

import itertools
import os.path
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Lock

import yaml

from content.faults import ContentError, Fault
from content.memory import many_objects
from content.model import Advice, Match, Question, Session
from content.search import Index, Vectors, start_kiwi
from content.session_file import GLOSSARY, Taken, advice_of, read_session
from content.yaml_nodes import NodeReader

SHIPPED = Path(__file__).parent / "sessions"
_GLOSSARY = f"{GLOSSARY}.yaml"
_UNANSWERED = "unanswered.txt"

Glossary = tuple[tuple[str, ...], ...]  # groups of words that mean the same, the usual one first


class Library:
    """Sessions that can be asked. Never changes: an edit makes a new Library."""

    def __init__(
        self,
        sessions: tuple[Session, ...],
        glossary: Glossary = (),
        vectors: Vectors | None = None,
        unanswered: tuple[str, ...] = (),
        cache: Path | None = None,
    ) -> None:
        """*vectors*: the semantic tier, if this machine has one; it takes part from `warm` on.

        *unanswered*: questions that sound as if the sessions answered them, which they do not. *cache*: a folder that
        keeps the index for the next start.
        """
        self.sessions = sessions
        self.glossary = glossary
        self.unanswered = unanswered
        self.questions = tuple(question for session in sessions for question in session.questions)
        self._sessions = {session.id: session for session in sessions}
        self._questions = {question.id: question for question in self.questions}
        self._advice = {advice.id: advice for question in self.questions for advice in advice_of(question)}
        self._index = Index(self.questions, glossary, vectors, unanswered, cache)
        self._related: dict[tuple[str, int], list[Question]] = {}  # a search each, asked for with every answer

    def question(self, id_: str) -> Question | None:
        """The question, or None where it is not (or no longer) in the library."""
        return self._questions.get(id_)

    def session(self, id_: str) -> Session | None:
        """The session, or None where it is not (or no longer) in the library."""
        return self._sessions.get(id_)

    def question_of(self, advice: Advice) -> Question:
        """The question that *advice* answers."""
        return self._questions[advice.question]

    def session_of(self, question: Question) -> Session:
        """The session that *question* stands in."""
        return self._sessions[question.session]

    def search(self, text: str, *, limit: int = 5) -> list[Match]:
        """Questions that *text* asks, best first; scores are 0-1 and comparable within one Library."""
        return self._index.search(text, limit=limit)

    def warm(self) -> None:
        """Make a first question as fast as any: two or three seconds, and a few ms for each text never met before."""
        before = self.semantic
        self._index.warm()
        if self.semantic != before:
            self._related.clear()
        start_kiwi()  # last: what the semantic tier needs to get ready is given back by now

    def ship(self) -> None:
        """Make what is worked out about this library come with the package, for a first start without learning."""
        self._index.ship()

    @property
    def semantic(self) -> bool:
        """Whether the semantic tier takes part in a search."""
        return self._index.semantic

    def suggest(self, prefix: str, *, limit: int = 25) -> list[Question]:
        """Questions that somebody who has typed *prefix* so far may want, best first."""
        return self._index.suggest(prefix, limit=limit)

    def related(self, question: Question, *, limit: int = 3) -> list[Question]:
        """Other questions close to *question*: the one it follows and those that follow it, then by meaning."""
        known = self._related.get((question.id, limit))
        if known is not None:
            return known
        family = [other for other in self.questions if question.follows == other.id or other.follows == question.id]
        near = [other for other in self._index.related(question, limit=limit + len(family)) if other not in family]
        return self._related.setdefault((question.id, limit), [*family, *near][:limit])

    def topics(self, session: Session | None = None) -> tuple[str, ...]:
        """The topics of *session*, or of all sessions, in the order they first appear."""
        questions = session.questions if session else self.questions
        return tuple(dict.fromkeys(topic for question in questions for topic in question.topics))

    def advice(self, *, topic: str | None = None) -> tuple[Advice, ...]:
        """Every piece of advice, of one topic if named, in reading order."""
        if topic is None:
            return tuple(self._advice.values())
        return tuple(advice for advice in self._advice.values() if topic in self._questions[advice.question].topics)

    def piece(self, id_: str) -> Advice | None:
        """The piece of advice, or None where it is not (or no longer) in the library."""
        return self._advice.get(id_)


@many_objects()
def load(folder: Path | str | None = None, *, vectors: Vectors | None = None, cache: Path | None = None) -> Library:
    """The library in *folder*, or the one that is shipped; *vectors* as `search.find_vectors` gives them.

    *cache*: a folder that keeps the index for the next start. Raises ContentError, holding every fault of every file.
    """
    root = Path(folder) if folder is not None else SHIPPED
    faults: list[Fault] = []
    sessions: list[Session] = []
    taken = Taken()
    for path in _session_files(root, faults):
        session, found = read_session(path, taken)
        faults += sorted(found, key=lambda fault: fault.line or 0)
        if session is not None:
            sessions.append(session)
    glossary = _read_glossary(root, faults)
    unanswered = _read_unanswered(root, sessions, faults)
    if faults:
        raise ContentError(tuple(faults))
    return Library(tuple(sessions), glossary, vectors, unanswered, cache)


class LiveLibrary:
    """The library as its files last stood without a fault; edits are picked up by `refresh`."""

    def __init__(
        self, folder: Path | str | None = None, *, vectors: Vectors | None = None, cache: Path | None = None
    ) -> None:
        """All as `load` takes it. Raises ContentError: a bot does not start on broken content."""
        self.folder = Path(folder) if folder is not None else SHIPPED
        self._load = partial(load, self.folder, vectors=vectors, cache=cache)
        self._stamp = _stamp(self.folder)
        self.current = self._load()
        self.faults: tuple[Fault, ...] = ()  # what is wrong with the files now, while *current* stays the last good one
        self._refreshing = Lock()

    def refresh(self, *, force: bool = False) -> bool:
        """Read the files again if they changed, or if *force*; True if they were read.

        Blocks while it reads and indexes: call it off the event loop.
        """
        with self._refreshing:  # or what was read first could come last
            stamp = _stamp(self.folder)
            if stamp == self._stamp and not force:
                return False
            self._stamp = stamp
            try:
                self.current, self.faults = self._load(), ()
            except ContentError as error:
                self.faults = error.faults
            else:
                self.current.warm()
            return True


def _session_files(folder: Path, faults: list[Fault]) -> list[Path]:
    try:
        if not folder.is_dir():
            faults.append(Fault(folder, None, "is not a folder" if folder.exists() else "no such folder"))
            return []
        files = sorted(
            path
            for path in folder.iterdir()
            if path.suffix in {".yaml", ".yml"} and path.name != _GLOSSARY and not path.name.startswith((".", "_"))
        )
    except OSError as error:
        faults.append(Fault(folder, None, f"cannot be read: {error.strerror}"))
        return []
    if not files:
        faults.append(Fault(folder, None, "holds no session files (*.yaml)"))
    for path, following in itertools.pairwise(files):
        if path.stem == following.stem:  # week1.yaml and week1.yml
            message = f"session {path.stem!r} stands twice, first in {path.name}; rename one of the files"
            faults.append(Fault(following, None, message))
    return files


def _glossary_file(folder: Path) -> Path:
    """The folder's own glossary, or the shipped one."""
    own = folder / _GLOSSARY
    return own if _is_there(own) else SHIPPED.parent / _GLOSSARY


def _is_there(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 -- Path's own raises where the folder cannot be entered


def _read_glossary(folder: Path, faults: list[Fault]) -> Glossary:
    reader = NodeReader(_glossary_file(folder))
    root = reader.root()
    groups: list[tuple[str, ...]] = []
    seen: dict[str, str] = {}
    if isinstance(root, yaml.MappingNode):
        for _, key_node, value in reader.items(root):
            word = reader.text(key_node, "a word")
            variants = reader.texts(value, f"{word!r}'s variant")
            for variant, node in ((word, key_node), *variants):
                if variant.casefold() in seen:
                    reader.fault(node, f"{variant!r} stands twice, first under {seen[variant.casefold()]!r}")
                seen.setdefault(variant.casefold(), word)
            groups.append((word, *(variant for variant, _ in variants)))
    elif root is not None:
        reader.fault(root, "the glossary should be a mapping: a word, then the list of its variants")
    faults += reader.faults
    return tuple(groups)


def _unanswered_file(folder: Path) -> Path:
    """What the sessions of *folder* do not answer; the shipped ones have theirs beside the glossary."""
    return (folder if folder != SHIPPED else SHIPPED.parent) / _UNANSWERED


def _read_unanswered(folder: Path, sessions: Sequence[Session], faults: list[Fault]) -> tuple[str, ...]:
    """The lines of the file that hold a question; a folder needs none."""
    path = _unanswered_file(folder)
    if not _is_there(path):
        return ()
    reader = NodeReader(path)
    source = reader.source() or ""
    asked = {
        phrasing.casefold(): question.id
        for session in sessions
        for question in session.questions
        for phrasing in (question.text, question.short, *question.aliases)
    }
    requests = []
    for place, line in enumerate(map(str.strip, source.splitlines()), start=1):
        if answering := asked.get(line.casefold()):
            reader.fault(place, f"{line!r} is a way to ask {answering!r}: delete it here or there")
        elif line and not line.startswith("#"):
            requests.append(line)
    faults += reader.faults
    return tuple(dict.fromkeys(requests))


def _stamp(folder: Path) -> tuple[tuple[str, int, int, int], ...]:
    """What changes when a file of the library is edited, added or removed."""
    stamps = []
    for path in (*_session_files(folder, []), _glossary_file(folder), _unanswered_file(folder)):
        try:
            status = path.stat()
        except OSError:
            stamps.append((str(path), 0, 0, 0))
        else:
            stamps.append((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(stamps)
