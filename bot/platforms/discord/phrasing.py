"""Names and descriptions of commands in each of Discord's languages."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.wording import LOCALES, phrases

BASE = "en"  # the language of the names that everybody has who speaks none of the bot's languages
_DISCORD_LOCALES = {"en": ("en-US", "en-GB")}  # others are called as the bot calls them


def phrase_of(key: str) -> locale_str:
    """The phrase with *key*, which `Translation` says in the other languages."""
    return locale_str(phrases(BASE)(key), key=key)


class Translation(app_commands.Translator):
    """The phrases behind the names and descriptions; a locale_str says which phrase it is."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 -- discord.py calls it so
    ) -> str | None:
        for spoken in LOCALES:
            if locale.value in _DISCORD_LOCALES.get(spoken, (spoken,)):
                translated = phrases(spoken)(string.extras["key"])
                return None if translated == string.message else translated
        return None
