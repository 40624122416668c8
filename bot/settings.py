"""What the operator chose: the environment, read once, every fault reported at once."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.wording import LOCALES

_DATABASES = ("sqlite+aiosqlite:///", "postgresql+asyncpg://")


class SettingsError(Exception):
    """The environment holds values that cannot be used; *faults* has a sentence for each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int  # 0: any free one

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host  # IPv6 stands in brackets, as it is set
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How the bot reaches Slack: Socket Mode with an app token, HTTP with a signing secret, or both."""

    bot_token: str | None = field(repr=False)  # one workspace; None: only those that install it
    app_token: str | None = field(repr=False)
    signing_secret: str | None = field(repr=False)
    client_id: str | None  # with its secret: many workspaces
    client_secret: str | None = field(repr=False)
    api_url: str | None  # None: Slack's own
    operators: tuple[str, ...] = ()  # who may run the bot besides the workspace's admins and owners: ids of people


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """How the bot lives in Discord."""

    token: str = field(repr=False)
    api_url: str | None  # another server that speaks Discord's API; None: Discord's own
    gateway_url: str | None  # another gateway; None: the one that the API names
    guilds: tuple[int, ...]  # the only guilds that get commands; empty: everywhere
    read_threads: bool  # use the message content intent
    operator_role: str | None  # whoever has a role of this name is an operator, too; None: only who manages the server
    open_threads: bool  # whether a mention in a plain channel opens a thread for its answer
    shard_ids: tuple[int, ...]  # the shards of this process; empty: all
    shard_count: int | None  # None: as many as Discord advises


@dataclass(frozen=True, slots=True)
class EmbeddingsSettings:
    """Where an encoder of the operator's choice is asked for vectors."""

    url: str  # ends with /embeddings
    model: str
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides."""

    home: Path  # the database, caches and secrets
    content: Path | None  # None: the shipped sessions
    web: Address | None  # None: no local chat
    locale: str
    zone: ZoneInfo
    everyone_operates: bool = False  # whether whoever reaches the local chat is an operator there
    http: Address | None = None  # where the platforms' own HTTP listens
    database_url: str = field(default="sqlite+aiosqlite://", repr=False)  # it may hold a password
    slack: SlackSettings | None = None  # None: no Slack
    discord: DiscordSettings | None = None  # None: no token, no Discord
    embeddings: EmbeddingsSettings | None = None  # None: the encoder that comes with sunbae[semantic]

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> Settings:
        """The settings in *environment*; empty values count as absent. Raises SettingsError."""
        given = {name: value.strip() for name, value in environment.items() if value.strip()}
        faults: list[str] = []
        home = _path("SUNBAE_HOME", given.get("SUNBAE_HOME", "data"), faults)
        http = _address("SUNBAE_HTTP", given, "127.0.0.1:8322", faults)
        settings = cls(
            home=home,
            content=_path("SUNBAE_CONTENT", given["SUNBAE_CONTENT"], faults) if "SUNBAE_CONTENT" in given else None,
            web=_address("SUNBAE_WEB", given, "127.0.0.1:8321", faults),
            locale=_locale(given.get("SUNBAE_LOCALE", "ko"), faults),
            zone=_zone(given.get("SUNBAE_TZ", "Asia/Seoul"), faults),
            everyone_operates=_operators(given.get("SUNBAE_WEB_OPERATORS", "local"), faults) == "everyone",
            http=http,
            database_url=_database_url(given.get("SUNBAE_DATABASE_URL"), home, faults),
            slack=_slack(given, http, faults),
            discord=_discord(given, faults),
            embeddings=_embeddings(given, faults),
        )
        if _one_place(settings.web, http):
            faults.append("SUNBAE_WEB and SUNBAE_HTTP name one address; give each a port of its own, or turn one off")
        if faults:
            raise SettingsError(tuple(faults))
        return settings


def environment() -> dict[str, str]:
    """The process's environment over a `.env` file in the working folder, if there is one. Raises SettingsError."""
    try:
        text = Path(".env").read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        text = ""
    except UnicodeDecodeError as error:  # PowerShell writes UTF-16, Korean Windows CP949
        raise SettingsError((".env is not UTF-8; save the file as UTF-8",)) from error
    except OSError as error:
        raise SettingsError((f".env: cannot be read: {error.strerror}",)) from error
    if broken := tuple(f".env:{line}: is no NAME=value; mend the line, or put # before it" for line in _broken(text)):
        raise SettingsError(broken)
    written = dotenv_values(stream=io.StringIO(text))
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


