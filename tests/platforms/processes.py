"""The bot as a process of its own, on a content folder and a home of its own."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from content.library import SHIPPED

_ROOT = Path(__file__).parents[2]
_START_S = 30


class BotProcess:
    """`python -m bot`, started and stopped for real."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.content = folder / "content"
        shutil.copytree(SHIPPED, self.content)
        self._folder = folder
        self._environment = environment
        self._port = "0"
        self.start()

    def start(self) -> None:
        """Start the bot and wait until it says where it listens; the port stays the same over restarts."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("SUNBAE_", "DISCORD_", "SLACK_"))
        }
        environment |= {
            "SUNBAE_HOME": str(self._folder / "home"),
            "SUNBAE_CONTENT": str(self.content),
            "SUNBAE_WEB": f"127.0.0.1:{self._port}",
            "SUNBAE_HTTP": "off",  # many run at once
            "PYTHONUNBUFFERED": "1",
            **self._environment,
        }
        self.log = (self._folder / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot"],
            cwd=_ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.address = self._announced()
        self._port = self.address.rpartition(":")[2]

    def stop(self) -> int:
        """Ask it to stop as a service manager does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=_START_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.log.close()
        return code

    def logged(self) -> str:
        """What it has written to standard error, over all its lives."""
        return (self._folder / "log").read_text(encoding="utf-8")

    def _announced(self) -> str:
        lines: queue.Queue[str] = queue.Queue()

        def read() -> None:
            assert self.process.stdout is not None
            for line in self.process.stdout:
                lines.put(line)
            lines.put("")

        threading.Thread(target=read, daemon=True).start()
        while line := lines.get(timeout=_START_S):
            if found := re.search(r"http://\S+", line):
                return found[0]
        raise AssertionError(f"the bot did not start: {(self._folder / 'log').read_text()}")
