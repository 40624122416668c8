"""Buttons: every one that a reply holds works, and old ones answer kindly."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.commands import handle, press
from bot.reply import Reply, Request
from bot.study import Study

Ask = Callable[..., Request]

ID_LENGTH = 100  # Discord's custom_id


@pytest.mark.parametrize("id_", ["quiz:3", "quiz", "", ":", "Ask:연봉", "__class__:x"])
async def test_a_button_of_an_older_bot_answers_kindly(study: Study, asked: Ask, id_: str) -> None:
    reply = await press(study, id_, asked())

    assert reply.text == "이 버튼은 이제 쓰이지 않아요. 명령으로 다시 시작해 주세요."
    assert [button.id for button in reply.buttons] == ["browse:"]


@pytest.mark.parametrize("locale", ["ko", "en"])
async def test_every_button_that_can_be_reached_works(shipped: Study, asked: Ask, locale: str) -> None:
    request = asked(locale=locale)
    starts = [await handle(shipped, name, request) for name in ("help", "browse", "advice", "ask")]
    starts.append(await handle(shipped, "ask", asked(shipped.library.questions[0].text, locale=locale)))
    starts.append(await handle(shipped, "ask", asked("qwzx vbnk", locale=locale)))

    with capture_logs() as logs:
        replies = await _crawl(shipped, request, starts)

    assert logs == []
    assert [id_ for id_ in replies if len(id_) > ID_LENGTH] == []
    assert [id_ for id_, reply in replies.items() if not reply.text.strip()] == []
    assert {f"show:{question.id}" for question in shipped.library.questions} <= set(replies)
    assert {f"share:advice:{piece.id}" for piece in shipped.library.advice()} <= set(replies)
    assert _dead_ends(replies) == []


async def test_the_longest_ids_a_library_may_have_still_fit_a_button(study: Study, asked: Ask, folder: Path) -> None:
    first = folder / "first.yaml"
    levels = "".join(f"{'  ' * level}- text: 목록 {level}\n{'  ' * level}  points:\n" for level in range(2, 19))
    bottom = f"{'  ' * 19}- {{text: 끝, advice: true}}\n"
    text = first.read_text(encoding="utf-8").replace("basics", "b" * 48).replace("공부법", "공" * 20)
    text = text.replace("    points:\n", f"    points:\n{levels}{bottom}", 1)
    first.unlink()
    (folder / f"{'s' * 48}.yaml").write_text(text, encoding="utf-8")
    assert study.live.refresh()
    assert study.live.faults == ()

    starts = [await handle(study, name, asked()) for name in ("browse", "advice")]
    replies = await _crawl(study, asked(), starts)

    assert max(map(len, replies)) > 90
    assert [id_ for id_ in replies if len(id_) > ID_LENGTH] == []


async def _crawl(study: Study, request: Request, starts: list[Reply]) -> dict[str, Reply]:
    """The reply to every button that can be reached from *starts*, by the button's id."""
    replies: dict[str, Reply] = {}
    waiting = deque(starts)
    while waiting:
        reply = waiting.popleft()
        for button in (*reply.buttons, *reply.choices):
            if button.id not in replies:
                assert button.label
                replies[button.id] = await press(study, button.id, request)
                waiting.append(replies[button.id])
    return replies


def _dead_ends(replies: dict[str, Reply]) -> list[str]:
    """The buttons whose reply says that something is gone or failed, though nothing was removed."""
    gone = ("이제 자료실에 없어요", "no longer", "문제가 생겼어요", "went wrong", "쓰이지 않아요")
    return [id_ for id_, reply in replies.items() if any(words in reply.text for words in gone)]
