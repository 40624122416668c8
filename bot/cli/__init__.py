"""The command line: read settings, wire, run; the only place that knows everything."""

from __future__ import annotations

import asyncio
import io
import logging
import sys

import structlog
import typer

from bot.cli.asking import asking
from bot.cli.at_hand import FAILED, fail, make_home, open_study, read_settings
from bot.cli.curating import curating
from bot.cli.installing import installing
from bot.examining import examined
from bot.platforms import PlatformError
from bot.terminal import show_check

app = typer.Typer(
    name="sunbae",
    help="선배: answers from lecture notes, word for word. Without a command it runs the bot.",
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for commands in (asking, curating, installing):
    app.add_typer(commands)
log = structlog.get_logger()


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
    settings = read_settings()
    make_home(settings)
    from bot.running import run as run_bot  # noqa: PLC0415 -- what `sunbae ask` can do without
    from bot.store.database import UnusableError  # noqa: PLC0415 -- as above

    try:
        run_bot(settings, lambda: open_study(settings))
    except (PlatformError, UnusableError) as error:
        fail(str(error))
    except ExceptionGroup as group:
        known, unknown = group.split((PlatformError, UnusableError))
        if unknown or not known:
            raise
        fail(*map(str, known.exceptions))
    except (asyncio.CancelledError, KeyboardInterrupt):
        log.info("stopped")


@app.command()
def doctor() -> None:
    """Look at the settings, the library and every platform, and say what is wrong and what to do."""
    settings = read_settings()
    checks = asyncio.run(examined(settings, open_study(settings)))
    for found in checks:
        show_check(found)
    if any(found.remedy for found in checks):
        raise typer.Exit(FAILED)


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
