"""Mention: somebody calls the bot in a conversation; the answer goes there, for all to see."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.ask import QUESTION_LENGTH, Finding, ask, beside, find, finding_reply, has_words
from bot.commands.composing import notice
from bot.reply import Reply, Request
from bot.study import Study
from content import Library


async def mention(study: Study, request: Request) -> Reply:
    """Answers the words beside the mention; without any ("@선배 ?"), what is asked around it."""
    library = study.library
    if len(request.text) > QUESTION_LENGTH:
        return replace(await ask(study, request), visibility="public")
    if has_words(request.text):
        finding = await beside(find, library, request.text.strip())
        return finding_reply(library, request, finding, public=True)
    overheard = await beside(_overheard, library, request.thread)
    if overheard is None:
        return replace(notice(request, "mention.empty"), visibility="public")
    return finding_reply(library, request, overheard, public=True)


def _overheard(library: Library, thread: tuple[str, ...]) -> Finding | None:
    """What the conversation asks: its newest message with an answer, else its newest that comes near; None without."""
    near = None
    for words in reversed(thread):
        finding = find(library, words)
        if finding.outcome == "answer":
            return finding
        if finding.outcome == "choices":
            near = near or finding
    return near
