"""The environment, read once: defaults, and every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.settings import Address, DiscordSettings, Settings, SettingsError, environment


def _faults(**variables: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(variables)
    return caught.value.faults


def test_an_empty_environment_runs_the_local_chat() -> None:
    settings = Settings.from_env({})

    assert settings.web == Address("127.0.0.1", 8321)
    assert settings.home == Path("data")
    assert settings.content is None
    assert (settings.locale, settings.zone.key) == ("ko", "Asia/Seoul")


def test_every_setting_can_be_chosen() -> None:
    settings = Settings.from_env(
        {
            "SUNBAE_HOME": "/var/lib/sunbae",
            "SUNBAE_CONTENT": " notes ",
            "SUNBAE_WEB": "0.0.0.0:0",
            "SUNBAE_LOCALE": "en",
            "SUNBAE_TZ": "Europe/Berlin",
        }
    )

    assert settings.home == Path("/var/lib/sunbae")
    assert settings.content == Path("notes")
    assert settings.web == Address("0.0.0.0", 0)  # noqa: S104 -- what an operator may write
    assert (settings.locale, settings.zone.key) == ("en", "Europe/Berlin")


def test_everyone_may_run_the_bot_from_the_local_chat_only_where_that_is_said() -> None:
    assert not Settings.from_env({}).everyone_operates
    assert Settings.from_env({"SUNBAE_WEB_OPERATORS": "everyone"}).everyone_operates
    assert _faults(SUNBAE_WEB_OPERATORS="on") == ("SUNBAE_WEB_OPERATORS should be local or everyone, not 'on'",)


def test_empty_counts_as_absent() -> None:
    names = ("SUNBAE_HOME", "SUNBAE_CONTENT", "SUNBAE_WEB", "SUNBAE_LOCALE", "SUNBAE_TZ", "DISCORD_TOKEN")

    assert Settings.from_env(dict.fromkeys(names, " ")) == Settings.from_env({})


def test_a_home_below_the_users_own_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/minji")

    assert Settings.from_env({"SUNBAE_HOME": "~/sunbae"}).home == Path("/home/minji/sunbae")


def test_every_fault_is_told_at_once() -> None:
    faults = _faults(SUNBAE_WEB="8321", SUNBAE_LOCALE="fr", SUNBAE_TZ="Asia/Nowhere", SLACK_BOT_TOKEN="secret-token")

    assert [fault.split()[0] for fault in faults] == [
        "SUNBAE_WEB",
        "SUNBAE_LOCALE",
        "SUNBAE_TZ",
        "Slack",
        "SLACK_BOT_TOKEN",
    ]
    assert "secret-token" not in " ".join(faults)


def test_discord_is_off_without_a_token() -> None:
    assert Settings.from_env({"DISCORD_GUILDS": "1", "DISCORD_SHARD_IDS": "x"}).discord is None


def test_discord_is_set_by_its_variables() -> None:
    settings = Settings.from_env(
        {
            "DISCORD_TOKEN": "Bot secret-token",
            "DISCORD_API_URL": "http://localhost:9/api/v10/",
            "DISCORD_GATEWAY_URL": "ws://localhost:9/gateway",
            "DISCORD_GUILDS": "1, 22",
            "DISCORD_READ_THREADS": "1",
            "DISCORD_OPERATOR_ROLE": "운영진",
            "DISCORD_OPEN_THREADS": "on",
            "DISCORD_SHARD_IDS": "0,1",
            "DISCORD_SHARD_COUNT": "4",
        }
    ).discord

    assert settings == DiscordSettings(
        token="secret-token",
        api_url="http://localhost:9/api/v10",
        gateway_url="ws://localhost:9/gateway",
        guilds=(1, 22),
        read_threads=True,
        operator_role="운영진",
        open_threads=True,
        shard_ids=(0, 1),
        shard_count=4,
    )
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_API_URL", "localhost"),
        ("DISCORD_API_URL", "http://"),
        ("DISCORD_API_URL", "http://[secret"),
        ("DISCORD_API_URL", "http://host:port"),
        ("DISCORD_GATEWAY_URL", "https://discord.test"),
        ("DISCORD_GUILDS", "bootcamp"),
        ("DISCORD_READ_THREADS", "maybe"),
        ("DISCORD_SHARD_IDS", "0"),
        ("DISCORD_SHARD_COUNT", "0"),
    ],
)
def test_what_discord_cannot_use_is_told(name: str, value: str) -> None:
    (fault,) = _faults(DISCORD_TOKEN="secret-token", **{name: value})

    assert fault.startswith(name)
    assert "secret" not in fault


@pytest.mark.parametrize("value", ["127.0.0.1:80", "localhost:0", "[::1]:8322", "[::]:80"])
def test_an_address_is_told_as_it_is_set(value: str) -> None:
    assert str(Settings.from_env({"SUNBAE_WEB": value}).web) == value


@pytest.mark.parametrize(("value", "address"), [("off", None), ("OFF", None), ("[::1]:80", Address("::1", 80))])
def test_the_local_chat_listens_where_it_is_told(value: str, address: Address | None) -> None:
    assert Settings.from_env({"SUNBAE_WEB": value}).web == address


@pytest.mark.parametrize(
    "value", ["on", "127.0.0.1", ":8321", "host:", "host:65536", "host:-1", "host:²", "h:" + "9" * 5_000]
)
def test_an_address_that_is_none_is_told(value: str) -> None:
    (fault,) = _faults(SUNBAE_WEB=value)

    assert fault.startswith("SUNBAE_WEB should be HOST:PORT (127.0.0.1:8321) or off, not ")


def test_an_address_is_asked_for_with_its_own_default() -> None:
    (fault,) = _faults(SUNBAE_HTTP="8322")

    assert fault == "SUNBAE_HTTP should be HOST:PORT (127.0.0.1:8322) or off, not '8322'"


@pytest.mark.parametrize("value", ["Seoul", "../etc/passwd", "/etc/passwd", "Asia", "A" * 5_000, "Asia/Seoul\x00"])
def test_a_time_zone_that_is_none_is_told(value: str) -> None:
    (fault,) = _faults(SUNBAE_TZ=value)

    assert fault.startswith("SUNBAE_TZ should be an IANA time zone (Asia/Seoul), not ")


@pytest.mark.parametrize("name", ["SUNBAE_HOME", "SUNBAE_CONTENT"])
def test_a_home_of_nobody_is_told(name: str) -> None:
    (fault,) = _faults(**{name: "~nobody-of-that-name/sunbae"})

    assert fault == f"{name} names the home of a user who does not exist: '~nobody-of-that-name/sunbae'"


def test_a_dotenv_file_stands_behind_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUNBAE_TZ", "UTC")
    monkeypatch.delenv("SUNBAE_LOCALE", raising=False)
    (tmp_path / ".env").write_text("\ufeffSUNBAE_LOCALE=en\nSUNBAE_TZ=Asia/Tokyo\nBARE\n# 메모\n", encoding="utf-8")

    found = environment()

    assert (found["SUNBAE_LOCALE"], found["SUNBAE_TZ"]) == ("en", "UTC")
    assert "BARE" not in found


def test_a_dotenv_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SUNBAE_LOCALE=en\n", encoding="utf-16")

    with pytest.raises(SettingsError) as caught:
        environment()

    assert caught.value.faults == (".env is not UTF-8; save the file as UTF-8",)


def test_two_servers_at_one_address_are_a_fault() -> None:
    fault = "SUNBAE_WEB and SUNBAE_HTTP name one address; give each a port of its own, or turn one off"

    assert _faults(SUNBAE_WEB="127.0.0.1:8322") == (fault,)
    assert _faults(SUNBAE_WEB="0.0.0.0:9000", SUNBAE_HTTP="localhost:9000") == (fault,)
    assert _faults(SUNBAE_WEB="localhost:9000", SUNBAE_HTTP="127.0.0.1:9000") == (fault,)
    assert Settings.from_env({"SUNBAE_WEB": "127.0.0.1:0", "SUNBAE_HTTP": "127.0.0.1:0"})
    assert Settings.from_env({"SUNBAE_WEB": "127.0.0.1:8322", "SUNBAE_HTTP": "off"})


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://secret@host", "should start with sqlite+aiosqlite:/// or postgresql+asyncpg://"),
        ("sqlite+aiosqlite://secret/x.db", "should start with sqlite+aiosqlite:/// or postgresql+asyncpg://"),
        ("sqlite+aiosqlite:///", "should name a file: what is kept in memory is lost when the bot stops"),
        (
            "sqlite+aiosqlite:///:memory:?cache=shared",
            "should name a file: what is kept in memory is lost when the bot stops",
        ),
    ],
)
def test_a_database_that_keeps_nothing_is_told(url: str, told: str) -> None:
    assert _faults(SUNBAE_DATABASE_URL=url) == (f"SUNBAE_DATABASE_URL {told}",)


@pytest.mark.parametrize("name", ["what?", "50%25 off", "왜?=#&"])
def test_the_database_is_in_the_home_whatever_its_name_is(tmp_path: Path, name: str) -> None:
    url = Settings.from_env({"SUNBAE_HOME": str(tmp_path / name)}).database_url

    assert make_url(url).database == str(tmp_path / name / "sunbae.db")
