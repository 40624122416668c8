"""Replies as Slack gets them: within every limit, structure kept, no word lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.slack.conversation import meant
from bot.platforms.slack.forms import form_view
from bot.platforms.slack.render import message
from bot.platforms.slack.richtext import answer_pages
from bot.platforms.slack.text import escaped, plain
from bot.platforms.slack.views import page_view, reply_view
from bot.reply import Answer, Button, Field, Form, Reply, Tip, Words
from bot.wording import phrases
from content import Advice, Point, Question, Session
from tests.platforms.slack_shapes import message_faults, texts, view_faults

KO = phrases("ko")

# Repetition makes long texts without making hypothesis slow.
_words = st.builds(
    lambda text, times: text * times,
    st.text(st.characters() | st.sampled_from("<>&*_~`|\n@!가나다"), max_size=30),
    st.sampled_from([1, 1, 1, 10, 200, 2_000]),
)
_id = st.text(st.sampled_from("abc-019"), min_size=1, max_size=40)
_points = st.recursive(
    st.builds(Point, _words),
    lambda below: st.builds(Point, _words, st.lists(below, max_size=4).map(tuple)),
    max_leaves=12,
)
_sessions = st.builds(
    Session,
    id=_id,
    title=_words,
    speaker=_words,
    date=_words,
    source=st.none() | _words | _words.map(lambda text: f"https://{text}"),
    questions=st.just(()),
)
_questions = st.builds(
    Question,
    id=_id,
    session=_id,
    number=st.just(1),
    text=_words,
    short=_words,
    points=st.lists(_points, max_size=6).map(tuple),
)
_buttons = st.builds(Button, _words, st.sampled_from(["show", "browse", "share"]), _id, _words)
_blocks = st.one_of(
    st.builds(Words, _words),
    st.builds(Answer, _questions, _sessions, st.none() | st.sampled_from(["1", "1.1", "2"])),
    st.builds(Tip, st.builds(Advice, _id, _words, _id), _questions, _sessions),
)
_options = st.lists(st.tuples(_words, _words), max_size=4).map(tuple) | st.builds(
    lambda count: tuple((str(each), f"{each}번") for each in range(count)), st.integers(90, 200)
)
_picked = st.lists(_words | st.integers(0, 200).map(str), max_size=4).map(tuple)
_fields = st.one_of(
    st.builds(Field, _id, _words, st.just("time"), st.sampled_from([(), ("09:00",)]), hint=_words),
    st.builds(Field, _id, _words, st.just("date"), st.sampled_from([(), ("2026-03-02",)]), hint=_words),
    st.builds(Field, _id, _words, st.just("text"), _words.map(lambda value: (value,)), hint=_words),
    st.builds(Field, _id, _words, st.sampled_from(["choice", "choices"]), _picked, _options, hint=_words),
)
_forms = st.builds(
    Form,
    title=_words,
    command=_id,
    argument=_id,
    fields=st.lists(_fields, min_size=1, max_size=12, unique_by=lambda field: field.name).map(tuple),
    submit=_words,
)
_replies = st.builds(
    Reply,
    st.lists(_blocks, max_size=5).map(tuple),
    buttons=st.lists(_buttons, max_size=4).map(tuple) | st.lists(_buttons, min_size=60, max_size=60).map(tuple),
    lead=_words,
    choices=st.lists(_buttons, max_size=9).map(tuple)
    | st.builds(lambda button, times: (button,) * times, _buttons, st.integers(0, 400)),
    visibility=st.sampled_from(["private", "public"]),
    form=st.none() | _forms,
    thread=_words,
)


@settings(max_examples=60, deadline=None)
@given(reply=_replies, locale=st.sampled_from(["ko", "en"]))
def test_any_reply_renders_within_every_limit(reply: Reply, locale: str) -> None:
    assert message_faults(message(reply, phrases(locale))) == []
    assert view_faults(reply_view(reply, "C0", phrases(locale))) == []
    if reply.form:
        assert view_faults(form_view(reply.form, "C0", phrases(locale))) == []


def _answer(*points: Point, text: str = "질문인가요?", best: str | None = None) -> Answer:
    question = Question("long", "week4", 1, text, "질문", points)
    return Answer(
        question, Session("week4", "마스터클래스", "주재걸", "02.17", "https://example.com/노트|a>b", ()), best
    )


def test_the_notes_structure_is_kept() -> None:
    answer = _answer(Point("하나", (Point("하나의 아래"),)), Point("둘\n```py\nprint('&')\n```\n둘의 끝"), best="1.1")

    [page] = answer_pages(answer, KO)

    elements = page[0]["elements"]
    assert [element["type"] for element in elements] == [
        "rich_text_section",
        "rich_text_list",
        "rich_text_list",
        "rich_text_list",
        "rich_text_preformatted",
        "rich_text_list",
    ]
    assert [element.get("indent") for element in elements] == [None, 0, 1, 0, None, 0]
    assert "".join(texts(elements[4])) == "print('&')"
    assert elements[2]["elements"][0]["elements"][0] == {"type": "emoji", "name": "point_right"}


def test_a_long_answer_turns_pages_and_loses_no_word() -> None:
    points = tuple(Point(f"{number}번째 대목 " + f"낱말{number} " * 500) for number in range(12))
    answer = _answer(*points)

    pages = answer_pages(answer, KO)
    views = [page_view(answer, number, KO) for number in range(1, len(pages) + 1)]

    shown = " ".join(text for page in pages for text in texts(page)).split()
    for point in points:
        assert shown.count(point.text.split()[-1]) == 500
    assert len(pages) > 1
    assert all(view_faults(view) == [] for view in views)
    first = message(Reply((answer,)), KO)
    turn = [element for block in first["blocks"] if block["type"] == "actions" for element in block["elements"]]
    assert [(button["text"]["text"], button["value"]) for button in turn] == [("더 보기", "long//2")]
    assert "11번째 대목" in first["text"]


def test_a_page_that_an_edit_took_away_shows_the_last() -> None:
    assert page_view(_answer(Point("하나")), 99, KO) == page_view(_answer(Point("하나")), 1, KO)


def test_an_odd_source_address_cannot_break_out_of_its_link() -> None:
    blocks = message(Reply((_answer(Point("하나")),)), KO)["blocks"]

    assert blocks[-1]["elements"][1]["text"].startswith("<https://example.com/%EB%85%B8%ED%8A%B8%7Ca%3Eb|")


@pytest.mark.parametrize(
    ("markup", "meant"),
    [
        ("<@U1> 대학원 &amp; 취업", "대학원 & 취업"),
        ("<https://a.example/x|여기> 봐", "여기 봐"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("<#C1|general> 에서", "general 에서"),
        ("1 &lt; 2", "1 < 2"),
        ("<!here> 안녕", "안녕"),
        (":joy: 박사 유학 :+1::skin-tone-2:", "박사 유학"),
        (":눈물:", ""),
        ("std::vector 10:30:20 a:b:c", "std::vector 10:30:20 a:b:c"),
    ],
)
def test_slacks_markup_is_read_as_people_meant_it(markup: str, meant: str) -> None:
    assert plain(markup) == meant


@given(st.text(max_size=50))
def test_escaped_words_hold_no_markup(words: str) -> None:
    assert "<" not in escaped(words)
    assert ">" not in escaped(words)


@pytest.mark.parametrize("between", [" ", "\n", "  "])
def test_a_command_is_known_whatever_blank_stands_behind_its_name(between: str) -> None:
    assert meant(f"질문{between}온라인 석사") == ("ask", "온라인 석사")
