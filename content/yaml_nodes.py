"""YAML as nodes that know their line, so that every fault can be named where it stands.

Scalars stay text: `date: 02.17` is the string 02.17 and no float, `no` is a word and no boolean.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path

import yaml

from content.faults import Fault

_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, ten times as fast, where the wheel has it
_DEEPEST = 40  # levels of YAML: 19 of bullets, and the address of the last still fits in a button's id
# What "\e" or "\ud83d" in double quotes makes: control characters and halves of a character.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class NodeReader:
    """Reads one YAML file piece by piece and collects what is wrong with it in *faults*."""

    def __init__(self, path: Path, source: str | None = None) -> None:
        """*source* is the file's text, where it is known; else it is read."""
        self.path = path
        self._given = source
        self.faults: list[Fault] = []

    def fault(self, node: yaml.Node | int | None, message: str) -> None:
        line = node.start_mark.line + 1 if isinstance(node, yaml.Node) else node
        self.faults.append(Fault(self.path, line, message))

    def place(self, node: yaml.Node) -> str:
        """Where *node* stands: file:line."""
        return Fault(self.path, node.start_mark.line + 1, "").place

    def root(self) -> yaml.Node | None:
        """The file's top node; None, with a fault noted, where the file cannot be read as one YAML document."""
        source = self._given if self._given is not None else self.source()
        if source is None:
            return None
        node = None
        try:
            try:
                node = self._compose(source, _FAST)
            except (yaml.YAMLError, ValueError, OverflowError):  # libyaml tells less of what is wrong
                node = self._compose(source, yaml.SafeLoader)
        except yaml.reader.ReaderError as error:
            line = source[: error.position].count("\n") + 1
            self.fault(line, f"holds a control character (U+{_code_point(error.character):04X}); delete it")
        except yaml.MarkedYAMLError as error:
            mark, begin = error.problem_mark or error.context_mark, error.context_mark
            # The problem of a quote that is never closed stands at the end of the file, its cause where it begins.
            cause = f" ({error.context} from line {begin.line + 1})" if begin and begin != mark else ""
            remedy = "indent lists alike, and quote a text that holds ': ' or ' #' or begins with a sign"
            message = f"is not valid YAML: {error.problem or error.context}{cause}; {remedy}"
            self.fault(mark.line + 1 if mark else None, message)
        except (ValueError, OverflowError):  # PyYAML lets Python's own errors out, without a line
            self.fault(None, "is not valid YAML: an escape (\\U…) or the %YAML line holds an impossible number")
        if node is None and not self.faults:
            self.fault(None, "is empty")
        return node

    def source(self) -> str | None:
        """The file's text; None, with a fault noted, where it cannot be read."""
        try:
            return self.path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            self.fault(error.object[: error.start].count(b"\n") + 1, "is not UTF-8; save the file as UTF-8")
        except OSError as error:
            self.fault(None, f"cannot be read: {error.strerror}")
        return None

    def _compose(self, source: str, loader: type[yaml.SafeLoader]) -> yaml.Node | None:
        depth = 0
        for event in yaml.parse(source, Loader=loader):
            line = event.start_mark.line + 1 if event.start_mark else None
            # A reference can unfold a small file without end ("billion laughs").
            if isinstance(event, yaml.AliasEvent):
                self.fault(line, "YAML references (*name) are not used here; write it out, or quote the text")
                return None
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                self.fault(line, f"is nested too deeply; {_DEEPEST} levels are enough for any note")
                return None
        return yaml.compose(source, Loader=loader)

    def mapping(
        self, node: yaml.Node, what: str, *, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, yaml.Node]:
        """The values of a mapping by key; notes unknown, doubled and missing keys."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what} should be a mapping of {_listed(required)}")
            return {}
        known = [*required, *optional]
        found: dict[str, yaml.Node] = {}
        for key, key_node, value in self.items(node):
            if key not in known:
                close = difflib.get_close_matches(key, known, n=1)
                hint = f"; did you mean {close[0]!r}?" if close else f"; known keys are {_listed(known)}"
                self.fault(key_node, f"{what} has an unknown key {key!r}{hint}")
            elif key in found:
                self.fault(key_node, f"{what} has {key!r} twice")
            else:
                found[key] = value
        for key in required:
            if key not in found:
                self.fault(node, f"{what} has no {key!r}")
        return found

    def items(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """The key, its node and its value, for each key that is plain text; notes the others."""
        for key_node, value in node.value:
            if isinstance(key_node, yaml.ScalarNode):
                yield key_node.value, key_node, value
            else:
                self.fault(key_node, "a key should be plain text")

    def sequence(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        """The items of a list; none, with a fault noted, for anything else."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, f"{what} should be a list ('- …' lines)")
            return []
        return list(node.value)

    def text(self, node: yaml.Node | None, what: str, *, default: str = "") -> str:
        """Non-empty text as it stands; *default* where the key is absent or, with a fault noted, holds no text."""
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, f"{what} should be text")
            return default
        text: str = unicodedata.normalize("NFC", node.value)
        if not text.strip():
            self.fault(node, f"{what} is empty")
            return default
        if unseen := _UNSEEN.search(text):
            self.fault(node, f"{what} holds a control character (U+{ord(unseen[0]):04X}); delete it")
        return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)

    def texts(self, node: yaml.Node | None, what: str) -> tuple[tuple[str, yaml.Node], ...]:
        """The texts of a list, each with its node."""
        pairs = ((self.text(item, what), item) for item in self.sequence(node, f"{what} list"))
        return tuple((text, item) for text, item in pairs if text)

    def flag(self, node: yaml.Node | None, what: str, *, default: bool) -> bool:
        """`true` or `false`."""
        if node is None:
            return default
        if isinstance(node, yaml.ScalarNode) and node.value in {"true", "false"}:
            return bool(node.value == "true")
        self.fault(node, f"{what} should be true or false")
        return default


def _listed(keys: Collection[str]) -> str:
    return ", ".join(map(repr, keys))


def _code_point(character: str | int) -> int:
    # PyYAML gives the character itself for text and its number for bytes.
    return ord(character) if isinstance(character, str) else character
