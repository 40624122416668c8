"""Library: what it holds and whether its files are sound, for operators."""

from __future__ import annotations

import asyncio

from bot.commands.composing import notice, say
from bot.commands.naming import squeezed
from bot.reply import Button, Reply, Request, Words
from bot.study import Study
from bot.wording import LOCALES, phrases

_FAULTS = 10  # shown at most; `sunbae check` shows all


async def library(study: Study, request: Request) -> Reply:
    """The state of the library; "reload" in any locale reads the files again first."""
    if not request.user.operator:
        return notice(request, "library.operators_only")
    phrase = say(request)
    reload_words = {"reload", *(phrases(locale)("library.reload_words") for locale in LOCALES)}
    if squeezed(request.text) in reload_words:
        await asyncio.to_thread(study.live.refresh, force=True)
    held = study.library
    counts = {"sessions": len(held.sessions), "questions": len(held.questions), "advice": len(held.advice())}
    lines = [phrase("library.status", **counts), phrase("library.broken" if study.live.faults else "library.healthy")]
    lines += [f"• {fault}" for fault in study.live.faults[:_FAULTS]]
    if len(study.live.faults) > _FAULTS:
        lines.append(phrase("library.more", count=len(study.live.faults) - _FAULTS))
    return Reply((Words("\n".join(lines)),), buttons=(Button(phrase("button.reload"), "library", "reload"),))
