"""Help: the commands, in the asker's language."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands import COMMANDS, find_command, handle
from bot.reply import Request
from bot.study import Study

Ask = Callable[..., Request]


async def test_help_names_every_command_somebody_may_use(study: Study, asked: Ask) -> None:
    reply = await handle(study, "help", asked())

    listed = [line.partition(" — ")[0] for line in reply.text.splitlines() if line.startswith("/")]
    assert listed == ["/질문", "/둘러보기", "/조언", "/도움말"]
    assert "@선배" in reply.text
    assert reply.visibility == "private"


async def test_help_names_the_operators_commands_to_operators(study: Study, asked: Ask) -> None:
    reply = await handle(study, "help", asked(operator=True, locale="en"))

    listed = [line.partition(" — ")[0] for line in reply.text.splitlines() if line.startswith("/")]
    assert listed == ["/ask", "/browse", "/advice", "/library", "/tips", "/help"]


def test_a_typed_command_is_known_in_every_language() -> None:
    for command in COMMANDS.values():
        if command.typed:
            assert find_command(command.name("ko")) is command
            assert find_command(command.name("en").upper()) is command


def test_what_only_buttons_call_cannot_be_typed() -> None:
    assert [find_command(name) for name in ("show", "share", "another", "mention", "", "없는명령")] == [None] * 6
