"""Slack over HTTP: who gets in, who is refused, and how workspaces come and go."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import aiohttp
import pytest
import pytest_asyncio

from tests.platforms.processes import BotProcess
from tests.platforms.slack_chat import seen
from tests.platforms.slack_server import (
    BOT,
    BOT_TOKEN,
    CHANNEL,
    CLIENT_ID,
    CLIENT_SECRET,
    SECRET,
    TEAM,
    SlackServer,
    encoded,
    signed,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONLINE_MASTERS = "해외 온라인 석사는 어떻게 생각하시나요?"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("slack-http")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slack(home: Path) -> AsyncIterator[SlackServer]:
    """A Slack that reaches the bot over HTTP; the bot serves one workspace by token and others by installation."""
    async with SlackServer() as server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": CLIENT_SECRET,
            "SLACK_API_URL": f"{server.address}/api/",
            "SUNBAE_HTTP": f"127.0.0.1:{port}",
        }
        bot = await asyncio.to_thread(BotProcess, home, **environment)
        server.http = f"http://127.0.0.1:{port}"
        await server.reachable()
        yield server
        assert await asyncio.to_thread(bot.stop) == 0
        log = (home / "log").read_text(encoding="utf-8")
        for secret in ("xoxb", SECRET, CLIENT_SECRET, ONLINE_MASTERS):
            assert secret not in log
        assert not server.faults, server.faults


async def test_a_signed_command_is_answered_in_its_own_response(slack: SlackServer) -> None:
    answer = await slack.command(slack.person(), f"질문 {ONLINE_MASTERS}")

    assert answer is not None
    assert answer["response_type"] == "ephemeral"
    assert "솔직히 내실이 그렇게 있는 것 같지는 않습니다." in answer["text"]


async def test_the_address_is_verified_with_slacks_challenge(slack: SlackServer) -> None:
    status, answer = await slack.post(
        *signed(json.dumps({"type": "url_verification", "challenge": "3eZb"}).encode(), "application/json")
    )

    assert status == 200
    assert "3eZb" in answer


async def test_health_is_served_at_the_same_address(slack: SlackServer) -> None:
    async with aiohttp.ClientSession() as watching, watching.get(f"{slack.http}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")


def _ask() -> tuple[bytes, str]:
    form = {"command": "/sunbae", "text": "도움말", "user_id": "U1", "channel_id": CHANNEL, "team_id": TEAM}
    return encoded("slash_commands", form)


async def _refused(slack: SlackServer, body: bytes, headers: dict[str, str]) -> int:
    """The status of a request that must cause no work."""
    calls, shown = len(slack.calls), len(slack.shown)
    status, answer = await slack.post(body, headers)
    assert answer == ""
    assert (len(slack.calls), len(slack.shown)) == (calls, shown)
    return status


@pytest.mark.parametrize("age_s", [301, 86_400, -301])
async def test_a_stale_request_is_refused(slack: SlackServer, age_s: int) -> None:
    assert await _refused(slack, *signed(*_ask(), at=int(time.time()) - age_s)) == 401


async def test_a_forged_request_is_refused(slack: SlackServer) -> None:
    body, headers = signed(*_ask())

    assert await _refused(slack, *signed(*_ask(), secret="another")) == 401
    assert await _refused(slack, body + b"&text=other", headers) == 401
    assert await _refused(slack, body, {"Content-Type": headers["Content-Type"]}) == 401


@pytest.mark.parametrize("header", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
@pytest.mark.parametrize("value", ["", "١٢٣", "9" * 400, "-1", "nan", "v0=é", "v0="])
async def test_a_request_with_odd_headers_is_refused(slack: SlackServer, header: str, value: str) -> None:
    body, headers = signed(*_ask())

    assert await _refused(slack, body, headers | {header: value}) == 401


async def test_a_replayed_request_is_refused_and_a_retry_in_the_same_second_is_not_worked_on_again(
    slack: SlackServer,
) -> None:
    body, headers = signed(*encoded("slash_commands", {"command": "/none", "team_id": TEAM, "user_id": "U1"}))
    await slack.post(body, headers)

    assert await _refused(slack, body, headers) == 401
    assert await _refused(slack, body, headers | {"X-Slack-Retry-Num": "1"}) == 200


async def test_an_oversized_request_is_refused(slack: SlackServer) -> None:
    form = "application/x-www-form-urlencoded"

    assert await _refused(slack, *signed(b"text=" + b"x" * 1_000_000, form)) == 413


async def test_bytes_that_are_no_text_are_refused(slack: SlackServer) -> None:
    assert await _refused(slack, *signed(b"text=\xff\xfe", "application/x-www-form-urlencoded")) == 401


async def test_an_event_and_its_retries_are_answered_once(slack: SlackServer) -> None:
    said = slack.said(slack.person(), f"<@{BOT}> {ONLINE_MASTERS}")
    body, type_ = encoded("events_api", _envelope({**said, "type": "app_mention"}, "EvOnce"))
    before = len(slack.shown)
    now = int(time.time())
    for retry in range(3):
        status, _ = await slack.post(*signed(body, type_, at=now - retry, retry=retry))
        assert status == 200
    # A message event of the same message, as an app that may read history gets it.
    direct = {**said, "channel_type": "im"}
    await slack.post(*signed(*encoded("events_api", _envelope(direct, "EvTwice"))))
    await slack.command(slack.person(), "help")

    assert len(slack.shown) == before + 2


async def test_every_answer_comes_within_three_seconds_with_200_requests_in_flight(slack: SlackServer) -> None:
    before = len(slack.shown)
    requests = [
        signed(*encoded("slash_commands", _asking(slack, f"질문 석사 {number}") | {"trigger_id": str(number)}))
        for number in range(200)
    ]
    answers = await asyncio.gather(*(slack.post(*request) for request in requests))  # each within three seconds

    assert {status for status, _ in answers} == {200}
    later = sum(answer == "" for _, answer in answers)  # acked in time, answered through the response_url
    if later:
        await slack.next_shown(before + later - 1)


def _asking(slack: SlackServer, text: str, team: str = TEAM, locale: str = "ko-KR") -> dict[str, object]:
    user = slack.person(locale=locale)
    asking = {"command": "/sunbae", "text": text, "user_id": user, "channel_id": CHANNEL, "team_id": team}
    return asking | {"response_url": slack.at(user)["response_url"]}


async def _install(slack: SlackServer, team: str) -> tuple[str, str]:
    """Begin an installation: the state that Slack would give back, and the browser's cookie."""
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(f"{slack.http}/slack/install", allow_redirects=False) as go,
    ):
        assert go.status == 302
        asked = parse_qs(urlparse(go.headers["Location"]).query)
        slack.codes[f"code-{team}"] = team
        return asked["state"][0], go.headers["Set-Cookie"].partition(";")[0]


