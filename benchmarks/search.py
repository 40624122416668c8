"""This engine beside rapidfuzz, SQLite FTS5 and tantivy: quality, time, memory and start-up, in one run.

    python -m benchmarks.search            every size up to 100,000: a quarter of an hour
    python -m benchmarks.search 18 1000    these sizes

Writes benchmarks/search.png and prints a table. Larger libraries are made of the words of ParaKQC, or of the shipped
notes where that does not lie beside the checkout. Each engine runs in a process of its own, so memory is its alone.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import pickle
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.engines import ENGINES, Search
from bot.commands import handle
from bot.reply import Place, Request, User
from bot.study import Study
from content import LiveLibrary, Point, Question, load
from content.search import Index, find_vectors, hangul, outcome
from content.search.calibration import read_judged

ROOT = Path(__file__).parents[1]
PARAKQC = ROOT.parent / "shared" / "eval" / "parakqc.tsv"
JUDGED = ROOT / "tests" / "content" / "seed_ask.tsv"
SIZES = (18, 1_000, 10_000, 100_000)
ENCODED = 10_000  # the semantic tier encodes 600 texts a second: a larger library is not warmed here
PARAPHRASED = 1_000
QUERIES = 200


def main(sizes: Sequence[int]) -> None:
    """Measure every engine at every size, print the table and draw the plot."""
    rows = []
    shipped = load()
    for size in sizes:
        own = size == len(shipped.questions)
        library = (shipped.questions, shipped.glossary) if own else (made_up(size), ())
        with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
            Path(file.name).write_bytes(pickle.dumps(library))
            for engine in ENGINES:
                if engine == "sunbae + meaning" and size > ENCODED:
                    continue
                command = [sys.executable, "-m", "benchmarks.search", "--one", engine, file.name]
                done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
                if done.returncode:
                    print(f"{engine} at {size}: {done.stderr.strip().splitlines()[-1]}")
                    continue
                rows.append(json.loads(done.stdout))
                print(_line(rows[-1]), flush=True)
    print()
    print("| engine | questions | R@1 | R@3 | paraphrases R@1 | p50 ms | p99 ms | build s | memory MB | peak MB |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    print("\n".join(map(_line, rows)))
    with tempfile.TemporaryDirectory() as home:
        first, *later = (start_s(home) for _ in range(6))
    print(f"\nstart to first answer: {first:.1f} s, later starts in one home {min(later):.1f} to {max(later):.1f} s")
    with tempfile.TemporaryDirectory() as home:
        first, *later = (ask_s(home) for _ in range(6))
    print(f"`sunbae ask`, with meaning: {first:.1f} s, later {min(later):.1f} to {max(later):.1f} s")
    for name, (usual, slowest) in typing().items():
        print(f"suggestions for a keystroke, {name}: {usual:.2f} ms, p99 {slowest:.2f} ms")
    for kind, (words, meaning) in pasted().items():
        print(f"100,000 characters of {kind}: {words:.1f} ms by words, {meaning:.1f} ms with meaning")
    for name, value in false_answers().items():
        print(f"unanswerable queries answered, {name}: {value:.3f}")
    for tier, (alone, beside) in waiting().items():
        print(f"another request's p99, {tier}: {alone:.1f} ms alone, {beside:.1f} ms beside 32 searches")
    plot(rows)


def measure(engine: str, file: Path) -> dict[str, object]:
    """One engine over the library in *file*, in this process."""
    questions, glossary = pickle.loads(file.read_bytes())  # noqa: S301  # written by `main` a moment ago
    before = _memory_mb()
    started = time.perf_counter()
    search = ENGINES[engine](questions, glossary)
    search("처음")  # what is loaded lazily is part of the build
    row: dict[str, object] = {"engine": engine, "questions": len(questions), "build_s": time.perf_counter() - started}
    row |= {"memory_mb": _memory_mb() - before, "peak_mb": _memory_mb("VmHWM") - before}
    if glossary:
        row |= _quality(search)
        texts = [query.text for query in read_judged(JUDGED)]
    else:
        texts = random.Random(1).sample([question.text for question in questions], QUERIES)
    times = [_cpu_ms(search, text + " 궁금") for text in texts]  # no text that has been encoded before
    if len(questions) == PARAPHRASED and PARAKQC.exists():
        row["paraphrases"] = _paraphrases(ENGINES[engine])
    return row | dict(zip(("p50_ms", "p99_ms"), _usual_and_slowest(times), strict=True))


def made_up(size: int) -> list[Question]:
    """A library of *size* questions of about eight words with an answer of fifteen."""
    chance = random.Random(size)
    if PARAKQC.exists():
        lines = [line.split("\t")[2] for line in PARAKQC.read_text(encoding="utf-8").splitlines()]
    else:
        lines = [point.text for question in load().questions for _, point in question.walk()]
    words = [word for line in lines for word in line.split()]

    def some(count: int) -> str:
        return " ".join(chance.choice(words) for _ in range(count))

    return [Question(f"q{n}", "s", n, some(8), some(4), (Point(some(15)),)) for n in range(size)]


def start_s(home: str) -> float:
    """Seconds from starting Python to the first answer, of a question that Kiwi has to take apart."""
    script = f"""if 1:
        from pathlib import Path
        from content import load
        load(cache=Path({home!r})).search("석사 안 가면 손해인지 고민")"""
    return _run_s("-c", script)


def ask_s(home: str) -> float:
    """Seconds that `sunbae ask` takes, both tiers at work."""
    return _run_s("-m", "bot", "ask", "석사 안 가면 손해인지 고민", SUNBAE_HOME=home)


def _run_s(*arguments: str, **environment: str) -> float:
    """Seconds that Python takes with *arguments*."""
    started = time.perf_counter()
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def typing() -> dict[str, tuple[float, float]]:
    """The p50 and p99 in ms of CPU of what is suggested for each keystroke, half-typed syllables included."""
    typed = [query.text for query in read_judged(JUDGED)][::4]
    figures = {}
    for questions in (load().questions, tuple(made_up(10_000))):
        index = Index(questions)
        pressed = [hangul.keys(text) for text in typed]
        keystrokes = [hangul.compose(keys[:end]) for keys in pressed for end in range(1, len(keys) + 1)]
        times = [_cpu_ms(index.suggest, prefix) for prefix in keystrokes]
        figures[f"{len(questions):,} questions"] = _usual_and_slowest(times)
    return figures


def pasted() -> dict[str, tuple[float, float]]:
    """The median ms of CPU for texts of 100,000 characters, by words and with meaning, in the shipped library."""
    chance = random.Random(1)
    words = [word for question in made_up(1_000) for word in question.text.split()]
    kinds: dict[str, Callable[[], str]] = {
        "Korean words": lambda: " ".join(chance.choices(words, k=25_000)),
        "syllables at random": lambda: "".join(chr(chance.randrange(0xAC00, 0xD7A4)) for _ in range(100_000)),
        "Latin letters at random": lambda: "".join(chance.choices("abcdefghijklmnopqrstuvwxyz ", k=100_000)),
        "lone jamo": lambda: "".join(chance.choices("ㄱㄴㄷㄹㅁㅂㅅㅇㅏㅓㅗㅜ ", k=100_000)),
    }
    figures = {}
    libraries = load(), load(vectors=find_vectors())
    libraries[1].warm()
    for kind, make in kinds.items():
        texts = [make() for _ in range(15)]
        figures[kind] = tuple(
            statistics.median(_cpu_ms(library.search, text) for text in texts) for library in libraries
        )
    return figures


def _cpu_ms(find: Callable[[str], object], text: str) -> float:
    """The ms that *find* takes for *text*, of this thread only: other people's work does not count."""
    before = time.thread_time()
    find(text)
    return (time.thread_time() - before) * 1000


