"""What the operator chose: the environment, read once, every fault reported at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from bot.wording import LOCALES

_LATER = {
    "DISCORD_TOKEN": "Discord",
    "SLACK_BOT_TOKEN": "Slack",
    "SLACK_APP_TOKEN": "Slack",
    "SLACK_CLIENT_ID": "Slack",
}


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


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides."""

    home: Path  # the database, caches and secrets
    content: Path | None  # None: the shipped sessions
    web: Address | None  # None: no local chat
    locale: str
    zone: ZoneInfo

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> Settings:
        """The settings in *environment*; empty values count as absent. Raises SettingsError."""
        given = {name: value.strip() for name, value in environment.items() if value.strip()}
        faults: list[str] = [
            f"{name} is set, but this version has no {platform} yet; unset it to run the local chat"
            for name, platform in _LATER.items()
            if name in given
        ]
        settings = cls(
            home=_path("SUNBAE_HOME", given.get("SUNBAE_HOME", "data"), faults),
            content=_path("SUNBAE_CONTENT", given["SUNBAE_CONTENT"], faults) if "SUNBAE_CONTENT" in given else None,
            web=_address("SUNBAE_WEB", given.get("SUNBAE_WEB", "127.0.0.1:8321"), faults),
            locale=_locale(given.get("SUNBAE_LOCALE", "ko"), faults),
            zone=_zone(given.get("SUNBAE_TZ", "Asia/Seoul"), faults),
        )
        if faults:
            raise SettingsError(tuple(faults))
        return settings


def environment() -> dict[str, str]:
    """The process's environment over a `.env` file in the working folder, if there is one. Raises SettingsError."""
    try:
        written = dotenv_values(".env")
    except UnicodeDecodeError as error:  # PowerShell writes UTF-16, Korean Windows CP949
        raise SettingsError((".env is not UTF-8; save the file as UTF-8",)) from error
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


def _path(name: str, value: str, faults: list[str]) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError:
        faults.append(f"{name} names the home of a user who does not exist: {value!r}")
        return Path(value)


def _address(name: str, value: str, faults: list[str]) -> Address | None:
    if value.lower() == "off":
        return None
    host, _, port = value.rpartition(":")
    if host and port.isascii() and port.isdigit() and len(port) <= 5 and int(port) < 65536:
        return Address(host.strip("[]"), int(port))
    faults.append(f"{name} should be HOST:PORT (127.0.0.1:8321) or off, not {value!r}")
    return None


def _locale(value: str, faults: list[str]) -> str:
    if value not in LOCALES:
        faults.append(f"SUNBAE_LOCALE should be one of {', '.join(LOCALES)}, not {value!r}")
    return value


def _zone(value: str, faults: list[str]) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(f"SUNBAE_TZ should be an IANA time zone (Asia/Seoul), not {value!r}")
        return ZoneInfo("UTC")
