"""The shipped session is the professor's note, word for word, and well curated."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from content import SHORT_LENGTH, Library, Point, Session, load
from tests.shipped import INDEX

GOLD = Path(__file__).parents[3] / "shared/seed/gold.json"
POINTS = [8, 5, 4, 4, 4, 4, 4, 5, 5, 3, 6, 6, 5, 5, 2, 4, 3, 2]  # at the top of each answer: 79
NESTED = 49
WORDS = "fd1e0a1de8bbf5dbcad64ce0953386c07990e0f2998262c70c43e89a53281ff6"

# Old buttons and links hold these, so they stay for ever.
IDS = [
    *("choosing-a-field", "entry-level-skills", "irony-and-pragmatics", "crawling", "staying-motivated", "huge-models"),
    *("nlp-job-market", "phd-abroad", "top-down-study", "online-masters", "frontend-and-ai", "masters-for-a-job"),
    *("easy-examples", "c-plus-plus", "research-tips", "lab-admission", "lstm-gru-lifespan", "ai-winter"),
]


@pytest.fixture(scope="module")
def shipped() -> Library:
    return load(cache=INDEX)


@pytest.fixture(scope="module")
def seed(shipped: Library) -> Session:
    session = shipped.session("week4-masterclass1")
    assert session is not None
    return session


@pytest.mark.skipif(not GOLD.exists(), reason="the gold reading (../shared/seed/gold.json) is not beside this checkout")
def test_every_question_and_point_is_the_gold_readings_own(seed: Session) -> None:
    gold = [
        (question["question"], [(point["depth"], point["text"]) for point in question["answers"]])
        for question in json.loads(GOLD.read_text(encoding="utf-8"))
    ]

    read = [
        (question.text, [(address.count(".") + 1, point.text) for address, point in question.walk()])
        for question in seed.questions
    ]

    assert read == gold


def test_the_seed_is_whole(seed: Session) -> None:
    counts = [len(question.points) for question in seed.questions]
    points = sum(1 for question in seed.questions for _ in question.walk())

    assert counts == POINTS
    assert points == sum(POINTS) + NESTED
    assert [question.number for question in seed.questions] == list(range(1, 19))


def test_not_a_word_of_the_seed_has_changed(seed: Session) -> None:
    words = [
        line
        for question in seed.questions
        for line in (question.text, *(f"{address} {point.text}" for address, point in question.walk()))
    ]

    assert hashlib.sha256("\n".join(words).encode()).hexdigest() == WORDS


def test_every_question_keeps_its_id(seed: Session) -> None:
    assert [question.id for question in seed.questions] == IDS


def test_the_seed_says_whose_words_it_holds(seed: Session) -> None:
    assert (seed.title, seed.speaker, seed.date) == ("Week 4 마스터클래스1", "주재걸", "02.17")
    assert seed.source == "https://hackmd.io/6RMuuDrFT32LJB2KWbOhtw"


def test_question_nine_continues_question_eight(seed: Session) -> None:
    follows = {question.number: question.follows for question in seed.questions if question.follows}

    assert follows == {9: seed.questions[7].id}


def test_every_question_has_ten_other_phrasings_that_lead_to_it_alone(shipped: Library) -> None:
    few = {question.id: len(question.aliases) for question in shipped.questions if len(question.aliases) < 10}
    aliases = [alias.casefold() for question in shipped.questions for alias in question.aliases]

    assert few == {}
    assert len(aliases) == len(set(aliases))


def test_short_titles_fit_on_buttons_and_differ(shipped: Library) -> None:
    shorts = [question.short for question in shipped.questions]

    assert max(map(len, shorts)) <= SHORT_LENGTH
    assert len(set(shorts)) == len(shorts)


def test_a_handful_of_topics_covers_every_question(shipped: Library) -> None:
    assert 4 <= len(shipped.topics()) <= 8
    assert [question.id for question in shipped.questions if not question.topics] == []


def test_advice_is_plenty_and_only_cuts_words(shipped: Library) -> None:
    marked = [point for question in shipped.questions for _, point in question.walk() if point.advice is not None]

    assert 20 <= len(marked) <= 30
    assert len(shipped.advice()) == len(marked)
    assert [point.advice for point in marked if not _only_cuts_words(point)] == []


def _only_cuts_words(point: Point) -> bool:
    remaining = iter(point.text.split())
    return all(word in remaining for word in (point.advice or "").split())
