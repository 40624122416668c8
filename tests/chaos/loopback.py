"""A platform of the tests' own behind real HTTP: it accepts posts, finds them, and fails as it is told to."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import uvloop
from aiohttp import ClientConnectorError, ClientSession, UnixConnector, web

from bot.daily.posting import Found, NotAcceptedError, Posted, RefusedError, UnsureError
from bot.reply import Place, Reply

_FAULTS = ("refuse", "fail", "fail_accepted", "drop_accepted", "lag_s", "forbidden", "gone")
_IN_HAND_S = 1.0  # more than the server is ever held up
_NO_FAULTS = dict.fromkeys(_FAULTS, 0.0)


class LoopbackPlatform:
    """The client's side."""

    posts_per_s = 100_000.0

    def __init__(self, socket: str, *, die: str = "", reached: Callable[[str], None] = lambda _: None) -> None:
        """*die*: the instant at which the server kills this process; *reached* is told of those on this side."""
        self._session = ClientSession(connector=UnixConnector(socket, limit=0), base_url="http://loopback")
        self._headers = {"X-Die": die, "X-Pid": str(os.getpid())}
        self._reached = reached

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        body = {"channel": place.channel, "key": key, "text": reply.text}
        try:
            async with self._session.post("/post", json=body, headers=self._headers) as answer:
                if answer.status == 429:
                    raise NotAcceptedError("slow down", retry_after_s=float(answer.headers["Retry-After"]))
                if answer.status == 404:
                    raise RefusedError("the channel is gone")
                if answer.status != 200:
                    raise UnsureError(f"the server answered {answer.status}")
                message = (await answer.json())["message"]
        except ClientConnectorError as error:
            raise NotAcceptedError("never connected") from error
        self._reached(_named("after reply before confirm", place.channel))
        return Posted(message)

    async def find(self, place: Place, key: str, since: datetime) -> Found:
        query = {"channel": place.channel, "key": key}
        async with self._session.get("/find", params=query, headers=self._headers) as answer:
            if answer.status == 403:
                return Found("unknowable", reason="history forbidden")
            found = await answer.json()
        self._reached("after reconcile")
        if found["message"]:
            return Found("present", found["message"])
        # A post whose sender was killed or gave up may still wait to be read by a server that was held up.
        settles = (datetime.now(UTC) - since).total_seconds() - 60 < max(2 * found["lag_s"], _IN_HAND_S)
        return Found("absent", again_s=found["lag_s"] or _IN_HAND_S / 4 if settles else 0.0)

    async def close(self) -> None:
        await self._session.close()


def serve(socket: str, seed: int) -> None:
    """The server's side, as the target of a process."""
    web.run_app(_Server(seed).application(), path=socket, print=None, access_log=None, loop=uvloop.new_event_loop())


class _Server:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._faults: dict[str, dict[str, float]] = {}
        self._posts: list[tuple[float, str, str]] = []

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.post("/post", self._post),
                web.get("/find", self._find),
                web.get("/posts", self._all),
                web.get("/count", self._count),
                web.post("/faults", self._set_faults),
            ]
        )
        return application

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, Any] = await request.json()
        faults = self._of(body["channel"])
        _die_if(request, _named("during POST", body["channel"]))
        if faults["gone"]:
            return web.Response(status=404)
        chance = self._random.random()
        if chance < (limit := faults["refuse"]):
            return web.Response(status=429, headers={"Retry-After": "0.2"})
        if chance < (limit := limit + faults["fail"]):
            return web.Response(status=500)
        self._posts.append((time.monotonic(), body["channel"], body["key"]))
        _die_if(request, _named("after accept before reply", body["channel"]))
        if chance < (limit := limit + faults["fail_accepted"]):
            return web.Response(status=500)
        if chance < limit + faults["drop_accepted"] and request.transport is not None:
            request.transport.abort()
        return web.json_response({"message": f"m{len(self._posts)}"})

    async def _find(self, request: web.Request) -> web.StreamResponse:
        _die_if(request, "during reconcile")
        faults = self._of(request.query["channel"])
        if faults["forbidden"]:
            return web.Response(status=403)
        visible = time.monotonic() - faults["lag_s"]
        wanted = request.query["key"]
        found = (f"m{number}" for number, (at, _, key) in enumerate(self._posts, 1) if key == wanted and at <= visible)
        return web.json_response({"message": next(found, ""), "lag_s": faults["lag_s"]})

    async def _all(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text=json.dumps([channel for _, channel, _ in self._posts]))

    async def _count(self, _: web.Request) -> web.StreamResponse:
        times_s = [at for at, _, _ in self._posts]
        return web.json_response(
            [len({key for _, _, key in self._posts}), times_s[-1] - times_s[0] if times_s else 0.0]
        )

    async def _set_faults(self, request: web.Request) -> web.StreamResponse:
        told = await request.json()
        self._faults[told.pop("name")] = told
        return web.Response()

    def _of(self, channel: str) -> dict[str, float]:
        return _NO_FAULTS | next((faults for name, faults in self._faults.items() if channel.startswith(name)), {})


def _named(instant: str, channel: str) -> str:
    """What tells the owner of a channel that stopped has instants of its own."""
    if not channel.startswith("dm:"):
        return instant
    return "during telling" if instant == "during POST" else instant.replace("after", "after telling", 1)


def _die_if(request: web.Request, instant: str) -> None:
    if request.headers["X-Die"] == instant:
        os.kill(int(request.headers["X-Pid"]), signal.SIGKILL)


class Control:
    """How a test looks at the server and tells it to fail."""

    def __init__(self, socket: str) -> None:
        self._socket = socket

    async def faults(self, name: str = "", **rates: float) -> None:
        """How often posts fail from now on, to the channels whose ids begin with *name*."""
        async with self._session() as session, session.post("/faults", json={"name": name, **rates}):
            pass

    async def posts(self) -> list[str]:
        """The channel of every post that was accepted, in order."""
        async with self._session() as session, session.get("/posts") as answer:
            return list(json.loads(await answer.text()))

    async def count(self) -> tuple[int, float]:
        """How many different posts were accepted, and the seconds between the first and the last."""
        async with self._session() as session, session.get("/count") as answer:
            count, seconds = await answer.json()
            return count, seconds

    async def ready(self) -> None:
        while True:
            try:
                await self.posts()
            except OSError:
                await asyncio.sleep(0.02)
            else:
                return

    def _session(self) -> ClientSession:
        return ClientSession(connector=UnixConnector(self._socket), base_url="http://loopback")
