"""Share: what somebody was shown in private, for all to see."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import advice, show
from bot.commands.composing import say
from bot.reply import Reply, Request, Words
from bot.study import Study


async def share(study: Study, request: Request) -> Reply:
    """*request.text* is "show:<what show takes>" or "advice:<advice id>"; what is gone is said in private."""
    kind, _, argument = request.text.partition(":")
    shared = replace(request, text=argument)
    reply = await (advice.piece if kind == "advice" else show.show)(study, shared, public=True)
    if reply.visibility == "private":
        return reply
    by = Words(say(request)("share.by", name=request.user.name))
    return replace(reply, blocks=(by, *reply.blocks))
