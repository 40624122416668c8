"""A reply's plain text is complete without its dress."""

from __future__ import annotations

from bot.reply import Answer, Button, Reply, Tip, Words, attribution
from content import Advice, Point, Question, Session

CODE = Point("코드는 이렇게:\nfor x in y:\n  pass")
QUESTION = Question(
    id="basics",
    session="first",
    number=1,
    text="무엇부터\n공부할까요?",
    short="무엇부터?",
    points=(
        Point("기초부터", (Point("알고리즘", (Point("정렬"),)), CODE)),
        Point("매일 조금씩"),
    ),
)
SESSION = Session("first", "첫 모임", "주재걸", "02.17", "https://example.org/note", (QUESTION,))
NAMELESS = Session("first", "첫 모임", "", "", None, (QUESTION,))


def test_an_answer_keeps_its_nesting_and_says_whose_words_it_holds() -> None:
    reply = Reply((Answer(QUESTION, SESSION, best="1.1"),))

    assert reply.text == (
        "Q. 무엇부터\n공부할까요?\n"
        "• 기초부터\n"
        "  • 알고리즘\n"
        "    • 정렬\n"
        "  • 코드는 이렇게:\n"
        "    for x in y:\n"
        "      pass\n"
        "• 매일 조금씩\n"
        "— 주재걸 · 첫 모임 · 02.17\n"
        "https://example.org/note"
    )


def test_what_a_note_does_not_say_is_left_out() -> None:
    reply = Reply((Answer(QUESTION, NAMELESS),))

    assert reply.text.endswith("• 매일 조금씩\n— 첫 모임")
    assert attribution(NAMELESS) == "첫 모임"


def test_advice_is_quoted_with_whose_words_it_is() -> None:
    reply = Reply((Tip(Advice("basics.1", "매일 조금씩", "basics", "1"), QUESTION, SESSION),))

    assert reply.text == "“매일 조금씩”\n— 주재걸 · 첫 모임 · 02.17"


def test_choices_are_numbered_below_their_lead() -> None:
    choices = (Button("하나", "show", "one"), Button("둘", "show", "two"))

    reply = Reply((Words("여기요."), Words("저기요.")), lead="혹시?", choices=choices)

    assert reply.text == "여기요.\n\n저기요.\n\n혹시?\n1. 하나\n2. 둘"


def test_choices_without_a_lead_and_a_lead_without_choices_leave_no_gap() -> None:
    assert Reply((Words("여기요."),), choices=(Button("하나", "show"),)).text == "여기요.\n\n1. 하나"
    assert Reply((Words("여기요."),), lead="혹시?").text == "여기요."


def test_a_button_is_known_by_its_command_and_what_it_needs() -> None:
    assert Button("공유", "share", "show:basics/1").id == "share:show:basics/1"
    assert Button("둘러보기", "browse").id == "browse:"