async def _return(slack: SlackServer, code: str, state: str, cookie: str) -> tuple[int, str]:
    address, query = f"{slack.http}/slack/oauth_redirect", {"code": code, "state": state}
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(address, params=query, headers={"Cookie": cookie}) as page,
    ):
        return page.status, await page.text()


def _envelope(event: dict[str, object], id_: str, team: str = TEAM) -> dict[str, object]:
    return {"type": "event_callback", "team_id": team, "event": event, "event_id": id_, "api_app_id": "A0"}


async def _answers(slack: SlackServer, team: str, locale: str = "ko-KR") -> str:
    form = _asking(slack, "help", team, locale) | {"trigger_id": slack.ts()}
    del form["response_url"]  # so that even a refusal comes in the response
    _, answer = await slack.post(*signed(*encoded("slash_commands", form)))
    return answer


async def test_a_workspace_installs_the_bot_and_leaves_again(slack: SlackServer, home: Path) -> None:
    state, cookie = await _install(slack, "T1NEW")
    before = await _answers(slack, "T1NEW")
    status, page = await _return(slack, "code-T1NEW", state, cookie)
    installed = await _answers(slack, "T1NEW")
    stored = b"".join(file.read_bytes() for file in (home / "home").glob("sunbae.db*"))
    gone = {"type": "app_uninstalled"}
    await slack.post(*signed(*encoded("events_api", _envelope(gone, "EvGone", "T1NEW"))))
    after = await _answers(slack, "T1NEW")

    assert "설치되어 있지 않아요" in before
    assert status == 200
    assert "설치했어요" in page
    assert json.loads(installed)["blocks"]
    assert b"T1NEW" in stored
    assert b"xoxb" not in stored
    assert "설치되어 있지 않아요" in after


