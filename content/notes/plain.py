"""Markdown as the words a reader sees: for comparing, titles and lists, never for showing an answer."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_LONGEST = 20_000  # beyond this nobody compares; only white space is tidied
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)(.{1,400}?)(?<!`)\1(?!`)", re.DOTALL)
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[^`\n]*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)")
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]\n]|\[[^\[\]\n]{0,300}\]){0,500})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)")
_REFERENCE = re.compile(r"(?<!!)\[([^\[\]\n]{1,300})\]\[[^\[\]\n]{0,300}\]")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]{0,20}(?:\s[^<>\n]{0,1000})?/?>")
_ATTRIBUTES = re.compile(r"(?<!\s)\s*\{#[^{}\n]{1,200}\}\s*$", re.MULTILINE)
_MARKUP = re.compile(r"[`*_~=\\<>\[{&\ue000\ue001]")
_MARKS = {
    "*": re.compile(r"(\*{1,3})(?=\S)([^*\n]{1,1000}?)(?<=\S)\1"),
    "_": re.compile(r"(?<!\w)(_{1,3})(?=\S)([^\n]{1,1000}?)(?<=\S)\1(?!\w)"),
    "~~": re.compile(r"(~~)(?=\S)([^~\n]{1,1000}?)(?<=\S)\1"),
    "==": re.compile(r"(==)(?=\S)([^=\n]{1,1000}?)(?<=\S)\1"),
}
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_KEPT = re.compile("\ue000([0-9]+)\ue001")


@lru_cache(maxsize=8192)
def plain(markdown: str) -> str:
    """The words of *markdown* on one line, composed (NFC), without marks, images, tags and link targets."""
    text = unicodedata.normalize("NFC", markdown)
    if _MARKUP.search(text) and len(text) <= _LONGEST:
        text = _without_marks(text)
    return " ".join(text.split())


def _without_marks(text: str) -> str:
    kept: list[str] = []  # what stands in code is no mark

    def keep(found: re.Match[str], group: int = 2) -> str:
        kept.append(found[group])
        return f"\ue000{len(kept) - 1}\ue001"

    text = text.replace("\ue000", "").replace("\ue001", "")
    if "`" in text or "~" in text:
        text = _CODE.sub(keep, _FENCE.sub("", text))
    if "\\" in text:
        text = _ESCAPE.sub(lambda found: keep(found, 1), text)
    if "<" in text:
        text = _ADDRESS.sub(lambda found: keep(found, 1), text)
    if "[" in text:
        text = _REFERENCE.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    text = _QUOTE.sub("", _ATTRIBUTES.sub("", _TAG.sub(" ", text)))
    for sign, mark in _MARKS.items():
        if sign in text:
            text = mark.sub(r"\2", mark.sub(r"\2", text))
    return _KEPT.sub(lambda found: kept[int(found[1])], html.unescape(text))
