"""What an operator does before the bot is in Slack: settings, manifest, doctor."""

from __future__ import annotations

import inspect
import json
import re
import socket
from pathlib import Path

import aiohttp
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner

from bot.cli import app
from bot.platforms import Check
from bot.platforms.slack import actions, daily, doctor, listeners, membership, people, posting, threads, views
from bot.platforms.slack.listeners import FIND_ANSWER, Listeners
from bot.platforms.slack.manifest import EVENTS, HISTORY_SCOPES, SCOPES, manifest
from bot.settings import Address, Settings, SettingsError, SlackSettings
from tests.platforms.slack_server import APP_TOKEN, BOT_TOKEN, METHODS, SECRET, SlackServer

SOCKET = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": BOT_TOKEN}, "lacks a way in: set SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": APP_TOKEN}, "lacks a workspace: set SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": APP_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}, "SLACK_BOT_TOKEN should start with xoxb-"),
        ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": BOT_TOKEN}, "SLACK_APP_TOKEN should start with xapp-"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_SIGNING_SECRET": SECRET}, "go together"),
        ({**SOCKET, "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "x"}, "set SLACK_SIGNING_SECRET too"),
        ({**SOCKET, "SLACK_API_URL": "slack.com"}, "SLACK_API_URL should be an address"),
        (
            {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SUNBAE_HTTP": "off"},
            "set SUNBAE_HTTP to HOST:PORT",
        ),
        ({"SUNBAE_DATABASE_URL": "mysql://me:hidden@db/x"}, "SUNBAE_DATABASE_URL should start with sqlite"),
    ],
)
def test_settings_that_cannot_work_are_told_in_a_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(sentence)) as fault:
        Settings.from_env(environment)

    assert "hidden" not in str(fault.value)


def test_without_slacks_variables_there_is_no_slack() -> None:
    assert Settings.from_env({}).slack is None


def test_settings_show_no_secret() -> None:
    secrets = {**SOCKET, "SLACK_SIGNING_SECRET": SECRET, "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hidden-one"}

    shown = repr(Settings.from_env({**secrets, "SUNBAE_DATABASE_URL": "postgresql+asyncpg://me:hidden-two@db/x"}))

    for secret in (BOT_TOKEN, APP_TOKEN, SECRET, "hidden-one", "hidden-two"):
        assert secret not in shown


def test_the_manifest_subscribes_to_what_the_code_hears() -> None:
    heard = set(re.findall(r'app\.event\("(\w+)"\)', inspect.getsource(Listeners.register)))
    made = manifest("ko")

    assert heard == {event.partition(".")[0] for event in EVENTS}
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert made["features"]["shortcuts"][0]["callback_id"] == FIND_ANSWER
    assert made["features"]["slash_commands"][0]["command"] == "/sunbae"


def test_the_manifest_asks_for_the_scopes_that_the_code_needs_and_no_more() -> None:
    sources = "".join(map(inspect.getsource, (actions, daily, listeners, membership, people, posting, threads, views)))
    called = set(re.findall(r"client\.([a-z]+_\w+)\(", sources))
    asked_by_methods = {METHODS[method.replace("_", ".")][2] for method in called} - {None}
    # The others are asked for by what is heard, or for private channels, and not by what is called.
    heard = {"app_mentions:read", "commands", "im:history", "groups:read"}

    assert asked_by_methods - set(HISTORY_SCOPES) | heard == set(SCOPES)
    assert manifest("ko")["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert manifest("ko", with_history=True)["oauth_config"]["scopes"]["bot"] == sorted((*SCOPES, *HISTORY_SCOPES))


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_the_manifest_keeps_slacks_limits(locale: str) -> None:
    made = manifest(locale, url="https://study.example")
    [shortcut], [command] = made["features"]["shortcuts"], made["features"]["slash_commands"]

    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", made["features"]["bot_user"]["display_name"])
    assert command["url"] == "https://study.example/slack/events"
    assert made["oauth_config"]["redirect_urls"] == ["https://study.example/slack/oauth_redirect"]
    assert not made["settings"]["socket_mode_enabled"]


def test_the_command_line_prints_the_manifest_in_both_forms() -> None:
    as_yaml = CliRunner().invoke(app, ["manifest", "slack"])
    as_json = CliRunner().invoke(app, ["manifest", "slack", "--json"])

    assert yaml.safe_load(as_yaml.stdout) == json.loads(as_json.stdout) == manifest("ko")


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://study.example", "https://study.example"),
        ("https://study.example/", "https://study.example"),
        ("https://study.example:8443/bot/", "https://study.example:8443/bot"),
        ("https://study.example/slack/events", "https://study.example"),
        ("https://study.example/bot/slack/events/", "https://study.example/bot"),
        ("https://study.example/slack/oauth_redirect", "https://study.example"),
    ],
)
def test_the_manifest_names_addresses_that_slack_can_call(given: str, base: str) -> None:
    printed = CliRunner().invoke(app, ["manifest", "slack", "--json", "--url", given])
    made = json.loads(printed.stdout)

    assert made["settings"]["event_subscriptions"]["request_url"] == f"{base}/slack/events"
    assert made["oauth_config"]["redirect_urls"] == [f"{base}/slack/oauth_redirect"]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://study.example", "https addresses only"),
        ("study.example", "https addresses only"),
        ("", "https addresses only"),
        ("https://", "names no host"),
        ("https:///slack/events", "names no host"),
        ("https://:443", "names no host"),
        ("https://study.example:port", "names no host"),
        ("https://[::1", "names no host"),
        ("https://a b", "holds no space"),
        ("https://study.example/?q=1", "holds no ?"),
        ("https://study.example/#top", "holds no ? and no #"),
    ],
)
def test_an_address_that_slack_cannot_call_is_refused_in_a_sentence(url: str, sentence: str) -> None:
    refused = CliRunner().invoke(app, ["manifest", "slack", "--url", url])

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert sentence in refused.stderr


