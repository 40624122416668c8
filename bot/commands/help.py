"""Help: what the bot does and how to call it."""

from __future__ import annotations

from bot import commands
from bot.commands.composing import say
from bot.reply import Button, Reply, Request, Words
from bot.study import Study


async def help_(study: Study, request: Request) -> Reply:  # noqa: ARG001 -- every use case is called alike
    """The commands that whoever asks may use, and how to mention the bot."""
    phrase = say(request)
    usable = (
        each for each in commands.COMMANDS.values() if each.typed and (request.user.operator or not each.for_operators)
    )
    lines = (
        phrase(
            "help.line",
            prefix=request.prefix,
            name=each.name(phrase.locale),
            description=each.description(phrase.locale),
        )
        for each in usable
    )
    return Reply(
        (
            Words(phrase("help.about")),
            Words("\n".join(lines)),
            Words(phrase("help.mention") + "\n" + phrase("help.typing")),
        ),
        buttons=(Button(phrase("button.browse"), "browse"), Button(phrase("button.advice"), "advice")),
    )
