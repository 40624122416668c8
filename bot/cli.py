"""The command line: read settings, wire, run; the only place that knows everything."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import structlog
import typer
import yaml
from rich.console import Console
from rich.text import Text

from bot.commands.advice import topic_called
from bot.commands.ask import QUESTION_LENGTH, find, has_words
from bot.embeddings import RemoteEncoder
from bot.examining import examined
from bot.platforms import PlatformError
from bot.settings import Settings, SettingsError, environment
from bot.study import Study
from bot.terminal import (
    out,
    show_advice,
    show_check,
    show_contents,
    show_figures,
    show_finding,
    show_questions,
    write_finding,
    write_json,
)
from bot.wording import phrases
from content import ContentError, Library, LiveLibrary, load
from content.library import SHIPPED
from content.search import Vectors, find_vectors
from content.search.calibration import Contents, fit, fit_initials, read_judged
from content.search.confidence import FITTED
from content.session_file import GLOSSARY, id_fault

FAILED, USAGE, NOTHING_FOUND = 1, 2, 3

app = typer.Typer(
    name="sunbae",
    help="선배: answers from lecture notes, word for word. Without a command it runs the bot.",
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
manifest = typer.Typer(name="manifest", help="What a platform must be told about the bot.", no_args_is_help=True)
db = typer.Typer(name="db", help="The database.", no_args_is_help=True)
app.add_typer(manifest)
app.add_typer(db)
log = structlog.get_logger()

AsJson = Annotated[bool, typer.Option("--json", help="One JSON line a result, for scripts.")]


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe on Windows would take neither Korean nor emoji
            stream.reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="sunbae")


@app.callback(invoke_without_command=True)
def _default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        run()


@app.command()
def run() -> None:
    """Run the bot: the local chat in the browser, and every platform whose token is set."""
    _log_to_stderr()
    settings = _settings()
    _home(settings)
    from bot.running import run as run_bot  # noqa: PLC0415 -- what `sunbae ask` can do without
    from bot.store.database import UnusableError  # noqa: PLC0415 -- as above

    try:
        run_bot(settings, lambda: _study(settings))
    except (PlatformError, UnusableError) as error:
        _fail(str(error))
    except ExceptionGroup as group:
        known, unknown = group.split((PlatformError, UnusableError))
        if unknown or not known:
            raise
        _fail(*map(str, known.exceptions))
    except (asyncio.CancelledError, KeyboardInterrupt):
        log.info("stopped")


@app.command()
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
        _fail("give either a question or --batch", code=USAGE)
    if batch is not None and not as_json:
        _fail("--batch goes with --json", code=USAGE)
    query = text or ""
    if batch is None and (problem := _unaskable(query)):
        _fail(problem, code=USAGE)
    library = _library(to_ask=True)
    if batch is not None:
        for query in _lines(batch):
            write_finding(query, find(library, query))
        return
    finding = find(library, query)
    if as_json:
        write_finding(query, finding)
    else:
        show_finding(library, query, finding, phrases(_settings().locale))
    if finding.outcome == "miss":
        raise typer.Exit(NOTHING_FOUND)


@app.command()
def browse(
    topic: Annotated[str | None, typer.Argument(help="Only the questions of this topic.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show every session with its questions."""
    library = _library()
    wanted = _topic(library, topic)
    phrase = phrases(_settings().locale)
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


