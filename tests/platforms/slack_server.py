"""A Slack of our own on the loopback: its Web API, its sockets, its signed requests; strict where Slack is."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import aiohttp
from aiohttp import web

from bot.platforms.slack.manifest import EVENTS, HISTORY_SCOPES, SCOPES
from tests.platforms.slack_shapes import message_faults, view_faults

Json = dict[str, Any]

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-one-workspace", "xapp-socket", "signing-secret-1234"
CLIENT_ID, CLIENT_SECRET = "1.2", "client-secret-5678"
TEAM, BOT, CHANNEL, DIRECT = "T0STUDY", "U0BOT", "C0BOOTCAMP", "D0DIRECT"
_ANSWER_S = 10
_ANYWHERE = {"token", "team_id"}  # Bolt's clients name the workspace in every call, for organisations' tokens

# What each method takes, what of it must be there, and the scope it asks for; anything else fails the test.
METHODS = {
    "apps.connections.open": ("", "", None),
    "auth.test": ("", "", None),
    "chat.postEphemeral": ("channel user text blocks thread_ts", "channel user text", "chat:write"),
    "chat.postMessage": (
        "channel text blocks thread_ts unfurl_links unfurl_media metadata",
        "channel text",
        "chat:write",
    ),
    "conversations.history": ("channel oldest limit include_all_metadata cursor", "channel", "channels:history"),
    "conversations.info": ("channel", "channel", "channels:read"),
    "conversations.replies": ("channel ts limit cursor", "channel ts", "channels:history"),
    "oauth.v2.access": ("code grant_type refresh_token", "", None),
    "users.info": ("user include_locale", "user", "users:read"),
    "views.open": ("trigger_id view", "trigger_id view", None),
    "views.publish": ("user_id view", "user_id view", None),
    "views.push": ("trigger_id view", "trigger_id view", None),
    "views.update": ("view_id view", "view_id view", None),
}


@dataclass
class Shown:
    """Something the bot shows: a message, or a view."""

    key: str
    body: Json
    channel: str = ""
    only_for: str | None = None
    thread: str | None = None
    view: str = ""  # "modal" or "home"; "" for a message


@dataclass
class SlackServer:
    """One workspace and the apps' side of Slack."""

    scopes: set[str] = field(default_factory=lambda: {*SCOPES, *HISTORY_SCOPES})
    tokens: dict[str, str] = field(default_factory=lambda: {BOT_TOKEN: TEAM})
    codes: dict[str, str] = field(default_factory=dict)  # of an installation under way, or to renew a token; its team
    people: dict[str, Json] = field(default_factory=dict)
    messages: dict[str, Json] = field(default_factory=dict)  # what people said, by ts
    shown: list[Shown] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)  # method -> the error it gives
    limited: dict[str, int] = field(default_factory=dict)  # method -> how many times it answers 429
    breaks: dict[str, list[str]] = field(
        default_factory=dict
    )  # method -> what its next calls do: "garbled", or see _broken
    channels: dict[str, Json] = field(default_factory=lambda: {CHANNEL: channel(CHANNEL), DIRECT: channel(DIRECT)})
    history_lags: bool = False  # what the bot posts is not found yet
    http: str = ""  # the bot's address in HTTP mode; "": Socket Mode
    clock: Callable[[], float] = time.time
    token_s: int = 0  # how long a workspace's token lives; 0: for ever

    async def __aenter__(self) -> SlackServer:
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()
        self._acks: dict[str, asyncio.Future[Json | None]] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._responses: dict[str, Shown] = {}
        self._triggers: dict[str, str] = {}  # each good once, and the view it was made in
        self.under: dict[str, str] = {}  # the views that were pushed over others
        self.views: dict[str, Json] = {}
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self._api)
        application.router.add_get("/socket/{ticket}", self._socket)
        application.router.add_post("/respond/{id}", self._respond)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"
        self._client = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
        await self._runner.cleanup()

    # What people and Slack do.

    def person(self, name: str = "민지", *, admin: bool = False, locale: str = "ko-KR") -> str:
        """Somebody new in the workspace; their id."""
        id_ = f"U{next(self._numbers):05}"
        profile = {"display_name": name, "real_name": f"{name} 김"}
        self.people[id_] = {"id": id_, "name": id_.lower(), "is_admin": admin, "locale": locale, "profile": profile}
        return id_

    def said(self, user: str, text: str, channel: str = CHANNEL, thread: str | None = None) -> Json:
        """A message of a person; nobody is told."""
        ts = self.ts()
        message = {"type": "message", "user": user, "text": text, "ts": ts, "channel": channel}
        self.messages[ts] = message | ({"thread_ts": thread} if thread else {})
        return self.messages[ts]

    async def command(self, user: str, text: str, channel: str = CHANNEL, **way: Any) -> Json | None:
        """`/sunbae` *text*; what the bot acks with."""
        payload = {
            "token": "verification",
            "team_id": TEAM,
            "team_domain": "study",
            "channel_id": channel,
            "channel_name": "bootcamp",
            "user_id": user,
            "user_name": user.lower(),
            "command": "/sunbae",
            "text": text,
            "api_app_id": "A0",
            "is_enterprise_install": "false",
            "response_url": self._response_url(channel, user),
            "trigger_id": self._trigger(),
        }
        ack = await self.send("slash_commands", payload, **way)
        if ack:
            self._show_response(ack, channel, user)
        return ack

    async def event(self, event: Json, *, id_: str | None = None, team: str = TEAM, **envelope: Any) -> Json | None:
        """An event, if the manifest subscribes to it."""
        subscribed = f"message.{event['channel_type']}" if event["type"] == "message" else event["type"]
        if subscribed not in EVENTS:
            return None
        payload = {
            "token": "verification",
            "team_id": team,
            "api_app_id": "A0",
            "event": event,
            "type": "event_callback",
            "event_id": id_ or f"Ev{next(self._numbers):05}",
            "event_time": int(time.time()),
            "authorizations": [{"enterprise_id": None, "team_id": team, "user_id": BOT, "is_bot": True}],
        }
        return await self.send("events_api", payload, **envelope)

    async def interact(self, user: str, payload: Json) -> Json | None:
        """A shortcut, a button, a suggestion or a submitted view."""
        whole = {
            "user": {"id": user, "name": user.lower(), "username": user.lower(), "team_id": TEAM},
            "api_app_id": "A0",
            "token": "verification",
            "team": {"id": TEAM, "domain": "study"},
            "trigger_id": self._trigger(payload.get("view", {}).get("id", "")),
            **payload,
        }
        ack = await self.send("interactive", whole)
        if ack and ack.get("response_action") == "update":
            self._show_view(ack["view"], payload["view"]["id"])
        blocks = {block.get("block_id") for block in payload.get("view", {}).get("blocks", ())}
        if ack and not set(ack.get("errors", ())) <= blocks:
            self.faults.append(f"errors under blocks that the view does not have: {ack}")
        return ack

    def at(self, user: str, channel: str = CHANNEL, thread: str | None = None) -> Json:
        """The parts of a payload that say where a message stands."""
        return {
            "channel": {"id": channel, "name": "bootcamp"},
            "response_url": self._response_url(channel, user, thread),
        }

    async def next_shown(self, after: int, wanted: Callable[[Shown], bool] = lambda _: True) -> Shown:
        """The first thing *wanted* that the bot shows after the *after*-th."""
        async with asyncio.timeout(_ANSWER_S), self._changed:
            await self._changed.wait_for(lambda: any(map(wanted, self.shown[after:])))
        return next(filter(wanted, self.shown[after:]))

    async def connected(self, count: int = 1) -> None:
        """Wait until the bot has *count* sockets open."""
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(lambda: len(self._sockets) >= count)

    async def reachable(self) -> None:
        """Wait until the bot listens for requests."""
        async with asyncio.timeout(30):
            while True:
                with contextlib.suppress(aiohttp.ClientConnectorError):
                    async with self._client.get(self.http):
                        return
                await asyncio.sleep(0.02)  # a closed port cannot be waited for

    async def renew(self) -> web.WebSocketResponse:
        """Ask the bot to renew its oldest connection, which stays open."""
        socket = self._sockets.pop(0)
        await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
        return socket

    async def drop(self) -> None:
        """Lose every connection at once."""
        for socket in [*self._sockets]:
            await socket.close()

    def ts(self) -> str:
        return f"{int(self.clock())}.{next(self._numbers):06}"

    async def send(
        self, type_: str, payload: Json, *, socket: web.WebSocketResponse | None = None, **extra: Any
    ) -> Json | None:
        """Send over whichever way the bot uses; what it acks with. Fails after Slack's three seconds."""
        if self.http:
            return await self._post(type_, payload)
        if not self._sockets:
            await self.connected()
        envelope_id = f"envelope-{next(self._numbers)}"
        self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        # Slack picks one of the connections.
        chosen = socket or self._sockets[next(self._numbers) % len(self._sockets)]
        envelope = {"envelope_id": envelope_id, "type": type_, "payload": payload, **extra}
        await chosen.send_json(envelope | {"accepts_response_payload": type_ != "events_api"})
        async with asyncio.timeout(3):
            return await self._acks[envelope_id]

    # Signed HTTP.

    async def _post(self, type_: str, payload: Json) -> Json | None:
        status, answer = await self.post(*signed(*encoded(type_, payload)))
        if status != 200:
            self.faults.append(f"{type_}: the bot answers {status}")
        return json.loads(answer) if answer.startswith("{") else None

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Send a request as it is; status and body of the answer."""
        async with (
            asyncio.timeout(3),
            self._client.post(f"{self.http}/slack/events", data=body, headers=headers) as got,
        ):
            return got.status, await got.text()

    # What the bot calls.

    async def _api(self, request: web.Request) -> web.Response:  # noqa: PLR0911 -- a refusal each, in Slack's order
        method = request.match_info["method"]
        self.calls.append(method)
        if method not in METHODS:
            self.faults.append(f"{method} is unknown")
            return _refused("unknown_method")
        arguments = await _arguments(request)
        if self.limited.get(method, 0) > 0:
            self.limited[method] -= 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "0"})
        allowed, needed, scope = METHODS[method]
        unknown, missing = set(arguments) - set(allowed.split()) - _ANYWHERE, set(needed.split()) - set(arguments)
        if unknown or missing:
            self.faults.append(f"{method}: unknown {sorted(unknown)}, missing {sorted(missing)}")
            return _refused("invalid_arguments")
        broken = self.breaks.get(method) and self.breaks[method].pop(0)
        if broken == "garbled":
            return web.Response(status=502, text="upstream {", content_type="application/json")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if method == "apps.connections.open":
            return self._open(token)
        if method != "oauth.v2.access" and token not in self.tokens:
            return _refused("invalid_auth")
        if scope and scope not in self.scopes:
            return _refused("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))
        if method in self.refuse:
            return _refused(self.refuse[method])
        if broken and "after" not in broken:
            return self._broken(request, broken)
        handler: Callable[[Json, str], Any] = getattr(self, "_" + method.replace(".", "_"))
        answer = handler(arguments, token)
        await self._tell()
        if broken:
            return self._broken(request, broken)
        if isinstance(answer, web.Response):
            return answer
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    @staticmethod
    def _broken(request: web.Request, how: str) -> web.Response:
        """How a call ends that breaks: "500", "drop" or one of Slack's errors, before it was done or "after"; "429"."""
        if how == "429":
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "30"})
        if how.startswith("drop"):
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=500) if how.startswith("500") else _refused(how.removesuffix(" after"))

    def _open(self, token: str) -> web.Response:
        if token != APP_TOKEN:
            return _refused("invalid_auth")
        url = self.address.replace("http", "ws") + f"/socket/{next(self._numbers)}"
        return web.json_response({"ok": True, "url": url})

    def _auth_test(self, _: Json, token: str) -> Json:
        return {"team": "Study", "team_id": self.tokens[token], "user": "sunbae", "user_id": BOT, "bot_id": "B0BOT"}

    def _users_info(self, arguments: Json, _: str) -> Json | web.Response:
        person = self.people.get(arguments["user"])
        return {"user": person} if person else _refused("user_not_found")

    def _chat_postMessage(self, arguments: Json, _: str) -> Json | web.Response:  # noqa: N802 -- Slack's name
        channel = arguments["channel"]
        mark = arguments.get("metadata")
        if mark is not None and not (set(mark) == {"event_type", "event_payload"} and mark["event_payload"]):
            self.faults.append(f"metadata: {mark}")
        if channel not in self.people and (reason := self._closed(channel)):
            return _refused(reason)
        return {"channel": channel, "ts": self._show(arguments, channel).key}

    def _closed(self, id_: str) -> str:
        """Why the bot may not post in a channel or read it; "" where it may."""
        channel = self.channels.get(id_)
        if channel is None or (channel["is_private"] and not channel["is_member"]):
            return "channel_not_found"
        return "is_archived" if channel["is_archived"] else "" if channel["is_member"] else "not_in_channel"

    def _conversations_info(self, arguments: Json, _: str) -> Json | web.Response:
        closed = self._closed(arguments["channel"]) == "channel_not_found"
        return _refused("channel_not_found") if closed else {"channel": self.channels[arguments["channel"]]}

    def _conversations_history(self, arguments: Json, _: str) -> Json | web.Response:
        if reason := self._closed(arguments["channel"]):
            return _refused(reason)
        oldest = float(arguments.get("oldest", 0))
        told = [
            {"type": "message", "ts": shown.key, "bot_id": "B0BOT", "text": shown.body["text"]}
            | ({"metadata": shown.body.get("metadata")} if arguments.get("include_all_metadata") == "1" else {})
            for shown in self.shown
            if shown.channel == arguments["channel"] and shown.only_for is None and float(shown.key) > oldest
            if not self.history_lags
        ]
        said = [each for each in self.messages.values() if each["channel"] == arguments["channel"]]
        newest = sorted([*told, *(each for each in said if float(each["ts"]) > oldest)], key=lambda each: each["ts"])[
            ::-1
        ]
        # Slack gives apps outside the Marketplace fifteen, however many they ask for.
        start, limit = int(arguments.get("cursor") or 0), min(int(arguments["limit"]), 15)
        more = {"next_cursor": str(start + limit)} if len(newest) > start + limit else {"next_cursor": ""}
        return {"messages": newest[start : start + limit], "response_metadata": more}

    def _chat_postEphemeral(self, arguments: Json, _: str) -> Json:  # noqa: N802
        return {"message_ts": self._show(arguments, arguments["channel"], only_for=arguments["user"]).key}

    def _conversations_replies(self, arguments: Json, _: str) -> Json:
        root = arguments["ts"]
        thread = [each for each in self.messages.values() if root in {each["ts"], each.get("thread_ts")}]
        # The oldest come first, fifteen at most as above, and the message under which the thread stands once.
        start, limit = int(arguments.get("cursor") or 0), min(int(arguments["limit"]), 15)
        end = start + limit
        more = {"response_metadata": {"next_cursor": str(end)}} if len(thread) > end else {}
        return {"messages": thread[start:end], "has_more": bool(more), **more}

    def _oauth_v2_access(self, arguments: Json, authorization: str) -> Json | web.Response:
        if authorization != "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode():
            return _refused("bad_client_secret")
        renewed = arguments.get("grant_type") == "refresh_token"
        # A code is good once, and so is a refresh token.
        team = self.codes.pop(arguments["refresh_token" if renewed else "code"], None)
        if team is None:
            return _refused("invalid_refresh_token" if renewed else "invalid_code")
        token = f"xoxb-installed-{team}" + (f"-{next(self._numbers)}" if self.token_s else "")
        self.tokens[token] = team
        lasting = {}
        if self.token_s:
            lasting = {"refresh_token": f"xoxe-1-{next(self._numbers)}", "expires_in": self.token_s}
            self.codes[lasting["refresh_token"]] = team
        return lasting | {
            "access_token": token,
            "token_type": "bot",
            "scope": ",".join(sorted(self.scopes)),
            "bot_user_id": BOT,
            "app_id": "A0",
            "team": {"id": team, "name": "Study"},
            "enterprise": None,
            "authed_user": {"id": "U0ADMIN"},
            "is_enterprise_install": False,
        }

    def _views_open(self, arguments: Json, _: str) -> Json | web.Response:
        if self._triggers.pop(arguments["trigger_id"], None) is None:
            return _refused("invalid_trigger_id")
        return self._show_view(arguments["view"])

    def _views_push(self, arguments: Json, _: str) -> Json | web.Response:
        under = self._triggers.pop(arguments["trigger_id"], None)
        if not under or self.views[under]["type"] != "modal":
            return _refused("invalid_trigger_id")
        if self.under.get(self.under.get(under, "")):
            return _refused("push_limit_reached")
        shown = self._show_view(arguments["view"])
        self.under[shown["view"]["id"]] = under
        return shown

    def _views_publish(self, arguments: Json, _: str) -> Json:
        return self._show_view(arguments["view"])

    def _views_update(self, arguments: Json, _: str) -> Json | web.Response:
        if arguments["view_id"] not in self.views:
            return _refused("not_found")
        return self._show_view(arguments["view"], arguments["view_id"])

    async def _respond(self, request: web.Request) -> web.Response:
        place = self._responses[request.match_info["id"]]
        self._show_response(await request.json(), place.channel, place.only_for or "", place.thread)
        await self._tell()
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = {"type": "hello", "num_connections": len(self._sockets) + 1, "connection_info": {"app_id": "A0"}}
        await socket.send_json(hello)
        self._sockets.append(socket)
        await self._tell()
        async for received in socket:
            ack = json.loads(received.data)
            if set(ack) - {"envelope_id", "payload"} or ack.get("envelope_id") not in self._acks:
                self.faults.append(f"no ack of ours: {ack}")
                continue
            waiting = self._acks[ack["envelope_id"]]
            if not waiting.done():
                waiting.set_result(ack.get("payload"))
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket

    # What is shown.

    def _show_response(self, answer: Json, channel: str, user: str, thread: str | None = None) -> None:
        known = {"text", "blocks", "response_type", "replace_original", "thread_ts", "unfurl_links", "unfurl_media"}
        if unknown := set(answer) - known - {"options", "response_action"}:
            self.faults.append(f"response: unknown {sorted(unknown)}")
        if "text" in answer:
            private = answer.get("response_type", "ephemeral") == "ephemeral"
            self._show(answer | ({"thread_ts": thread} if thread else {}), channel, only_for=user if private else None)

    def _show(self, message: Json, channel: str, *, only_for: str | None = None) -> Shown:
        self.faults += message_faults(message)
        shown = Shown(self.ts(), message, channel, only_for, message.get("thread_ts"))
        self.shown.append(shown)
        return shown

    def _show_view(self, view: Json, id_: str | None = None) -> Json:
        self.faults += view_faults(view)
        key = id_ or f"V{next(self._numbers):05}"
        self.views[key] = view
        self.shown.append(Shown(key, view, view=view["type"]))
        return {"view": {"id": key, **view}}

    def _response_url(self, channel: str, user: str, thread: str | None = None) -> str:
        id_ = str(next(self._numbers))
        self._responses[id_] = Shown(id_, {}, channel, user, thread)
        return f"{self.address}/respond/{id_}"

    def _trigger(self, view: str = "") -> str:
        trigger = f"trigger.{next(self._numbers)}"
        self._triggers[trigger] = view
        return trigger

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def encoded(type_: str, payload: Json) -> tuple[bytes, str]:
    """A payload as Slack posts it, with its content type."""
    form = "application/x-www-form-urlencoded"
    if type_ == "events_api":
        return json.dumps(payload).encode(), "application/json"
    if type_ == "slash_commands":
        return urlencode(payload).encode(), form
    return urlencode({"payload": json.dumps(payload)}).encode(), form


def signed(
    body: bytes, content_type: str, *, secret: str = SECRET, at: int | None = None, retry: int = 0
) -> tuple[bytes, dict[str, str]]:
    """*body* with the headers that Slack signs it with."""
    made = str(at if at is not None else int(time.time()))
    digest = hmac.new(secret.encode(), b"v0:" + made.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": made,
        "X-Slack-Signature": f"v0={digest}",
    }
    return body, headers | ({"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {})


async def _arguments(request: web.Request) -> Json:
    """Query, form and JSON together, as Slack reads them."""
    arguments: Json = dict(request.query)
    body = await request.text()
    if request.content_type == "application/json":
        return arguments | (json.loads(body) if body else {})
    arguments |= {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
    for name in ("view", "blocks", "metadata"):
        if isinstance(arguments.get(name), str):
            arguments[name] = json.loads(arguments[name])
    return arguments


def channel(id_: str) -> Json:
    """A public channel, or a conversation between somebody and the bot, with the bot in it."""
    return {"id": id_, "name": "bootcamp", "is_member": True, "is_archived": False, "is_private": False}


def _refused(error: str, **more: str) -> web.Response:
    return web.json_response({"ok": False, "error": error, **more})
