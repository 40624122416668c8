"""What the command line shows: trees and tables for people, JSON lines for scripts."""

from __future__ import annotations

import json
import sys

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from rich.tree import Tree

from bot.commands.ask import Finding, best_address, miss_key
from bot.platforms import Check
from bot.reply import attribution
from bot.wording import Phrases
from content import Advice, Library, Question, Session
from content.search.calibration import Figures

out = Console()  # given the notes' words as Text, never as markup: "[1]" and ":100:" are shown as they stand


def write_json(**fields: object) -> None:
    """One JSON line."""
    # A lone surrogate in a query cannot be written as UTF-8, so it is shown as "?".
    sys.stdout.write(json.dumps(fields, ensure_ascii=False).encode(errors="replace").decode() + "\n")
    sys.stdout.flush()


def write_finding(query: str, finding: Finding) -> None:
    """The JSON line of `sunbae ask --json`."""
    matches = [
        {
            "session": match.question.session,
            "number": match.question.number,
            "id": match.question.id,
            "score": round(match.score, 4),
        }
        for match in finding.matches
    ]
    write_json(query=query, outcome=finding.outcome, matches=matches)


def show_finding(library: Library, query: str, finding: Finding, phrase: Phrases) -> None:
    """The answer as a tree, the choices, or the miss."""
    if finding.outcome == "miss":
        out.print(Text(phrase(miss_key(query))))
    elif finding.outcome == "choices":
        out.print(Text(phrase("ask.choices_lead")))
        for number, match in enumerate(finding.matches[:3], start=1):
            out.print(Text.assemble(f"  {number}. {match.question.short}  ", (match.question.id, "dim")))
    else:
        best = finding.matches[0]
        out.print(_answer_tree(library, best.question, best_address(best)))


def show_questions(session: Session, questions: list[Question], phrase: Phrases) -> None:
    """A table of *questions* of one session."""
    heads = (phrase(f"command.{name}.argument") for name in ("ask", "browse"))
    table = Table("#", *heads, title=Text(attribution(session)), title_justify="left", show_edge=False)
    for question in questions:
        table.add_row(str(question.number), Text(question.short), Text(", ".join(question.topics)))
    out.print(table)


def show_advice(library: Library, advice: Advice) -> None:
    """One piece of advice and where it comes from."""
    question = library.question_of(advice)
    whose = f"{attribution(library.session_of(question))} › {question.short}"
    out.print(Text.assemble((advice.text, "bold"), "\n  ", (whose, "dim")))


def show_contents(library: Library) -> None:
    """A table of the library's sessions and what each holds."""
    name = Column("session", no_wrap=True)
    table = Table(name, "questions", "answer points", "aliases", "advice", "topics", show_edge=False)
    for session in library.sessions:
        questions = session.questions
        table.add_row(
            session.id,
            str(len(questions)),
            str(sum(1 for question in questions for _ in question.walk())),
            str(sum(len(question.aliases) for question in questions)),
            str(sum(1 for question in questions for _, point in question.walk() if point.advice)),
            Text(", ".join(library.topics(session))),
        )
    out.print(table)


def show_figures(name: str, figures: Figures) -> None:
    """What a fitted model does with queries that it has not seen."""
    table = Table(
        "of the queries it was not fitted to", "share", title=Text(name), title_justify="left", show_edge=False
    )
    table.add_row("answerable, answered rightly at once", f"{figures.right:.3f}")
    table.add_row("answerable, answered wrongly at once", f"{figures.wrong:.3f}")
    table.add_row("answerable, answered or offered", f"{figures.offered:.3f}")
    table.add_row("unanswerable, answered all the same", f"{figures.false:.3f}")
    table.add_row("unanswerable, an honest miss", f"{figures.honest:.3f}")
    out.print(table)


def show_check(found: Check) -> None:
    """One line of `sunbae doctor`, and below it what to do, if anything."""
    sign = ("✗ ", "red") if found.remedy else ("✓ ", "green")
    remedy = f"\n  → {found.remedy}" if found.remedy else ""
    out.print(Text.assemble(sign, found.what, remedy))


def _answer_tree(library: Library, question: Question, best: str | None) -> Tree:
    session = library.session_of(question)
    tree = Tree(Text(question.text, "bold"), guide_style="dim")
    branches = {"": tree}
    for address, point in question.walk():
        words = Text(point.text, "bold green" if address == best else "")
        branches[address] = branches[address.rpartition(".")[0]].add(words)
    tree.add(Text(f"— {attribution(session)} {session.source or ''}", "dim"))
    return tree
