"""Whatever the core replies, Discord takes it, and the note's words come through."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.discord.forms import modal
from bot.platforms.discord.limits import length
from bot.platforms.discord.markdown import pages, point_lines
from bot.platforms.discord.render import render
from bot.reply import Answer, Button, Field, Form, Reply, Tip, Words
from bot.wording import phrases
from content import Advice, Point, Question, Session
from tests.platforms.discord_schema import faults, message_faults

# Korean, emoji beyond the first plane, decomposed jamo, Markdown's signs and sentence ends, short and very long.
_piece = st.one_of(
    st.text(alphabet="가힣ㄱab .!?…\n|*_`$#-<>@&[]()🤔👩\u1112\u1161\u11ab\u200b", max_size=60),
    st.sampled_from(["`" * 3 + "py\nx = 1\n" + "`" * 3, "| 가 | 나 |\n|---|---|\n| 1 | 2 |", "$x_i$", "말이에요. "]),
)
_words = st.builds(lambda piece, times: piece * times, _piece, st.sampled_from([0, 1, 1, 1, 40, 400]))
_points = st.recursive(
    st.builds(Point, _words),
    lambda inner: st.builds(Point, _words, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)
_questions = st.builds(
    Question,
    id=st.from_regex(r"[a-z0-9-]{1,48}", fullmatch=True),
    session=st.just("s"),
    number=st.just(1),
    text=_words,
    short=st.text(max_size=60),
    points=st.lists(_points, max_size=4).map(tuple),
)
_sessions = st.builds(
    Session,
    id=st.just("s"),
    title=_words,
    speaker=_words,
    date=_words,
    source=st.one_of(
        st.none(), st.just("https://a.test/x"), st.just("file.md"), st.just("https://a.test/" + "x" * 600)
    ),
    questions=st.just(()),
)
_advice = st.builds(Advice, id=st.just("q.1"), text=_words, question=st.just("q"), point=st.just("1"))
_buttons = st.builds(
    Button,
    label=_words,
    command=st.sampled_from(["show", "browse", "share", "another", "BAD!"]),
    argument=st.text(max_size=120),
    note=st.one_of(st.just(""), _words),
)
_replies = st.builds(
    Reply,
    blocks=st.lists(
        st.one_of(
            st.builds(Words, _words),
            st.builds(Tip, _advice, _questions, _sessions),
            st.builds(Answer, _questions, _sessions, st.sampled_from([None, "1", "1.1", "2"])),
        ),
        max_size=12,
    ).map(tuple),
    buttons=st.lists(_buttons, max_size=14).map(tuple),
    lead=_words,
    choices=st.one_of(st.lists(_buttons, max_size=6), st.lists(_buttons, min_size=20, max_size=60)).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(_replies, st.integers(1, 9), st.sampled_from(["ko", "en"]))
def test_any_reply_renders_within_every_limit(reply: Reply, page: int, locale: str) -> None:
    view = render(reply, phrases(locale), page=page)

    wrong = message_faults({"components": view.to_components(), "flags": 1 << 15, "allowed_mentions": {"parse": []}})
    assert wrong == []


_names = st.text(alphabet="abc가🤔", min_size=0, max_size=120)
_fields = st.builds(
    Field,
    name=_names,
    label=_words,
    kind=st.sampled_from(["time", "date", "text", "choice", "choices"]),
    value=st.one_of(st.just(()), st.tuples(_words)),
    options=st.one_of(
        st.lists(st.tuples(_names, _words), max_size=5), st.lists(st.tuples(_names, _words), min_size=20, max_size=60)
    ).map(tuple),
    hint=_words,
    required=st.booleans(),
)
_forms = st.builds(
    Form,
    title=_words,
    command=st.just("tips"),
    argument=st.text(max_size=120),
    fields=st.lists(_fields, max_size=12, unique_by=lambda field: field.name).map(tuple),
    submit=_words,
)


@settings(max_examples=60, deadline=None)
@given(_forms, st.integers(1, 4))
def test_any_form_opens_within_every_limit_or_not_at_all(form: Form, page: int) -> None:
    shown = modal(form, page)

    if shown is not None:
        sent = {"type": 9, "data": shown.to_dict()}
        assert faults("POST", "/interactions/{interaction_id}/{interaction_token}/callback", sent) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(_points, max_size=5), st.integers(60, 2_000))
def test_no_page_holds_more_than_it_may(points: list[Point], room: int) -> None:
    texts = pages(point_lines(tuple(points), best=None, mark="★"), room)

    assert all(length(text) <= room for text in texts)


def test_a_page_ends_where_a_sentence_ends() -> None:
    sentences = ["한 문장이에요.", "물음표도 끝인가요?", "네, 그래요!"] * 40
    texts = pages(point_lines((Point(" ".join(sentences)),), best=None, mark="★"), 200)

    assert len(texts) > 3
    assert all(text.rstrip()[-1] in ".?!" for text in texts)
    assert " ".join(" ".join(texts).removeprefix("- ").split()) == " ".join(sentences)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("식은 $a_i * b_i$ 예요", "- 식은 `$a_i * b_i$` 예요"),
        ("5$ 와 $10 은 돈이에요", "- 5$ 와 $10 은 돈이에요"),
        ("그림 ![손실](https://a.test/x.png)", "- 그림 [손실](https://a.test/x.png)"),
        ("표예요\n| a | b |\n|---|---|\n| 1 | 2 |", "- 표예요\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n```"),
        ("코드예요\n~~~py\nx = 1\n~~~\n끝", "- 코드예요\n```py\nx = 1\n```\n  끝"),
        ("$$\nx^2\n$$", "-\n```latex\nx^2\n```"),
    ],
)
def test_what_discord_does_not_draw_stays_readable(text: str, shown: str) -> None:
    assert pages(point_lines((Point(text),), best=None, mark="★"), 2_000) == [shown]


def test_points_are_nested_and_the_best_is_bold_or_marked() -> None:
    points = (Point("가", (Point("나", (Point("다"),)),)), Point("`라` 예요"))

    assert pages(point_lines(points, best="1.1", mark="★"), 200) == ["- 가\n  - **나**\n    - 다\n- `라` 예요"]
    assert pages(point_lines(points, best="2", mark="★"), 200)[0].endswith("- **★** · `라` 예요")


def test_a_code_block_longer_than_a_page_is_closed_and_opened_again() -> None:
    code = "```py\n" + "\n".join(f"line_{number} = {number}" for number in range(60)) + "\n```"
    texts = pages(point_lines((Point(code),), best=None, mark="★"), 300)

    assert len(texts) > 2
    assert all(text.count("```") == 2 for text in texts)


def test_length_counts_a_syllable_once_and_an_emoji_twice() -> None:
    assert [length(text) for text in ("가", "각", "\u1100\u1161\u11a8", "🤔")] == [1, 1, 3, 2]
