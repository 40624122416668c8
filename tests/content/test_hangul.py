"""Keystrokes, initials and keyboard layouts, over every syllable and over thousands of words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from content.search import hangul

SYLLABLES = "".join(map(chr, range(0xAC00, 0xD7A4)))
PARAKQC = Path(__file__).parents[3] / "shared" / "eval" / "parakqc.tsv"


def test_every_syllable_is_typed_and_read_again() -> None:
    assert [letter for letter in SYLLABLES if hangul.compose(hangul.keys(letter)) != letter] == []


def test_every_syllable_survives_the_other_keyboard_layout() -> None:
    assert [s for s in SYLLABLES if hangul.hangul_of_latin(hangul.latin_of_hangul(s)) != s] == []


@given(st.text(alphabet=SYLLABLES, min_size=1, max_size=12))
def test_any_word_is_typed_and_read_again(word: str) -> None:
    assert hangul.compose(hangul.keys(word)) == word
    assert hangul.hangul_of_latin(hangul.latin_of_hangul(word)) == word
    assert len(hangul.initials(word)) == len(word)


@given(st.text(max_size=40) | st.text("ㄱㄲㄳㄵㄺㅂㅄㅅㅆㅇㅏㅐㅑㅗㅘㅛㅣ갑qQrtkhol", max_size=12))
@example("rkㅄk")  # a vowel takes half of two consonants that came as one letter
def test_any_text_can_be_converted(text: str) -> None:
    hangul.keys(text)
    hangul.initials(text)
    hangul.hangul_of_latin(text)
    hangul.latin_of_hangul(text)
    hangul.is_initials(text)


@pytest.mark.skipif(not PARAKQC.exists(), reason="ParaKQC lies beside the checkout, not in it")
def test_real_words_are_typed_and_read_again() -> None:
    words = set(PARAKQC.read_text(encoding="utf-8").split())

    assert len(words) > 10_000
    assert [word for word in words if hangul.compose(hangul.keys(word)) != word] == []


def test_keys_are_those_of_the_two_set_keyboard() -> None:
    assert hangul.keys("닭과 까치 AI") == "ㄷㅏㄹㄱㄱㅗㅏ ㄲㅏㅊㅣ AI"


def test_a_word_on_the_wrong_layout_is_read() -> None:
    assert hangul.hangul_of_latin("eogkrdnjs Rhr") == "대학원 꼭"
    assert hangul.latin_of_hangul("ㅣㄴ스 ㅎ겨") == "lstm gru"


def test_initials_are_known_even_where_the_input_method_joined_them() -> None:
    assert hangul.initials("대학원 취업") == "ㄷㅎㅇ ㅊㅇ"
    assert hangul.is_initials("ㅄ ㅇㅎ")
    assert hangul.split_clusters("ㅄ") == "ㅂㅅ"
    assert not hangul.is_initials("ㄱ")
    assert not hangul.is_initials("ㅠㅠ")