def test_the_command_line_keeps_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUNBAE_HOME", str(tmp_path / "home"))
    upgraded = CliRunner().invoke(app, ["db", "upgrade"])
    rotated = CliRunner().invoke(app, ["db", "rotate-keys"])

    assert "up to date" in upgraded.stdout
    assert "seals 0 workspace(s)" in rotated.stdout
    assert (tmp_path / "home" / "sunbae.db").exists()


async def _examined(server: SlackServer, bot_token: str, app_token: str, port: int = 0) -> tuple[Check, ...]:
    slack = SlackSettings(bot_token, app_token, SECRET, None, None, None)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=f"{server.address}/api/", session=session, retry_handlers=[])
        return await doctor.examine(client, slack, Address("127.0.0.1", port))


async def test_the_doctor_finds_everything_well() -> None:
    async with SlackServer() as server:
        checks = await _examined(server, BOT_TOKEN, APP_TOKEN)

    assert [check.remedy for check in checks] == [""] * 4
    assert "Study as @sunbae" in checks[0].what


async def test_the_doctor_says_what_is_held_without_the_history_scopes_and_how_to_add_them() -> None:
    async with SlackServer(scopes=set(SCOPES)) as server:
        checks = await _examined(server, BOT_TOKEN, APP_TOKEN)

    (told,) = (check.what for check in checks if "scopes" in check.what)
    assert "all scopes are granted" in told
    assert "a daily post that may have been made already is held" in told
    assert "`sunbae manifest slack --with-history`" in told


async def test_the_doctor_names_refused_tokens_missing_scopes_and_a_taken_address() -> None:
    async with SlackServer(scopes={"chat:write"}) as server:
        refused = await _examined(server, "xoxb-wrong", "xapp-wrong")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            missing = await _examined(server, BOT_TOKEN, APP_TOKEN, taken.getsockname()[1])

    assert "SLACK_BOT_TOKEN is refused (invalid_auth)" in refused[0].what
    assert "SLACK_APP_TOKEN is refused (invalid_auth)" in refused[1].what
    assert "app_mentions:read" in missing[1].what
    assert "sunbae manifest slack" in missing[1].remedy
    assert "set SUNBAE_HTTP" in missing[-1].remedy


async def test_the_doctor_blames_no_token_for_an_answer_that_is_no_json() -> None:
    async with SlackServer() as server:
        server.breaks = {"auth.test": ["garbled"], "apps.connections.open": ["garbled"]}
        checks = await _examined(server, BOT_TOKEN, APP_TOKEN)

    assert checks[0].what == "slack: no answer (status 502)"
    assert "SLACK_API_URL" in checks[0].remedy


async def test_the_doctor_says_once_when_slack_cannot_be_reached() -> None:
    async with SlackServer() as server:
        pass
    unreachable, address = await _examined(server, BOT_TOKEN, APP_TOKEN)

    assert "no answer" in unreachable.what
    assert "SLACK_API_URL" in unreachable.remedy
    assert "slack over http" in address.what