@app.command()
def advice(
    topic: Annotated[str | None, typer.Argument(help="Only advice of this topic.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All of it, not one piece.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give one piece of advice."""
    library = _library()
    pool = library.advice(topic=_topic(library, topic))
    if not pool:
        _fail("the library holds no such advice; mark some with `advice: true`", code=NOTHING_FOUND)
    for piece in pool if everything else (random.choice(pool),):  # noqa: S311 -- picks advice
        if as_json:
            session = library.question_of(piece).session
            write_json(id=piece.id, text=piece.text, question=piece.question, session=session)
        else:
            show_advice(library, piece)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Another content folder; default: the one in use.")] = None,
) -> None:
    """Check every session file and say what is wrong, with file and line."""
    from bot.importing import curation_warnings  # noqa: PLC0415 -- what `sunbae ask` can do without

    try:
        library = load(folder or _settings().content)
    except ContentError as error:
        _fail(*map(str, error.faults))
    show_contents(library)
    for warning in curation_warnings(library, folder or _settings().content or SHIPPED):
        out.print(Text(warning, "yellow"))
    out.print("All session files are sound.")


@app.command("import")
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
    folder = into or _settings().content or SHIPPED
    if problem := _unimportable(files, folder, id_):
        _fail(problem, code=USAGE)
    asked = broken = 0
    try:
        sources = read_notes(files)
        if kept := not_lost(sources, folder, id_=id_, remove=remove or []):
            _fail(
                *(f"--remove {each}: the notes have lost nothing of a question with this id" for each in kept),
                code=USAGE,
            )
        for name, plan in plan_all(sources, folder, id_=id_, remove=remove or []):
            asked += len(plan.reading.questions)
            broken += len(plan.faults)
            carry_out(name, plan, dry_run=dry_run, as_json=as_json)
    except EditedError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename}: cannot be read or written: {error.strerror}")
    if broken:
        raise typer.Exit(FAILED)
    if not files:
        _fail("no notes (*.md, *.markdown, *.txt) there", code=NOTHING_FOUND)
    if not asked:  # each note has been told already
        raise typer.Exit(NOTHING_FOUND)


@app.command()
def calibrate(
    judged: Annotated[
        list[Path] | None, typer.Argument(help="Files of judged queries; default: those of the tests.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Measure only; write nothing.")] = False,
) -> None:
    """Fit when to answer, ask back or say no, to judged queries; for those who change the shipped library."""
    if judged is None and _settings().content:
        _fail("the tests' queries are of the shipped library; name files of queries for SUNBAE_CONTENT", code=USAGE)
    shipped = ("seed_ask.tsv", "practice_ask.tsv")
    files = judged or [SHIPPED.parents[1] / "tests/content" / name for name in shipped]
    try:
        queries = [query for file in files for query in read_judged(file)]
    except OSError as error:
        _fail(f"{error.filename}: cannot be read: {error.strerror}")
    except ValueError as error:
        _fail(str(error))
    library = _library()
    vectors = _vectors(_settings())
    tiers = {"words": None} | ({"words and meaning": vectors} if vectors else {})
    for name, tier in tiers.items():
        with Console(stderr=True).status(f"Fitting {name} to {len(queries)} queries"):
            contents = Contents(library.questions, library.glossary, library.unanswered, tier)
            try:
                figures = fit(contents, queries, file=None if dry_run else FITTED)
            except ValueError as error:
                _fail(str(error))
        show_figures(name, figures)
    with Console(stderr=True).status("Fitting initials"):
        contents = Contents(library.questions, library.glossary, library.unanswered)
        initials = fit_initials(contents, queries, file=None if dry_run else FITTED)
    if initials:
        show_figures("initials", initials)
    if not dry_run and _settings().content is None:
        load(vectors=vectors).ship()


@app.command()
def doctor() -> None:
    """Look at the settings, the library and every platform, and say what is wrong and what to do."""
    settings = _settings()
    checks = asyncio.run(examined(settings, _study(settings)))
    for found in checks:
        show_check(found)
    if any(found.remedy for found in checks):
        raise typer.Exit(FAILED)


@manifest.command("slack")
def manifest_slack(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML; Slack takes both.")] = False,
    with_history: Annotated[bool, typer.Option(help="Let the bot read the thread a mention stands in.")] = False,
    url: Annotated[str | None, typer.Option(help="For HTTP mode: the https address that leads to SUNBAE_HTTP.")] = None,
) -> None:
    """Print the manifest from which Slack creates the app."""
    from bot.platforms.slack.manifest import base_of  # noqa: PLC0415 -- Slack's SDK costs a second
    from bot.platforms.slack.manifest import manifest as slack_manifest  # noqa: PLC0415 -- as above

    try:
        base = None if url is None else base_of(url)
    except ValueError as error:
        _fail(str(error), code=USAGE)
    made = slack_manifest(_settings().locale, url=base, with_history=with_history)
    if as_json:
        sys.stdout.write(json.dumps(made, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(yaml.safe_dump(made, allow_unicode=True, sort_keys=False))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version; the bot does so itself when it starts."""
    from bot.store.database import Database, UnusableError, told  # noqa: PLC0415 -- SQLAlchemy would slow `sunbae ask`

    settings = _settings()
    _home(settings)

    async def upgrade() -> None:
        with told():
            database = Database(settings.database_url)
            try:
                await database.upgrade()
            finally:
                await database.close()

    try:
        asyncio.run(upgrade())
    except UnusableError as error:
        _fail(str(error))
    out.print("The database is up to date.")


@db.command("rotate-keys")
def db_rotate_keys() -> None:
    """Seal the workspaces' tokens with a new key; the bot may run meanwhile."""
    from bot.store.database import Database, UnusableError, told  # noqa: PLC0415 -- as above
    from bot.store.installations import Installations  # noqa: PLC0415 -- Slack's SDK costs a second
    from bot.store.keys import KEYS_FILE, Keys, SealError  # noqa: PLC0415

    settings = _settings()
    keys = Keys(_home(settings) / KEYS_FILE)

    async def rotate() -> int:
        with told():
            database = Database(settings.database_url)
            try:
                await database.upgrade()
                keys.rotate()
                return await Installations(database, keys).reseal()
            finally:
                await database.close()

    try:
        count = asyncio.run(rotate())
    except (SealError, UnusableError) as error:
        _fail(str(error))
    out.print(f"A new key seals {count} workspace(s).")


def _home(settings: Settings) -> Path:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _fail(f"{settings.home}: {error.strerror}; SUNBAE_HOME should be a folder to write in")
    return settings.home


@app.command()
def invite(platform: Annotated[Literal["discord"], typer.Argument(help="Where to invite the bot.")]) -> None:  # noqa: ARG001 -- the others are installed from a manifest
    """Print the address that adds the bot to a server, with the fewest permissions it needs."""
    settings = _settings()
    if settings.discord is None:
        _fail("DISCORD_TOKEN is not set; copy it from Bot → Reset Token at https://discord.com/developers/applications")
    from bot.platforms.discord.doctor import invitation  # noqa: PLC0415 -- discord.py costs half a second

    try:
        sys.stdout.write(asyncio.run(invitation(settings.discord)) + "\n")
    except PlatformError as error:
        _fail(str(error))


def _study(settings: Settings) -> Study:
    try:
        live = LiveLibrary(settings.content, vectors=_vectors(settings), cache=_folder(settings, "index"))
    except ContentError as error:
        _fail(*map(str, error.faults))
    return Study(live, _now, random.Random(), settings.locale, settings.zone)  # noqa: S311 -- picks advice


def _now() -> datetime:
    return datetime.now(UTC)


def _settings() -> Settings:
    try:
        return Settings.from_env(environment())
    except SettingsError as error:
        _fail(*error.faults)


def _library(*, to_ask: bool = False) -> Library:
    """The library; *to_ask* also makes its semantic tier ready, which takes a while for texts it never met."""
    settings = _settings()
    try:
        vectors = _vectors(settings) if to_ask else None
        if vectors:
            vectors.start_beside()
        library = load(settings.content, vectors=vectors, cache=_folder(settings, "index"))
    except ContentError as error:
        _fail(*map(str, error.faults))
    if to_ask:
        with Console(stderr=True).status("Learning what the notes mean; only the first time."):
            library.warm()
    return library


def _vectors(settings: Settings) -> Vectors | None:
    """The semantic tier that the settings ask for, or the one that comes with the package where it runs."""
    folder = _folder(settings, "vectors")
    if settings.embeddings:
        return Vectors(RemoteEncoder(settings.embeddings, settings.home / "vectors"), folder)
    return find_vectors(folder)


def _folder(settings: Settings, name: str) -> Path | None:
    """Where vectors or the index are kept; None where nothing can be written: a question only needs more time then."""
    folder = settings.home / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _fail(*sentences: str, code: int = FAILED) -> NoReturn:
    for sentence in sentences:
        sys.stderr.write(f"sunbae: {sentence}\n")
    raise typer.Exit(code)


def _lines(source: str) -> Iterator[str]:
    """The queries of a file or of standard input, bytes that are no UTF-8 shown as such; empty lines count."""
    try:
        with sys.stdin.buffer if source == "-" else Path(source).open("rb") as stream:
            for line in stream:
                yield line.decode(errors="replace").strip("\r\n\ufeff")  # Windows begins a file with U+FEFF
    except OSError as error:
        _fail(f"{source}: cannot be read: {error.strerror}")


def _unaskable(query: str) -> str | None:
    """Why *query* cannot be asked, if so."""
    if len(query) > QUESTION_LENGTH:
        return f"the question has {len(query):,} characters; shorten it to {QUESTION_LENGTH:,}"
    return None if has_words(query) else "the question holds no letters or digits; ask in words"


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


def _topic(library: Library, words: str | None) -> str | None:
    if words is None:
        return None
    topic = topic_called(library, words)
    if topic is None:
        known = library.topics()
        rest = f"the topics are {', '.join(known)}" if known else "the questions have no topics"
        _fail(f"no topic {words!r}; {rest}", code=NOTHING_FOUND)
    return topic


def _log_to_stderr() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
