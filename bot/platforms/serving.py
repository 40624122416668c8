"""Serves HTTP at an address of the settings, until it is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn

from bot.platforms import PlatformError
from bot.settings import Address


def listen(address: Address, setting: str) -> socket.socket:
    """A socket that listens; *setting* named the address. Raises PlatformError where it cannot be used."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    # asyncio turns Nagle's 40 ms wait off only for sockets that say they are TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
        listener.listen(1024)  # whoever comes before the server is ready waits instead of being turned away
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise PlatformError(f"cannot listen on {address} ({reason}); set {setting} to another address") from error
    return listener


def address_of(listener: socket.socket) -> Address:
    """Where *listener* listens, with the port that it got."""
    host, port = listener.getsockname()[:2]
    return Address(host, port)


async def serve(config: uvicorn.Config, listener: socket.socket) -> None:
    """Serve until cancelled, then as long as *config* gives to those under way."""
    config.load()  # NiceGUI looks at the applications of all servers there are, also of one that has not begun
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves signals to the command line, which stops all platforms together."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
