"""The story of a channel's daily advice, on every platform that takes it, behind its real wire."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import PLATFORMS
from tests.platforms.chat import Chat

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=sorted(PLATFORMS))
async def chat(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Chat]:
    async with contextlib.AsyncExitStack() as stack:
        joining = await stack.enter_async_context(PLATFORMS[request.param](tmp_path_factory.mktemp("daily")))
        joined = await joining()
        yield joined
        await joined.leave()


async def _told(chat: Chat, action: str, awaited: str) -> str:
    """What *action* tells once it says so: the engine looks every second, and then writes down what it did."""
    async with asyncio.timeout(20):
        while awaited not in (told := (await chat.command("조언설정", action)).text):
            pass
    return told


async def test_a_channel_gets_its_advice_once_a_day_over_skips_pauses_and_restarts(chat: Chat) -> None:
    begun = await chat.command("조언설정", "설정 09:00 매일 공휴일=none")
    assert begun.private
    assert "매일 조언을 09:00 (Asia/Seoul)에 올려요" in begun.text

    assert "지금 올릴게요" in (await chat.command("조언설정", "지금")).text
    post = await chat.daily_post()
    assert not post.private
    assert await chat.others_see(post)
    assert "주재걸 · Week 4 마스터클래스1 · 02.17" in post.text
    assert post.buttons[:2] == ("전체 답변 보기", "다른 조언")  # a platform may link the source behind them
    whole = await chat.press(post, "전체 답변 보기")
    assert whole.private
    assert whole.best

    await chat.restart_bot()
    assert "이미 올렸어요" in (await chat.command("조언설정", "지금")).text
    assert "올렸어요" in (await chat.command("조언설정", "기록")).text

    await chat.next_morning()
    second = await chat.daily_post(2)
    assert second.text != post.text
    assert "이미 올렸어요" in await _told(chat, "지금", "이미 올렸어요")

    assert "쉬는 날이에요" in (await chat.command("조언설정", "건너뛰기")).text
    await chat.next_morning()
    assert "쉬었어요" in await _told(chat, "기록", "쉬었어요")  # written down once it is nine
    assert "멈췄어요" in (await chat.command("조언설정", "멈춤")).text
    assert "매일 조언을 09:00" in (await chat.command("조언설정", "다시")).text
    assert "껐어요" in (await chat.command("조언설정", "끄기")).text
    assert "아직 매일 조언이 없어요" in (await chat.command("조언설정", "지금")).text
