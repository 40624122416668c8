"""What is wrong with the content, where, and what to do: every fault at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in one file."""

    path: Path
    line: int | None  # from 1; None where the whole file or folder is meant
    message: str

    @property
    def place(self) -> str:
        """File and line, the file as seen from the working folder."""
        path = self.path
        if path.is_absolute() and path.is_relative_to(Path.cwd()):
            path = path.relative_to(Path.cwd())
        return f"{path}:{self.line}" if self.line else f"{path}"

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ContentError(Exception):
    """The content cannot be used; *faults* holds every reason, in the order of files and lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
