"""What the process has that others are forked from; imported there only."""

from __future__ import annotations

import importlib

from content import LiveLibrary
from content.search import find_vectors
from tests.shipped import INDEX

for module in (
    "bot.cli",
    "bot.daily.service",
    "bot.platforms.discord.app",
    "bot.platforms.slack.app",
    "bot.platforms.web.app",
):
    importlib.import_module(module)

LIBRARY = LiveLibrary(vectors=find_vectors(), cache=INDEX)
LIBRARY.current.warm()
