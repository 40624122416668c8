"""Who runs the bot, among those who open the local chat."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

# A proxy that passes strangers on comes from this machine itself; most say so in one of these.
_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def is_operator(visit: HTTPConnection, *, everyone: bool) -> bool:
    """Whether the visitor sits at this machine, or *everyone* who reaches the page is an operator.

    Never somebody whom a proxy passed on, nor a page that reached this one by a name of its own (DNS rebinding).
    """
    if any(name in visit.headers for name in _PASSED_ON) or not _is_address(_host(visit)):
        return False
    return everyone or (visit.client is not None and is_loopback(visit.client.host))


def is_loopback(host: str) -> bool:
    """Whether *host*, a name or an address, is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(visit: HTTPConnection) -> str:
    try:
        return urlsplit(f"//{visit.headers.get('host', '')}").hostname or ""
    except ValueError:  # a bracket without its other half
        return ""


def _is_address(host: str) -> bool:
    """Whether *host* can be nobody's own name for this machine."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True