def _broken(text: str) -> Iterator[int]:
    """The lines of a `.env` file, from 1, that python-dotenv would leave out, such as half a pair of quotes."""
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            found = binding.original.string
            yield binding.original.line + found[: len(found) - len(found.lstrip())].count("\n")


def _path(name: str, value: str, faults: list[str]) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError:
        faults.append(f"{name} names the home of a user who does not exist: {value!r}")
        return Path(value)


def _address(name: str, given: Mapping[str, str], default: str, faults: list[str]) -> Address | None:
    value = given.get(name, default)
    if value.lower() == "off":
        return None
    host, _, port = value.rpartition(":")
    if host and port.isascii() and port.isdigit() and len(port) <= 5 and int(port) < 65536:
        return Address(host.strip("[]"), int(port))
    faults.append(f"{name} should be HOST:PORT ({default}) or off, not {value!r}")
    return None


def _one_place(web: Address | None, http: Address | None) -> bool:
    """Whether only one of them could listen."""
    if web is None or http is None or web.port != http.port or web.port == 0:
        return False
    hosts = {"127.0.0.1" if address.host == "localhost" else address.host for address in (web, http)}
    return len(hosts) == 1 or not hosts.isdisjoint({"0.0.0.0", "::"})  # noqa: S104 -- compared, not bound


def _database_url(value: str | None, home: Path, faults: list[str]) -> str:
    if value is None:
        file = (
            str(home.absolute() / "sunbae.db").replace("%", "%25").replace("?", "%3F")
        )  # what an address reads itself
        return f"sqlite+aiosqlite:///{file}"
    if not value.startswith(_DATABASES):
        # The value is not shown: it may hold a password.
        faults.append(f"SUNBAE_DATABASE_URL should start with {' or '.join(_DATABASES)}")
    elif value.partition("?")[0] in {_DATABASES[0], _DATABASES[0] + ":memory:"}:
        faults.append("SUNBAE_DATABASE_URL should name a file: what is kept in memory is lost when the bot stops")
    return value


def _slack(given: Mapping[str, str], http: Address | None, faults: list[str]) -> SlackSettings | None:
    slack = SlackSettings(
        bot_token=given.get("SLACK_BOT_TOKEN"),
        app_token=given.get("SLACK_APP_TOKEN"),
        signing_secret=given.get("SLACK_SIGNING_SECRET"),
        client_id=given.get("SLACK_CLIENT_ID"),
        client_secret=given.get("SLACK_CLIENT_SECRET"),
        api_url=_url("SLACK_API_URL", given, ("http", "https"), faults),
        operators=tuple(given.get("SLACK_OPERATORS", "").replace(",", " ").split()),
    )
    if not (slack.bot_token or slack.client_id):
        if slack.app_token or slack.signing_secret or slack.client_secret:
            faults.append("Slack lacks a workspace: set SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET")
        return None
    if not (slack.app_token or slack.signing_secret):
        faults.append("Slack lacks a way in: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)")
    if bool(slack.client_id) != bool(slack.client_secret):
        faults.append("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together; set both or neither")
    elif slack.client_id and not slack.signing_secret:
        faults.append("SLACK_CLIENT_ID lets workspaces install the bot over HTTP; set SLACK_SIGNING_SECRET too")
    for name, token, sort in (
        ("SLACK_BOT_TOKEN", slack.bot_token, "xoxb-"),
        ("SLACK_APP_TOKEN", slack.app_token, "xapp-"),
    ):
        if token and not token.startswith(sort):
            faults.append(f"{name} should start with {sort}; see where to find it in docs/slack.md")
    if wrong := [id_ for id_ in slack.operators if not re.fullmatch(r"[UW][A-Z0-9]+", id_)]:
        faults.append(f"SLACK_OPERATORS should be ids of people (U0123ABCD) with commas between, not {wrong[0]!r}")
    if slack.signing_secret and http is None:
        faults.append("SLACK_SIGNING_SECRET needs an address to listen on; set SUNBAE_HTTP to HOST:PORT")
    return slack


