"""Labels that say what a line is: "Q1.", "질문:", "3번.", "A:", "답변", "∟", "->"."""

from __future__ import annotations

import re

QUESTION, ANSWER = "question", "answer"

_NUMBER = r"\s?[-#.]?\s?\d{1,3}(?:[-.]\d{1,3})?"
_END = r"(?:\s*[:：.)\]】>、|]+|\s+[-–—]\s|\s*(?:\*\*|__)(?=\s|$)|\s*(?:\*\*|__)[:：.)]\s?)"
_LEAD = r"(?:[\s>]|[-*+]\s|\d{1,3}[.)]\s|#{1,6}\s|\[[ xX]\]\s)*"
_DECOR = r"(?:[*_`\[(【<]|[^\w\s\"'“‘«(\[<{$!#|\\*_`~.,:;&%@^=+/?-]\s?)*"  # bold, brackets, emoji

_Q_WORDS = r"(?:(?-i:Q)|q(?=\s?\d*\s?[:：])|Question|질문|문|물음|问|問|质问|質問|问题)"
_A_WORDS = r"(?:(?-i:A)|a(?=\s?\d*\s?[:：])|Ans|Answer|답|답변|정답|해답|대답|풀이|回答|答案|答)"
_QUESTION = re.compile(
    rf"^{_LEAD}{_DECOR}(?:{_Q_WORDS}{_NUMBER}(?:{_END}|\s+|(?=[가-힣]))|{_Q_WORDS}{_END}|문제{_NUMBER}(?:{_END}|\s+)"
    rf"|\d{{1,3}}\s?번(?:\s*[.:：)\]]|\s*$|\s?(?=질문))|(?:❓|❔|:question:|:grey_question:|:raising_hand:)\s*)",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    rf"^{_LEAD}{_DECOR}(?:{_A_WORDS}(?:{_NUMBER})?{_END}|∟\s*A?[:：.)]?\s*|(?:ㄴ|└|↳)(?:\s*(?:A|답)[:：.)])?\s+)",
    re.IGNORECASE,
)
_ARROW = re.compile(r"^[\s*+>-]*?(?:[-*+]\s+)?(?:->|=>|-->|→|⇒|➡️?|➔|👉)\s*(?=\S)")
_BARE_QUESTION = re.compile(r"^\W*(?:Q|Question|질문|문제|물음|问题|問題)\s?\d{0,3}[\s.:：)\]*_]*$", re.IGNORECASE)
_BARE_ANSWER = re.compile(
    r"^\W*(?:A|Ans|Answers?|답|답변|정답|해답|풀이|해설|대답|모범 ?답안|solutions?|explanation|回答|答案)\d{0,2}\W*$",
    re.IGNORECASE,
)
_REVEAL = re.compile(
    r"^\W*(?:(?:정답|답변?|해설|해답|풀이|모범 ?답안)\W*(?:은|는|을|를|과|및|/|·)?\W*(?:정답|해설|답변?|풀이)?\W*"
    r"(?:보기|확인|확인하기|열기|펼치기|보려면.*|클릭.*)?"
    r"|(?:click|tap|press)\b.{0,40}|(?:show|see|view|reveal|check|expand)\b.{0,30}|answers?\b.{0,20}"
    r"|solutions?\b.{0,20}"
    r"|펼치기.{0,10}|접기/펼치기.{0,20}|더 ?보기|클릭.{0,20}|查看答案|答案|答えを.{0,10}|details?|hint|힌트)\W*$",
    re.IGNORECASE,
)
_SECOND = re.compile(r"(?:<br\s*/?>\s*|\s+)(?=(?:\*\*|__)?(?:A|Answer|답|답변)(?:\*\*|__)?\s?[:：]\s)")
_BROKEN = re.compile(r"<br\s*/?>\s*(?=\W{0,4}(?:A|Answer|답|답변)\W{0,4}\s?[:：.)])")


def label(text: str) -> str | None:
    """QUESTION or ANSWER if *text* begins with a label, else None."""
    if _QUESTION.match(text[:200]):
        return QUESTION
    return ANSWER if _ANSWER.match(text[:200]) else None


def says_question(text: str) -> bool:
    """Whether the whole of *text*, plain, only announces a question: "Question 3", "질문"."""
    return len(text) <= 20 and bool(_BARE_QUESTION.match(text))


def is_arrow(text: str) -> bool:
    """Whether *text* begins with an arrow, as some note takers mark an answer."""
    return bool(_ARROW.match(text[:50]))


def says_answer(text: str) -> bool:
    """Whether the whole of *text*, plain, only announces an answer: "정답", "Answer:"."""
    return len(text) <= 40 and bool(_BARE_ANSWER.match(text))


def reveals_answer(text: str) -> bool:
    """Whether the title of a foldout, plain, only announces an answer: "답변 보기", "Click to expand"."""
    return says_answer(text) or (len(text) <= 60 and bool(_REVEAL.match(text)))


def without_label(text: str) -> str:
    """*text* without its label and without the half of a bold pair that the label took along."""
    found = _QUESTION.match(text[:200]) or _ANSWER.match(text[:200]) or _ARROW.match(text[:50])
    if not found:
        return text
    head, rest = found[0], text[found.end() :]
    for pair in ("**", "__", "`"):
        if head.count(pair) % 2 and rest.count(pair) % 2:
            cut = rest.find(pair)
            rest = rest[:cut] + rest[cut + len(pair) :]
    for opening, closing in (("[", "]"), ("【", "】"), ("<", ">")):
        if head.count(opening) > head.count(closing) and rest.count(closing) > rest.count(opening):
            rest = rest.replace(closing, "", 1)
    return rest.strip()


def split_line(line: str) -> list[str]:
    """*line* as one line, or as two where a question and its labelled answer share it."""
    if len(line) > 5000 or not ("A" in line or "답" in line) or not (":" in line or "：" in line or "<br" in line):
        return [line]
    found = _SECOND.search(line) if _QUESTION.match(line[:200]) else _BROKEN.search(line)
    if not found or found.start() == 0:
        return [line]
    margin = line[: len(line) - len(line.lstrip())]
    return [line[: found.start()], margin + line[found.end() :]]
