"""The platforms the bot lives on, and how to build those that the settings turn on."""

from __future__ import annotations

from typing import Protocol

from bot.settings import Settings
from bot.study import Study


class PlatformError(Exception):
    """A platform cannot start; the message says why and what to do."""


class Platform(Protocol):
    """One place where people meet the bot."""

    async def run(self) -> None:
        """Connect and serve until cancelled. Raises PlatformError where that cannot be."""


def build(settings: Settings, study: Study) -> tuple[Platform, ...]:
    """Every platform that *settings* turn on; each SDK is imported only if it is used."""
    platforms: list[Platform] = []
    if settings.web:
        from bot.platforms.web.app import WebPlatform  # noqa: PLC0415 -- NiceGUI costs a second and 60 MB

        platforms.append(WebPlatform(settings.web, settings.home, study))
    return tuple(platforms)
