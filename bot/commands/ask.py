"""Ask: an answer, "did you mean" with up to three choices, or an honest miss."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import ParamSpec, TypeVar

from bot.commands.composing import answer_reply, notice, question_button, say, seen_by
from bot.commands.small_talk import is_small_talk
from bot.reply import Reply, Request, Words
from bot.study import Study
from content import Library, Match, Question
from content.search import Outcome, outcome

QUESTION_LENGTH = 2_000  # characters; a longer message is a document, not a question
_RANKED = 5
_CHOICES = 3
_SEARCHERS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the library holds for somebody's words."""

    outcome: Outcome
    matches: tuple[Match, ...]  # up to five, best first, whatever the outcome


def find(library: Library, text: str) -> Finding:
    """What *text* asks; "#<question id>" names a question. Blocks while it searches: call it off the event loop."""
    if len(text) > QUESTION_LENGTH or not has_words(text):
        return Finding("miss", ())
    if chosen := _named(library, text):
        return Finding("answer", (Match(chosen, 1.0, None),))
    matches = tuple(library.search(text, limit=_RANKED))
    return Finding(outcome(matches), matches)


async def beside(search: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What *search* gives, which blocks, while everything else goes on; one search at a time, the others wait in line.

    Searching is work for the CPU; as many threads as there are questions would only keep the chat from its turn.
    """
    return await asyncio.get_running_loop().run_in_executor(_SEARCHERS, partial(search, *args, **kwargs))


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it; emoji and punctuation ask nothing."""
    return any(char.isalnum() for char in text)


async def ask(study: Study, request: Request) -> Reply:
    """Answers the words of *request* in private; "#<question id>", which a suggestion sends, opens that question."""
    library = study.library
    text = request.text.strip()
    if chosen := _named(library, text):
        return answer_reply(library, request, chosen, best=None)
    if not text:
        return notice(request, "ask.empty", "browse")
    if len(text) > QUESTION_LENGTH:
        return Reply((Words(say(request)("ask.too_long", limit=QUESTION_LENGTH)),))
    if not has_words(text):
        return notice(request, "ask.wordless", "browse")
    return finding_reply(library, request, await beside(find, library, text))


def finding_reply(library: Library, request: Request, finding: Finding, *, public: bool = False) -> Reply:
    """The reply for each of the three outcomes."""
    visibility = seen_by(public=public)
    if finding.outcome == "answer":
        return answer_reply(
            library, request, finding.matches[0].question, best=best_address(finding.matches[0]), public=public
        )
    if finding.outcome == "miss":
        return replace(notice(request, miss_key(request.text), "browse", "advice"), visibility=visibility)
    phrase = say(request)
    return Reply(
        (Words(phrase("ask.choices")),),
        lead=phrase("ask.choices_lead"),
        choices=tuple(
            question_button(match.question, best=best_address(match)) for match in finding.matches[:_CHOICES]
        ),
        visibility=visibility,
    )


def miss_key(text: str) -> str:
    """The phrase that meets *text*, which asks nothing that the library holds."""
    return "ask.small_talk" if is_small_talk(text) else "ask.miss"


def _named(library: Library, text: str) -> Question | None:
    text = text.strip()
    return library.question(text[1:]) if text.startswith("#") else None


def best_address(match: Match) -> str | None:
    """Where the point that best fits the words stands in its answer."""
    return match.question.address(match.point) if match.point else None