def _locale(value: str, faults: list[str]) -> str:
    if value not in LOCALES:
        faults.append(f"SUNBAE_LOCALE should be one of {', '.join(LOCALES)}, not {value!r}")
    return value


def _operators(value: str, faults: list[str]) -> str:
    if value.lower() not in {"local", "everyone"}:
        faults.append(f"SUNBAE_WEB_OPERATORS should be local or everyone, not {value!r}")
    return value.lower()


def _zone(value: str, faults: list[str]) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(f"SUNBAE_TZ should be an IANA time zone (Asia/Seoul), not {value!r}")
        return ZoneInfo("UTC")


def _discord(given: Mapping[str, str], faults: list[str]) -> DiscordSettings | None:
    if "DISCORD_TOKEN" not in given:
        return None
    count = _numbers("DISCORD_SHARD_COUNT", given, faults)
    ids = _numbers("DISCORD_SHARD_IDS", given, faults)
    if len(count) > 1 or 0 in count:
        faults.append("DISCORD_SHARD_COUNT should be one number from 1")
    elif ids and not count:
        faults.append("DISCORD_SHARD_IDS needs DISCORD_SHARD_COUNT: how many shards all processes have together")
    elif ids and max(ids) >= count[0]:
        faults.append(f"DISCORD_SHARD_IDS should be below DISCORD_SHARD_COUNT ({count[0]}); the first shard is 0")
    return DiscordSettings(
        token=given["DISCORD_TOKEN"].removeprefix("Bot "),
        api_url=_url("DISCORD_API_URL", given, ("http", "https"), faults),
        gateway_url=_url("DISCORD_GATEWAY_URL", given, ("ws", "wss"), faults),
        guilds=_numbers("DISCORD_GUILDS", given, faults),
        read_threads=_switch("DISCORD_READ_THREADS", given, faults),
        operator_role=given.get("DISCORD_OPERATOR_ROLE"),
        open_threads=_switch("DISCORD_OPEN_THREADS", given, faults),
        shard_ids=ids,
        shard_count=count[0] if count else None,
    )


def _embeddings(given: Mapping[str, str], faults: list[str]) -> EmbeddingsSettings | None:
    url = _url("SUNBAE_EMBEDDINGS_URL", given, ("http", "https"), faults)
    model = given.get("SUNBAE_EMBEDDINGS_MODEL")
    if not (url and model):
        if url or model or "SUNBAE_EMBEDDINGS_KEY" in given:
            faults.append("SUNBAE_EMBEDDINGS_URL and SUNBAE_EMBEDDINGS_MODEL go together; set both or neither")
        return None
    whole = url if url.endswith("/embeddings") else f"{url}/embeddings"
    key = given.get("SUNBAE_EMBEDDINGS_KEY")
    if key and not (key.isascii() and key.isprintable()):
        faults.append("SUNBAE_EMBEDDINGS_KEY should be of ASCII letters, digits and signs; copy it again")
    return EmbeddingsSettings(whole, model, key)


def _url(name: str, given: Mapping[str, str], schemes: tuple[str, ...], faults: list[str]) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if not (value.startswith(tuple(f"{scheme}://" for scheme in schemes)) and names_host(value)):
        # The value is not shown: it may hold a password.
        faults.append(f"{name} should be an address that begins with {schemes[-1]}:// or {schemes[0]}:// and a host")
    return value.rstrip("/")


def names_host(url: str) -> bool:
    """Whether *url* names a host and, if any, a port."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # half an IPv6 address, or a port that is no number
        return False


def _numbers(name: str, given: Mapping[str, str], faults: list[str]) -> tuple[int, ...]:
    words = given.get(name, "").replace(",", " ").split()
    if wrong := [word for word in words if not (word.isascii() and word.isdigit())]:
        faults.append(f"{name} should be numbers with commas between them, not {wrong[0]!r}")
        return ()
    return tuple(int(word) for word in words)


def _switch(name: str, given: Mapping[str, str], faults: list[str]) -> bool:
    value = given.get(name, "off").lower()
    if value not in {"1", "on", "true", "yes", "0", "off", "false", "no"}:
        faults.append(f"{name} should be on or off, not {value!r}")
    return value in {"1", "on", "true", "yes"}
