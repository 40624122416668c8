"""What an importer may propose and only a person can decide: ids, short titles, topics, aliases, advice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from content.model import SHORT_LENGTH
from content.notes import signs
from content.notes.plain import plain
from content.notes.reading import Asked, Said, Talk
from content.notes.sheet import Entry, Line, Sheet
from content.session_file import GLOSSARY, ID_LENGTH, TOPIC_LENGTH, Taken, bare

_WORD = re.compile(r"[a-z][a-z0-9]+")
_SMALL_WORDS = (
    "the and for with from what why how when where which who does did are was were can could should would will have has"
    " had you your our this that these those there into about any not but use using get than then its it is if in of on"
    " or to an do be my we"
)
_NO_WORDS = frozenset(_SMALL_WORDS.split())
_TOPICS = (
    ("진로", r"진로|커리어|career|이직|직무|개발자로"),
    ("취업", r"취업|채용|구직|면접|이력서|포트폴리오|신입|코테|코딩 ?테스트|resume|interview"),
    ("대학원", r"대학원|석사|박사|유학|랩실|연구실|지도 ?교수|phd"),
    ("연구", r"연구|논문|학회|research|paper"),
    ("공부법", r"공부|학습 ?방법|로드맵|강의|커리큘럼"),
    ("NLP", r"\bnlp\b|자연어|transformer|트랜스포머|\bbert\b|\bgpt|언어 ?모델|llm"),
    ("CV", r"\bcv\b|컴퓨터 ?비[전젼]|이미지|object detection|\bcnn\b"),
    ("데이터", r"데이터|크롤링|라벨링|dataset|\bsql\b"),
    ("개발", r"백엔드|프론트|서버|배포|\bapi\b|파이썬|python|c\+\+|\bgit\b|docker"),
)
_SENTENCE = re.compile(r"(?<=[?？])\s+|(?<=[다요]\.)\s+|(?<=[.!])\s+(?=[A-Z가-힣])")
_CONTINUES = re.compile(
    r"^(?:방금|앞서|앞선|앞에서|바로 위|위 질문|이어서|이전 질문|following up|as a follow.?up)|연장선"
)
_ADVISES = re.compile(
    r"(?:(?:으|하|보|마|가|쓰|두)세요|바랍니다|합시다|해야 ?(?:합|한|해|하)|중요(?:합니다|한|하)|좋(?:습니다|을 ?것 ?같"
    r"|은 ?것 ?같|을것같|은것같|아요|겠)|추천|필요(?:합니다|로|하)"
    r"|도움이|보시면|두시는|두세요|should|try to|recommend|important|make sure|remember|avoid|don't|never|always"
    r"|prefer)",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"모르겠|잘 모르|감이|확신을 못|언감생심|교수님도|저도|제가|했더니|했더라|더라구요|라고 ?합니다|들었|이야기를 듣"
    r"|지인|요즘|최근|현재|시장|ㅎㅎ|ㅋㅋ|…$|\.\.\.$"
    r"|i think|not sure|maybe|i heard|nowadays|currently|\bthanks\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"^(?:네|아니|예|음|그|이런|이건|이게|저런|그런|그래|근데|다만|물론|또는|또|하지만|그렇지만|따라서|결론|이 |해당"
    r"|위|아래|본인이 속한|yes|no|it |this |that "
    r"|they |but |and |so )",
    re.IGNORECASE,
)


def propose(talk: Talk, *, session: str, taken: Taken | None = None) -> Sheet:
    """A session file for *talk* with a proposal in every place that a curator should look at.

    *session* is the session's id; *taken* is what the questions of other sessions are called.
    """
    taken = taken or Taken()
    used = set(taken.ids)
    entries: list[Entry] = []
    aliases = {bare(each.text) for question in talk.questions for each in question.walk()} | {*taken.aliases}
    for question in talk.questions:
        parent: str | None = None
        for each in question.walk():
            entry = propose_entry(each, session=session, number=len(entries) + 1, taken=used, aliases=aliases)
            if parent:
                entry = replace(entry, follows=parent)
            elif entries and _CONTINUES.search(plain(each.text)[:60]):
                entry = replace(entry, follows=entries[-1].id, proposed=entry.proposed | {"follows"})
            parent = parent or entry.id
            entries.append(entry)
    return Sheet(talk.title, talk.speaker, talk.date, talk.source, tuple(entries))


def session_ids(name: str, talks: int, *, id_: str | None = None) -> tuple[str, ...]:
    """An id for each of the *talks* in the file *name*: *id_*, or one of the name's English letters and digits.

    The same every time. Several talks are numbered.
    """
    stem = id_ or _stem(name)
    if talks == 1:
        return (stem,)
    return tuple(f"{stem[: ID_LENGTH - 4].rstrip('-')}-{number}" for number in range(1, talks + 1))


def propose_entry(asked: Asked, *, session: str, number: int, taken: set[str], aliases: set[str]) -> Entry:
    """One question with proposals; adds its id to *taken* and the letters of its aliases to *aliases*."""
    words = plain(asked.text)
    id_ = _id(words, session, number, taken)
    taken.add(id_)
    found = []
    for sentence in _other_ways(words):
        if bare(sentence) not in aliases:
            aliases.add(bare(sentence))
            found.append(sentence)
    return Entry(
        id=id_,
        short=short_title(words),
        text=asked.text,
        points=as_lines(asked.points),
        topics=_topics(words, asked.section),
        aliases=tuple(found),
        proposed=frozenset({"id", "short", "topics", "aliases"}),
    )


def as_lines(points: Iterable[Said]) -> tuple[Line, ...]:
    """Points for a session file, with advice candidates marked."""
    return tuple(
        Line(point.text, as_lines(point.children), candidate=is_advice_candidate(point.text)) for point in points
    )


def is_advice_candidate(text: str) -> bool:
    """Whether *text* may stand alone tomorrow morning: it tells what to do, and leans on nothing before it."""
    words = plain(text)
    return (
        20 <= len(words) <= 250
        and "\n" not in text
        and bool(_ADVISES.search(words))
        and not _HEDGES.search(words)
        and not _LEANS.match(words)
        and not signs.question_score(words) >= 0.9
    )


def short_title(words: str) -> str:
    """At most 60 characters of a question: the last sentence that asks and fits, else its beginning."""
    if len(words) <= SHORT_LENGTH:
        return words
    sentences = [sentence.strip() for sentence in _SENTENCE.split(words)]
    fitting = [s for s in sentences if 8 <= len(s) <= SHORT_LENGTH and signs.is_question(s)]
    if fitting:
        return fitting[0]
    asking = next((s for s in reversed(sentences) if signs.is_question(s)), sentences[0])
    clauses = re.split(r"(?<=[,，…])\s*", asking)
    tail = clauses[-1].strip()
    if 12 <= len(tail) <= SHORT_LENGTH:
        return tail
    cut = asking[: SHORT_LENGTH - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[30:] else cut).rstrip(" ,.") + "…"


def _other_ways(words: str) -> list[str]:
    """Single sentences of a question that ask by themselves."""
    sentences = [sentence.strip() for sentence in _SENTENCE.split(words)]
    if len(sentences) < 2:
        return []
    return [s for s in sentences if 10 <= len(s) <= 80 and signs.question_score(s) >= 0.8 and not _LEANS.match(s)]


def _topics(words: str, section: str) -> tuple[str, ...]:
    found = [topic for topic, pattern in _TOPICS if re.search(pattern, words, re.IGNORECASE)]
    parts = section.strip(" #.:,").replace("/", ",").split(",")  # no topic has either
    heading = "·".join(part.strip() for part in parts)
    if 1 < len(heading) <= TOPIC_LENGTH and not signs.is_question_context(heading) and not heading.isdigit():
        found = [heading, *(topic for topic in found if topic.casefold() != heading.casefold())]
    return tuple(found[:3])


def _stem(name: str) -> str:
    stem = "-".join(re.findall(r"[a-z0-9]+", name.casefold()))[: ID_LENGTH - 4].strip("-")
    if re.search(r"[a-z]", stem) and stem != GLOSSARY:
        return stem
    return f"note-{hashlib.sha256(name.encode()).hexdigest()[:6]}"  # 강의1.md and 질의1.md are two notes


def _id(words: str, session: str, number: int, taken: Collection[str]) -> str:
    """An id from the English words of a question; where there are too few, from its place."""
    english = [word for word in dict.fromkeys(_WORD.findall(words.casefold())) if word not in _NO_WORDS]
    stem = "-".join(english[:5])[: ID_LENGTH - 4].strip("-")
    if len(english) < 2 or len(stem) < 6:
        stem = f"{session[: ID_LENGTH - 8].strip('-')}-{number:02}"
    id_ = stem
    count = 2
    while id_ in taken:
        id_ = f"{stem}-{count}"
        count += 1
    return id_
