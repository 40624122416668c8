"""The content module needs nothing of the bot: a script can load the library by itself."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from content import load

library = load()
print(len(library.questions), library.question("phd-abroad").number)
print(sorted({"bot", "nicegui", "typer", "structlog", "discord", "slack_bolt"} & set(sys.modules)))
"""


def test_the_library_loads_without_the_bot() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("18 8\n[]\n", "")
