"""Whatever a file holds, loading it gives a library or a ContentError."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content import ContentError, load

_SNIPPETS = st.text(alphabet=st.sampled_from("가a1 \n-:[]{}?#&*!|>'\"%@`\\x\t\x07,"), max_size=20)
_KEYS = st.sampled_from(
    [
        "title",
        "speaker",
        "date",
        "source",
        "questions",
        "id",
        "short",
        "text",
        "topics",
        "follows",
        "answered",
        "points",
        "aliases",
        "advice",
        "true",
    ]
)
_TREES = st.recursive(
    _KEYS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=7),
    max_leaves=25,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("any")
    (folder / "glossary.yaml").write_text("AI: [인공지능]\n", encoding="utf-8")
    return folder


@settings(max_examples=100, deadline=None)
@given(position=st.integers(0, 600), cut=st.integers(0, 20), snippet=_SNIPPETS)
@example(position=0, cut=0, snippet="%YAML " + "9" * 5000 + ".0\n---\n")
@example(position=7, cut=4, snippet=r'"\UFFFFFFFF"')
@example(position=7, cut=4, snippet=r'"\ud83d"')
def test_a_session_with_something_typed_into_it(
    folder: Path, session: str, position: int, cut: int, snippet: str
) -> None:
    (folder / "any.yaml").write_text(session[:position] + snippet + session[position + cut :], encoding="utf-8")

    with suppress(ContentError):
        load(folder)


@settings(max_examples=100, deadline=None)
@given(octets=st.binary(max_size=60))
def test_any_bytes(folder: Path, octets: bytes) -> None:
    (folder / "any.yaml").write_bytes(octets)

    with suppress(ContentError):
        load(folder)


@settings(max_examples=100, deadline=None)
@given(tree=_TREES, glossary=_TREES)
def test_any_tree_of_the_keys_we_know(folder: Path, tree: object, glossary: object) -> None:
    (folder / "any.yaml").write_text(_yaml(tree), encoding="utf-8")
    (folder / "glossary.yaml").write_text(_yaml(glossary), encoding="utf-8")

    with suppress(ContentError):
        load(folder)


def _yaml(tree: object) -> str:
    """*tree* in YAML's JSON dress, its text escaped as YAML does it."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{_yaml(key)}: {_yaml(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(_yaml, tree)) + "]"
    return '"' + "".join(f"\\U{ord(character):08x}" for character in str(tree)) + '"'
