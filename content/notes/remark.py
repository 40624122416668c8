"""What the importer has to say about a note: a sentence in English that can be said in another language, too."""

from __future__ import annotations


class Remark(str):
    """The sentence itself, with what it says by a name and the values in it."""

    __slots__ = ("kind", "values")

    kind: str  # the same whatever the values are
    values: dict[str, object]

    def __new__(cls, kind: str, sentence: str, **values: object) -> Remark:
        """*values*: what *sentence* holds that differs from note to note."""
        made = super().__new__(cls, sentence)
        made.kind, made.values = kind, values
        return made


def counted(count: int, what: str) -> str:
    """*count* of *what*, an English word that takes an s where there are several: "1 item", "2 items"."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
