"""`ask`, `browse` and `advice`: what the library says."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.at_hand import NOTHING_FOUND, USAGE, fail, open_library, read_settings
from bot.commands.ask import QUESTION_LENGTH, find, has_words
from bot.commands.naming import topic_called
from bot.terminal import show_advice, show_finding, show_questions, write_finding, write_json
from bot.wording import phrases
from content import Library

asking = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="One JSON line a result, for scripts.")]


@asking.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question, as sloppy as you like.")] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="One query a line; - reads standard input.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Ask the library a question."""
    if (text is None) == (batch is None):
        fail("give either a question or --batch", code=USAGE)
    if batch is not None and not as_json:
        fail("--batch goes with --json", code=USAGE)
    query = text or ""
    if batch is None and (problem := _unaskable(query)):
        fail(problem, code=USAGE)
    library = open_library(to_ask=True)
    if batch is not None:
        for query in _lines(batch):
            write_finding(query, find(library, query))
        return
    finding = find(library, query)
    if as_json:
        write_finding(query, finding)
    else:
        show_finding(library, query, finding, phrases(read_settings().locale))
    if finding.outcome == "miss":
        raise typer.Exit(NOTHING_FOUND)


@asking.command()
def browse(
    topic: Annotated[str | None, typer.Argument(help="Only the questions of this topic.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show every session with its questions."""
    library = open_library()
    wanted = _topic(library, topic)
    phrase = phrases(read_settings().locale)
    for session in library.sessions:
        questions = [question for question in session.questions if wanted in {None, *question.topics}]
        if as_json:
            for question in questions:
                write_json(
                    session=session.id,
                    number=question.number,
                    id=question.id,
                    short=question.short,
                    topics=question.topics,
                )
        elif questions:
            show_questions(session, questions, phrase)


@asking.command()
def advice(
    topic: Annotated[str | None, typer.Argument(help="Only advice of this topic.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All of it, not one piece.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give one piece of advice."""
    library = open_library()
    pool = library.advice(topic=_topic(library, topic))
    if not pool:
        fail("the library holds no such advice; mark some with `advice: true`", code=NOTHING_FOUND)
    for piece in pool if everything else (random.choice(pool),):  # noqa: S311 -- picks advice
        if as_json:
            session = library.question_of(piece).session
            write_json(id=piece.id, text=piece.text, question=piece.question, session=session)
        else:
            show_advice(library, piece)


def _lines(source: str) -> Iterator[str]:
    """The queries of a file or of standard input, bytes that are no UTF-8 shown as such; empty lines count."""
    try:
        with sys.stdin.buffer if source == "-" else Path(source).open("rb") as stream:
            for line in stream:
                yield line.decode(errors="replace").strip("\r\n\ufeff")  # Windows begins a file with U+FEFF
    except OSError as error:
        fail(f"{source}: cannot be read: {error.strerror}")


def _unaskable(query: str) -> str | None:
    """Why *query* cannot be asked, if so."""
    if len(query) > QUESTION_LENGTH:
        return f"the question has {len(query):,} characters; shorten it to {QUESTION_LENGTH:,}"
    return None if has_words(query) else "the question holds no letters or digits; ask in words"


def _topic(library: Library, words: str | None) -> str | None:
    if words is None:
        return None
    topic = topic_called(library, words)
    if topic is None:
        known = library.topics()
        rest = f"the topics are {', '.join(known)}" if known else "the questions have no topics"
        fail(f"no topic {words!r}; {rest}", code=NOTHING_FOUND)
    return topic
