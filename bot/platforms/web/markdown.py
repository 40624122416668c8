"""The notes' Markdown as HTML that is safe to show: none of the note's own tags, links to the web and to mail only."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin

_SCHEMES = ("http://", "https://", "mailto:")
_FREE = frozenset({"class", "href", "style"})  # what \\class, \\href and \\style of a formula fill with any text


@lru_cache(maxsize=4096)
def to_html(markdown: str) -> str:
    """HTML for one point or question; a text of one line stays within its line."""
    return str(_PARSER.render(markdown) if "\n" in markdown else _PARSER.renderInline(markdown))


def _math(latex: str, options: dict[str, Any]) -> str:
    try:
        formula = convert_to_element(latex, display="block" if options.get("display_mode") else "inline")
        return tostring(_harmless(formula), encoding="unicode")
    except Exception:  # its parser lets IndexError and the like out for what is no LaTeX  # noqa: BLE001
        return f"<code>{escape(latex)}</code>"


def _harmless(formula: Element) -> Element:
    """*formula* with its references (&#x2211;) as the characters they mean, and without links, classes and styles.

    latex2mathml's own `convert` keeps references by undoing all escapes, those of the note's "<" among them.
    """
    for element in formula.iter():
        element.text = unescape(element.text or "")
        element.tail = unescape(element.tail or "")
        element.attrib = {name: unescape(value) for name, value in element.attrib.items() if name not in _FREE}
    return formula


def _link_open(
    self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, _: MutableMapping[str, Any]
) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return str(self.renderToken(tokens, index, options, _))  # type: ignore[attr-defined]


def _image(
    self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    tokens[index].attrSet("loading", "lazy")
    tokens[index].attrSet("referrerpolicy", "no-referrer")
    return str(self.__class__.image(self, tokens, index, options, env))  # type: ignore[attr-defined]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_digits=False, renderer=_math)
    parser.validateLink = lambda url: url.strip().lower().startswith(_SCHEMES)  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("image", _image)
    return parser


_PARSER = _parser()
