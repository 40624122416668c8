"""One POST to Discord, never made again by itself, and what its end proves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from discord.http import HTTPClient, Route

from bot.daily.posting import NotAcceptedError, PostError, RefusedError, UnsureError
from bot.wording import Phrases

_CONNECT_S = 10.0
_QUIET_S = 60.0  # after a refusal of the whole bot that does not say for how long

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_REASONS = {
    10003: "discord.channel_gone",
    10004: "discord.server_left",
    50001: "discord.may_not_see",
    50007: "discord.takes_no_messages",
    50008: "discord.takes_no_posts",
    50013: "discord.may_not_send",
    200000: "discord.automod",
}

Json = dict[str, Any]


class Sending:
    """A connection of its own: discord.py's makes a POST up to five times, also where it may have been taken."""

    def __init__(self, token: str, phrase: Phrases) -> None:
        """*phrase*: in the language in which operators are told why a channel is given up."""
        self._headers = {"Authorization": f"Bot {token}", "Content-Type": "application/json"}
        self._phrase = phrase
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Sending:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S)  # the engine limits the whole
        user_agent = HTTPClient(None).user_agent  # type: ignore[arg-type]  # as discord.py calls itself
        self._session = aiohttp.ClientSession(timeout=timeout, headers=self._headers | {"User-Agent": user_agent})
        return self

    async def __aexit__(self, *_: object) -> None:
        session, self._session = self._session, None
        if session:
            await session.close()

    async def post(self, path: str, body: Json) -> Json:
        """What Discord answers. Raises NotAcceptedError, RefusedError or UnsureError."""
        if self._session is None:
            raise NotAcceptedError(self._phrase("discord.unreachable"))
        try:
            async with self._session.post(Route.BASE + path, data=json.dumps(body)) as answer:
                told = await answer.read()
                if answer.ok:
                    made: Json = json.loads(told)
                    return made
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotAcceptedError(self._phrase("discord.unreachable")) from error
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise UnsureError(self._phrase("discord.broke")) from error
        raise self.failure(answer.status, _json(told), answer.headers)

    def failure(self, status: int, told: Json, headers: Mapping[str, str]) -> PostError:
        """What a refusal means; *told* is empty where Discord's proxy refused, and not Discord."""
        code = told.get("code", 0)
        if status >= 500:
            return UnsureError(self._phrase("discord.failed", code=status))
        reason = self._phrase("discord.busy" if status == 429 else "discord.refused", code=code or status)
        if status == 429:
            wait_s = float(told.get("retry_after") or headers.get("Retry-After") or _QUIET_S)
            everywhere = not told or told.get("global") or headers.get("X-RateLimit-Scope") == "global"
            return NotAcceptedError(reason, retry_after_s=wait_s, everywhere=bool(everywhere))
        if code == 0:  # the token or the whole bot is refused, not this channel; 10,000 of these an hour ban the bot
            return NotAcceptedError(reason, retry_after_s=_QUIET_S, everywhere=True)
        return RefusedError(self._phrase(_REASONS[code]) if code in _REASONS else reason)


def _json(told: bytes) -> Json:
    try:
        read = json.loads(told)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
