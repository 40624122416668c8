"""The notes' Markdown as the local chat's HTML: formulas look as LaTeX means them, and none brings HTML of its own."""

from __future__ import annotations

import re
from html import unescape

import pytest
from latex2mathml.converter import convert

from bot.platforms.web.markdown import to_html

FORMULAS = [
    r"\sum_{i=1}^n x_i \geq \alpha",
    r"\operatorname*{argmax}_\theta \prod p(x \mid \theta)",
    r"\frac{\partial L}{\partial w} \approx \int f(x)\,dx",
    r"\begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix} \left( \sqrt[3]{x} \right)",
    r"\text{정확도 & 재현율} \quad \color{red}{\mathbb{R}} \hat{y} \lvert x \rvert",
]
TAGS = {"span", "div", "code", "math", "mrow", "mtext", "mi", "mn", "mo", "mspace", "mstyle"}
HARM = [
    r"\text{<img/src=x/onerror=alert(1)>}",
    r"\text{&lt;img src=x onerror=alert(1)&gt;}",
    r"\text{&amp;lt;script>alert(1)&amp;lt;/script>}",
    r"\mathrm{<svg/onload=alert(1)>}",
    r"\color{x><img/src=x/onerror=alert(1)>}{y}",
    r"\color{&quot;onclick=alert(1)&quot;}{y}",
    r"\hspace{1em&#34;><img/src=x>} \rule{1em\"onclick=alert(1)}{1em}",
    r"\href{javascript:alert(1)}{y}",
    r"\style{background:url(//evil.example)}{y}",
    r"\class{side open}{y}",
]


@pytest.mark.parametrize("latex", FORMULAS)
def test_a_formula_is_shown_as_latex2mathml_gives_it(latex: str) -> None:
    shown = to_html(f"${latex}$")

    # a browser reads its references (&#x2211;) as the characters they mean
    assert unescape(shown) == f'<span class="math inline">{unescape(convert(latex))}</span>'


@pytest.mark.parametrize("latex", HARM)
@pytest.mark.parametrize("note", ["${}$", "$$\n{}\n$$\n"])
def test_a_formula_brings_no_html_link_or_style_of_its_own(latex: str, note: str) -> None:
    shown = to_html(note.replace("{}", latex))

    tags = re.findall(r"</?([a-z0-9]+)((?:\s+[a-z-]+=\"[^\"<>]*\")*)\s*/?>", shown)
    assert len(tags) == shown.count("<") == shown.count(">"), "something stands there that is no whole tag"
    assert {tag for tag, _ in tags} <= TAGS
    names = {name for _, attributes in tags for name in re.findall(r"([a-z-]+)=\"", attributes)}
    assert names.isdisjoint({"href", "style", "onclick", "onerror", "onload"})
    assert re.findall(r'class="([^"]*)"', shown) in (["math inline"], ["math block"])


def test_text_that_looks_like_a_tag_can_be_read_in_a_formula() -> None:
    assert "<mtext>a&lt;b&gt;&amp;c</mtext>" in to_html(r"$\text{a<b>&c}$")
