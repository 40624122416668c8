"""`check`, `import` and `calibrate`: for those who keep the library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.asking import AsJson
from bot.cli.at_hand import (
    FAILED,
    NOTHING_FOUND,
    USAGE,
    fail,
    open_library,
    open_vectors,
    read_settings,
)
from bot.terminal import out, show_contents, show_figures
from content import ContentError, load
from content.library import SHIPPED
from content.search.calibration import Contents, fit, fit_initials, read_judged
from content.search.confidence import FITTED
from content.session_file import GLOSSARY, id_fault

curating = typer.Typer()


@curating.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Another content folder; default: the one in use.")] = None,
) -> None:
    """Check every session file and say what is wrong, with file and line."""
    from bot.importing import curation_warnings  # noqa: PLC0415 -- what `sunbae ask` can do without

    try:
        library = load(folder or read_settings().content)
    except ContentError as error:
        fail(*map(str, error.faults))
    show_contents(library)
    for warning in curation_warnings(library, folder or read_settings().content or SHIPPED):
        out.print(Text(warning, "yellow"))
    out.print("All session files are sound.")


@curating.command("import")
def import_(
    notes: Annotated[
        list[str], typer.Argument(metavar="FILE|FOLDER|-", help="Markdown notes; - reads one from stdin.")
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be written.")] = False,
    as_json: AsJson = False,
    id_: Annotated[str | None, typer.Option("--id", help="The session's id, where the file's name gives none.")] = None,
    remove: Annotated[
        list[str] | None, typer.Option(metavar="QUESTION", help="Let this curated question go; the note lost it.")
    ] = None,
    into: Annotated[Path | None, typer.Option(help="The content folder; default: the one in use.")] = None,
) -> None:
    """Turn lecture notes into session files; over a curated file, keep what people added."""
    from bot.importing import carry_out, not_lost, note_files, plan_all, read_notes  # noqa: PLC0415 -- as above
    from content.notes import EditedError  # noqa: PLC0415 -- as above

    files = list(note_files(map(Path, notes)))
    folder = into or read_settings().content or SHIPPED
    if problem := _unimportable(files, folder, id_):
        fail(problem, code=USAGE)
    asked = broken = 0
    try:
        sources = read_notes(files)
        if kept := not_lost(sources, folder, id_=id_, remove=remove or []):
            fail(
                *(f"--remove {each}: the notes have lost nothing of a question with this id" for each in kept),
                code=USAGE,
            )
        for name, plan in plan_all(sources, folder, id_=id_, remove=remove or []):
            asked += len(plan.reading.questions)
            broken += len(plan.faults)
            carry_out(name, plan, dry_run=dry_run, as_json=as_json)
    except EditedError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: cannot be read or written: {error.strerror}")
    if broken:
        raise typer.Exit(FAILED)
    if not files:
        fail("no notes (*.md, *.markdown, *.txt) there", code=NOTHING_FOUND)
    if not asked:  # each note has been told already
        raise typer.Exit(NOTHING_FOUND)


@curating.command()
def calibrate(
    judged: Annotated[
        list[Path] | None, typer.Argument(help="Files of judged queries; default: those of the tests.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Measure only; write nothing.")] = False,
) -> None:
    """Fit when to answer, ask back or say no, to judged queries; for those who change the shipped library."""
    if judged is None and read_settings().content:
        fail("the tests' queries are of the shipped library; name files of queries for SUNBAE_CONTENT", code=USAGE)
    shipped = ("seed_ask.tsv", "practice_ask.tsv")
    files = judged or [SHIPPED.parents[1] / "tests/content" / name for name in shipped]
    try:
        queries = [query for file in files for query in read_judged(file)]
    except OSError as error:
        fail(f"{error.filename}: cannot be read: {error.strerror}")
    except ValueError as error:
        fail(str(error))
    library = open_library()
    vectors = open_vectors(read_settings())
    tiers = {"words": None} | ({"words and meaning": vectors} if vectors else {})
    for name, tier in tiers.items():
        with Console(stderr=True).status(f"Fitting {name} to {len(queries)} queries"):
            contents = Contents(library.questions, library.glossary, library.unanswered, tier)
            try:
                figures = fit(contents, queries, file=None if dry_run else FITTED)
            except ValueError as error:
                fail(str(error))
        show_figures(name, figures)
    with Console(stderr=True).status("Fitting initials"):
        contents = Contents(library.questions, library.glossary, library.unanswered)
        initials = fit_initials(contents, queries, file=None if dry_run else FITTED)
    if initials:
        show_figures("initials", initials)
    if not dry_run and read_settings().content is None:
        load(vectors=vectors).ship()


def _unimportable(files: list[Path], folder: Path, id_: str | None) -> str | None:
    """Why notes cannot be imported as they should be, if so."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not there.is_dir():
        return f"{there}: is not a folder; session files go into a folder"
    if id_ is None:
        return None
    if len(files) != 1:
        return "--id goes with one note"
    fault = "that is the file of words that mean the same" if id_ == GLOSSARY else id_fault(id_)
    return f"--id {id_}: {fault}" if fault else None
