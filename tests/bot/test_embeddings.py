"""A model behind an OpenAI-compatible URL: it takes part while it answers, and costs little while it does not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from bot.embeddings import PAUSE_S, RemoteEncoder, trouble
from bot.settings import EmbeddingsSettings, Settings, SettingsError
from content import Question
from content.search import EncoderUnavailableError, Index, Vectors

QUESTIONS = tuple(
    Question(f"q{number}", "s", number, text, text, ())
    for number, text in enumerate(("대학원에 꼭 가야 하나요?", "크롤링을 배워야 하나요?", "유학은 어떤가요?"), start=1)
)


class Server:
    """Counts letters into vectors, as OpenAI's API would show them; *mood* says how it behaves."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.keys: list[str | None] = []
        self.mood = "well"
        self.over = Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.asked.append(wanted)
                server.keys.append(self.headers["Authorization"])
                if server.mood == "hanging":
                    server.over.wait()
                rows = [{"index": place, "embedding": letters(text)} for place, text in enumerate(wanted["input"])]
                answer = json.dumps({"error": "no"} if server.mood == "odd" else {"data": rows[::-1]}).encode()
                self.send_response(200 if server.mood != "failing" else 500)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer[: len(answer) // (2 if server.mood == "cut" else 1)])

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.block_on_close = False
        self.settings = EmbeddingsSettings(f"http://127.0.0.1:{self.http.server_port}/v1/embeddings", "letters", "k")


def letters(text: str) -> list[float]:
    row = [0.0] * 32
    for letter in text:
        row[ord(letter) % 32] += 1
    return row


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield made
    made.over.set()
    made.http.shutdown()
    made.http.server_close()


def test_a_url_gives_the_meaning_and_what_it_gave_is_kept(server: Server, tmp_path: Path) -> None:
    index = Index(QUESTIONS, vectors=Vectors(RemoteEncoder(server.settings, tmp_path), tmp_path))
    index.warm()
    assert index.semantic
    assert index.search("유학 어때")[0].question.id == "q3"
    assert server.keys[0] == "Bearer k"
    assert server.asked[0]["model"] == "letters"
    server.asked.clear()

    again = Index(QUESTIONS, vectors=Vectors(RemoteEncoder(server.settings, tmp_path), tmp_path))
    again.warm()

    assert again.semantic
    assert [asked["input"] for asked in server.asked] == [["선배"]]  # whether it answers


@pytest.mark.parametrize("mood", ["failing", "odd", "hanging", "cut"])
def test_a_url_that_fails_is_left_alone_for_a_while_and_words_answer(server: Server, tmp_path: Path, mood: str) -> None:
    now = [1000.0]
    encoder = RemoteEncoder(server.settings, tmp_path, clock=lambda: now[0], timeout_s=0.2)
    index = Index(QUESTIONS, vectors=Vectors(encoder, tmp_path))
    index.warm()
    server.asked.clear()
    server.mood = mood
    before = time.monotonic()

    found = [index.search(text)[0].question.id for text in ("크롤링 배워야 해?", "유학 어떤가", "대학원 가야 돼?")]

    assert found == ["q2", "q3", "q1"]
    assert len(server.asked) == 1
    assert time.monotonic() - before < 1
    server.mood = "well"
    server.over.set()
    now[0] += PAUSE_S
    index.search("유학은 별로인가")
    assert len(server.asked) == 2


def test_a_library_that_starts_without_its_url_is_warm_when_it_answers(server: Server, tmp_path: Path) -> None:
    now = [1000.0]
    server.mood = "failing"
    encoder = RemoteEncoder(server.settings, tmp_path, clock=lambda: now[0])
    index = Index(QUESTIONS, vectors=Vectors(encoder, tmp_path))
    index.warm()
    assert not index.semantic
    assert index.search("유학 어때")[0].question.id == "q3"
    server.mood = "well"
    now[0] += PAUSE_S

    index.warm()

    assert index.semantic


def test_vectors_of_another_width_are_not_mixed_in(server: Server, tmp_path: Path) -> None:
    encoder = RemoteEncoder(server.settings, tmp_path)
    (tmp_path / f"{encoder.name}.width").write_text("16", encoding="ascii")

    with pytest.raises(EncoderUnavailableError, match="32 numbers now, of 16 before"):
        RemoteEncoder(server.settings, tmp_path).encode(["대학원"])


def test_the_doctor_says_what_is_lost(server: Server, tmp_path: Path) -> None:
    assert trouble(server.settings, tmp_path) is None
    server.mood = "failing"

    problem = trouble(server.settings, tmp_path)

    assert problem is not None
    assert "words only" in problem
    assert "500" in problem


def test_the_settings_name_the_url_and_the_model_together() -> None:
    given = {"SUNBAE_EMBEDDINGS_URL": "https://host/v1/", "SUNBAE_EMBEDDINGS_MODEL": "m", "SUNBAE_EMBEDDINGS_KEY": "s"}

    settings = Settings.from_env(given).embeddings

    assert settings == EmbeddingsSettings("https://host/v1/embeddings", "m", "s")
    assert "'s'" not in repr(settings)
    for name, value in given.items():
        with pytest.raises(SettingsError, match="SUNBAE_EMBEDDINGS_URL and SUNBAE_EMBEDDINGS_MODEL go together"):
            Settings.from_env({name: value})
    with pytest.raises(SettingsError, match="SUNBAE_EMBEDDINGS_KEY should be of ASCII letters"):
        Settings.from_env(given | {"SUNBAE_EMBEDDINGS_KEY": "열쇠"})
