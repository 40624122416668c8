"""Every shape that questions take in real notes, in notes written for these tests."""

from __future__ import annotations

from textwrap import dedent

import pytest

from content.notes import Asked, Remark, Said, read
from content.notes.plain import plain

Tree = list[tuple[str, list[object]]]


def asked(note: str) -> dict[str, list[str]]:
    """The questions of a note, plain, each with the words of its points in reading order."""
    found = read(dedent(note).encode(), name="note").questions
    return {plain(question.text): [plain(text) for text in _texts(question.points)] for question in found}


def _texts(points: tuple[Said, ...]) -> list[str]:
    return [text for point in points for text in (point.text, *_texts(point.children))]


def only(note: str) -> Asked:
    (question,) = read(dedent(note).encode(), name="note").questions
    return question


def test_bullets_ask_and_nested_bullets_answer_at_any_indentation() -> None:
    note = (
        "## Q&A\n\n- 분야는 어떻게 정하나요?\n\t- 끌리는 쪽으로요.\n\t    - 바꿔도 됩니다.\n"
        "- 추천 논문이 궁금합니다\n   - 최근 것부터\n"
    )

    assert asked(note) == {
        "분야는 어떻게 정하나요?": ["끌리는 쪽으로요.", "바꿔도 됩니다."],
        "추천 논문이 궁금합니다": ["최근 것부터"],
    }


def test_an_answer_indented_by_two_columns_below_a_number_is_an_answer() -> None:
    assert asked("1. 왜 쓰나요?\n  - 빨라서요.\n2. 언제 쓰나요?\n  - 늘요.\n") == {
        "왜 쓰나요?": ["빨라서요."],
        "언제 쓰나요?": ["늘요."],
    }


def test_numbered_questions_are_answered_by_what_stands_at_the_margin() -> None:
    note = """
        1. 프로세스와 스레드의 차이는 무엇인가요?
        - 프로세스: 실행 중인 프로그램

        | 항목 | 값 |
        | --- | --- |
        | 메모리 | 독립 |

        2. 데드락의 조건

        상호 배제

        3. 왜 컨텍스트 스위칭은 비쌀까요?

        캐시 때문입니다.
    """

    found = asked(note)

    assert list(found) == ["프로세스와 스레드의 차이는 무엇인가요?", "데드락의 조건", "왜 컨텍스트 스위칭은 비쌀까요?"]
    assert found["데드락의 조건"] == ["상호 배제"]
    assert found["왜 컨텍스트 스위칭은 비쌀까요?"] == ["캐시 때문입니다."]


def test_headings_ask_at_the_level_where_most_siblings_do() -> None:
    note = """
        # FAQ

        ## 설치

        #### 어떻게 설치하나요?
        내려받으세요.

        #### 设备要求是什么？
        没有。

        ## 도커

        #### 이미지 내려받기가 느림
        미러를 쓰세요.
    """

    assert asked(note) == {
        "어떻게 설치하나요?": ["내려받으세요."],
        "设备要求是什么？": ["没有。"],
        "이미지 내려받기가 느림": ["미러를 쓰세요."],
    }


def test_noun_headings_ask_where_the_title_says_so() -> None:
    assert list(asked("# 면접 질문 모음\n\n### 1. 쿠키와 세션\n- 쿠키\n\n### 2. 클로저\n함수\n")) == [
        "쿠키와 세션",
        "클로저",
    ]


