"""Lines that belong to the page and not to the talk: back-to-top links, badges, what HackMD prints below a note."""

from __future__ import annotations

import re

from content.notes.plain import plain
from content.notes.remark import Remark

_TOC = re.compile(r"^\s*(?:[-*+]\s+)?\[\[?_?TOC_?\]\]?\s*$", re.IGNORECASE)
_PUBLISHED = re.compile(r"\[(?:Expand all|Collapse all|Back to top|Go to bottom)\]\((\S*)\)", re.IGNORECASE)
_SELECT = re.compile(r"^\s*(?:Select a repo|Expand all|Back to top|Go to bottom|Collapse all)\s*$", re.IGNORECASE)
_BACK_WORDS = re.compile(
    r"^\W*(?:(?:go |return )?back ?to ?(?:the )?(?:top|home|index|contents?|table of contents|toc|readme|main)\b.{0,20}"
    r"|(?:go ?to ?|jump to )?(?:the )?(?:top|bottom|contents|index|toc)|scroll to top|top of page"
    r"|맨? ?(?:위|처음|앞|상단)(?:으?로)?(?: ?(?:가기|이동|이동하기|올라가기|돌아가기))?"
    r"|(?:목차|차례|처음|메인|홈)(?:으?로)(?: ?(?:가기|이동|이동하기|올라가기|돌아가기))?"
    r"|뒤로 ?(?:가기)?|回到?顶部|返回(?:顶部|目录)|トップへ戻る|목차)\W*$",
    re.IGNORECASE,
)
_ONLY_LINK = re.compile(
    r"^[\s>*_#\-(|]*(?:<[^<>]+>\s*)*\[[^\[\]]{0,80}\]\(\s*(#|\S*/README)\S*\s*\)[\s*_)|]*(?:<[^<>]+>\s*)*$"
)
_HTML_LINK = re.compile(
    r"^[\s>*_#]*(?:<(?!a\b)[^<>]+>\s*)*<a\s[^<>]*href\s*=\s*[\"']?#[^<>]*>[^<]{0,80}</a>", re.IGNORECASE
)
_ARROW = re.compile(r"^\W*[⬆↑🔝⏫☝▲🔼]\W*")
_BADGE = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\[?!\[[^\]]*\]\([^)\s]*(?:shields\.io|badge|hits\.|travis-ci|codecov|circleci|\.svg\?)[^)]*\)"
    r"(?:\]\([^)]*\))?\s*)+$",
    re.IGNORECASE,
)
_TAGS = re.compile(r"^\s*#{1,6}\s*tags?\s*[:：]", re.IGNORECASE)
_WHOLE_LINES = {
    Remark("contents", "table of contents"): _TOC,
    Remark("around", "what HackMD prints around a note"): _PUBLISHED,
    Remark("below", "what HackMD prints below a note"): _SELECT,
    Remark("tags", "tags of the note"): _TAGS,
    Remark("badge", "badge"): _BADGE,
}
_HACKMD = re.compile(r"https?://(?:[\w-]+\.)?hackmd\.io/[^\s()?#]+")


def reason(line: str) -> str | None:
    """Why *line* is left out, or None where it may belong to the talk."""
    if len(line) > 2000:
        return None
    for why, pattern in _WHOLE_LINES.items():
        if pattern.search(line):
            return why
    if ("](" in line or "href" in line) and (_ONLY_LINK.match(line) or _HTML_LINK.match(line)):
        words = plain(line.strip().lstrip("#>- "))
        if _BACK_WORDS.match(words) or _ARROW.match(words) or not any(map(str.isalnum, words)):
            return Remark("back", "link back to the top")
    return None


def address(line: str) -> str | None:
    """The address of the note that a line of HackMD's furniture links to."""
    found = _HACKMD.search(line)
    return found[0] if found else None
