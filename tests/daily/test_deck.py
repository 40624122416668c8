"""A channel hears every piece once before one comes again, and its operator can arrange what comes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.daily.deck import Pick, Round, alternative, pick, preview

MONDAY = date(2026, 3, 2)
POOL = tuple("abcdefgh")


def days(count: int) -> list[date]:
    return [MONDAY + timedelta(days=number) for number in range(count)]


def pieces(round_: Round, pool: tuple[str, ...], count: int) -> list[str]:
    return [picked.advice for picked in preview(round_, pool, days(count), {}).values()]


@given(st.text(max_size=8), st.sets(st.text(min_size=1, max_size=4), min_size=1, max_size=12))
def test_every_piece_comes_once_a_round_and_never_on_two_days_running(channel: str, pool: set[str]) -> None:
    dealt = pieces(Round(channel), tuple(pool), 3 * len(pool))

    rounds = [dealt[start : start + len(pool)] for start in range(0, len(dealt), len(pool))]
    assert all(set(each) == pool for each in rounds)
    assert len(pool) == 1 or all(one != other for one, other in pairwise(dealt))


def test_channels_and_rounds_have_shuffles_of_their_own() -> None:
    here, there = pieces(Round("here"), POOL, 16), pieces(Round("there"), POOL, 8)

    assert here[:8] != there
    assert here[:8] != here[8:]
    assert here[:8] != sorted(POOL)


def test_new_advice_joins_the_round_and_removed_advice_leaves_it() -> None:
    begun = Round("here", 3, ("a", "b"))

    left = [pick(round_, ("a", "b", "c", "new"), MONDAY, {}) for round_ in (begun, Round("here", 3, ("a", "b", "c")))]

    assert {each.advice for each in left if each} <= {"c", "new"}
    assert left[1] == Pick(3, "new")
    assert pick(begun, ("b", "c"), MONDAY, {}) == Pick(3, "c")


def test_a_used_up_deck_is_shuffled_anew() -> None:
    picked = pick(Round("here", 3, ("a", "b")), ("a", "b"), MONDAY, {})

    assert picked == Pick(4, "a")


def test_an_empty_pool_gives_nothing() -> None:
    assert pick(Round("here", 3, ("a",)), (), MONDAY, {}) is None
    assert preview(Round("here"), (), days(3), {}) == {}


def test_a_pinned_piece_comes_on_its_day_and_not_before() -> None:
    for piece in POOL:
        shown = preview(Round("here"), POOL, days(8), {days(8)[5]: piece})

        assert [day for day, picked in shown.items() if picked.advice == piece] == [days(8)[5]]


def test_a_pin_never_repeats_a_piece_within_a_round() -> None:
    picked = pick(Round("here", 0, ("a",)), POOL, MONDAY, {MONDAY: "a"})

    assert picked is not None
    assert picked.advice != "a"


def test_a_piece_that_waits_for_its_day_still_comes_when_nothing_else_is_left() -> None:
    shown = preview(Round("here"), ("a", "b"), days(4), {days(4)[3]: "a"})

    assert [picked.advice for picked in shown.values()][:2] == ["b", "a"]
    assert len(shown) == 4


def test_swapping_goes_through_the_whole_deck() -> None:
    current = "a"
    seen = []
    for _ in POOL:
        seen.append(current)
        current = alternative(Round("here"), POOL, current, {MONDAY: current}) or ""

    assert sorted(seen) == sorted(POOL)
    assert current == "a"


def test_swapping_takes_no_piece_that_another_day_waits_for() -> None:
    assert alternative(Round("here"), ("a", "b"), "a", {days(2)[1]: "b"}) is None


def test_the_preview_is_what_is_dealt() -> None:
    shown = preview(Round("here"), POOL, days(14), {})

    round_ = Round("here")
    for day in days(14):
        picked = pick(round_, POOL, day, {})
        assert picked == shown[day]
        round_ = round_.deal(picked)
