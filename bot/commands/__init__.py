"""The use cases, one module a feature, and the one way to call them."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from bot.commands import advice, ask, browse, help, library, mention, share, show, tips  # noqa: A004 -- its own name
from bot.commands.composing import say
from bot.reply import Button, Reply, Request, Words
from bot.study import Study
from bot.wording import LOCALES, phrases

UseCase = Callable[[Study, Request], Awaitable[Reply]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Command:
    """Something the bot can be asked to do."""

    key: str  # its names and descriptions stand in wording/*.yaml under command.<key>
    run: UseCase
    typed: bool = False  # people can type it; the others are reached by a button or a mention
    takes: str | None = None  # what its argument is, None if it takes none: "question" or "topic"
    for_operators: bool = False

    def name(self, locale: str) -> str:
        return phrases(locale)(f"command.{self.key}.name")

    def description(self, locale: str) -> str:
        return phrases(locale)(f"command.{self.key}.description")


COMMANDS = {
    command.key: command
    for command in (
        Command("ask", ask.ask, typed=True, takes="question"),
        Command("browse", browse.browse, typed=True, takes="topic"),
        Command("advice", advice.advice, typed=True, takes="topic"),
        Command("library", library.library, typed=True, takes="task", for_operators=True),
        Command("tips", tips.tips, typed=True, takes="task", for_operators=True),
        Command("help", help.help_, typed=True),
        Command("mention", mention.mention),
        Command("show", show.show),
        Command("another", advice.another),
        Command("today", advice.today),
        Command("share", share.share),
    )
}


def find_command(name: str) -> Command | None:
    """The command that people call *name* in any locale, or None."""
    wanted = name.casefold()
    typed = (command for command in COMMANDS.values() if command.typed)
    return next((command for command in typed if wanted in {command.name(locale) for locale in LOCALES}), None)


async def handle(study: Study, name: str, request: Request) -> Reply:
    """What the command *name* answers; a failure becomes a private apology with a reference, and a logged traceback."""
    try:
        return await COMMANDS[name].run(study, request)
    except Exception:  # the one place where a use case's failure is met, whatever it is
        reference = secrets.token_hex(3)
        log.exception("use case failed", command=name, reference=reference)
        return Reply((Words(say(request)("failure.sorry", reference=reference)),))


async def press(study: Study, id_: str, request: Request) -> Reply:
    """What the button with *id_* answers, however old it is; *request* says who pressed it and where."""
    name, _, argument = id_.partition(":")
    if name not in COMMANDS:
        phrase = say(request)
        return Reply((Words(phrase("failure.old_button")),), buttons=(Button(phrase("button.browse"), "browse"),))
    return await handle(study, name, replace(request, text=argument))
