"""What the Slack app must be allowed and told, as the manifest from which Slack creates it."""

from __future__ import annotations

from typing import Any

from bot.platforms.slack.conversation import COMMAND
from bot.platforms.slack.http import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from bot.platforms.slack.listeners import FIND_ANSWER
from bot.settings import names_host
from bot.wording import phrases

SCOPES = (
    "app_mentions:read",  # hear mentions
    "channels:read",  # say at once that the bot is not in a channel: chat:write tells it by posting only
    "chat:write",  # answer
    "commands",  # /sunbae and the message shortcut
    "groups:read",  # the same for the private channels that the bot is in
    "im:history",  # hear direct messages
    "users:read",  # answer in somebody's language; know who runs the workspace
)
HISTORY_SCOPES = ("channels:history", "groups:history")  # read the thread around a mention, find a post again
EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")


def base_of(url: str) -> str:
    """The address that leads to the bot, of one that may go on with a path of Slack's.

    Raises ValueError, with a sentence, for what Slack cannot call.
    """
    if any(letter.isspace() for letter in url):
        raise ValueError("an address holds no space; give --url https://your.address")
    if "?" in url or "#" in url:
        raise ValueError("Slack's paths come behind the address, so it holds no ? and no #")
    if not url.lower().startswith("https://"):
        raise ValueError("Slack calls https addresses only; give --url https://…")
    if not names_host(url):
        raise ValueError("the address names no host, or a port that is none; give --url https://your.address")
    base = url.rstrip("/")
    for path in (EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH):
        base = base.removesuffix(path)
    return base.rstrip("/")


def manifest(locale: str, *, url: str | None = None, with_history: bool = False) -> dict[str, Any]:
    """The app's manifest: for Socket Mode, or with *url* (where the bot is reached, as of `base_of`) for HTTP."""
    phrase = phrases(locale)
    endpoint = {"request_url": url + EVENTS_PATH} if url else {}
    command = {
        "command": COMMAND,
        "description": phrase("command.ask.description"),
        "usage_hint": phrase("slack.usage"),
        "should_escape": False,
    }
    shortcut = {
        "name": phrase("slack.find_answer"),
        "type": "message",
        "callback_id": FIND_ANSWER,
        "description": phrase("slack.find_answer_description"),
    }
    redirects = {"redirect_urls": [url + REDIRECT_PATH]} if url else {}
    options = {"message_menu_options_url": endpoint["request_url"]} if url else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {"name": phrase("bot.name"), "description": phrase("slack.description")},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "sunbae", "always_online": True},
            "shortcuts": [shortcut],
            "slash_commands": [command | ({"url": endpoint["request_url"]} if url else {})],
        },
        "oauth_config": {"scopes": {"bot": sorted((*SCOPES, *(HISTORY_SCOPES if with_history else ())))}, **redirects},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **endpoint},
            "interactivity": {"is_enabled": True, **endpoint, **options},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
