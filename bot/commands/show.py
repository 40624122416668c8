"""Show: one question with its answer, by id."""

from __future__ import annotations

from bot.commands.composing import answer_reply, notice
from bot.reply import Reply, Request
from bot.study import Study


async def show(study: Study, request: Request, *, public: bool = False) -> Reply:
    """*request.text* is "<question id>" or "<question id>/<address of the point to mark>"."""
    library = study.library
    id_, _, address = request.text.partition("/")
    question = library.question(id_)
    if question is None:
        return notice(request, "show.removed", "browse")
    best = address if question.point(address) else None  # an edit may have taken the point away
    return answer_reply(library, request, question, best=best, public=public)
