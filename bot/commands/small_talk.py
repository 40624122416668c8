"""Small talk: greetings, thanks and laughter, which ask nothing."""

from __future__ import annotations

from content.search.initials import is_chat
from content.search.text import plain, words

_GREETINGS = {"안녕", "안녕하세요", "안녕하십니까", "하이", "반가워", "반가워요", "반갑습니다", "굿모닝"}
_THANKS = {"고마워", "고마워요", "고맙습니다", "감사", "감사해요", "감사합니다", "감사드려요", "땡큐"}
_PARTINGS = {"수고하세요", "수고하셨어요", "수고하셨습니다"}
_ENGLISH = {"hi", "hello", "hey", "good", "morning", "thanks", "thank", "thx", "ty", "haha", "lol"}
_BESIDE = {"정말", "진짜", "너무", "선배", "선배님", "sunbae", "you"}
_SAID = frozenset({*_GREETINGS, *_THANKS, *_PARTINGS, *_ENGLISH, *_BESIDE, "하하", *"ㅋㅎㅠㅜ"})


def is_small_talk(text: str) -> bool:
    """Whether *text* holds words, and every one of them is said to be kind."""
    said = words(plain(text))
    return bool(said) and all(word in _SAID or is_chat(word) for word in said)
