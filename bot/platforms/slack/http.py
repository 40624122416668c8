"""Slack over HTTP: requests that are signed, fresh, new and small get in; the pages that install the bot."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import structlog
import uvicorn
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.platforms.serving import address_of, listen, serve
from bot.platforms.slack.limits import REQUEST_AGE_S, REQUEST_BYTES
from bot.settings import Address

EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH = "/slack/events", "/slack/install", "/slack/oauth_redirect"

_BODY_S = 5.0  # how long a body may trickle in
_CLOSING_S = 5
# Longer than those who call keep a connection open, so that none closes while a request is on its way.
_KEEP_ALIVE_S = 75

log = structlog.get_logger()


class SlackHttp:
    """The addresses that Slack and those who install the bot call."""

    def __init__(
        self,
        app: AsyncApp,
        signing_secret: str,
        clock: Callable[[], datetime],
        oauth: AsyncOAuthFlow | None,
        beside: Sequence[BaseRoute] = (),
    ) -> None:
        """*beside*: what else is served at the address."""
        self._app = app
        self._secret = signing_secret.encode()
        self._clock = clock
        self._oauth = oauth
        self._beside = beside
        self._seen: dict[str, float] = {}  # signatures and when they were made, oldest first

    def application(self) -> Starlette:
        """The ASGI application."""
        routes = [*self._beside, Route(EVENTS_PATH, self._events, methods=["POST"])]
        if self._oauth:
            routes += [Route(INSTALL_PATH, self._install), Route(REDIRECT_PATH, self._redirect)]
        return Starlette(routes=routes)

    async def run(self, address: Address) -> None:
        """Serve until cancelled. Raises PlatformError where the address cannot be used."""
        with listen(address, "SUNBAE_HTTP") as listener:
            config = uvicorn.Config(
                self.application(),
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=_CLOSING_S,
                timeout_keep_alive=_KEEP_ALIVE_S,
            )
            log.info("slack over http", address=str(address_of(listener)), path=EVENTS_PATH)
            await serve(config, listener)

    async def _events(self, request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        signature = request.headers.get("x-slack-signature", "")
        if not self._genuine(request.headers.get("x-slack-request-timestamp", ""), signature, body):
            return Response(status_code=401)
        if signature in self._seen:
            # Slack's first retry comes at once and may bear the same second; anybody else's copy gets nowhere.
            return Response(status_code=200 if "x-slack-retry-num" in request.headers else 401)
        self._seen[signature] = self._clock().timestamp()
        answer = to_starlette_response(await self._app.async_dispatch(to_async_bolt_request(request, body)))
        if answer.status_code >= 500:
            self._seen.pop(signature, None)
        return answer

    def _genuine(self, made: str, signature: str, body: bytes) -> bool:
        """Whether Slack signed *body* within the last minutes; also forgets signatures too old to come again."""
        now = self._clock().timestamp()
        for old in list(_while_older(self._seen, now - 2 * REQUEST_AGE_S)):
            del self._seen[old]
        if not (made.isascii() and made.isdigit() and len(made) <= 12 and abs(now - int(made)) <= REQUEST_AGE_S):
            return False
        expected = "v0=" + hmac.new(self._secret, b"v0:" + made.encode() + b":" + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            return False
        try:
            body.decode()
        except UnicodeDecodeError:
            return False
        return True

    async def _install(self, request: Request) -> Response:
        assert self._oauth  # noqa: S101 -- the route stands only with it
        return to_starlette_response(await self._oauth.handle_installation(to_async_bolt_request(request, b"")))

    async def _redirect(self, request: Request) -> Response:
        assert self._oauth  # noqa: S101
        return to_starlette_response(await self._oauth.handle_callback(to_async_bolt_request(request, b"")))


async def _body(request: Request) -> bytes | None:
    """The request's body, or None where it is too large or too slow."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > REQUEST_BYTES:
        return None
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > REQUEST_BYTES:
                    return None
    except TimeoutError:
        return None
    return bytes(body)


def _while_older(seen: dict[str, float], than: float) -> Iterator[str]:
    for signature, at in seen.items():
        if at >= than:
            return
        yield signature
