"""What `sunbae doctor` looks at before anything runs: the library, the settings, every platform and the deliveries."""

from __future__ import annotations

import os

from bot.embeddings import trouble
from bot.platforms import Check, build
from bot.settings import Settings
from bot.study import Study
from content.search import semantic_status


async def examined(settings: Settings, study: Study) -> list[Check]:
    """Facts, and what to do about them. Changes nothing."""
    library = study.library
    return [
        Check(f"library: {len(library.sessions)} session(s), {len(library.questions)} questions"),
        _home(settings),
        _meaning(settings),
        *await _platforms(settings, study),
        *await _watching(settings),
        *await _daily(settings, study),
    ]


def _home(settings: Settings) -> Check:
    """Whether the bot could write in its folder, or make it."""
    home = settings.home.absolute()
    there = next((each for each in (home, *home.parents) if each.exists()), home)
    if there.is_dir() and os.access(there, os.W_OK):
        return Check(f"home: {settings.home}")
    return Check("home", f"{settings.home}: nothing can be written there; SUNBAE_HOME should be a folder to write in")


def _meaning(settings: Settings) -> Check:
    if settings.embeddings:
        problem = trouble(settings.embeddings, settings.home / "vectors")
        return (
            Check("search by meaning", problem) if problem else Check(f"search by meaning: {settings.embeddings.model}")
        )
    tier = semantic_status()
    return Check(f"search by meaning: {tier.reason}") if tier.available else Check("search by meaning", tier.reason)


async def _platforms(settings: Settings, study: Study) -> list[Check]:
    from bot.store.report import subscribed  # noqa: PLC0415 -- SQLAlchemy would slow every `sunbae ask`

    subscriptions = await subscribed(settings.database_url)
    checks: list[Check] = []
    for platform in build(settings, study):
        checks += await platform.check([each for each in subscriptions if each.channel.platform == platform.name])
    return checks


async def _watching(settings: Settings) -> list[Check]:
    from bot.platforms.watching import Watching, is_alone  # noqa: PLC0415 -- Starlette would slow every `sunbae ask`

    return [*await Watching(settings.http, ()).check()] if settings.http and is_alone(settings) else []


async def _daily(settings: Settings, study: Study) -> list[Check]:
    """What became of the daily advice lately."""
    from bot.store.report import examine  # noqa: PLC0415 -- SQLAlchemy would slow every `sunbae ask`

    return [Check(what, remedy) for what, remedy in await examine(settings.database_url, study.clock())]
