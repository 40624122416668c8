"""What the pages in this repository say is true of the code."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import typer
import yaml
from dotenv import dotenv_values
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bot.settings
from bot.cli import app
from bot.settings import Settings
from content import load

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.ko.md")
LINKING = (*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "content/WRITING.md")

# Put together here, so that this file names none of them.
REGISTRIES = tuple(
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("rubygems", "org"),
        ("maven", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
    )
)


@pytest.mark.parametrize("page", READMES)
def test_the_readme_tells_how_to_run_and_how_to_test(page: str) -> None:
    assert {"make run", "make test"} <= set(commands(page))


@pytest.mark.parametrize("page", [*READMES, "CONTRIBUTING.md"])
def test_every_make_command_in_the_pages_is_in_the_makefile(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", " ".join([*commands(page), *code_spans(page)])))

    assert named
    assert named <= targets


@pytest.mark.parametrize("page", READMES)
def test_every_sunbae_command_in_the_readme_is_understood(page: str) -> None:
    lines = [line for block in blocks(page, "sh") for line in block.splitlines() if line.startswith("sunbae ")]
    group = typer.main.get_command(app)

    assert lines
    for line in lines:
        name, *arguments = shlex.split(line, comments=True)[1:] or ["run"]
        command = group.commands[name]
        command.make_context(name, arguments)  # raises on an unknown option or a missing argument
        assert set(re.findall(r"--[a-z-]+", line)) <= {flag for option in command.params for flag in option.opts}


def test_where_everyone_is_an_operator_docker_opens_the_chat_to_one_computer_only() -> None:
    sunbae = yaml.safe_load(read("compose.yaml"))["services"]["sunbae"]

    assert Settings.from_env(sunbae["environment"]).everyone_operates
    assert [port.startswith("127.0.0.1:") for port in sunbae["ports"]] == [True]


def test_both_readmes_show_the_same_commands() -> None:
    english, korean = map(commands, READMES)

    assert korean == english


def test_the_python_lines_in_the_readme_run() -> None:
    (example,) = blocks("README.md", "python")
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(example, {})  # noqa: S102 -- our own page

    assert all(line.strip() for line in printed.getvalue().splitlines())
    assert blocks("README.ko.md", "python") == [example]


@pytest.mark.parametrize("page", [".env.example", *READMES])
def test_every_variable_that_the_settings_read_is_explained(page: str) -> None:
    named = set(re.findall(r"\b(?:SUNBAE|DISCORD|SLACK)_[A-Z_]+\b", read(page)))

    assert named == variables()


def test_the_example_settings_load() -> None:
    assert Settings.from_env(dotenv_values(ROOT / ".env.example")) == Settings.from_env({})


def test_the_example_settings_show_the_defaults() -> None:
    uncommented = re.sub(r"^# (?=[A-Z_]+=)", "", read(".env.example"), flags=re.MULTILINE)
    shown = dotenv_values(stream=io.StringIO(uncommented))

    assert set(shown) == variables()
    assert Settings.from_env(shown) == Settings.from_env({})


@pytest.mark.parametrize("page", READMES)
def test_the_readme_shows_the_defaults(page: str) -> None:
    rows = dict(re.findall(r"^\| `(SUNBAE_[A-Z]+)` \|.*\| `([^`]*)` \|$", read(page), re.MULTILINE))

    assert {"SUNBAE_WEB", "SUNBAE_HOME", "SUNBAE_LOCALE", "SUNBAE_TZ"} <= set(rows)
    assert Settings.from_env(rows) == Settings.from_env({})


def test_the_example_in_the_writing_guide_loads(tmp_path: Path) -> None:
    session, glossary = blocks("content/WRITING.md", "yaml")
    (tmp_path / "week9-office-hour.yaml").write_text(session, encoding="utf-8")
    (tmp_path / "glossary.yaml").write_text(glossary, encoding="utf-8")

    library = load(tmp_path)

    assert [question.answered for question in library.questions] == [True, True, False]
    assert [piece.text for piece in library.advice()] == [
        "본인이 매일 쓰는 라이브러리의 문서부터 읽어 보세요.",
        "PR은 작을수록 빨리 리뷰됩니다.",
    ]


def test_every_key_of_a_session_file_is_in_the_writing_guide() -> None:
    reader = read("content/session_file.py")
    keys = {
        key
        for group in re.findall(r"(?:required|optional)=\(([^)]*)\)", reader)
        for key in re.findall(r'"(\w+)"', group)
    }

    assert keys
    assert keys <= set(code_spans("content/WRITING.md"))


def test_pins_are_names_and_versions_only() -> None:
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]

    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    assert len(lines) == len(set(pins()))


def test_every_dependency_has_a_pin_in_its_range() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    extras = project["optional-dependencies"].values()
    requirements = map(Requirement, [*project["dependencies"], *(each for extra in extras for each in extra)])

    outside = [
        str(requirement)
        for requirement in requirements
        if pins().get(canonicalize_name(requirement.name), "") not in requirement.specifier
    ]

    assert outside == []


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile(rb"(?<![\w-])(?:" + b"|".join(re.escape(host.encode()) for host in REGISTRIES) + rb")")

    naming = [f"{path.relative_to(ROOT)}: {host!r}" for path in files() for host in hosts.findall(path.read_bytes())]

    assert naming == []


@pytest.mark.parametrize(
    ("page", "link"),
    [
        (page, link)
        for page in LINKING
        for link in sorted(set(re.findall(r"\]\(([^)\s]+)\)", (ROOT / page).read_text(encoding="utf-8"))))
        if "://" not in link
    ],
)
def test_every_file_that_a_page_links_to_exists(page: str, link: str) -> None:
    assert ((ROOT / page).parent / link).exists()


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", read(page), re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """The lines of the shell blocks without their comments."""
    lines = (line for block in blocks(page, "sh") for line in block.splitlines())
    return [shlex.join(shlex.split(line, comments=True)) for line in lines]


def code_spans(page: str) -> Iterator[str]:
    prose = re.sub(r"^```.*?^```$", "", read(page), flags=re.MULTILINE | re.DOTALL)
    return iter(re.findall(r"`([^`\n]+)`", prose))


def variables() -> set[str]:
    """Every variable that bot/settings.py names in its code."""
    source = Path(bot.settings.__file__).read_text(encoding="utf-8")
    return set(re.findall(r'"((?:SUNBAE|DISCORD|SLACK)_[A-Z_]+)"', source))


def pins() -> dict[str, str]:
    lines = (line for line in read("constraints.txt").splitlines() if not line.startswith("#"))
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def files() -> list[Path]:
    """What git tracks, and what it would track if it were added now."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
