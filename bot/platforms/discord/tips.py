"""The command that arranges a channel's daily advice: subcommands with options, and suggestions for each."""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType

from bot.commands.naming import squeezed
from bot.commands.tips import ahead
from bot.commands.tips.zones import zone_names
from bot.platforms.discord.limits import SUGGESTION, SUGGESTIONS, length, shortened
from bot.platforms.discord.phrasing import phrase_of
from bot.reply import Place
from bot.store.records import Channel
from bot.study import Study
from bot.wording import Phrases, phrases

Interaction = discord.Interaction[Any]
_Value = str | bool  # what an option holds


class Arranges(Protocol):
    """What takes the command; the running client."""

    study: Study

    async def commanded(self, interaction: Interaction, command: str, words: str) -> None:
        """Answer the command whose key is *command*."""

    def place_of(self, interaction: Interaction) -> Place:
        """Where it was given."""


@dataclass(frozen=True, slots=True)
class _Option:
    """Its name and description stand in wording/*.yaml under discord.option.<key>."""

    key: str
    required: bool = False
    switch: bool = False  # on or off, not words
    suggests: str = ""  # what is suggested while it is typed, where its key alone does not say

    @property
    def parameter(self) -> inspect.Parameter:
        kind: type = bool if self.switch else str
        default = inspect.Parameter.empty if self.required else None
        return inspect.Parameter(
            self.argument,
            inspect.Parameter.KEYWORD_ONLY,
            default=default,
            annotation=kind if self.required else kind | None,
        )

    @property
    def argument(self) -> str:
        return f"{self.key}_"  # "from" alone names no parameter in Python


@dataclass(frozen=True, slots=True)
class _Action:
    """One subcommand; its name stands under tips.words.<name>, its description under discord.tips.<key>."""

    key: str
    options: tuple[_Option, ...] = ()
    named: bool = False  # the core takes its options by their names, not by their order
    name: str = ""  # where it is not the key

    def words(self, given: Mapping[str, _Value | None]) -> str:
        """What the core takes: "set time=09:00 thread=on", "skip 2026-03-02"."""
        values = [(option.key, given.get(option.argument)) for option in self.options]
        if self.named:
            return shlex.join([self.key, *(f"{key}={_text(value)}" for key, value in values if value is not None)])
        while values and values[-1][1] is None:
            values.pop()
        return shlex.join(
            [self.key, *(_text(value or "?") for _, value in values)]
        )  # the core asks for what is missing


_DATE, _ADVICE = _Option("date"), _Option("advice", required=True)
_ACTIONS = (
    _Action(
        "set",
        (
            *map(_Option, ("time", "weekdays", "topic", "holidays", "from", "to", "zone")),
            _Option("thread", switch=True),
        ),
        named=True,
    ),
    _Action("show"),
    _Action("preview"),
    _Action("now"),
    _Action("pause", (_Option("first_off"), _Option("last_off"))),
    _Action("resume", (_DATE,)),
    _Action("skip", (_DATE,)),
    _Action("swap", (_DATE,)),
    _Action("pin", (_Option("date", required=True), replace(_ADVICE, suggests="pinnable"))),
    _Action("ban", (_ADVICE,)),
    _Action("history"),
    _Action("off", name="turn_off"),
)


def tips_group(arranges: Arranges) -> app_commands.Group:
    """The command with its subcommands, hidden from who may not manage the server."""
    group = app_commands.Group(
        name=phrase_of("command.tips.name"),
        description=phrase_of("command.tips.description"),
        allowed_contexts=AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )
    for action in _ACTIONS:
        group.add_command(_subcommand(action, arranges))
    return group


