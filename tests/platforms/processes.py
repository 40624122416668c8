"""The bot as a process of its own, on a content folder and a home of its own."""

from __future__ import annotations

import os
import queue
import re
import shutil
import sys
import threading
from datetime import UTC, datetime, time, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import cli
from bot.cli import at_hand
from content.library import SHIPPED
from tests.forking import PROCESSES

_ROOT = Path(__file__).parents[2]
_START_S = 30
_SEOUL = ZoneInfo("Asia/Seoul")
_NINE = time(9, 0, 1)


class BotProcess:
    """The bot in a process that is started and stopped for real, like `python -m bot` but for the imports."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.content = folder / "content"
        shutil.copytree(SHIPPED, self.content)
        for name in ("glossary.yaml", "unanswered.txt"):  # so that it is the library that is read before the fork
            shutil.copy(SHIPPED.parent / name, self.content)
        self.home = folder / "home"
        self._folder = folder
        self._clock = folder / "ahead_s"  # by how much the bot's clock is ahead
        self._environment = environment
        self._port = "0"
        self.start()

    def start(self) -> None:
        """Start the bot and wait until it says where it listens; the port stays the same over restarts."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("SUNBAE_", "DISCORD_", "SLACK_"))
        }
        environment |= {
            "SUNBAE_HOME": str(self.home),
            "SUNBAE_CONTENT": str(self.content),
            "SUNBAE_WEB": f"127.0.0.1:{self._port}",
            "SUNBAE_HTTP": "off",  # many run at once
            "PYTHONUNBUFFERED": "1",
            **self._environment,
        }
        reader, writer = PROCESSES.Pipe(duplex=False)
        self._process: BaseProcess = PROCESSES.Process(
            target=_live, args=(environment, writer, self._folder / "log", self._clock), daemon=True
        )
        self._process.start()
        writer.close()
        self.address = self._announced(reader)
        self._port = self.address.rpartition(":")[2]

    def next_morning(self) -> None:
        """Set the bot's clock to a moment after nine on the following day in Seoul."""
        now = datetime.now(_SEOUL) + _ahead(self._clock)
        nine = datetime.combine(now.date() + timedelta(days=1), _NINE, _SEOUL)
        self._clock.write_text(str((nine - datetime.now(_SEOUL)).total_seconds()))

    def stop(self) -> int:
        """Ask it to stop as a service manager does; its exit code."""
        self._process.terminate()
        self._process.join(timeout=_START_S)
        code = self._process.exitcode
        assert code is not None, "the bot does not stop"
        return code

    def logged(self) -> str:
        """What it has written to standard error, over all its lives."""
        return (self._folder / "log").read_text(encoding="utf-8")

    def _announced(self, printed: Connection) -> str:
        lines: queue.Queue[str] = queue.Queue()

        def read() -> None:
            with os.fdopen(os.dup(printed.fileno()), encoding="utf-8") as stdout:
                printed.close()
                for line in stdout:
                    lines.put(line)
            lines.put("")

        threading.Thread(target=read, daemon=True).start()
        while line := lines.get(timeout=_START_S):
            if found := re.search(r"http://\S+", line):
                return found[0]
        raise AssertionError(f"the bot did not start: {self.logged()}")


def _ahead(clock: Path) -> timedelta:
    return timedelta(seconds=float(clock.read_text())) if clock.exists() else timedelta(0)


def _live(environment: dict[str, str], stdout: Connection, log: Path, clock: Path) -> None:
    """In the forked process: become the bot."""
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(stdout.fileno(), 1)
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 2)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1, closefd=False) for number in (1, 2))
    sys.argv = ["sunbae"]
    at_hand._now = lambda: datetime.now(UTC) + _ahead(clock)
    cli.main()
