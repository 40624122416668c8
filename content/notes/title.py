"""Whose talk it was and when: title, speaker, date and address as far as the note says. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from content.notes import signs
from content.notes.plain import plain
from content.notes.source import Source

_TALK = re.compile(r"^(?P<title>.+?)\s+[-–—]\s+(?P<speaker>[^()（）]{1,60}?)\s*[(（](?P<date>[^()（）]{1,40})[)）]\s*$")
_DATE = re.compile(
    r"(?:(?:19|20)?\d{2}\s*[./년-]\s*)?\d{1,2}\s*[./월-]\s*\d{1,2}\s*[.일]?(?:\s*[(（]?[월화수목금토일][)）]?)?"
    r"|(?:19|20)\d{2}\s*[./년-]?\s*\d{0,2}\s*월?"
)
_DATED = re.compile(rf"[(（\[]\s*(?P<date>{_DATE.pattern})\s*[)）\]]\s*$")
_ROLE = r"(?:교수님?|박사님?|강사님?|멘토님?|선생님|대표님?|연구원님?|개발자님?|선배님|마스터님?|님)"
_HONORIFIC = re.compile(rf"\s*{_ROLE}\s*$")
_WHO = rf"[^\W\d][^()（）\[\],，/·|\d]{{0,40}}?{_ROLE}"
_BETWEEN = r"\s*(?:[,，、/·|]|\s)\s*"
_DATE_AND_SPEAKER = re.compile(
    rf"\s*[(（\[]\s*(?:(?P<date>{_DATE.pattern}){_BETWEEN}(?P<speaker>{_WHO})"
    rf"|(?P<first>{_WHO}){_BETWEEN}(?P<then>{_DATE.pattern}))\s*[)）\]]\s*$"
)
_SIR = re.compile(r"\s*님\s*$")
_SAYS_SPEAKER = re.compile(
    r"^[\s>*_-]*(?:연사|발표자|강연자|강사|멘토|스피커|교수|speakers?|lecturers?|instructors?|presenters?"
    r"|mentor)[\s*_]*[:：][\s*_]*(?P<said>\S.{0,60}?)[\s*_]*$",
    re.IGNORECASE,
)
_SAYS_DATE = re.compile(
    r"^[\s>*_-]*(?:일시|날짜|일자|강연일|진행일|date|when)[\s*_]*[:：][\s*_]*(?P<said>\S.{0,40}?)[\s*_]*$",
    re.IGNORECASE,
)
_SPEAKER_KEYS = ("speaker", "speakers", "lecturer", "instructor", "presenter", "mentor", "연사", "강연자", "발표자")
_SOURCE_KEYS = ("source", "url", "link", "canonical_url", "canonicalurl", "permalink")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a note says about the talk itself."""

    title: str
    speaker: str
    date: str


def read_heading(heading: str, source: Source, before: Iterable[str], *, name: str) -> Heading:
    """The talk that *heading* (plain, "" if there is none) announces.

    *before* are the lines above the first question; *name* stands in where nobody wrote a title.
    """
    title = heading or plain(source.fields.get("title", "")) or name
    speaker = date = ""
    found = _TALK.match(title)
    if found and _DATE.fullmatch(found["date"].strip()):
        title, speaker, date = found["title"], found["speaker"], found["date"].strip()
    elif found := _DATE_AND_SPEAKER.search(title):
        speaker, date = found["speaker"] or found["first"], (found["date"] or found["then"]).strip()
        title = title[: found.start()].strip(" -–—") or title
    elif found := _DATED.search(title):
        date = found["date"].strip()
        title = title[: found.start()].strip(" -–—") or title
    for line in before:
        if not speaker and (said := _SAYS_SPEAKER.match(line[:200])):
            speaker = plain(said["said"])
        if not date and (said := _SAYS_DATE.match(line[:200])):
            date = plain(said["said"])
    fields = source.fields
    speaker = speaker or next((plain(fields[key]) for key in _SPEAKER_KEYS if fields.get(key)), "")
    date = date or fields.get("date", "")
    return Heading(title=title, speaker=_without_honorific(speaker), date=date)


def read_address(source: Source, furniture: str | None) -> str | None:
    """The note's own address, from what is printed around it or from its front matter; None if neither tells."""
    if furniture:
        return furniture
    for key in _SOURCE_KEYS:
        if found := _ADDRESS.fullmatch(source.fields.get(key, "")):
            return found[0]
    return None


def is_generic(title: str) -> bool:
    """Whether *title* names no talk: "Q&A", "FAQ", "질문"."""
    return len(title) <= 12 and signs.is_question_context(title)


def _without_honorific(speaker: str) -> str:
    for honorific in (_HONORIFIC, _SIR):
        shorter = honorific.sub("", speaker).strip()
        if len(shorter) >= 2:  # 이멘토님 is called 이멘토, not 이
            return shorter
    return speaker
