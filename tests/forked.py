"""What the process has that others are forked from; imported there only."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path

from content import LiveLibrary
from content.search import find_vectors

for module in (
    "bot.cli",
    "bot.daily.service",
    "bot.platforms.discord.app",
    "bot.platforms.slack.app",
    "bot.platforms.web.app",
):
    importlib.import_module(module)

with tempfile.TemporaryDirectory() as folder:
    LIBRARY = LiveLibrary(vectors=find_vectors(Path(folder)))
