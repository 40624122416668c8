"""How well the importer reads the notes in ../shared/notes, against what a careful reader found there.

    python -m benchmarks.notes [FOLDER] [-v]

Prints for each note: questions expected and found, F1 over their exact plain text, and how many answers begin and end
with the right words. Ends with code 1 where a figure is below what issue 3 asks for.
"""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.notes import read, to_json
from content.notes.plain import plain

FOLDER = Path(__file__).parents[2] / "shared" / "notes"
EACH, ALL, WORDS = 0.90, 0.97, 0.95  # F1 of each note, F1 over all, share of right first and last words

_MARKER = re.compile(r"^\s*(?:[-*+]|\d+[.)]|>)\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Score:
    """How one note was read."""

    name: str
    expected: int
    found: int
    right: int  # questions with exactly the expected text
    words: int  # first and last words, two for each right question
    right_words: int
    seconds: float
    faults: tuple[str, ...]

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.expected + self.found) if self.expected + self.found else 1.0


def scores(folder: Path = FOLDER) -> list[Score]:
    """One Score for each note in *folder* that has a gold reading."""
    return [_score(gold, next(folder.glob(f"{gold.stem}-*"))) for gold in sorted((folder / "gold").glob("*.json"))]


def _score(gold: Path, note: Path) -> Score:
    source = note.read_bytes()
    start = time.perf_counter()
    shown = to_json(read(source, name=note.stem))
    seconds = time.perf_counter() - start
    found = {question["text"]: question for session in shown["sessions"] for question in session["questions"]}
    faults = []
    right = right_words = 0
    expected = json.loads(gold.read_text(encoding="utf-8"))
    for question in expected:
        text = " ".join(question["question"].split())
        if text not in found:
            faults.append(f"missed, line {question['line']}: {text}")
            continue
        right += 1
        words = _words(found.pop(text)["points"])
        first, last = question["answer_first_words"].split(), question["answer_last_words"].split()
        for wanted, got in ((first, words[: len(first)]), (last, words[len(words) - len(last) :])):
            right_words += wanted == got
            if wanted != got:
                faults.append(f"words, line {question['line']}: {' '.join(wanted)} | {' '.join(got)}")
    faults += [f"too many, line {question['line']}: {text}" for text, question in found.items()]
    return Score(
        name=note.name,
        expected=len(expected),
        found=right + len(found),
        right=right,
        words=2 * right,
        right_words=right_words,
        seconds=seconds,
        faults=tuple(faults),
    )


def _words(points: list[dict[str, Any]]) -> list[str]:
    words: list[str] = []
    for point in points:
        words += plain(_MARKER.sub("", point["text"])).split()
        words += _words(point["children"])
    return words


def main() -> int:
    """Prints the table; the exit code."""
    names = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    folder = Path(names[0]) if names else FOLDER
    found = scores(folder)
    if not found:
        print(f"no gold readings in {folder}")
        return 1
    for score in found:
        share = f"{score.right_words}/{score.words}"
        print(f"{score.name:<40} {score.found:>3}/{score.expected:<3} F1 {score.f1:.3f}  words {share:>6}")
        if "-v" in sys.argv:
            print(*(f"    {fault}" for fault in score.faults), sep="\n")
    right = sum(score.right for score in found)
    f1 = 2 * right / sum(score.expected + score.found for score in found)
    words = sum(score.right_words for score in found) / sum(score.words for score in found)
    print(f"{'all':<40} F1 {f1:.3f}  words {words:.3f}")
    return 0 if f1 >= ALL and words >= WORDS and all(score.f1 >= EACH for score in found) else 1


if __name__ == "__main__":
    sys.exit(main())
