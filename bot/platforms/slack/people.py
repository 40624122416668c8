"""Who speaks: their name, language and whether they run the workspace, as far as Slack tells."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable
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

    def __init__(self, locale: str, operators: Iterable[str] = ()) -> None:
        """*operators*: the ids of those who run the bot besides the workspace's admins and owners."""
        self._locale = locale  # of those whose own is unknown
        self._operators = frozenset(operators)
        self._known: OrderedDict[tuple[str, str], tuple[float, Person]] = OrderedDict()

    async def who(self, client: AsyncWebClient, team: str, user: str, name: str = "") -> Person:
        """The person with the id *user*, called *name* where Slack tells no other."""
        until, person = self._known.get((team, user), (0.0, None))
        if person and time.monotonic() < until:
            return person
        try:
            async with asyncio.timeout(_LOOKUP_S):
                told = await client.users_info(user=user, include_locale=True)
            person, known_s = self._described(user, told["user"], name, team), _KNOWN_S
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("person unknown, asks as nobody special", error=type(error).__name__)
            unknown = User(user, name or user, operator=user in self._operators)
            person, known_s = person or Person(unknown, self._locale), _UNKNOWN_S
        self._known[team, user] = (time.monotonic() + known_s, person)
        self._known.move_to_end((team, user))
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return person

    def _described(self, id_: str, told: dict[str, object], name: str, team: str) -> Person:
        profile = told.get("profile")
        names = profile if isinstance(profile, dict) else {}
        called = names.get("display_name") or names.get("real_name") or told.get("name") or name or id_
        # In a shared channel the admin of another workspace is a guest.
        at_home = told.get("team_id") in {None, team} or team in _teams(told.get("enterprise_user"))
        runs_it = at_home and bool(told.get("is_admin") or told.get("is_owner"))
        operator = runs_it or id_ in self._operators
        return Person(User(id_, str(called), operator=operator), str(told.get("locale") or self._locale))


def _teams(in_organisation: object) -> list[str]:
    """The workspaces of somebody in an organisation."""
    return list(in_organisation.get("teams") or ()) if isinstance(in_organisation, dict) else []
