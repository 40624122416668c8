"""The day's posts: each made once, and looked for in its channel where nobody knows whether it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord
import structlog

from bot.daily.posting import Found, NotAcceptedError, Posted, PostError, RefusedError, UnsureError
from bot.platforms.discord.buttons import carries, carry
from bot.platforms.discord.limits import THREAD_NAME, shortened
from bot.platforms.discord.permissions import permissions_in
from bot.platforms.discord.render import naming_channels, render
from bot.platforms.discord.sending import Sending
from bot.reply import Place, Reply
from bot.store.records import DIRECT
from bot.wording import Phrases, phrases

_PAGE = 100  # messages that Discord gives at a time
_PAGES = 50  # read at most; all of them take about 10 s, and the engine gives 25 s
# Discord remembers a nonce "for a few minutes", and for a second post with it gives the first one back.
_NONCE = timedelta(seconds=120)

_THREAD_S = 5.0
_ARCHIVE_MIN = 1440  # of silence, after which Discord folds a thread away
_THREAD_REMEDY = "give the bot Create Public Threads there"

log = structlog.get_logger()


class Posts:
    """Needs no gateway: any process may post to any guild."""

    def __init__(self, sending: Sending, clock: Callable[[], datetime], phrase: Phrases) -> None:
        self._sending = sending
        self._clock = clock
        self._phrase = phrase
        self._tried: dict[str, datetime] = {}  # when posts were first tried that may have been taken or not, by key

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        """As `bot.daily.posting.Poster` says."""
        if _is_direct(place):  # an operator is told of a channel
            reply = replace(reply, blocks=tuple(map(naming_channels, reply.blocks)))
        components = render(reply, phrases(reply.locale or self._phrase.locale)).to_components()
        carry(components, key)
        message = {
            "components": components,
            "flags": discord.MessageFlags(components_v2=True).value,
            "allowed_mentions": {"parse": []},
            "nonce": key,
            "enforce_nonce": True,
        }
        channel = await self._channel(place)
        again = key in self._tried
        if again and self._clock() - self._tried[key] > _NONCE:
            raise UnsureError("an earlier post was neither found nor ruled out")
        self._tried.setdefault(key, self._clock())
        try:
            posted = await self._sending.post(f"/channels/{channel}/messages", message)
        except (NotAcceptedError, RefusedError):
            if not again:
                self._tried.pop(key)
            raise
        self._tried.pop(key, None)
        if reply.thread:
            await self._open_thread(f"/channels/{channel}/messages/{posted['id']}/threads", reply.thread)
        return Posted(posted["id"])

    async def find(self, client: discord.Client, place: Place, key: str, since: datetime) -> Found:
        """As `bot.daily.posting.Poster` says."""
        try:
            found = await self._look(client, place, key, since)
        except discord.HTTPException as error:
            told = {"code": error.code, "message": error.text}
            raise self._sending.failure(error.status, told, error.response.headers) from error
        tried = self._tried.get(key)
        if found.what == "unknowable" and tried and self._clock() - tried < _NONCE / 2:
            return Found("absent")  # as good as: with its nonce it is not posted twice
        self._tried.pop(key, None)
        return found

    async def _channel(self, place: Place) -> int:
        if not _is_direct(place):
            return int(place.channel)
        opened = await self._sending.post("/users/@me/channels", {"recipient_id": place.channel.removeprefix(DIRECT)})
        return int(opened["id"])

    async def _open_thread(self, path: str, name: str) -> None:
        """If it fails the post stands all the same."""
        try:
            async with asyncio.timeout(_THREAD_S):
                await self._sending.post(
                    path, {"name": shortened(name, THREAD_NAME), "auto_archive_duration": _ARCHIVE_MIN}
                )
        except (PostError, TimeoutError) as error:
            log.warning("thread not opened", path=path, reason=str(error) or "timeout", remedy=_THREAD_REMEDY)

    async def _look(self, client: discord.Client, place: Place, key: str, since: datetime) -> Found:
        channel = await self._channel(place)
        read = 0
        # What was posted again under its nonce counts as begun only then.
        async for message in _history(client, channel, since - _NONCE):
            if carries(message["components"], key):
                return Found("present", message["id"])
            read += 1
        if read == _PAGE * _PAGES:
            return Found("unknowable", reason=self._phrase("discord.history_long", count=read))
        # Without the permission the history is empty, which proves nothing; with one person alone it needs none.
        if read or _is_direct(place) or (await permissions_in(client, int(place.tenant), channel)).read_message_history:
            return Found("absent")
        return Found("unknowable", reason=self._phrase("discord.may_not_read"))


def _is_direct(place: Place) -> bool:
    return place.channel.startswith(DIRECT)


async def _history(client: discord.Client, channel: int, since: datetime) -> AsyncIterator[Any]:
    """The messages of a channel as Discord sends them, oldest page first, as many as are looked at."""
    after = discord.utils.time_snowflake(since)
    for _ in range(_PAGES):
        page = await client.http.logs_from(channel, _PAGE, after=after)
        for message in page:
            yield message
        if len(page) < _PAGE:
            return
        after = max(int(message["id"]) for message in page)