@pytest.mark.parametrize(
    "note",
    [
        "Q: 왜요?\nA: 그냥요.\n\nQ: 언제요?\nA: 내일요.",
        "**Q1. 왜요?**  \n👉 **A.** 그냥요.\n\n**Q2. 언제요?**  \n👉 **A.** 내일요.",
        "- Q: 왜요?\n- A: 그냥요.\n- Q: 언제요?\n- A: 내일요.",
        "- Q. 왜요?\n    - A. 그냥요.\n- Q. 언제요?\n    - A. 내일요.",
        "질문: 왜요?\n답변: 그냥요.\n\n질문: 언제요?\n답변: 내일요.",
        "1번. 왜요?\n∟ A: 그냥요.\n\n2번. 언제요?\n∟ A: 내일요.",
        "Q1\n왜요?\nA1\n그냥요.\n\nQ2\n언제요?\nA2\n내일요.",
        "[Q] 왜요?\n[A] 그냥요.\n\n[Q] 언제요?\n[A] 내일요.",
        "**Q**: 왜요?<br>**A**: 그냥요.\n\n**Q**: 언제요?<br>**A**: 내일요.",
        "1. **Q: 왜요?**<br>\nA: 그냥요.\n\n1. **Q: 언제요?**<br>\nA: 내일요.",
        "### Q. 왜요?\n### A.\n그냥요.\n\n### Q. 언제요?\n### A. 내일요.",
        "### Question\n왜요?\n### Answer\n그냥요.\n\n### Question\n언제요?\n### Answer\n내일요.",
        "- 왜요?\n  → 그냥요.\n- 언제요?\n  → 내일요.",
        "> Q: 왜요?\n> A: 그냥요.\n\n> Q: 언제요?\n> A: 내일요.",
        "**왜요?**\n그냥요.\n\n**언제요?**\n\n내일요.",
        "- **왜요?** 그냥요.\n- **언제요?** 내일요.",
        "> 왜요?\n\n그냥요.\n\n> 언제요?\n\n내일요.",
        "<details><summary>왜요?</summary>그냥요.</details>\n<details>\n<summary><b>언제요?</b></summary>\n내일요.\n</details>",
        ":::spoiler 왜요?\n그냥요.\n:::\n\n:::spoiler Q. 언제요?\n내일요.\n:::",
        "## 왜요?\n<details>\n<summary>정답 보기</summary>\n\n그냥요.\n</details>\n\n"
        "## 언제요?\n<details><summary>답</summary>내일요.</details>",
        "<h3>왜요?</h3>\n<p>그냥요.</p>\n\n<h3>언제요?</h3>\n<p>내일요.</p>",
        "|번호|질문|답변|\n|-|-|-|\n|1|왜요?|그냥요.|\n|2|언제요?|내일요.|",
        "왜요?\n---\n그냥요.\n\n언제요?\n---\n내일요.",
        "Q1) 왜요?\n\n    그냥요.\n\nQ2) 언제요?\n\n    내일요.",
        "##왜요?\n그냥요.\n\n---\n##언제요?\n내일요.",
    ],
)
def test_each_way_to_mark_question_and_answer_is_read(note: str) -> None:
    assert asked(note) == {"왜요?": ["그냥요."], "언제요?": ["내일요."]}


def test_one_note_may_mix_shapes_section_by_section() -> None:
    note = "## 1부\n- 왜요?\n  - 그냥요.\n\n## 2부\n**Q. 언제요?**\n\n내일요.\n\nQ. 누가요?\n\n제가요.\n"

    assert asked(note) == {"왜요?": ["그냥요."], "언제요?": ["내일요."], "누가요?": ["제가요."]}


def test_code_before_the_answer_belongs_to_the_question() -> None:
    question = only("- 다음 코드의 출력은?\n  ```\n  # 1\n  print(1)\n  ```\n  - 1입니다.\n")

    assert question.text == "다음 코드의 출력은?\n```\n# 1\nprint(1)\n```"
    assert question.points == (Said("1입니다."),)


def test_the_options_of_a_quiz_belong_to_its_question() -> None:
    note = (
        "1. 다음 중 틀린 것은?\n\n   > 1. 가\n   > 2. 나\n\n2. 다음 중 옳은 것은?\n\n   > 1. 다\n   > 2. 라\n\n"
        "* 정답은 아래\n\n<br>\n\n1. 2\n2. 1\n"
    )

    assert asked(note) == {"다음 중 틀린 것은? 1. 가 2. 나": ["2"], "다음 중 옳은 것은? 1. 다 2. 라": ["1"]}


