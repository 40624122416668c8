"""Replies as JSON and back: questions and advice by id, so that a transcript shows what the notes say today."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.reply import Answer, Block, Button, Reply, Tip, Words
from bot.wording import Phrases
from content import Library

Json = dict[str, Any]


def to_json(reply: Reply) -> Json:
    """What `from_json` needs to show *reply* again."""
    return {
        "blocks": [_block_to_json(block) for block in reply.blocks],
        "buttons": [asdict(button) for button in reply.buttons],
        "lead": reply.lead,
        "choices": [asdict(choice) for choice in reply.choices],
        "visibility": reply.visibility,
        "locale": reply.locale,
    }


def from_json(stored: Json, library: Library, phrase: Phrases) -> Reply:
    """The reply as the library gives it now; what has gone is said. KeyError, TypeError: it is no stored reply."""
    return Reply(
        tuple(_block_from_json(block, library, phrase) for block in stored["blocks"]),
        buttons=tuple(Button(**button) for button in stored["buttons"]),
        lead=stored["lead"],
        choices=tuple(Button(**choice) for choice in stored["choices"]),
        visibility=stored["visibility"],
        locale=stored.get("locale", ""),  # older ones have none
    )


def _block_to_json(block: Block) -> Json:
    match block:
        case Words(text=text):
            return {"words": text}
        case Answer(question=question, best=best):
            return {"answer": question.id, "best": best}
        case Tip(advice=advice):
            return {"tip": advice.id}


def _block_from_json(stored: Json, library: Library, phrase: Phrases) -> Block:
    if "words" in stored:
        return Words(stored["words"])
    if "answer" in stored:
        question = library.question(stored["answer"])
        if question is None:
            return Words(phrase("show.removed"))
        best = stored["best"] if stored["best"] and question.point(stored["best"]) else None
        return Answer(question, library.session_of(question), best)
    advice = library.piece(stored["tip"])
    if advice is None:
        return Words(phrase("advice.removed"))
    question = library.question_of(advice)
    return Tip(advice, question, library.session_of(question))
