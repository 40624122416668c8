"""The bot's commands as Discord knows them: names and descriptions in each language, suggestions, who may see them."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, locale_str

from bot.commands import COMMANDS, Command
from bot.commands.naming import squeezed
from bot.platforms.discord.limits import SUGGESTION, SUGGESTIONS, shortened
from bot.platforms.discord.phrasing import BASE, phrase_of
from bot.platforms.discord.tips import Arranges, tips_group
from bot.study import Study
from bot.wording import LOCALES, phrases

_MESSAGE_COMMAND = "discord.find_answer"

Interaction = discord.Interaction[Any]


class Answers(Arranges, Protocol):
    """What takes commands; the running client."""

    async def asked_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Answer *message*, on which the message command was used."""


def add_commands(tree: app_commands.CommandTree[Any], answers: Answers) -> None:
    """Put every command that people can type into *tree*, and the message command."""
    for command in COMMANDS.values():
        if command.key == "tips":
            tree.add_command(tips_group(answers))
        elif command.typed:
            tree.add_command(_native(command, answers))
    tree.add_command(_message_command(answers))


def names() -> frozenset[str]:
    """What Discord should show, by the names in the base language."""
    return frozenset({phrases("ko")(_MESSAGE_COMMAND), *(each.name(BASE) for each in COMMANDS.values() if each.typed)})


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
        name=phrase_of(f"{prefix}.name"),
        description=phrase_of(f"{prefix}.description"),
        callback=with_words if command.takes else alone,
        allowed_contexts=AppCommandContext(
            guild=True, dm_channel=not command.for_operators, private_channel=not command.for_operators
        ),
        allowed_installs=AppInstallationType(guild=True, user=not command.for_operators),
    )
    if command.takes:
        app_commands.rename(words=phrase_of(f"{prefix}.argument"))(native)
        app_commands.describe(words=phrase_of(f"{prefix}.argument_description"))(native)
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
    """What is shown and what is sent: questions for a question, else topics and sessions or an operator's tasks."""
    library = study.library
    if command.takes == "question":
        questions = library.suggest(typed, limit=SUGGESTIONS)
        return [(question.short, f"#{question.id}") for question in questions]
    if command.takes == "topic":
        sessions = library.sessions if command.key == "browse" and len(library.sessions) > 1 else ()
        offered = [(topic, topic) for topic in library.topics()] + [(each.title, each.id) for each in sessions]
    else:
        offered = [(word, word) for word in (phrases(locale)("library.reload_words") for locale in LOCALES)]
    return [(name, value) for name, value in offered if squeezed(typed) in squeezed(name)][:SUGGESTIONS]
