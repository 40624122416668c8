"""Who speaks: their name, language and whether they run the workspace, as far as Slack tells."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.reply import User

_LOOKUP_S = 1.0  # the answer must not wait longer for a name
_KNOWN_S = 600.0  # how late a changed language or role is noticed
_UNKNOWN_S = 60.0
_KEPT = 10_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a workspace."""

    user: User
    locale: str


class People:
    """Asks Slack about somebody once in a while."""

    def __init__(self, locale: str) -> None:
        self._locale = locale  # of those whose own is unknown
        self._known: OrderedDict[tuple[str, str], tuple[float, Person]] = OrderedDict()

    async def who(self, client: AsyncWebClient, team: str, user: str, name: str = "") -> Person:
        """The person with the id *user*, called *name* where Slack tells no other."""
        until, person = self._known.get((team, user), (0.0, None))
        if person and time.monotonic() < until:
            return person
        try:
            async with asyncio.timeout(_LOOKUP_S):
                told = await client.users_info(user=user, include_locale=True)
            person, known_s = self._described(user, told["user"], name), _KNOWN_S
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("person unknown, asks as nobody special", error=type(error).__name__)
            person, known_s = person or Person(User(user, name or user), self._locale), _UNKNOWN_S
        self._known[team, user] = (time.monotonic() + known_s, person)
        self._known.move_to_end((team, user))
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return person

    def _described(self, id_: str, told: dict[str, object], name: str) -> Person:
        profile = told.get("profile")
        names = profile if isinstance(profile, dict) else {}
        called = names.get("display_name") or names.get("real_name") or told.get("name") or name or id_
        runs_it = bool(told.get("is_admin") or told.get("is_owner"))
        return Person(User(id_, str(called), operator=runs_it), str(told.get("locale") or self._locale))
