"""The platforms the bot lives on, and how to build those that the settings turn on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.daily.posting import Poster
from bot.settings import Settings
from bot.study import Study

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from bot.store.records import Subscription


class PlatformError(Exception):
    """A platform cannot start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing `sunbae doctor` looked at."""

    what: str  # a fact, as seen
    remedy: str = ""  # what to do about it; empty where all is well


class Platform(Poster, Protocol):
    """One place where people meet the bot, and where it posts the daily advice."""

    async def run(self) -> None:
        """Connect and serve until cancelled. Raises PlatformError where that cannot be."""

    async def check(self, subscribed: Sequence[Subscription] = ()) -> tuple[Check, ...]:
        """What an operator should know before it runs: tokens, permissions, addresses. Changes nothing.

        *subscribed*: the platform's channels with daily advice, which are looked at too.
        """


def build(settings: Settings, study: Study, beside: Sequence[BaseRoute] = ()) -> tuple[Platform, ...]:
    """Every platform that *settings* turn on; each SDK is imported only if it is used.

    *beside*: what is served at SUNBAE_HTTP besides a platform's own paths.
    """
    platforms: list[Platform] = []
    if settings.web:
        from bot.platforms.web.app import WebPlatform  # noqa: PLC0415 -- NiceGUI costs a second and 60 MB

        platforms.append(WebPlatform(settings.web, settings.home, study, everyone_operates=settings.everyone_operates))
    if settings.slack:
        from bot.platforms.slack.app import SlackPlatform  # noqa: PLC0415 -- only for who has a workspace

        slack = SlackPlatform(settings.slack, settings.http, settings.home, settings.database_url, study, beside=beside)
        platforms.append(slack)
    if settings.discord:
        from bot.platforms.discord.app import DiscordPlatform  # noqa: PLC0415 -- discord.py costs half a second

        platforms.append(DiscordPlatform(settings.discord, settings.home / "discord", study))
    return tuple(platforms)
