"""The gateway of the loopback Discord: identify, heartbeat, resume, and events in order, over a real WebSocket."""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 3, 6, 7, 9, 10, 11


@dataclass
class Session:
    """What a client identified as; it outlives its connection."""

    id: str
    shard: int
    shards: int
    intents: int
    sent: list[Json] = field(default_factory=list)  # numbered from 1
    socket: _Socket | None = None


class _Socket:
    """One connection, compressed as the client asked."""

    def __init__(self, response: web.WebSocketResponse, *, compressed: bool) -> None:
        self.response = response
        self._deflate = zlib.compressobj() if compressed else None

    async def send(self, payload: Json) -> None:
        text = json.dumps(payload)
        if self._deflate is None:
            await self.response.send_str(text)
        else:
            data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
            await self.response.send_bytes(data)


class Gateway:
    """Sessions and what they are sent."""

    def __init__(self, token: str, fault: Any, greeting: Any) -> None:
        self._token = token
        self._fault = fault
        self._greeting = greeting  # a session -> the events it gets after READY
        self.sessions: dict[int, Session] = {}  # by shard
        self.identified = 0
        self.resumed = 0
        self.refuse: int | None = None  # the close code that the next IDENTIFY gets
        self.changed = asyncio.Condition()

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self._fault(f"gateway opened with {dict(request.query)}")
        response = web.WebSocketResponse()
        await response.prepare(request)
        socket = _Socket(response, compressed=request.query.get("compress") == "zlib-stream")
        await socket.send({"op": HELLO, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for frame in response:
            if frame.type is WSMsgType.TEXT:
                await self._take(socket, json.loads(frame.data))
        for session in self.sessions.values():
            if session.socket is socket:
                session.socket = None
        await self._tell()
        return response

    async def dispatch(self, event: str, data: Json, *, guild: int | None) -> None:
        """Send an event to the shard of *guild*; a session without connection gets it when it resumes."""
        for session in self.sessions.values():
            if session.shard == ((guild or 0) >> 22) % session.shards:
                await self._send(session, event, data)

    async def drop(self, code: int = 4000) -> None:
        """Cut every connection; a client may resume."""
        for session in list(self.sessions.values()):
            if session.socket:
                await session.socket.response.close(code=code)

    async def ask_to_reconnect(self) -> None:
        for session in self.sessions.values():
            if session.socket:
                await session.socket.send({"op": RECONNECT, "d": None, "s": None, "t": None})

    async def invalidate(self) -> None:
        """Forget every session; clients have to identify anew."""
        for session in list(self.sessions.values()):
            if session.socket:
                await session.socket.send({"op": INVALID, "d": False, "s": None, "t": None})

    async def until(self, true: Any) -> None:
        """Wait for what *true* says of the gateway."""
        async with asyncio.timeout(30), self.changed:
            await self.changed.wait_for(true)

    def connected(self) -> bool:
        return bool(self.sessions) and all(session.socket for session in self.sessions.values())

    def forget(self) -> None:
        self.sessions.clear()

    async def _take(self, socket: _Socket, payload: Json) -> None:
        match payload["op"]:
            case 1:
                await socket.send({"op": ACK, "d": None, "s": None, "t": None})
            case 2:
                await self._identify(socket, payload["d"])
            case 6:
                await self._resume(socket, payload["d"])
            case 3:
                pass
            case other:
                self._fault(f"gateway got op {other}")

    async def _identify(self, socket: _Socket, data: Json) -> None:
        self.identified += 1
        if self.refuse is not None:
            await socket.response.close(code=self.refuse)
            return
        if data["token"] != self._token:
            await socket.response.close(code=4004)
            return
        shard, shards = data.get("shard", (0, 1))
        session = Session(f"session{self.identified}", shard, shards, data["intents"], socket=socket)
        self.sessions[shard] = session
        for event, body in self._greeting(session):
            await self._send(session, event, body)
        await self._tell()

    async def _resume(self, socket: _Socket, data: Json) -> None:
        session = next((each for each in self.sessions.values() if each.id == data["session_id"]), None)
        if session is None or data["token"] != self._token:
            await socket.send({"op": INVALID, "d": False, "s": None, "t": None})
            return
        session.socket = socket
        for missed in session.sent[data["seq"] :]:
            await socket.send(missed)
        await self._send(session, "RESUMED", {})
        self.resumed += 1
        await self._tell()

    async def _send(self, session: Session, event: str, data: Json) -> None:
        payload = {"op": DISPATCH, "t": event, "s": len(session.sent) + 1, "d": data}
        session.sent.append(payload)
        if session.socket and not session.socket.response.closed:
            await session.socket.send(payload)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()
