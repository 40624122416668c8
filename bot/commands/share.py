"""Share: what somebody was shown in private, for all to see."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import advice, show
from bot.commands.composing import notice, say
from bot.reply import Reply, Request, Words
from bot.study import Study


async def share(study: Study, request: Request) -> Reply:
    """*request.text* is "show:<what show takes>" or "advice:<advice id>"; what is gone is said in private.

    So is, for some minutes, what the same person has shared there already: a second press is most often a slip.
    """
    kind, _, argument = request.text.partition(":")
    shared = replace(request, text=argument)
    reply = await (advice.piece if kind == "advice" else show.show)(study, shared, public=True)
    if reply.visibility == "private":
        return reply
    if not study.shared.first((request.user.id, request.place, request.text), study.clock()):
        return notice(request, "share.already")
    by = Words(say(request)("share.by", name=request.user.name))
    return replace(reply, blocks=(by, *reply.blocks))
