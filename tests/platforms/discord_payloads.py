"""What Discord's objects look like on the wire, as far as a client reads them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]

TEXT, DM, THREAD, FORUM = 0, 1, 11, 15
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
NOW = "2026-02-17T09:00:00.000000+00:00"

VIEW_CHANNEL, SEND_MESSAGES, READ_HISTORY, CREATE_THREADS = 1 << 10, 1 << 11, 1 << 16, 1 << 35
_EPOCH_MS = 1_420_070_400_000


def _snowflakes() -> Iterator[int]:
    newest = 0
    while True:
        newest = max(newest + 1, (time.time_ns() // 1_000_000 - _EPOCH_MS) << 22)
        yield newest


_SNOWFLAKES = _snowflakes()


def snowflake() -> int:
    """A new id, which tells the time and is later than all before."""
    return next(_SNOWFLAKES)


@dataclass
class Person:
    """A user, or the bot."""

    name: str
    bot: bool = False
    permissions: int = 1 << 5 | 1 << 10 | 1 << 11  # Manage Server, View Channel, Send Messages
    locale: str = "ko"
    roles: tuple[int, ...] = ()
    id: int = field(default_factory=snowflake)

    def json(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }

    def member_json(self) -> Json:
        return {
            "roles": list(map(str, self.roles)),
            "joined_at": NOW,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "avatar": None,
            "nick": None,
            "premium_since": None,
            "pending": False,
            "communication_disabled_until": None,
        }


@dataclass
class Channel:
    """A channel, thread, forum or direct conversation."""

    name: str
    kind: int = TEXT
    guild: int | None = None
    parent: int | None = None
    owner: int | None = None
    recipients: tuple[Person, ...] = ()
    denied: int = 0  # permissions that the bot lacks here
    id: int = field(default_factory=snowflake)

    def json(self, bot: int = 0) -> Json:
        """As Discord shows it to *bot*."""
        common: Json = {"id": str(self.id), "type": self.kind, "last_message_id": None, "flags": 0}
        if self.kind == DM:
            return common | {"recipients": [each.json() for each in self.recipients]}
        common |= {"guild_id": str(self.guild), "name": self.name, "rate_limit_per_user": 0}
        if self.kind == THREAD:
            return common | {
                "parent_id": str(self.parent),
                "owner_id": str(self.owner),
                "message_count": 1,
                "member_count": 1,
                "thread_metadata": {
                    "archived": False,
                    "locked": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": NOW,
                    "create_timestamp": NOW,
                },
            }
        overwrites = [{"id": str(bot), "type": 1, "allow": "0", "deny": str(self.denied)}] if bot else []
        forum: Json = {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        return (
            common
            | {"position": 0, "permission_overwrites": overwrites, "parent_id": None, "topic": None, "nsfw": False}
            | (forum if self.kind == FORUM else {})
        )


@dataclass
class Message:
    """A message, with who sees it."""

    channel: Channel
    author: Person
    content: str = ""
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    mentions: tuple[Person, ...] = ()
    everyone: bool = False
    reply_to: Message | None = None
    reference: Json | None = None
    only_for: Person | None = None
    nonce: str | None = None
    id: int = field(default_factory=snowflake)

    def json(self, *, shown: bool = True) -> Json:
        """As somebody gets it who may read it, or with its content left out."""
        data: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.json(),
            "content": self.content if shown else "",
            "timestamp": NOW,
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": self.everyone,
            "mentions": [each.json() for each in self.mentions],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": self.components if shown else [],
            "pinned": False,
            "type": 19 if self.reply_to else 0,
            "flags": self.flags,
        }
        if self.channel.guild is not None:
            data |= {"guild_id": str(self.channel.guild), "member": self.author.member_json()}
        if self.reply_to:
            data["message_reference"] = {
                "message_id": str(self.reply_to.id),
                "channel_id": str(self.channel.id),
                "guild_id": str(self.channel.guild),
            }
        return data

    def walk(self) -> list[Json]:
        """Every component, nested ones after what holds them."""
        found: list[Json] = []
        waiting = list(self.components)
        while waiting:
            component = waiting.pop(0)
            found.append(component)
            waiting = [*component.get("components", []), *waiting]
        return found

    def text(self) -> str:
        """All words that the message shows, buttons aside."""
        shown = [self.content, *(each["content"] for each in self.walk() if each["type"] == 10)]
        return "\n".join(filter(None, shown))


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads a body as JSON only if it comes as exactly application/json.
    response = web.Response(body=json.dumps(body).encode(), status=status, headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response


def role_json(id_: int, name: str, permissions: int = 0) -> Json:
    return {
        "id": str(id_),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def guild_json(id_: int, bot: Person, channels: list[Channel], roles: list[Json]) -> Json:
    """A guild as GUILD_CREATE brings it."""
    return {
        "id": str(id_),
        "name": "Bootcamp",
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": "1",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": roles,
        "emojis": [],
        "features": [],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "vanity_url_code": None,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "public_updates_channel_id": None,
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "safety_alerts_channel_id": None,
        "joined_at": NOW,
        "large": False,
        "unavailable": False,
        "member_count": 2,
        "voice_states": [],
        "members": [bot.member_json() | {"user": bot.json()}],
        "channels": [each.json(bot.id) for each in channels if each.kind in {TEXT, FORUM}],
        "threads": [each.json(bot.id) for each in channels if each.kind == THREAD],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "stickers": [],
    }
