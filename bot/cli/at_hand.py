"""What every command begins with: the settings, and the library that they name; a command fails in sentences."""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from bot.embeddings import RemoteEncoder
from bot.settings import Settings, SettingsError, environment
from bot.study import Study
from content import ContentError, Library, LiveLibrary, load
from content.search import Vectors, find_vectors

FAILED, USAGE, NOTHING_FOUND = 1, 2, 3


def fail(*sentences: str, code: int = FAILED) -> NoReturn:
    """End the command with these on standard error."""
    for sentence in sentences:
        sys.stderr.write(f"sunbae: {sentence}\n")
    raise typer.Exit(code)


def read_settings() -> Settings:
    """The environment's; ends the command with every fault in it."""
    try:
        return Settings.from_env(environment())
    except SettingsError as error:
        fail(*error.faults)


def make_home(settings: Settings) -> Path:
    """The folder SUNBAE_HOME, made where it is not there yet; ends the command where it cannot be."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{settings.home}: {error.strerror}; SUNBAE_HOME should be a folder to write in")
    return settings.home


def open_library(*, to_ask: bool = False) -> Library:
    """The library; ends the command on a fault in it.

    *to_ask* also makes its semantic tier ready, which takes a while for texts it never met.
    """
    settings = read_settings()
    try:
        vectors = open_vectors(settings) if to_ask else None
        if vectors:
            vectors.start_beside()
        library = load(settings.content, vectors=vectors, cache=_folder(settings, "index"))
    except ContentError as error:
        fail(*map(str, error.faults))
    if to_ask:
        with Console(stderr=True).status("Learning what the notes mean; only the first time."):
            library.warm()
    return library


def open_study(settings: Settings) -> Study:
    """What the bot's use cases may touch; ends the command on a fault in the library."""
    try:
        live = LiveLibrary(settings.content, vectors=open_vectors(settings), cache=_folder(settings, "index"))
    except ContentError as error:
        fail(*map(str, error.faults))
    return Study(live, _now, random.Random(), settings.locale, settings.zone)  # noqa: S311 -- picks advice


def open_vectors(settings: Settings) -> Vectors | None:
    """The semantic tier that the settings ask for, or the one that comes with the package where it runs."""
    folder = _folder(settings, "vectors")
    if settings.embeddings:
        return Vectors(RemoteEncoder(settings.embeddings, settings.home / "vectors"), folder)
    return find_vectors(folder)


def _now() -> datetime:
    return datetime.now(UTC)


def _folder(settings: Settings, name: str) -> Path | None:
    """Where vectors or the index are kept; None where nothing can be written: a question only needs more time then."""
    folder = settings.home / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
