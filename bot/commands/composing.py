"""The replies that several use cases give."""

from __future__ import annotations

from bot.reply import Answer, Button, Reply, Request, Tip, Visibility, Words
from bot.wording import Phrases, phrases
from content import Advice, Library, Question


def say(request: Request) -> Phrases:
    """The phrases in the language of whoever asks."""
    return phrases(request.locale)


def seen_by(*, public: bool) -> Visibility:
    return "public" if public else "private"


def question_button(question: Question, *, best: str | None = None, note: str = "") -> Button:
    """Opens *question*, with the point at the address *best* marked."""
    return Button(question.short, "show", f"{question.id}/{best}" if best else question.id, note)


def notice(request: Request, key: str, *buttons: str) -> Reply:
    """The phrase *key* in private, with a button for each command named."""
    phrase = say(request)
    return Reply((Words(phrase(key)),), buttons=tuple(Button(phrase(f"button.{name}"), name) for name in buttons))


def answer_reply(
    library: Library, request: Request, question: Question, *, best: str | None, public: bool = False
) -> Reply:
    """The answer to *question*, word for word, with what to read next; in private it can be shared."""
    phrase = say(request)
    share = Button(phrase("button.share"), "share", f"show:{question.id}/{best or ''}")
    return Reply(
        (Answer(question, library.session_of(question), best),),
        buttons=() if public else (share,),
        lead=phrase("ask.related_lead"),
        choices=tuple(question_button(other) for other in library.related(question)),
        visibility=seen_by(public=public),
    )


def tip_reply(library: Library, request: Request, advice: Advice, *, topic: str = "", public: bool = False) -> Reply:
    """One piece of advice with the ways on: its whole answer, another piece, and in private sharing it."""
    phrase = say(request)
    question = library.question_of(advice)
    whole = Button(phrase("button.whole"), "show", f"{question.id}/{advice.point}")
    another = Button(phrase("button.another"), "another", f"{advice.id}/{topic}")
    share = Button(phrase("button.share"), "share", f"advice:{advice.id}")
    return Reply(
        (Tip(advice, question, library.session_of(question)),),
        buttons=(whole,) if public else (whole, another, share),
        visibility=seen_by(public=public),
    )
