"""The bot's commands as Discord knows them: names and descriptions in each language, suggestions, who may see them."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, locale_str

from bot.commands import COMMANDS, Command
from bot.platforms.discord.limits import SUGGESTION, SUGGESTIONS, shortened
from bot.study import Study
from bot.wording import LOCALES, phrases

_BASE = "en"  # the language of the names that everybody has who speaks none of the bot's languages
_MESSAGE_COMMAND = "discord.find_answer"
_DISCORD_LOCALES = {"en": ("en-US", "en-GB")}  # others are called as the bot calls them

Interaction = discord.Interaction[Any]


class Answers(Protocol):
    """What takes commands; the running client."""

    study: Study

    async def commanded(self, interaction: Interaction, command: str, words: str) -> None:
        """Answer the command whose key is *command*."""

    async def asked_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Answer *message*, on which the message command was used."""


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


def add_commands(tree: app_commands.CommandTree[Any], answers: Answers) -> None:
    """Put every command that people can type into *tree*, and the message command."""
    for command in COMMANDS.values():
        if command.typed:
            tree.add_command(_native(command, answers))
    tree.add_command(_message_command(answers))


def names() -> frozenset[str]:
    """What Discord should show, by the names in the base language."""
    return frozenset({phrases("ko")(_MESSAGE_COMMAND), *(each.name(_BASE) for each in COMMANDS.values() if each.typed)})


def _native(command: Command, answers: Answers) -> app_commands.Command[Any, ..., None]:
    prefix = f"command.{command.key}"

    async def with_words(interaction: Interaction, words: str = "") -> None:
        await answers.commanded(interaction, command.key, words)

    async def alone(interaction: Interaction) -> None:
        await answers.commanded(interaction, command.key, "")

    async def suggested(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        offered = await asyncio.to_thread(_suggestions, command, answers.study, typed)
        return [app_commands.Choice(name=shortened(name, SUGGESTION), value=value) for name, value in offered]

    native: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=_phrase(f"{prefix}.name"),
        description=_phrase(f"{prefix}.description"),
        callback=with_words if command.takes else alone,
        allowed_contexts=AppCommandContext(
            guild=True, dm_channel=not command.for_operators, private_channel=not command.for_operators
        ),
        allowed_installs=AppInstallationType(guild=True, user=not command.for_operators),
    )
    if command.takes:
        app_commands.rename(words=_phrase(f"{prefix}.argument"))(native)
        app_commands.describe(words=_phrase(f"{prefix}.argument_description"))(native)
        native.autocomplete("words")(suggested)
    if command.for_operators:
        app_commands.default_permissions(manage_guild=True)(native)
    return native


def _message_command(answers: Answers) -> app_commands.ContextMenu:
    async def find_answer(interaction: Interaction, message: discord.Message) -> None:
        await answers.asked_about(interaction, message)

    return app_commands.ContextMenu(
        name=locale_str(phrases("ko")(_MESSAGE_COMMAND), key=_MESSAGE_COMMAND),
        callback=find_answer,
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=AppInstallationType(guild=True, user=True),
    )


def _suggestions(command: Command, study: Study, typed: str) -> list[tuple[str, str]]:
    """What is shown and what is sent: questions for a question, else topics or an operator's tasks."""
    library = study.library
    if command.takes == "question":
        questions = library.suggest(typed, limit=SUGGESTIONS)
        return [(question.short, f"#{question.id}") for question in questions]
    if command.takes == "topic":
        words = library.topics()
    else:
        words = tuple(phrases(locale)("library.reload_words") for locale in LOCALES)
    wanted = "".join(typed.split()).casefold()
    return [(word, word) for word in words if wanted in "".join(word.split()).casefold()][:SUGGESTIONS]


def _phrase(key: str) -> locale_str:
    return locale_str(phrases(_BASE)(key), key=key)
