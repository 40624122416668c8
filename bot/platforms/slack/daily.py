"""The daily advice in Slack: every post bears a mark, by which it is found again in the channel's history."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.web.async_client import AsyncWebClient

from bot.daily.posting import Found, NotAcceptedError, Posted, UnsureError
from bot.platforms.slack.authorize import Authorize
from bot.platforms.slack.refusals import LATER_S, code_of, post_error, refusal_of, removed, retry_after_s, status_of
from bot.platforms.slack.render import message
from bot.platforms.slack.richtext import Json, naming_channels
from bot.reply import Place, Reply
from bot.store.database import UnusableError
from bot.store.keys import SealError
from bot.store.records import DIRECT
from bot.wording import Phrases, phrases

MARK = "sunbae_daily"  # the event_type of a post's metadata, which only apps see

_LAG = timedelta(seconds=60)  # by which Slack's history may be behind what was posted
_BETWEEN_READS = timedelta(seconds=30)  # of a history that is to prove a post absent
_MADE_BY = timedelta(seconds=120)  # after `since`, as Poster.find says
_PAGE = 100  # messages; Slack gives apps outside the Marketplace 15 at most
_PAGES = 20
_REMEMBERED = 1_000
_TOKEN_S = 10.0  # for a token; the post that follows may take as long, and the engine gives both 25 s

log = structlog.get_logger()


class DailyPosts:
    """Posts once and without retries, so that whatever goes wrong is known for what it is."""

    def __init__(
        self,
        client: AsyncWebClient,
        authorize: Authorize,
        clock: Callable[[], datetime],
        phrase: Phrases,
        *,
        one_workspace: bool,
    ) -> None:
        """*client* must have no retry handlers: slack_sdk's own posts again after a dropped connection."""
        self._client = client
        self._authorize = authorize
        self._clock = clock
        self._phrase = phrase
        self._one_workspace = one_workspace
        self._tried: OrderedDict[str, datetime] = OrderedDict()  # when this process last posted each key
        self._missed: OrderedDict[str, datetime] = OrderedDict()  # when a history that had settled first lacked it

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """As `Poster.post`. A fault of the bot's own is raised as it is, and leaves it unsure."""
        token = await self._token(place.tenant)
        shown = message(reply, phrases(reply.locale or self._phrase.locale))
        if place.channel.startswith(DIRECT):  # an operator is told of a channel
            shown["blocks"] = [naming_channels(block) for block in shown["blocks"]]
        _remember(self._tried, key, self._clock())
        self._missed.pop(key, None)
        try:
            answer = await self._client.chat_postMessage(
                token=token,
                # A user's id stands for the bot's own conversation with them.
                channel=place.channel.removeprefix(DIRECT),
                metadata={"event_type": MARK, "event_payload": {"key": key}},
                **shown,
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            raise post_error(error, self._phrase, everywhere=self._one_workspace) from error
        return Posted(str(answer["ts"]))

    async def find(self, place: Place, key: str, since: datetime) -> Found:
        """As `Poster.find`; Slack lets nobody read a history without a *:history scope."""
        if place.channel.startswith(DIRECT):
            # Its history goes by another id, which only im:write tells: a scope too many for one message a year.
            return Found("unknowable", reason=self._phrase("slack.why.unseen_direct"))
        token = await self._token(place.tenant)
        now = self._clock()
        try:
            async for said in self._history(token, place.channel, since):
                mark = said.get("metadata") or {}
                if mark.get("event_type") == MARK and mark.get("event_payload", {}).get("key") == key:
                    return Found("present", str(said["ts"]))
        except _EndlessError:
            return Found("unknowable", reason=self._phrase("slack.why.history_long", count=_PAGE * _PAGES))
        except SlackApiError as error:
            return _unread(error, self._phrase)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UnsureError(self._phrase("slack.why.no_reply")) from error
        return self._absent(key, since, now)

    def _absent(self, key: str, since: datetime, now: datetime) -> Found:
        """What a history without the post proves: nothing before it had time to settle, and once is not enough."""
        settled = (self._tried[key] if key in self._tried else since + _MADE_BY) + _LAG
        if now < settled:
            return Found("absent", again_s=(settled - now).total_seconds())
        proven = self._missed.get(key, now) + _BETWEEN_READS
        if key not in self._missed:
            _remember(self._missed, key, now)
        if now < proven:
            return Found("absent", again_s=(proven - now).total_seconds())
        del self._missed[key]
        return Found("absent")

    async def _history(self, token: str, channel: str, since: datetime) -> AsyncIterator[Json]:
        cursor = None
        for _ in range(_PAGES):
            page = await self._client.conversations_history(
                token=token,
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                limit=_PAGE,
                include_all_metadata=True,
                cursor=cursor,
            )
            for said in page["messages"]:
                yield said
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        raise _EndlessError

    async def _token(self, tenant: str) -> str:
        """The token that speaks in the workspace.

        Raises NotAcceptedError and RefusedError, whatever kept it away: nothing was posted yet.
        """
        try:
            async with asyncio.timeout(_TOKEN_S):
                token = await self._authorize.token_of(tenant)
        except (SlackApiError, SlackTokenRotationError) as error:
            reason = code_of(error.api_error if isinstance(error, SlackTokenRotationError) else error)
            if refusal := refusal_of(reason, self._phrase):
                raise refusal from error
            told = self._phrase("slack.why.token", code=reason)
            raise NotAcceptedError(told, retry_after_s=LATER_S) from error
        except aiohttp.ClientError as error:
            raise NotAcceptedError(self._phrase("slack.why.unreachable")) from error
        except UnusableError as error:
            raise NotAcceptedError(self._phrase("slack.why.database")) from error
        except SealError as error:
            raise NotAcceptedError(self._phrase("slack.why.sealed"), retry_after_s=LATER_S) from error
        except TimeoutError as error:
            raise NotAcceptedError(self._phrase("slack.why.token", code="timeout")) from error
        if token is None:
            raise removed(self._phrase)
        return token


class _EndlessError(Exception):
    """More was said than is worth reading."""


def _unread(error: SlackApiError, phrase: Phrases) -> Found:
    """What it proves that a history could not be read. Raises PostError."""
    code = code_of(error)
    if code == "missing_scope":
        return Found("unknowable", reason=phrase("slack.why.history_closed"))
    if status_of(error) == 429 or code == "ratelimited":
        return Found("absent", reason=phrase("slack.why.busy"), again_s=retry_after_s(error))  # proves nothing
    if refusal := refusal_of(code, phrase):
        raise refusal from error
    raise UnsureError(phrase("slack.why.failed", code=code or status_of(error))) from error


def _remember(kept: OrderedDict[str, datetime], key: str, at: datetime) -> None:
    kept[key] = at
    kept.move_to_end(key)
    while len(kept) > _REMEMBERED:
        kept.popitem(last=False)
