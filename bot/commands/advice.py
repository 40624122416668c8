"""Advice: one good piece, and another."""

from __future__ import annotations

import hashlib

from bot.commands.ask import beside, find
from bot.commands.composing import notice, say, tip_reply
from bot.commands.naming import topic_called
from bot.reply import Button, Reply, Request, Words
from bot.study import Study
from content import Advice, Library


async def advice(study: Study, request: Request) -> Reply:
    """One piece, any or on the topic that *request.text* names or comes near to."""
    library = study.library
    words = request.text.strip()
    topic = topic_called(library, words)
    pool = library.advice(topic=topic) if topic or not words else await beside(_advice_near, library, words)
    if pool:
        return tip_reply(library, request, study.random.choice(pool), topic=topic or "")
    if not words or not library.advice():
        return notice(request, "advice.none", "browse")
    phrase = say(request)
    topics = tuple(Button(name, "advice", name) for name in library.topics() if library.advice(topic=name))
    return Reply(
        (Words(phrase("advice.no_topic", topic=words[:40])),), lead=phrase("advice.topics_lead"), choices=topics
    )


async def today(study: Study, request: Request) -> Reply:
    """The piece of this day, the same for everybody until midnight in the operator's zone."""
    library = study.library
    pool = sorted(library.advice(), key=lambda piece: _shuffled(piece.id))
    if not pool:
        return notice(request, "advice.none", "browse")
    day = study.clock().astimezone(study.zone).toordinal()
    return tip_reply(library, request, pool[day % len(pool)])


async def another(study: Study, request: Request) -> Reply:
    """The next piece in a fixed shuffle, so that pressing on shows every piece once before the first comes again.

    *request.text* is "<id of the piece shown>/<topic or nothing>".
    """
    library = study.library
    shown, _, topic = request.text.partition("/")
    pool = sorted(library.advice(topic=topic or None) or library.advice(), key=lambda piece: _shuffled(piece.id))
    if not pool:
        return notice(request, "advice.none", "browse")
    following = next((piece for piece in pool if _shuffled(piece.id) > _shuffled(shown)), pool[0])
    return tip_reply(library, request, following, topic=topic)


async def piece(study: Study, request: Request, *, public: bool = False) -> Reply:
    """The piece whose id is *request.text*."""
    library = study.library
    found = library.piece(request.text)
    if found is None:
        return notice(request, "advice.removed", "advice")
    return tip_reply(library, request, found, public=public)


def _advice_near(library: Library, words: str) -> tuple[Advice, ...]:
    """The advice in the answer that *words* ask for, where it is sure."""
    finding = find(library, words)
    if finding.outcome != "answer":
        return ()
    return tuple(piece for piece in library.advice() if piece.question == finding.matches[0].question.id)


def _shuffled(id_: str) -> bytes:
    return hashlib.sha256(id_.encode()).digest()