@pytest.mark.parametrize(
    "note",
    [
        "1. 틀린 것은?\n\n   > 1. 가\n   > 2. 나\n\n2. 둘의 합은?\n\n   > 1. 다\n   > 2. 라\n\n"
        "3. 옳은 것은?\n\n   > 1. 마\n   > 2. 바\n",
        "1. 틀린 것은?\n   1. 가\n   2. 나\n2. 둘의 합은?\n   1. 다\n   2. 라\n3. 옳은 것은?\n   1. 마\n   2. 바\n",
        "## 틀린 것은?\n- a) 가\n- b) 나\n\n## 둘의 합은?\n- a) 다\n- b) 라\n\n## 옳은 것은?\n- a) 마\n- b) 바\n",
    ],
)
def test_choices_belong_to_each_question_of_a_quiz_whatever_its_words(note: str) -> None:
    questions = read(note.encode(), name="note").questions

    assert [(question.answered, question.text.count("\n")) for question in questions] == [(False, 2)] * 3


@pytest.mark.parametrize(
    "note",
    [
        "- 다음 중 틀린 것은?\n  > 1. 가\n  > 2. 나\n- 순서가 어떻게 되나요?\n  > 1. 먼저 가고\n  > 2. 다음에 나\n",
        "- 틀린 것은?\n  > 1. 가\n  > 2. 나\n\n  1번\n- 옳은 것은?\n  > 1. 가\n  > 2. 나\n\n  2번\n"
        "- 순서가 어떻게 되나요?\n  > 1. 먼저 가고\n  > 2. 다음에 나\n",
    ],
    ids=["no quiz", "a quiz with answers"],
)
def test_numbered_lines_answer_where_nothing_shows_that_they_are_choices(note: str) -> None:
    last = read(note.encode(), name="note").questions[-1]

    assert (last.text, last.answered) == ("순서가 어떻게 되나요?", True)


@pytest.mark.parametrize("shape", ["<details><summary>question</summary><p>answer</p>", "`<details>` or <summary>Why?"])
def test_a_tag_in_a_cell_of_a_table_folds_nothing(shape: str) -> None:
    note = f"| file | shape | count |\n| --- | --- | --- |\n| a.md | {shape} | 3 |\n| b.md | lists | 4 |\n"

    reading = read(note.encode(), name="note")

    assert reading.talks == ()
    assert reading.found.endswith("found 1 table")


def test_an_answer_folded_away_in_a_cell_of_a_table_is_read() -> None:
    note = "| 질문 | 답변 |\n|-|-|\n| 왜요? | <details><summary>답 보기</summary>그냥요.</details> |\n"

    assert asked(note) == {"왜요?": ["그냥요."]}


def test_a_foldout_right_below_a_table_ends_it() -> None:
    table = "| a | b |\n|-|-|\n| 1 | 2 |\n"
    note = (
        f"<details><summary>왜요?</summary>\n\n{table}</details>\n<details><summary>언제요?</summary>\n네.</details>\n"
    )

    assert list(asked(note)) == ["왜요?", "언제요?"]


def test_code_tables_and_images_attach_to_the_point_before_them() -> None:
    question = only("## Q. 예시가 있나요?\n\n네.\n\n```py\n# no heading\n  x = 1\n```\n\n![그림](a.png)\n\n끝.\n")

    assert question.points == (Said("네.\n```py\n# no heading\n  x = 1\n```\n![그림](a.png)"), Said("끝."))


def test_deeper_headings_stay_inside_the_answer_and_sources_are_dropped() -> None:
    reading = read("## REST란?\n자원\n### 장점\n- 단순\n### 참고\n- 링크\n\n## HTTP란?\n규약\n".encode(), name="note")

    assert reading.questions[0].points == (Said("자원"), Said("장점", (Said("단순"),)))
    assert [(each.line, each.count) for each in reading.dropped] == [(5, 2)]


