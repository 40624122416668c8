"""Mention: somebody calls the bot in a conversation; the answer goes there, for all to see."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.commands.ask import QUESTION_LENGTH, Finding, ask, find, finding_reply, has_words
from bot.commands.composing import notice
from bot.reply import Reply, Request
from bot.study import Study
from content import Library


async def mention(study: Study, request: Request) -> Reply:
    """Answers the words beside the mention; without any, what the conversation around it asks."""
    if has_words(request.text) and len(request.text) <= QUESTION_LENGTH:
        library = study.library
        finding = await asyncio.to_thread(find, library, request.text.strip())
        return finding_reply(library, request, finding, public=True)
    if request.text.strip():
        return replace(await ask(study, request), visibility="public")
    library = study.library
    overheard = await asyncio.to_thread(_overheard, library, request.thread)
    if overheard is None:
        return replace(notice(request, "mention.empty"), visibility="public")
    return finding_reply(library, request, overheard, public=True)


def _overheard(library: Library, thread: tuple[str, ...]) -> Finding | None:
    """What the conversation asks: its newest message with an answer, else its newest that comes near; None without."""
    findings = [find(library, words) for words in reversed(thread)]
    for wanted in ("answer", "choices"):
        for finding in findings:
            if finding.outcome == wanted:
                return finding
    return None
