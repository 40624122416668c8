"""What Slack's answers to a post mean: surely not posted, never to be posted, or nobody knows."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError, SlackTokenRotationError

from bot.daily.posting import NotAcceptedError, PostError, RefusedError, UnsureError

_INVITE = "invite the bot to the channel: /invite @sunbae"
_REINSTALL = "the workspace removed the bot; install it again"
_RESTRICTED = "who may post there is restricted; let the bot, or choose another channel"
# https://docs.slack.dev/reference/methods/chat.postMessage lists them.
_FOR_GOOD = {
    "account_inactive": _REINSTALL,
    "cannot_dm_bot": "a bot takes no messages",
    "channel_not_found": f"the channel is gone or private; {_INVITE}",
    "is_archived": "the channel is archived; unarchive it, or choose another",
    "messages_tab_disabled": "turn App Home's messages tab on",
    "missing_scope": "apply the manifest of `sunbae manifest slack` and install the app again",
    "no_permission": _RESTRICTED,
    "not_in_channel": _INVITE,
    "org_login_required": "the workspace moves into an organisation",
    "team_access_not_granted": _REINSTALL,
    "team_not_found": _REINSTALL,
    "token_revoked": _REINSTALL,
    "user_disabled": "the person has left",
    "user_not_found": "the person has left",
}
_RESTRICTIONS = ("restricted_action", "posting_to_general_channel_denied", "ekm_access_denied")
# Slack failed on its own side, perhaps after it took the post.
_UNSURE = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
_LATER_S = 60.0  # before the next try where waiting alone may not help


def remedy_of(code: str) -> str:
    """What somebody should do about the error *code*; empty where it passes by itself."""
    return _RESTRICTED if code.startswith(_RESTRICTIONS) else _FOR_GOOD.get(code, "")


def code_of(error: SlackApiError) -> str:
    """Slack's own word for *error*; empty where it gave none."""
    answer = getattr(error.response, "data", None)
    return str(answer.get("error") or "") if isinstance(answer, dict) else ""


def post_error(error: Exception, *, everywhere: bool) -> PostError:
    """What *error* of a request that posts proves; *everywhere*: a limit holds for the whole bot."""
    match error:
        case SlackTokenRotationError():
            return NotAcceptedError(f"the token cannot be renewed ({code_of(error.api_error)})", retry_after_s=_LATER_S)
        case SlackApiError():
            return _answered(error, everywhere=everywhere)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return NotAcceptedError(f"Slack cannot be reached ({type(error).__name__})")
        case _:
            return UnsureError(f"no answer from Slack ({type(error).__name__})")


def retry_after_s(error: SlackApiError) -> float:
    """How long Slack asks to wait."""
    told = error.response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else 1.0


def status_of(error: SlackApiError) -> int:
    # slack_sdk hands on aiohttp's own response where the body was no JSON.
    return int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0))


def _answered(error: SlackApiError, *, everywhere: bool) -> PostError:
    code, status = code_of(error), status_of(error)
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return NotAcceptedError("Slack asks to wait", retry_after_s=retry_after_s(error), everywhere=everywhere)
    if status >= 500 or code in _UNSURE or not code:
        return UnsureError(f"Slack failed ({code or status})")
    if remedy := remedy_of(code):
        return RefusedError(f"{code}: {remedy}")
    # The channel is not to blame, so it keeps its subscription: a token about to be renewed, a fault of the bot's own.
    return NotAcceptedError(f"Slack refuses the post ({code})", retry_after_s=_LATER_S)
