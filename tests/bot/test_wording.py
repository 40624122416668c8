"""Every phrase stands in every language, is used, and has its particles right."""

from __future__ import annotations

import ast
import re
import string
from itertools import chain
from pathlib import Path

import pytest

import bot
import content
from bot.wording import LOCALES, phrases
from bot.wording.particles import with_particle

SOURCES = sorted(Path(bot.__file__).parent.rglob("*.py"))
KEYS = set(phrases("ko").templates)
_PLATFORM_KEYS = ("answer.", "bot.")  # for the platforms' own dress


def _literals() -> set[str]:
    """Every text constant in the code of bot/."""
    trees = (ast.parse(source.read_text(encoding="utf-8")) for source in SOURCES)
    nodes = chain.from_iterable(map(ast.walk, trees))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_every_phrase_with_its_placeholders(locale: str) -> None:
    templates = phrases(locale).templates

    korean = phrases("ko").templates
    assert set(templates) == KEYS
    assert {key: _placeholders(text) for key, text in templates.items()} == {
        key: _placeholders(text) for key, text in korean.items()
    }
    assert [key for key, text in templates.items() if not text.strip()] == []


def test_every_phrase_is_used() -> None:
    literals = _literals()
    families = tuple(text for text in literals if re.fullmatch(r"[a-z]+\.(?:[a-z_]+\.)+", text))  # f"tips.field.{name}"
    has_platform = any(source.parent.parent.name == "platforms" for source in SOURCES)

    unused = {
        key
        for key in KEYS - literals
        if not key.startswith(("command.", *families))  # their keys are made of the command's own
        and not (key.startswith("button.") and key.removeprefix("button.") in literals)  # notice(…, "browse")
        and not (key.startswith(_PLATFORM_KEYS) and not has_platform)
    }

    assert unused == set()


def test_every_phrase_that_is_used_exists() -> None:
    rooms = "|".join(sorted({key.partition(".")[0] for key in KEYS} - {"bot"}))  # "bot.…" may be a module

    used = {text for text in _literals() if re.fullmatch(rf"(?:{rooms})\.[a-z_]+(?:\.[a-z_]+)*", text)}

    assert len(used) > 20
    assert used - KEYS == set()


def test_every_remark_of_the_importer_can_be_said() -> None:
    remarks = {}
    for source in (Path(content.__file__).parent / "notes").glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Remark":
                (kind,) = node.args[:1]
                values = {keyword.arg for keyword in node.keywords}
                # What the heads of a note and of its file differ in names the remark.
                kinds = [kind.value] if isinstance(kind, ast.Constant) else ["title", "speaker", "date"]
                remarks |= dict.fromkeys(kinds, values)
    said = {key.removeprefix("desk.remark."): key for key in KEYS if key.startswith("desk.remark.")}

    assert said.keys() == remarks.keys()
    counted = remarks.pop("found")  # its values are counts, which `plan_import` names
    assert counted == {None}
    assert {kind: _placeholders(phrases("ko").templates[said[kind]]) for kind in remarks} == remarks


def test_every_command_has_a_name_and_a_description() -> None:
    named = {key.split(".")[1] for key in KEYS if key.startswith("command.")}

    for command in named:
        assert {f"command.{command}.name", f"command.{command}.description"} <= KEYS


def test_command_names_differ_within_a_language() -> None:
    for locale in LOCALES:
        names = [text for key, text in phrases(locale).templates.items() if re.fullmatch(r"command\.\w+\.name", key)]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("ko", "ko"),
        ("en", "en"),
        ("en-US", "en"),
        ("en_GB", "en"),
        ("EN", "en"),
        ("ko-KR", "ko"),
        ("fr", "ko"),
        ("", "ko"),
    ],
)
def test_a_language_the_bot_does_not_speak_gets_korean(locale: str, language: str) -> None:
    assert phrases(locale).locale == language


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    assert phrases("ko")("share.by", name="{reference} {0}") == "{reference} {0}님이 공유했어요."


def test_a_missing_value_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        phrases("ko")("share.by")


@pytest.mark.parametrize(
    ("word", "pair", "fits"),
    [
        ("책", "을/를", "책을"),
        ("노트", "을/를", "노트를"),
        ("교수님", "이/가", "교수님이"),
        ("선배", "이/가", "선배가"),
        ("질문", "은/는", "질문은"),
        ("진로", "은/는", "진로는"),
        ("취업", "과/와", "취업과"),
        ("연구", "과/와", "연구와"),
        ("서울", "으로/로", "서울로"),
        ("부산", "으로/로", "부산으로"),
        ("학교", "으로/로", "학교로"),
        ("7", "으로/로", "7로"),
        ("10", "을/를", "10을"),
        ("12", "을/를", "12를"),
        ("3", "이/가", "3이"),
        ("LSTM", "을/를", "LSTM을"),
        ("GPU", "을/를", "GPU를"),
        ("NLP", "을/를", "NLP를"),
        ("URL", "으로/로", "URL로"),
        ("attention", "을/를", "attention을"),
        ("transformer", "은/는", "transformer는"),
        ("R", "을/를", "R을"),
        ("r", "으로/로", "r로"),
        ("AI", "을/를", "AI를"),
        ("book", "을/를", "book을(를)"),
        ("‘책’", "을/를", "‘책’을"),
        ("“노트”", "을/를", "“노트”를"),
        ("진로 (취업)", "은/는", "진로 (취업)은"),
        ("정말?", "이/가", "정말?이"),
        ("🎓", "을/를", "🎓을(를)"),
        ("", "을/를", "을(를)"),
        ("東京", "을/를", "東京을(를)"),
    ],
)
def test_a_particle_fits_the_word_before_it(word: str, pair: str, fits: str) -> None:
    assert with_particle(word, pair) == fits


@pytest.mark.parametrize(
    ("key", "one", "two"),
    [
        ("web.answers", "1 reply", "2 replies"),
        ("browse.count", "1 question", "2 questions"),
        ("desk.left_out", "in 1 place", "in 2 places"),
        ("desk.remark.answer", "1 point new", "2 points new"),
        (
            "library.status",
            "1 session, 1 question and 1 piece of advice",
            "2 sessions, 2 questions and 2 pieces of advice",
        ),
        (
            "desk.remark.found",
            "1 heading, 1 paragraph, 1 list item, 1 table and 1 foldout,",
            "2 headings, 2 paragraphs, 2 list items, 2 tables and 2 foldouts,",
        ),
    ],
)
def test_english_counts_one_and_many(key: str, one: str, two: str) -> None:
    english = phrases("en")
    names = _placeholders(english.templates[key])

    assert re.search(rf"{re.escape(one)}(?!\w)", english(key, **dict.fromkeys(names, 1)))
    assert two in english(key, **dict.fromkeys(names, 2))