def _subcommand(action: _Action, arranges: Arranges) -> app_commands.Command[Any, ..., None]:
    async def run(interaction: Interaction, **given: _Value | None) -> None:
        await arranges.commanded(interaction, "tips", action.words(given))

    interaction = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_ONLY, annotation=Interaction)
    # discord.py makes the options of the signature.
    signature = inspect.Signature([interaction, *(option.parameter for option in action.options)])
    run.__signature__ = signature  # type: ignore[attr-defined]
    command: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=phrase_of(f"tips.words.{action.name or action.key}"),
        description=phrase_of(f"discord.tips.{action.key}"),
        callback=run,
    )
    if action.options:  # all at once: what is not described in one go has no description
        keys = {option.argument: f"discord.option.{option.key}" for option in action.options}
        app_commands.rename(**{argument: phrase_of(f"{key}.name") for argument, key in keys.items()})(command)
        app_commands.describe(**{argument: phrase_of(f"{key}.description") for argument, key in keys.items()})(command)
    for option in action.options:
        if suggest := _SUGGEST.get(option.suggests or option.key):
            command.autocomplete(option.argument)(_autocomplete(suggest, arranges))
    return command


_Offered = Iterable[tuple[str, str]]  # what is shown and what is sent
_Suggest = Callable[[Study, Place, Phrases], Awaitable[_Offered]]
_Autocomplete = Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


def _autocomplete(suggest: _Suggest, arranges: Arranges) -> _Autocomplete:
    async def suggested(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        offered = await suggest(arranges.study, arranges.place_of(interaction), phrases(str(interaction.locale)))
        found = [
            (name, value)
            for name, value in offered
            if squeezed(typed) in squeezed(f"{name}{value}") and length(value) <= SUGGESTION
        ]
        return [
            app_commands.Choice(name=shortened(name, SUGGESTION), value=value) for name, value in found[:SUGGESTIONS]
        ]

    return suggested


async def _days(study: Study, place: Place, phrase: Phrases) -> _Offered:
    """The coming days with what they bring."""
    channel = Channel(place.platform, place.tenant, place.channel)
    agenda = await ahead(study, study.store, channel) if study.store else None
    if agenda is None:
        return ()
    offered = []
    for day in agenda.days:
        piece = study.library.piece(agenda.picks[day.date]) if day.date in agenda.picks else None
        brings = f"“{piece.text}”" if piece else phrase("tips.off_day")
        offered.append((f"{day.date} {phrase(f'tips.day.{day.date.weekday()}')} — {brings}", str(day.date)))
    return offered


async def _advice(study: Study, place: Place, phrase: Phrases) -> _Offered:  # noqa: ARG001 -- as all are called
    return ((piece.text, piece.id) for piece in study.library.advice())


async def _pinnable(study: Study, place: Place, phrase: Phrases) -> _Offered:  # noqa: ARG001
    """The advice that can still be given to a day."""
    channel = Channel(place.platform, place.tenant, place.channel)
    agenda = await ahead(study, study.store, channel) if study.store else None
    pinnable = agenda.pinnable if agenda else frozenset[str]()
    return [(piece.text, piece.id) for piece in study.library.advice() if piece.id in pinnable]


async def _topics(study: Study, place: Place, phrase: Phrases) -> _Offered:  # noqa: ARG001
    library = study.library
    topics = [(topic, topic) for topic in library.topics() if library.advice(topic=topic)]
    return [*topics, (phrase("discord.any_topic"), "none")]


async def _weekdays(study: Study, place: Place, phrase: Phrases) -> _Offered:  # noqa: ARG001
    days = [phrase(f"tips.day.{day}") for day in range(7)]
    named = ((phrase("discord.workdays"), "0,1,2,3,4"), (phrase("discord.every_day"), "0,1,2,3,4,5,6"))
    return [*named, *((name, str(day)) for day, name in enumerate(days))]


async def _holidays(study: Study, place: Place, phrase: Phrases) -> _Offered:  # noqa: ARG001
    countries = ((phrase("tips.holidays_of", country=each), each) for each in ("KR", "US", "JP"))
    return [*countries, (phrase("tips.no_holidays"), "none")]


async def _zones(study: Study, place: Place, phrase: Phrases) -> _Offered:  # noqa: ARG001
    own = study.zone.key
    return [(zone, zone) for zone in (own, *sorted({*zone_names().values()} - {own}))]


_SUGGEST: Mapping[str, _Suggest] = {
    "date": _days,
    "first_off": _days,
    "last_off": _days,
    "advice": _advice,
    "pinnable": _pinnable,
    "topic": _topics,
    "weekdays": _weekdays,
    "holidays": _holidays,
    "zone": _zones,
}


def _text(value: _Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value.strip()
