"""The command line, as scripts and fingers rely on it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import cli
from content.search.confidence import FITTED
from tests.bot.conftest import Run

pytestmark = pytest.mark.usefixtures("clean_desk")

SECRET = "우리 조만 아는 질문"


@pytest.fixture
def awkward(folder: Path) -> Path:
    """A library whose words look like the commands of a terminal library."""
    first = folder / "first.yaml"
    text = first.read_text(encoding="utf-8")
    text = text.replace("무엇부터 공부할까요?", "'[bold]무엇부터[/bold] :smile:'").replace(
        "매일 조금씩 하세요.", "'[/] [red]매일 \\'"
    )
    text = text.replace("첫 모임", "'[link=x]첫[/link] 모임'").replace("알고리즘과 자료구조", "'[알고리즘] :+1:'")
    first.write_text(text.replace("[공부법, 진로]", '["[i]공부", 진로]'), encoding="utf-8")
    return folder


def _lines(done: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_answer_in_json_has_the_promised_shape(sunbae: Run) -> None:
    done = sunbae("ask", "--json", "대학원 꼭 가야 하나요")

    (line,) = _lines(done)
    assert list(line) == ["query", "outcome", "matches"]
    assert line["query"] == "대학원 꼭 가야 하나요"
    assert line["outcome"] in {"answer", "choices"}
    assert len(line["matches"]) == 5
    assert line["matches"][0] | {"score": None} == {
        "session": "week4-masterclass1",
        "number": 12,
        "id": "masters-for-a-job",
        "score": None,
    }
    assert all(0 <= match["score"] <= 1 for match in line["matches"])
    assert done.exit_code == 0


def test_a_miss_exits_with_three_and_still_ranks(sunbae: Run) -> None:
    done = sunbae("ask", "--json", "점심 뭐 먹지")

    (line,) = _lines(done)
    assert line["outcome"] == "miss"
    assert len(line["matches"]) == 5
    assert done.exit_code == 3


def test_a_batch_gives_a_line_a_query_and_exits_with_zero(sunbae: Run) -> None:
    typed = "점심 뭐 먹지\r\n\n🤔\n" + "가" * 1_000_000 + "\nC++을 쓰면 [bold] 빨라요?"

    done = sunbae("ask", "--json", "--batch", "-", typed=typed)

    lines = _lines(done)
    assert [line["query"] for line in lines] == typed.replace("\r", "").split("\n")
    assert [line["outcome"] for line in lines[:4]] == ["miss"] * 4
    assert done.exit_code == 0


def test_a_batch_can_be_a_file(sunbae: Run, tmp_path: Path) -> None:
    (tmp_path / "queries.txt").write_text("점심 뭐 먹지\n", encoding="utf-8")

    assert _lines(sunbae("ask", "--json", "--batch", "queries.txt"))[0]["query"] == "점심 뭐 먹지"
    assert sunbae("ask", "--json", "--batch", "nowhere.txt").exit_code == 1
    assert sunbae("ask", "--json", "--batch", ".").stderr == "sunbae: .: cannot be read: Is a directory\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask"], "give either a question or --batch"),
        (["ask", "--json", "--batch", "-", "질문"], "give either a question or --batch"),
        (["ask", "--batch", "-"], "--batch goes with --json"),
        (["ask", ""], "the question holds no letters or digits; ask in words"),
        (["ask", "🤔"], "the question holds no letters or digits; ask in words"),
        (["ask", "\x00\x1b"], "the question holds no letters or digits; ask in words"),
        (["ask", "가" * 1_000_000], "the question has 1,000,000 characters; shorten it to 2,000"),
        (["ask", "--jason", "질문"], "No such option: --jason"),
        (["aks", "질문"], "No such command 'aks'"),
    ],
    ids=["nothing", "both", "no json", "empty", "emoji", "control", "a megabyte", "option", "command"],
)
def test_wrong_usage_exits_with_two_and_says_why(sunbae: Run, arguments: list[str], told: str) -> None:
    done = sunbae(*arguments)

    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_an_answer_is_shown_whole_with_whose_words_it_is(sunbae: Run, folder: Path) -> None:
    done = sunbae("ask", "비전공자는 무엇부터 공부하면 좋을까요?", SUNBAE_CONTENT=str(folder))

    assert done.stdout.splitlines()[:4] == [
        "비전공자는 무엇부터 공부하면 좋을까요?",
        "├── 기초를 꼭 먼저 공부하세요.",
        "│   ├── 알고리즘과 자료구조",
        "│   └── 선형대수",
    ]
    assert "— 주재걸 · 첫 모임 · 02.17 https://example.org/note" in done.stdout
    assert done.exit_code == 0


def test_a_miss_is_told_in_the_language_that_is_set(sunbae: Run) -> None:
    done = sunbae("ask", "qwzx vbnk fjgh", SUNBAE_LOCALE="en")

    assert done.stdout.startswith("The library has no answer to this question")
    assert done.exit_code == 3


def test_what_looks_like_markup_is_shown_as_it_stands(sunbae: Run, awkward: Path) -> None:
    answer = sunbae("ask", "비전공자는 무엇부터 공부하면 좋을까요?", SUNBAE_CONTENT=str(awkward)).stdout
    listed = sunbae("browse", SUNBAE_CONTENT=str(awkward)).stdout
    pieces = sunbae("advice", "--all", SUNBAE_CONTENT=str(awkward)).stdout
    checked = sunbae("check", str(awkward)).stdout

    assert "[알고리즘] :+1:" in answer
    assert "[/] [red]매일 \\\n" in answer
    assert "[link=x]첫[/link] 모임" in answer
    assert "[bold]무엇부터[/bold] :smile:" in listed
    assert "[i]공부" in listed
    assert "[/] [red]매일 \\\n  주재걸 · [link=x]첫[/link] 모임 · 02.17 › [bold]무엇부터[/bold] :smile:" in pieces
    assert "[i]공부" in checked


def test_browsing_lists_every_question_of_every_session(sunbae: Run, folder: Path) -> None:
    done = sunbae("browse", SUNBAE_CONTENT=str(folder))

    for words in (
        "주재걸 · 첫 모임 · 02.17",
        "무엇부터 공부할까요?",
        "공부법, 진로",
        "두 번째 모임",
        "연봉은 얼마나 되나요?",
    ):
        assert words in done.stdout


def test_browsing_heads_its_columns_in_the_language_that_is_set(sunbae: Run, folder: Path) -> None:
    english = sunbae("browse", SUNBAE_CONTENT=str(folder), SUNBAE_LOCALE="en").stdout

    assert "question" in english
    assert "topic" in english


def test_browsing_a_topic_leaves_the_rest_out(sunbae: Run, folder: Path) -> None:
    done = sunbae("browse", " 진 로", "--json", SUNBAE_CONTENT=str(folder))

    assert _lines(done) == [
        {
            "session": "first",
            "number": 1,
            "id": "basics",
            "short": "무엇부터 공부할까요?",
            "topics": ["공부법", "진로"],
        }
    ]
    assert "두 번째" not in sunbae("browse", "진로", SUNBAE_CONTENT=str(folder)).stdout


@pytest.mark.parametrize("command", ["browse", "advice"])
def test_a_topic_that_is_none_exits_with_three_and_names_those_there_are(
    sunbae: Run, folder: Path, command: str
) -> None:
    done = sunbae(command, "수영", SUNBAE_CONTENT=str(folder))

    assert done.stderr == "sunbae: no topic '수영'; the topics are 공부법, 진로, 취업\n"
    assert done.exit_code == 3


def test_a_library_without_topics_says_so(sunbae: Run, folder: Path) -> None:
    for file in folder.glob("*.yaml"):
        file.write_text(re.sub(r" *topics:.*\n", "", file.read_text(encoding="utf-8")), encoding="utf-8")

    done = sunbae("browse", "수영", SUNBAE_CONTENT=str(folder))

    assert done.stderr == "sunbae: no topic '수영'; the questions have no topics\n"


def test_other_notes_are_not_fitted_to_the_queries_of_the_shipped_ones(sunbae: Run, folder: Path) -> None:
    before = FITTED.read_bytes()

    done = sunbae("calibrate", SUNBAE_CONTENT=str(folder))

    assert "name files of queries for SUNBAE_CONTENT" in done.stderr
    assert done.exit_code == 2
    assert FITTED.read_bytes() == before


def test_queries_that_are_no_text_are_told_with_their_file(sunbae: Run, tmp_path: Path) -> None:
    (tmp_path / "judged.tsv").write_bytes(b"\xff\xfe")

    assert sunbae("calibrate", "judged.tsv").stderr == "sunbae: judged.tsv: is not UTF-8; save the file as UTF-8\n"


def test_advice_gives_one_piece_or_all(sunbae: Run, folder: Path) -> None:
    one = _lines(sunbae("advice", "--json", SUNBAE_CONTENT=str(folder)))
    every = _lines(sunbae("advice", "--all", "--json", SUNBAE_CONTENT=str(folder)))
    of_topic = _lines(sunbae("advice", "진로", "--all", "--json", SUNBAE_CONTENT=str(folder)))

    assert [piece["text"] for piece in every] == [
        "기초를 먼저 공부하세요.",
        "매일 조금씩 하세요.",
        "많이 읽으면 빨라집니다.",
    ]
    assert one[0] in every
    assert len(one) == 1
    assert of_topic == every[:2]
    assert every[2] | {"id": None} == {
        "id": None,
        "text": "많이 읽으면 빨라집니다.",
        "question": "papers",
        "session": "first",
    }


def test_no_advice_exits_with_three(sunbae: Run, folder: Path) -> None:
    done = sunbae("advice", "취업", SUNBAE_CONTENT=str(folder))

    assert "the library holds no such advice" in done.stderr
    assert done.exit_code == 3


def test_check_counts_what_is_sound(sunbae: Run) -> None:
    done = sunbae("check")

    assert done.stdout.splitlines()[-1] == "All session files are sound."
    assert {"week4-masterclass1", "18", "128"} <= set(done.stdout.split())
    assert done.exit_code == 0


def test_check_names_every_fault_with_its_line(sunbae: Run, folder: Path) -> None:
    for name in ("first.yaml", "second.yaml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("speaker:", "speeker:"), encoding="utf-8")

    done = sunbae("check", str(folder))

    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == [
        "sessions/first.yaml:1",
        "sessions/first.yaml:2",
        "sessions/second.yaml:1",
        "sessions/second.yaml:2",
    ]
    assert done.stdout == ""
    assert done.exit_code == 1


@pytest.mark.parametrize("arguments", [["check"], ["ask", "질문"], ["browse"], ["advice"], ["run"], []])
def test_a_content_folder_that_is_missing_is_told(sunbae: Run, arguments: list[str]) -> None:
    done = sunbae(*arguments, SUNBAE_CONTENT="nowhere")

    assert done.stderr == "sunbae: nowhere: no such folder\n"
    assert done.exit_code == 1


def test_every_wrong_setting_is_told(sunbae: Run) -> None:
    done = sunbae("browse", SUNBAE_LOCALE="fr", SUNBAE_WEB="here")

    assert [line.split()[1] for line in done.stderr.splitlines()] == ["SUNBAE_WEB", "SUNBAE_LOCALE"]
    assert done.exit_code == 1


def test_with_nothing_to_run_the_bot_says_so(sunbae: Run) -> None:
    done = sunbae(SUNBAE_WEB="off")

    assert done.stderr.startswith("sunbae: nothing to run: SUNBAE_WEB is off and no platform has a token")
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code"), [(["ask", "해외 온라인 석사는?"], 0), (["doctor"], 1), (["db", "upgrade"], 1)]
)
def test_a_home_that_is_no_folder_is_told_where_it_is_needed(
    sunbae: Run, tmp_path: Path, arguments: list[str], code: int
) -> None:
    (tmp_path / "file").write_text("")

    done = sunbae(*arguments, SUNBAE_HOME="file/home", SUNBAE_WEB="127.0.0.1:0")

    assert done.exit_code == code
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert ("SUNBAE_HOME should be a folder to write in" in " ".join((done.stdout + done.stderr).split())) == bool(code)


@pytest.mark.parametrize(
    ("command", "url"),
    [
        (["db", "upgrade"], "sqlite+aiosqlite:///file/x.db"),
        (["db", "rotate-keys"], "sqlite+aiosqlite:///file"),
        (["doctor"], "postgresql+asyncpg://u:secret@h:p/x"),
        (["run"], "sqlite+aiosqlite:///file"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    sunbae: Run, tmp_path: Path, command: list[str], url: str
) -> None:
    (tmp_path / "file").write_text("This is no database. " * 100)

    done = sunbae(*command, SUNBAE_DATABASE_URL=url, SUNBAE_WEB="127.0.0.1:0", SUNBAE_HTTP="off")

    shown = " ".join((done.stdout + done.stderr).split())
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "the database cannot be used (" in shown
    assert "SUNBAE_DATABASE_URL" in shown
    assert "secret" not in shown
    assert "http://" not in shown  # what is told at the start of a bot that runs


def test_an_env_file_that_cannot_be_read_is_told(sunbae: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, **_options: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_text", refuse)  # whoever is root may read every file

    done = sunbae("browse")

    assert done.stderr == "sunbae: .env: cannot be read: Permission denied\n"
    assert done.exit_code == 1


def test_a_broken_line_of_the_env_file_is_told_once_with_its_number(sunbae: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('SUNBAE_LOCALE=en\n\n\nSUNBAE TZ=UTC\nDISCORD_TOKEN="half\n', encoding="utf-8")

    done = sunbae("browse")

    assert done.stderr.splitlines() == [
        "sunbae: .env:4: is no NAME=value; mend the line, or put # before it",
        "sunbae: .env:5: is no NAME=value; mend the line, or put # before it",
    ]
    assert done.exit_code == 1


def test_a_question_can_be_named_by_the_id_that_is_shown(sunbae: Run, folder: Path) -> None:
    shown = sunbae("ask", "#papers", SUNBAE_CONTENT=str(folder))
    (line,) = _lines(sunbae("ask", "--json", "#papers", SUNBAE_CONTENT=str(folder)))

    assert "초록부터 읽으세요." in shown.stdout
    assert (line["outcome"], [match["id"] for match in line["matches"]]) == ("answer", ["papers"])
    assert sunbae("ask", "#nothing-called-so", SUNBAE_CONTENT=str(folder)).exit_code in {0, 3}


def test_the_log_on_standard_error_shows_tracebacks_without_the_values_in_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli._log_to_stderr()
    log = structlog.get_logger()
    try:
        _stumble(SECRET)
    except RuntimeError:
        log.exception("use case failed", reference="abc123")

    told = capsys.readouterr().err
    assert "use case failed" in told
    assert "reference=abc123" in told
    assert "Traceback (most recent call last)" in told
    assert "the shelf fell over" in told
    assert SECRET not in told


def _stumble(_words: str) -> None:
    raise RuntimeError("the shelf fell over")