def test_nested_questions_follow_their_parent() -> None:
    reading = read(
        "## 질문\n- Word2Vec의 원리는?\n\t- 왜 임베딩인가요?\n\t- 얼마나 큰가요?\n- GAN이 왜 뜨나요?\n".encode(),
        name="note",
    )

    assert [len(question.follow_ups) for question in reading.talks[0].questions] == [2, 0]
    assert not any(question.answered for question in reading.questions)


@pytest.mark.parametrize(
    "placeholder", ["내용", "Answer here", "A:", "*(Answer goes here)*", "TBD", "<br>", "작성 예정"]
)
def test_a_placeholder_is_no_answer(placeholder: str) -> None:
    found = read(f"## 왜요?\n{placeholder}\n\n## 언제요?\n내일요.\n".encode(), name="note").questions

    assert [question.answered for question in found] == [False, True]


def test_words_that_only_look_like_labels_are_kept() -> None:
    note = "## Q&A\n- 질문 1?\n  - 답변 1.\n- 질문 2?\n  - 답 2\n- Question 3?\n  - Answer 3.\n"

    assert asked(note) == {"질문 1?": ["답변 1."], "질문 2?": ["답 2"], "Question 3?": ["Answer 3."]}


def test_threads_without_a_question_are_dropped_and_reports_of_trouble_are_kept() -> None:
    note = """
        - Will there be breaks?
            - Yes.
        - Awesome screen sharing!
            - I agree
        - git checkout had no effect here
            - use git restore
        - Where is the video?
            - On the page.
    """

    assert list(asked(note)) == ["Will there be breaks?", "git checkout had no effect here", "Where is the video?"]


@pytest.mark.parametrize(
    "note",
    [
        "# 3강 역전파\n\n## 개요\n- 체인룰\n\n## 그래디언트\n역전파입니다.\n\n### 왜 필요한가?\n아끼려고요.\n",
        "# 코드 리뷰 체크리스트\n- [ ] 테스트를 작성했는가?\n- [x] 문서를 고쳤는가?\n",
        "# 강의 후기\n\n왜 좋았을까요?\n\n- 설명이 쉬웠다\n- 예제가 많았다\n",
        "# 사용 설명서\n\n## 설치 방법\n받기\n\n## 실행 방법\n누르기\n",
        "# 회의록\n- 로그인 버그\n  - 담당: 민수\n- 배포\n  - 금요일\n",
        "# 왜 도커인가?\n\n## 배경\n긴 글\n\n## 결론\n끝\n",
        "",
        "\ufeff",
    ],
)
def test_a_note_without_questions_gives_none_and_says_what_it_found(note: str) -> None:
    reading = read(note.encode(), name="note")

    assert reading.talks == ()
    assert "looked for" in reading.found


@pytest.mark.parametrize("note", ["", "\ufeff", " \n\t\r\n"])
def test_an_empty_file_is_called_empty(note: str) -> None:
    found = read(note.encode(), name="note").found

    assert found.endswith("; the file is empty")
    assert isinstance(found, Remark)
    assert (found.kind, found.values) == ("empty", {})


def test_what_was_found_is_counted_in_right_english() -> None:
    reading = read("# 후기\n\n좋았다.\n\n정말.\n\n- 하나\n".encode(), name="note")

    assert reading.found.endswith("; found 1 heading, 3 paragraphs, 1 list item")


def test_a_page_that_is_one_question_is_title_and_question() -> None:
    assert asked("# 도커란 무엇인가요?\n\n컨테이너입니다.\n") == {"도커란 무엇인가요?": ["컨테이너입니다."]}
    assert asked('---\nquestion: "왜요?"\n---\n그냥요.\n') == {"왜요?": ["그냥요."]}
