"""Telling Discord the commands, only where they changed since this bot last told it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import structlog
from discord import app_commands

_EVERYWHERE = "global"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Synced:
    """What Discord was last told, kept in a file: a digest for each guild, or for everywhere."""

    file: Path
    application: int

    def read(self) -> dict[str, str]:
        """Empty if nothing was told yet, or for another application."""
        try:
            stored = json.loads(self.file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return dict(stored["digests"]) if stored.get("application") == self.application else {}

    def write(self, digests: dict[str, str]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps({"application": self.application, "digests": digests}), encoding="utf-8")
        draft.replace(self.file)


async def payload(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """The commands as Discord takes them."""
    translator = tree.translator
    if translator is None:
        raise LookupError("the command tree has no translator")
    return [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]


async def sync(
    client: discord.Client, tree: app_commands.CommandTree[Any], synced: Synced, guilds: tuple[int, ...]
) -> None:
    """Put the commands where they belong, and take them from where they no longer do."""
    commands = await payload(tree)
    digest = hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
    wanted = {str(guild): digest for guild in guilds} or {_EVERYWHERE: digest}
    told = synced.read()
    for scope in (*(told.keys() - wanted.keys()), *wanted):
        if told.get(scope) == wanted.get(scope):
            continue
        if not await _put(client, synced.application, scope, commands if scope in wanted else []):
            continue
        told.pop(scope, None)
        if scope in wanted:
            told[scope] = digest
        synced.write(told)
        log.info("discord commands synced", where=scope, commands=len(commands) if scope in wanted else 0)


async def _put(client: discord.Client, application: int, scope: str, commands: list[Any]) -> bool:
    """Whether Discord took them; what it did not take is tried again at the next start."""
    try:
        if scope == _EVERYWHERE:
            await client.http.bulk_upsert_global_commands(application, payload=commands)
        else:
            await client.http.bulk_upsert_guild_commands(application, int(scope), payload=commands)
    except discord.HTTPException as error:
        log.warning(
            "discord commands not synced; `sunbae doctor` says more", where=scope, status=error.status, code=error.code
        )
        return False
    return True
