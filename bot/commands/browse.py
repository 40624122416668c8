"""Browse: sessions, then topics, then questions, a page at a time."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.composing import notice, question_button, say
from bot.commands.naming import session_called, topic_called
from bot.reply import Button, Reply, Request, Words, attribution
from bot.study import Study
from bot.wording import Phrases
from content import Library, Question, Session

PAGE = 8  # questions; few enough to read, and within every platform's list
_ALL = "*"  # stands for every topic of a session


async def browse(study: Study, request: Request) -> Reply:
    """*request.text* is what a person types (a topic, a session) or a button sends ("<session id>/<topic>/<page>")."""
    library = study.library
    words = request.text.strip()
    if (topic := topic_called(library, words)) is not None:
        return _questions(library, request, None, topic, 1)
    id_, _, rest = words.partition("/")
    topic, _, page = rest.partition("/")
    session = library.session(id_)
    if "/" in words and (session or id_ == _ALL):
        return _questions(library, request, session, topic, int(page[:6]) if page.isdecimal() else 1)
    if session := session or session_called(library, words):
        return _topics(library, request, session)
    if "/" in words:
        return notice(request, "browse.removed", "browse")
    every = _sessions(library, request)
    if not words:
        return every
    return replace(every, blocks=(Words(say(request)("browse.no_topic", topic=words[:40])), *every.blocks))


def _sessions(library: Library, request: Request) -> Reply:
    if len(library.sessions) == 1:
        return _topics(library, request, library.sessions[0])
    phrase = say(request)
    sessions = (
        Button(
            session.title, "browse", session.id, _note(phrase, session.speaker, session.date, len(session.questions))
        )
        for session in library.sessions
    )
    return Reply((Words(phrase("browse.sessions")),), choices=tuple(sessions))


def _topics(library: Library, request: Request, session: Session) -> Reply:
    phrase = say(request)
    counted = [
        (topic, sum(topic in question.topics for question in session.questions)) for topic in library.topics(session)
    ]
    every = Button(phrase("browse.all"), "browse", f"{session.id}/{_ALL}/1", _note(phrase, len(session.questions)))
    topics = (Button(topic, "browse", f"{session.id}/{topic}/1", _note(phrase, count)) for topic, count in counted)
    more = () if len(library.sessions) == 1 else (Button(phrase("browse.top"), "browse"),)
    return Reply(
        (Words(attribution(session)),),
        buttons=more,
        lead=phrase("browse.topics"),
        choices=(*topics, every),
    )


def _questions(library: Library, request: Request, session: Session | None, topic: str, page: int) -> Reply:
    phrase = say(request)
    of_session = session.questions if session else library.questions
    questions = [question for question in of_session if topic in {_ALL, *question.topics}]
    if not questions:
        return notice(request, "browse.removed", "browse")
    pages = -(-len(questions) // PAGE)
    page = min(max(page, 1), pages)  # an edit may have taken pages away
    place = session.id if session else _ALL
    turns = (("browse.previous", page - 1), ("browse.next", page + 1))
    turned = (Button(phrase(key), "browse", f"{place}/{topic}/{to}") for key, to in turns if 1 <= to <= pages)
    above = library.sessions[0] if len(library.sessions) == 1 else session  # the topics of an only session are the top
    up = Button(phrase("browse.up"), "browse", above.id) if above else Button(phrase("browse.top"), "browse")
    title = [attribution(session)] if session else []
    title.append(phrase("browse.all") if topic == _ALL else topic)
    if pages > 1:
        title.append(phrase("browse.page", page=page, pages=pages))
    return Reply(
        (Words(" › ".join(title)),),
        buttons=(*turned, up),
        lead=phrase("browse.questions"),
        choices=tuple(_listed(question, library) for question in questions[(page - 1) * PAGE : page * PAGE]),
    )


def _listed(question: Question, library: Library) -> Button:
    several = len(library.sessions) > 1
    return question_button(question, note=library.session_of(question).title if several else "")


def _note(phrase: Phrases, *facts: str | int) -> str:
    """A few facts in a row; a number is a count of questions."""
    told = (phrase("browse.count", count=fact) if isinstance(fact, int) else fact for fact in facts)
    return " · ".join(filter(None, told))
