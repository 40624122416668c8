"""Hangul as it is typed: keystrokes, initial consonants, and text typed on the wrong keyboard layout.

A *key* is one press on the standard two-set keyboard (두벌식): "과" is ㄱㅗㅏ, "닭" is ㄷㅏㄹㄱ, "까" is ㄲㅏ. Keys are
written as compatibility jamo, the letters a keyboard shows.
"""

from __future__ import annotations

from itertools import product

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_COMPOUNDS = {
    "ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ",
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ",
    "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
_JOINED = {keys: letter for letter, keys in _COMPOUNDS.items()}

_QWERTY = dict(zip("rRseEfaqQtTdwWczxvg", _INITIALS, strict=True)) | dict(
    zip("koiOjpuPhynbml", "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ", strict=True)
)
_LATIN = {jamo: key for key, jamo in _QWERTY.items()}
_QWERTY |= {key.upper(): jamo for key, jamo in _QWERTY.items() if key.upper() not in _QWERTY}  # Shift changes nothing


def keys(text: str) -> str:
    """The presses that type *text*; what is not Hangul stays as it is."""
    return text.translate(_KEYS)


def initials(text: str) -> str:
    """The first consonant of each syllable ("대학원" -> "ㄷㅎㅇ"); what is not a syllable stays as it is."""
    return text.translate(_INITIAL_OF)


def is_syllable(character: str) -> bool:
    """Whether *character* is a whole Hangul syllable."""
    return _FIRST_SYLLABLE <= ord(character) <= _LAST_SYLLABLE


def is_vowel(key: str) -> bool:
    """Whether *key* is the press of a vowel."""
    return key != "" and key in _VOWELS


def is_initials(text: str) -> bool:
    """Whether *text* is nothing but consonants and spaces, at least two consonants ("ㄷㅎㅇ", "ㅂㅅ ㅇㅎ")."""
    letters = text.translate(_SPLIT).replace(" ", "")
    return len(letters) > 1 and all(letter in _INITIALS for letter in letters)


def split_clusters(text: str) -> str:
    """*text* with lone compound letters apart: an input method writes ㅄ for the initials ㅂ and ㅅ."""
    return text.translate(_SPLIT)


def compose(pressed: str) -> str:
    """The text that the keys *pressed* give, as an input method joins them; never fails, odd keys stay alone."""
    written: list[str] = []
    initial = vowel = final = ""  # final as one or two keys

    def flush() -> None:
        nonlocal initial, vowel, final
        written.append(_syllable(initial, vowel, final))
        initial = vowel = final = ""

    for key in pressed:
        if key in _VOWELS:
            if final:  # the last consonant begins the next syllable: ㄱㅏㄱ + ㅏ is 가가
                next_initial, final = final[-1], final[:-1]
                flush()
                initial, vowel = next_initial, key
            elif vowel and vowel + key in _JOINED:
                vowel = _JOINED[vowel + key]
            elif vowel or not initial:
                flush()
                vowel = key
            else:
                vowel = key
        elif initial and vowel and not final and key in _FINALS:
            final = _COMPOUNDS.get(key, key)
        elif final and final + key in _JOINED:
            final += key
        else:
            flush()
            if key in _INITIALS:
                initial = key
            else:
                written.append(key)
    flush()
    return "".join(written)


def hangul_of_latin(text: str) -> str:
    """What *text* would say had the keyboard been switched to Korean: "eogkrdnjs" -> "대학원"."""
    return compose("".join(_QWERTY.get(character, character) for character in text))


def latin_of_hangul(text: str) -> str:
    """What *text* would say had the keyboard been switched to English: "ㅣㄴ스" -> "lstm"."""
    return "".join(_LATIN.get(key, key) for key in keys(text))


def _syllable(initial: str, vowel: str, final: str) -> str:
    """One syllable, or its letters side by side where they make none."""
    if not (initial and vowel):
        return initial + vowel + final
    place = (_INITIALS.index(initial) * len(_VOWELS) + _VOWELS.index(vowel)) * len(_FINALS)
    return chr(_FIRST_SYLLABLE + place + _FINALS.index(_JOINED.get(final, final)))


def _keys_of_syllables() -> dict[int, str]:
    """Every syllable's presses, by code point."""
    letters = ([_COMPOUNDS.get(letter, letter) for letter in row] for row in (_INITIALS, _VOWELS, _FINALS))
    return dict(enumerate(map("".join, product(*letters)), _FIRST_SYLLABLE))


_SPLIT = {ord(letter): typed for letter, typed in _COMPOUNDS.items()}
_SYLLABLE_KEYS = _keys_of_syllables()
_KEYS = _SYLLABLE_KEYS | _SPLIT
_INITIAL_OF = {code: typed[0] for code, typed in _SYLLABLE_KEYS.items()} | _SPLIT