async def test_a_revoked_token_is_forgotten(slack: SlackServer, home: Path) -> None:
    state, cookie = await _install(slack, "T2NEW")
    await _return(slack, "code-T2NEW", state, cookie)
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT]}}
    await slack.post(*signed(*encoded("events_api", _envelope(revoked, "EvRevoked", "T2NEW"))))

    with sqlite3.connect(home / "home" / "sunbae.db") as database:
        assert database.execute("SELECT count(*) FROM slack_installations WHERE team = 'T2NEW'").fetchone() == (0,)
    database.close()


async def test_a_token_that_ends_soon_is_renewed_once_and_serves_on_while_slack_renews_none(slack: SlackServer) -> None:
    slack.token_s = 3_600  # within the two hours ahead of which it is renewed
    state, cookie = await _install(slack, "T4NEW")
    await _return(slack, "code-T4NEW", state, cookie)
    [first] = [token for token, team in slack.tokens.items() if team == "T4NEW"]
    slack.token_s = 43_200
    before = slack.calls.count("oauth.v2.access")
    answers = await asyncio.gather(*(_answers(slack, "T4NEW", "en-US") for _ in range(5)))
    renewals = slack.calls.count("oauth.v2.access") - before
    slack.tokens.pop(first)
    with_the_new_one = await _answers(slack, "T4NEW", "en-US")

    # Slack tells somebody's language to who has a token that it takes.
    assert all("/sunbae ask" in answer for answer in [*answers, with_the_new_one])
    assert renewals == 1

    slack.token_s = 3_600
    state, cookie = await _install(slack, "T5NEW")
    await _return(slack, "code-T5NEW", state, cookie)
    slack.refuse["oauth.v2.access"] = "internal_error"
    meanwhile = await _answers(slack, "T5NEW", "en-US")
    slack.refuse.clear()
    slack.token_s = 0

    assert "/sunbae ask" in meanwhile


async def test_a_state_is_good_once_and_only_in_the_browser_that_got_it(slack: SlackServer) -> None:
    state, cookie = await _install(slack, "T3NEW")
    elsewhere, _ = await _return(slack, "code-T3NEW", state, "slack-app-oauth-state=other")
    first, _ = await _return(slack, "code-T3NEW", state, cookie)
    slack.codes["code-again"] = "T3NEW"
    second, page = await _return(slack, "code-again", state, cookie)
    made_up, _ = await _return(slack, "code-again", "guess", "slack-app-oauth-state=guess")

    assert (elsewhere, first, second, made_up) == (400, 200, 401, 401)
    assert "처음부터 다시" in page
    assert "code-again" in slack.codes  # was never shown to Slack


async def test_an_installation_that_somebody_stops_says_how_to_start_again(slack: SlackServer) -> None:
    address = f"{slack.http}/slack/oauth_redirect"
    async with aiohttp.ClientSession() as browser, browser.get(address, params={"error": "<b>denied"}) as page:
        text = await page.text()

    assert "/slack/install" in text
    assert "denied" not in text


async def test_a_button_pressed_over_http_is_answered_through_its_response_url(slack: SlackServer) -> None:
    user = slack.person("지우")
    answer = await slack.command(user, f"질문 {ONLINE_MASTERS}")
    assert answer is not None
    share = next(
        element
        for block in answer["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["value"].startswith("share:")
    )
    before = len(slack.shown)
    await slack.interact(user, {"type": "block_actions", "actions": [share], **slack.at(user), "container": {}})
    shared = await slack.next_shown(before)

    assert shared.only_for is None
    assert "지우님이 공유했어요." in seen(shared).text
