"""Socket Mode: requests over connections that the bot opens, so that it needs no public address."""

from __future__ import annotations

import asyncio
import json
import random

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import PlatformError
from bot.platforms.slack import posting
from bot.platforms.slack.refusals import code_of, status_of
from bot.platforms.slack.richtext import Json

_CONNECTIONS = 2  # of Slack's ten: while one is lost, the other hears
_HEARTBEAT_S = 10.0
_FINISH_S = 5.0  # answers under way when a connection ends
_LONGEST_WAIT_S = 30.0
_HOPELESS = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "not_allowed_token_type"})

log = structlog.get_logger()


class SocketMode:
    """A few connections that are renewed before Slack closes them: the new one stands before the old one falls."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, session: aiohttp.ClientSession, app_token: str) -> None:
        self._app = app
        self._client = client
        self._session = session
        self._app_token = app_token
        self._failures = 0
        self._connected = False  # ever

    async def run(self) -> None:
        """Serve until cancelled. Raises PlatformError where Slack refuses the token at the start."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(_CONNECTIONS):
                tasks.create_task(self._keep_connected(tasks))

    async def _keep_connected(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            leaving = asyncio.Event()
            tasks.create_task(self._connection(leaving))
            await leaving.wait()
            if self._failures:
                wait_s = min(2.0 ** min(self._failures, 10) / 2, _LONGEST_WAIT_S)
                await asyncio.sleep(wait_s * random.uniform(0.5, 1))  # noqa: S311 -- spreads reconnections

    async def _connection(self, leaving: asyncio.Event) -> None:
        """One connection, until Slack closes it; sets *leaving* when another should be opened."""
        try:
            opened = await self._client.apps_connections_open(app_token=self._app_token)
            async with self._session.ws_connect(opened["url"], heartbeat=_HEARTBEAT_S, max_msg_size=0) as socket:
                await self._listen(socket, leaving)
        except SlackApiError as error:
            reason = code_of(error) or f"status {status_of(error)}"
            if reason in _HOPELESS and not self._connected:
                raise PlatformError(
                    f"Slack refuses SLACK_APP_TOKEN ({reason}); make one with connections:write under Basic Information"
                ) from None
            self._fail(reason)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._fail(type(error).__name__)
        finally:
            leaving.set()

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse, leaving: asyncio.Event) -> None:
        answering: set[asyncio.Task[None]] = set()
        try:
            async for received in socket:
                if received.type is not aiohttp.WSMsgType.TEXT:
                    continue
                envelope: Json = json.loads(received.data)
                if envelope.get("type") == "hello":
                    self._failures, self._connected = 0, True
                    log.info("slack socket connected")
                elif envelope.get("type") == "disconnect":
                    # Slack goes on sending here until it closes, so this one goes on listening.
                    log.info("slack socket to be renewed", reason=envelope.get("reason"))
                    leaving.set()
                elif "envelope_id" in envelope:
                    task = asyncio.create_task(self._answer(socket, envelope))
                    answering.add(task)
                    task.add_done_callback(answering.discard)
        finally:
            if answering:
                await asyncio.wait(answering, timeout=_FINISH_S)

    async def _answer(self, socket: aiohttp.ClientWebSocketResponse, envelope: Json) -> None:
        payload: Json = envelope.get("payload", {})
        response = await self._app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        if response.status >= 500:
            return  # without an ack Slack sends it again
        ack: Json = {"envelope_id": envelope["envelope_id"]}
        if response.body and envelope.get("accepts_response_payload"):
            ack["payload"] = json.loads(response.body) if response.body.startswith("{") else {"text": response.body}
        try:
            await socket.send_json(ack)
        except ConnectionError:
            log.warning("slack socket lost before an ack")
            if "payload" in ack and "response_url" in payload:
                await posting.respond(self._session, payload["response_url"], ack["payload"])

    def _fail(self, reason: str) -> None:
        self._failures += 1
        log.warning("slack socket not connected, tries again", reason=reason)
