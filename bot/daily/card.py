"""What a channel sees of its daily advice, and what its operator is told when it stops."""

from __future__ import annotations

from datetime import date

from bot.reply import Button, Reply, Tip, Words
from bot.store.records import Notice
from bot.wording import phrases
from content import Advice, Library


def daily_card(library: Library, advice: Advice, locale: str, *, thread: date | None = None) -> Reply:
    """One piece for everybody, quietly; its whole answer and another piece open for whoever presses, in private.

    *thread*: the day to name a thread under it after; None opens none.
    """
    phrase = phrases(locale)
    question = library.question_of(advice)
    return Reply(
        (Tip(advice, question, library.session_of(question)),),
        buttons=(
            Button(phrase("button.whole"), "show", f"{question.id}/{advice.point}"),
            Button(phrase("button.another"), "another", f"{advice.id}/"),
        ),
        visibility="public",
        thread=phrase("daily.thread", month=thread.month, day=thread.day) if thread else "",
        locale=phrase.locale,
    )


def stopped_notice(notice: Notice) -> Reply:
    """To the operator, once: a channel could not be posted to any more."""
    phrase = phrases(notice.locale)
    words = phrase("daily.stopped", channel=notice.channel.id, reason=notice.reason)
    return Reply((Words(words),), locale=phrase.locale)
