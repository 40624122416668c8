"""Who is an operator in the local chat, by where a visit comes from and by what name it came."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from bot.platforms.web.operators import is_operator

_HERE, _BRIDGE = "127.0.0.1", "172.18.0.1"  # Docker's gateway stands for whoever comes by a published port


def _visit(peer: str, **headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "path": "/", "headers": named, "client": (peer, 50_000)})


@pytest.mark.parametrize("host", ["localhost:8321", "127.0.0.1", "[::1]:8321"])
def test_whoever_sits_at_this_machine_is_an_operator(host: str) -> None:
    assert is_operator(_visit(_HERE, host=host), everyone=False)


def test_others_are_operators_only_where_everyone_is() -> None:
    visit = _visit(_BRIDGE, host="localhost:8321")

    assert not is_operator(visit, everyone=False)
    assert is_operator(visit, everyone=True)


@pytest.mark.parametrize(
    "passed_on",
    [
        {"x_forwarded_for": "127.0.0.1"},
        {"forwarded": "for=192.0.2.1"},
        {"x_real_ip": "192.0.2.1"},
        {"x_forwarded_host": "sunbae.example"},
        {"via": "1.1 proxy"},
    ],
)
def test_whom_a_proxy_passes_on_is_none(passed_on: dict[str, str]) -> None:
    assert not is_operator(_visit(_HERE, host="localhost", **passed_on), everyone=True)


@pytest.mark.parametrize("host", ["evil.example:8321", "localhost.evil.example", "", "[::1"])
def test_who_came_by_a_name_that_another_may_own_is_none(host: str) -> None:
    assert not is_operator(_visit(_HERE, host=host), everyone=True)
