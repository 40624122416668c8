"""`manifest`, `invite` and `db`: what platforms and the database must be told."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated, Literal

import typer
import yaml

from bot.cli.at_hand import USAGE, fail, make_home, read_settings
from bot.platforms import PlatformError
from bot.terminal import out

installing = typer.Typer()
manifest = typer.Typer(name="manifest", help="What a platform must be told about the bot.", no_args_is_help=True)
db = typer.Typer(name="db", help="The database.", no_args_is_help=True)
installing.add_typer(manifest)
installing.add_typer(db)


@installing.command()
def invite(platform: Annotated[Literal["discord"], typer.Argument(help="Where to invite the bot.")]) -> None:  # noqa: ARG001 -- the others are installed from a manifest
    """Print the address that adds the bot to a server, with the fewest permissions it needs."""
    settings = read_settings()
    if settings.discord is None:
        fail("DISCORD_TOKEN is not set; copy it from Bot → Reset Token at https://discord.com/developers/applications")
    from bot.platforms.discord.doctor import invitation  # noqa: PLC0415 -- discord.py costs half a second

    try:
        sys.stdout.write(asyncio.run(invitation(settings.discord)) + "\n")
    except PlatformError as error:
        fail(str(error))


@manifest.command("slack")
def manifest_slack(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML; Slack takes both.")] = False,
    with_history: Annotated[bool, typer.Option(help="Let the bot read the thread a mention stands in.")] = False,
    url: Annotated[str | None, typer.Option(help="For HTTP mode: the https address that leads to SUNBAE_HTTP.")] = None,
) -> None:
    """Print the manifest from which Slack creates the app."""
    from bot.platforms.slack.manifest import base_of  # noqa: PLC0415 -- Slack's SDK costs a second
    from bot.platforms.slack.manifest import manifest as slack_manifest  # noqa: PLC0415 -- as above

    try:
        base = None if url is None else base_of(url)
    except ValueError as error:
        fail(str(error), code=USAGE)
    made = slack_manifest(read_settings().locale, url=base, with_history=with_history)
    if as_json:
        sys.stdout.write(json.dumps(made, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(yaml.safe_dump(made, allow_unicode=True, sort_keys=False))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version; the bot does so itself when it starts."""
    from bot.store.database import Database, UnusableError, told  # noqa: PLC0415 -- SQLAlchemy would slow `sunbae ask`

    settings = read_settings()
    make_home(settings)

    async def upgrade() -> None:
        with told():
            database = Database(settings.database_url)
            try:
                await database.upgrade()
            finally:
                await database.close()

    try:
        asyncio.run(upgrade())
    except UnusableError as error:
        fail(str(error))
    out.print("The database is up to date.")


@db.command("rotate-keys")
def db_rotate_keys() -> None:
    """Seal the workspaces' tokens with a new key; the bot may run meanwhile."""
    from bot.store.database import Database, UnusableError, told  # noqa: PLC0415 -- as above
    from bot.store.installations import Installations  # noqa: PLC0415 -- Slack's SDK costs a second
    from bot.store.keys import KEYS_FILE, Keys, SealError  # noqa: PLC0415

    settings = read_settings()
    keys = Keys(make_home(settings) / KEYS_FILE)

    async def rotate() -> int:
        with told():
            database = Database(settings.database_url)
            try:
                await database.upgrade()
                keys.rotate()
                return await Installations(database, keys).reseal()
            finally:
                await database.close()

    try:
        count = asyncio.run(rotate())
    except (SealError, UnusableError) as error:
        fail(str(error))
    out.print(f"A new key seals {count} workspace(s).")
