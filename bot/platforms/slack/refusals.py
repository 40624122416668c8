"""What Slack's answers to a post mean: surely not posted, never to be posted, or nobody knows."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.daily.posting import NotAcceptedError, PostError, RefusedError, UnsureError
from bot.wording import Phrases

_INVITE = "slack.why.invite"
_REINSTALL = "slack.why.reinstall"
_RESTRICTED = "slack.why.restricted"
# https://docs.slack.dev/reference/methods/chat.postMessage lists them.
_FOR_GOOD = {
    "account_inactive": _REINSTALL,
    "cannot_dm_bot": "slack.why.is_bot",
    "channel_not_found": "slack.why.gone",
    "is_archived": "slack.why.archived",
    "messages_tab_disabled": "slack.why.messages_tab",
    "missing_scope": "slack.why.scopes",
    "no_permission": _RESTRICTED,
    "not_in_channel": _INVITE,
    "org_login_required": "slack.why.moving",
    "team_access_not_granted": _REINSTALL,
    "team_not_found": _REINSTALL,
    "token_revoked": _REINSTALL,
    "user_disabled": "slack.why.left",
    "user_not_found": "slack.why.left",
}
_RESTRICTIONS = ("restricted_action", "posting_to_general_channel_denied", "ekm_access_denied")
# Slack failed on its own side, perhaps after it took the post.
_UNSURE = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
LATER_S = 60.0  # before the next try where waiting alone may not help


def removed(phrase: Phrases) -> RefusedError:
    """The workspace has no bot any more."""
    return RefusedError(phrase(_REINSTALL))


def refusal_of(code: str, phrase: Phrases) -> RefusedError | None:
    """What the error *code* asks somebody to do; None where it passes by itself."""
    key = _RESTRICTED if code.startswith(_RESTRICTIONS) else _FOR_GOOD.get(code)
    return RefusedError(phrase(key)) if key else None


def code_of(error: SlackApiError) -> str:
    """Slack's own word for *error*; empty where it gave none."""
    answer = getattr(error.response, "data", None)
    return str(answer.get("error") or "") if isinstance(answer, dict) else ""


def post_error(
    error: SlackApiError | aiohttp.ClientError | TimeoutError, phrase: Phrases, *, everywhere: bool
) -> PostError:
    """What *error* of a request that posts proves, in words for an operator; *everywhere*: a limit holds for all."""
    match error:
        case SlackApiError():
            return _answered(error, phrase, everywhere=everywhere)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return NotAcceptedError(phrase("slack.why.unreachable"))
        case _:
            return UnsureError(phrase("slack.why.no_reply"))


def retry_after_s(error: SlackApiError) -> float:
    """How long Slack asks to wait."""
    told = error.response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else 1.0


def status_of(error: SlackApiError) -> int:
    # slack_sdk hands on aiohttp's own response where the body was no JSON.
    return int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0))


def _answered(error: SlackApiError, phrase: Phrases, *, everywhere: bool) -> PostError:
    code, status = code_of(error), status_of(error)
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        wait_s = retry_after_s(error)
        return NotAcceptedError(phrase("slack.why.busy"), retry_after_s=wait_s, everywhere=everywhere)
    if status >= 500 or code in _UNSURE or not code:
        return UnsureError(phrase("slack.why.failed", code=code or status))
    if refusal := refusal_of(code, phrase):
        return refusal
    # The channel is not to blame, so it keeps its subscription: a token about to be renewed, a fault of the bot's own.
    return NotAcceptedError(phrase("slack.why.refused", code=code), retry_after_s=LATER_S)
