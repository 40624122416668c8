"""Replies as they look in the local chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.platforms.web.elements import Tag, notes_text, press_button
from bot.reply import Answer, Block, Button, Reply, Tip, Words, attribution
from bot.wording import Phrases
from content import Point, Session

Press = Callable[[str], Awaitable[None]]  # takes a button's id


def show_reply(reply: Reply, phrase: Phrases, press: Press) -> None:
    """Put *reply* into the element that is being filled."""
    for block in reply.blocks:
        _show_block(block, phrase)
    if reply.choices:
        if reply.lead:
            Tag("p", "lead", reply.lead)
        with Tag("ul", "choices"):
            for choice in reply.choices:
                with Tag("li"):
                    _show_button(choice, press, "choice")
    if reply.buttons:
        with Tag("div", "buttons"):
            for button in reply.buttons:
                _show_button(button, press, "button")


def _show_block(block: Block, phrase: Phrases) -> None:
    match block:
        case Words(text=text):
            Tag("p", "words", text)
        case Tip(advice=advice, session=session):
            with Tag("blockquote", "tip"):
                notes_text("div", "saying", advice.text)
                _show_attribution(session, phrase)
        case Answer(question=question, session=session, best=best):
            with Tag("div", "answer"):
                notes_text("h3", "question", question.text)
                _show_points(question.points, best, phrase)
                _show_attribution(session, phrase)


def _show_points(points: tuple[Point, ...], best: str | None, phrase: Phrases, above: str = "") -> None:
    with Tag("ul", "points"):
        for number, point in enumerate(points, start=1):
            address = f"{above}{number}"
            with Tag("li", "best" if address == best else ""):
                if address == best:
                    Tag("span", "best-mark", phrase("answer.best"))
                notes_text("div" if "\n" in point.text else "span", "point", point.text)
                if point.children:
                    _show_points(point.children, best, phrase, f"{address}.")


def _show_attribution(session: Session, phrase: Phrases) -> None:
    with Tag("footer", "attribution"):
        Tag("cite", "", attribution(session))
        if session.source:
            Tag("a", "", phrase("answer.source"), href=session.source, target="_blank", rel="noopener noreferrer")


def _show_button(button: Button, press: Press, classes: str) -> None:
    async def pressed() -> None:
        await press(button.id)

    with press_button("", pressed, classes=classes):
        Tag("span", "", button.label)
        if button.note:
            Tag("span", "note", f" {button.note}")  # the space parts the words for a screen reader
