"""Runs the bot: loads what takes long side by side, then serves every platform until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import signal
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.daily.figures import Figures
from bot.platforms import Platform, PlatformError, build
from bot.settings import Settings
from bot.study import Study
from content.search import start_kiwi

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from bot.platforms.watching import Watching
    from bot.store.database import Database

_RELOAD_S = 1.0  # how soon an edited session file is read again

log = structlog.get_logger()


def run(settings: Settings, read: Callable[[], Study]) -> None:
    """Serve until cancelled; *read* gives the study. Raises PlatformError and UnusableError, alone or in a group."""
    beside = ThreadPoolExecutor(max_workers=1)
    reading = beside.submit(read)
    beside.submit(start_kiwi)  # a first question waits for no encoder, but for Kiwi
    beside.shutdown(wait=False)
    from bot.store.census import Census  # noqa: PLC0415 -- meanwhile
    from bot.store.database import Database, told  # noqa: PLC0415
    from bot.store.store import Store  # noqa: PLC0415

    if settings.web:
        importlib.import_module("bot.platforms.web.app")  # NiceGUI, the longest
    study = reading.result()
    with told():
        database = Database(settings.database_url, upgraded=False)  # by `deliver_daily`, while platforms connect
    study = replace(study, store=Store.on(database))
    figures = Figures()
    watching: tuple[Watching, ...] = ()
    paths: tuple[BaseRoute, ...] = ()
    if settings.http:
        from bot.platforms.watching import Watching, is_alone, routes  # noqa: PLC0415 -- Starlette

        paths = routes(figures, Census(database), study.clock)
        if is_alone(settings):
            watching = (Watching(settings.http, paths),)
    platforms = build(settings, study, paths)
    if not platforms:
        raise PlatformError("nothing to run: SUNBAE_WEB is off and no platform has a token (see .env.example)")
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(study, database, figures, platforms, watching))


async def _serve(
    study: Study,
    database: Database,
    figures: Figures,
    platforms: Sequence[Platform],
    watching: Sequence[Watching],
) -> None:
    from bot.daily.service import deliver_daily  # noqa: PLC0415 -- SQLAlchemy
    from bot.store.opening import try_to_open  # noqa: PLC0415 -- as above

    async with asyncio.TaskGroup() as tasks:
        opening = tasks.create_task(try_to_open(database))
        running = [
            opening,
            tasks.create_task(_follow_edits(study)),
            tasks.create_task(_after(opening, lambda: deliver_daily(study, database, platforms, figures))),
            *(tasks.create_task(_after(opening, platform.run)) for platform in platforms),
            *(tasks.create_task(server.run()) for server in watching),
        ]
        for stop in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows has none; Ctrl+C still ends the loop there
                asyncio.get_running_loop().add_signal_handler(stop, _cancel_once, running)


async def _after(opening: asyncio.Task[None], work: Callable[[], Awaitable[None]]) -> None:
    """Do *work* once the database could be opened, so that nobody is told of a bot that cannot run.

    Where it cannot be used, the task group cancels this together with everything else.
    """
    await asyncio.wait([opening])
    await work()


def _cancel_once(running: list[asyncio.Task[None]]) -> None:
    """Stop what runs; an impatient second signal must not cut short what is being put away."""
    while running:
        running.pop().cancel()


async def _follow_edits(study: Study) -> None:
    """Make the semantic tier ready, read edited session files again, and say in the log how that went."""
    while True:
        await asyncio.sleep(_RELOAD_S)  # first of all the platforms connect
        if not study.library.semantic:  # an encoder behind a URL may answer later
            await asyncio.to_thread(study.library.warm)
        if await asyncio.to_thread(study.live.refresh):
            for fault in study.live.faults:
                log.warning("content fault, the last good library stays in use", fault=str(fault))
            if not study.live.faults:
                log.info("library read again", questions=len(study.library.questions))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop, which takes less CPU a request, where there is one: not on Windows."""
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return None
    return uvloop.new_event_loop
