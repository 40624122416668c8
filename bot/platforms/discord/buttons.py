"""Buttons and lists whose custom_id says all that a press needs, so that they work after a restart and a year later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, Self

import discord

from bot.platforms.discord.limits import BUTTON_LABEL, CUSTOM_ID, SELECT_TEXT, length, shortened
from bot.reply import Button

MORE = "more"  # "more:<page>/<what show takes>": the further pages of an answer
_ID = re.compile(r"[a-z_]+:.*", re.DOTALL)
_KEY = re.compile(r"~[0-9a-f]{24}\Z")  # of a delivery, behind a button's id; a press has no use for it
_BUTTON, _SELECT = discord.ComponentType.button.value, discord.ComponentType.string_select.value
_UNNAMED = "…"  # Discord takes no empty label

Json = dict[str, Any]


class Presses(Protocol):
    """What takes a press; the running client."""

    async def pressed(self, interaction: discord.Interaction[Any], id_: str) -> None:
        """Answer the press of the button with *id_*."""


class PressButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_ID):
    """A button of the bot, new or old."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 -- discord.py calls it so
        item: discord.ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
    ) -> Self:
        return cls(item)  # type: ignore[arg-type]  # it is the button that was pressed

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        presses: Presses = interaction.client
        await presses.pressed(interaction, without_key(self.custom_id))


class Pick(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"pick\d"):
    """A list of the bot to pick from; the values are buttons' ids."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003
        item: discord.ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
    ) -> Self:
        return cls(item)  # type: ignore[arg-type]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        presses: Presses = interaction.client
        await presses.pressed(interaction, self.item.values[0])


def press_button(button: Button, style: discord.ButtonStyle) -> Json:
    """*button* as Discord draws it."""
    label = shortened(button.label.strip(), BUTTON_LABEL) or _UNNAMED
    return {"type": _BUTTON, "style": style.value, "label": label, "custom_id": button.id}


def link_button(label: str, url: str) -> Json:
    """A button that opens a page."""
    return {"type": _BUTTON, "style": discord.ButtonStyle.link.value, "label": label, "url": url}


def pick(number: int, choices: Sequence[Button], placeholder: str) -> Json:
    """The *number*th list of a message; at most 25 choices with different ids."""
    options = [
        {
            "label": shortened(choice.label.strip(), SELECT_TEXT) or _UNNAMED,
            "value": choice.id,
            "description": shortened(choice.note.strip(), SELECT_TEXT) or None,
        }
        for choice in choices
    ]
    return {"type": _SELECT, "custom_id": f"pick{number}", "options": options, "placeholder": placeholder or None}


def carry(components: Sequence[Json], key: str) -> None:
    """Put a delivery's key where history shows it, which a nonce is not: behind the first button's id that has room.

    Without such a button a part of it becomes a component's number, which Discord otherwise counts from 1.
    """
    for each in _all(components):
        if "custom_id" in each and length(each["custom_id"]) + len(key) < CUSTOM_ID:
            each["custom_id"] += f"~{key}"
            return
    components[0]["id"] = _number(key)


def carries(components: Sequence[Json], key: str) -> bool:
    """Whether `carry` put *key* there."""
    number = _number(key)
    return any(each.get("custom_id", "").endswith(f"~{key}") or each.get("id") == number for each in _all(components))


def _number(key: str) -> int:
    return int(key[:7], 16) + (1 << 29)  # of 31 bits, and beyond all counting


def without_key(id_: str) -> str:
    """A button's id as the core knows it."""
    return _KEY.sub("", id_)


def fits(button: Button) -> bool:
    """Whether Discord can carry the button's id; the core's own ids always fit."""
    return length(button.id) <= CUSTOM_ID and _ID.fullmatch(button.id) is not None


def _all(components: Sequence[Json]) -> Iterator[Json]:
    for each in components:
        yield each
        yield from _all(each.get("components", ()))