def _usual_and_slowest(times: Sequence[float]) -> tuple[float, float]:
    """The p50 and the p99 of *times*."""
    ranked = sorted(times)
    return ranked[len(ranked) // 2], ranked[int(len(ranked) * 0.99)]


def false_answers() -> dict[str, float]:
    """The share of the unanswerable queries of `JUDGED` that libraries of several sizes answer, by words alone."""
    shipped = load()
    queries = [query.text for query in read_judged(JUDGED) if not query.numbers]
    made = [*shipped.questions, *made_up(10_000)]
    libraries = {f"{size} of the seed": shipped.questions[::step] for size, step in ((3, 6), (9, 2), (18, 1))}
    shares = {}
    for name, questions in (*libraries.items(), ("the seed among 10,000", made)):
        index = Index(questions, shipped.glossary, unanswered=shipped.unanswered)
        shares[name] = sum(outcome(index.search(query)) == "answer" for query in queries) / len(queries)
    return shares


def waiting() -> dict[str, tuple[float, float]]:
    """The p99 in ms of a cheap request that comes every 5 ms: alone, and while 32 searches run at a time."""
    return {
        name: asyncio.run(_waiting(LiveLibrary(vectors=vectors)))
        for name, vectors in (("words", None), ("words and meaning", find_vectors()))
    }


async def _waiting(live: LiveLibrary) -> tuple[float, float]:
    study = Study(live, lambda: datetime.now(UTC), random.Random(1))
    texts = [query.text for query in read_judged(JUDGED)]
    await handle(study, "ask", _request(texts[0]))  # what is loaded lazily

    async def other() -> list[float]:
        times = []
        for _ in range(200):
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            await handle(study, "help", _request(""))
            times.append((time.perf_counter() - before) * 1000 - 5)
        return sorted(times)

    async def search(number: int) -> None:
        for place in itertools.count(number):
            await handle(study, "ask", _request(f"{texts[place % len(texts)]} {place}"))

    alone = await other()
    searches = [asyncio.create_task(search(number)) for number in range(32)]
    beside = await other()
    for task in searches:
        task.cancel()
    await asyncio.gather(*searches, return_exceptions=True)
    return alone[197], beside[197]


def _request(text: str) -> Request:
    return Request(text, User("u", "benchmark"), Place("benchmark", "b", "c"), "ko")


def plot(rows: Sequence[dict[str, object]]) -> None:
    """Time by size, and quality, as a picture."""
    from matplotlib import pyplot as plt  # noqa: PLC0415  # half a second, and not for the measured processes

    figure, (times, quality) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    for engine in ENGINES:
        own = [row for row in rows if row["engine"] == engine]
        if len(own) > 1:
            times.plot([row["questions"] for row in own], [row["p99_ms"] for row in own], marker="o", label=engine)  # type: ignore[misc]
    times.set(xscale="log", yscale="log", xlabel="questions", ylabel="ms a query (p99, CPU)", title="Time")
    times.legend(fontsize=8)
    seed = [row for row in rows if "r1" in row]
    quality.barh([str(row["engine"]) for row in seed], [row["r1"] for row in seed])  # type: ignore[misc]
    quality.set(xlim=(0, 1), xlabel="R@1 on 120 sloppy queries", title="Quality")
    quality.invert_yaxis()
    figure.savefig(Path(__file__).with_suffix(".png"), dpi=130)


def _quality(search: Search) -> dict[str, object]:
    judged = [query for query in read_judged(JUDGED) if query.numbers]
    found = [[place + 1 for place in search(query.text)] for query in judged]
    first = sum(bool(query.numbers & set(places[:1])) for query, places in zip(judged, found, strict=True))
    three = sum(bool(query.numbers & set(places[:3])) for query, places in zip(judged, found, strict=True))
    return {"r1": first / len(judged), "r3": three / len(judged)}


def _paraphrases(engine: object) -> float:
    lines = [line.split("\t")[2] for line in PARAKQC.read_text(encoding="utf-8").splitlines()]
    groups = [lines[start : start + 10] for start in range(0, len(lines) - 9, 10)]
    search = engine([Question(f"p{n}", "s", n, group[0], group[0][:40], ()) for n, group in enumerate(groups)], ())  # type: ignore[operator]
    asked = [(place, text) for place, group in enumerate(groups) for text in group[1:]]
    return sum(search(text)[:1] == [place] for place, text in asked) / len(asked)


def _memory_mb(name: str = "VmRSS") -> float:
    """What this process takes now, or by the name VmHWM at most so far."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1024


def _line(row: dict[str, object]) -> str:
    def cell(name: str, form: str) -> str:
        return format(row[name], form) if name in row else ""

    figures = (("r1", ".3f"), ("r3", ".3f"), ("paraphrases", ".3f"), ("p50_ms", ".1f"), ("p99_ms", ".1f"))
    ends = (("build_s", ".1f"), ("memory_mb", ".0f"), ("peak_mb", ".0f"))
    cells = [str(row["engine"]), format(row["questions"], ","), *(cell(*one) for one in (*figures, *ends))]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]))))
    else:
        main([int(size) for size in sys.argv[1:]] or SIZES)
