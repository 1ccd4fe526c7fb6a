"""The documents say what is true: settings, commands, links, paths, and two READMEs of one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import click

from tracker.app import create_app
from tracker.cli import cli
from tracker.config import SETTINGS
from tracker.features.upkeep.sheets import settings_table

from .source import MADE, ROOT, Breach, files, own_files, refuse, relative

README, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
DOCS = ROOT / "docs"

FENCED = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
ENDINGS = {".py", ".md", ".csv", ".toml", ".txt", ".css", ".js", ".html", ".po", ".mo", ".ini"}
MADE_AT_RUN_TIME = {f"{name}/" for name in MADE} | MADE


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """The text without indented and fenced code; line numbers stay."""
    text = FENCED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text_of(path))
    return re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.MULTILINE)


def lines(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate(prose(path).splitlines(), 1)


# Settings


def described_settings() -> dict[str, str]:
    """Name -> default, as the table of docs/settings.md has them; an empty default is a word in brackets."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| `TRACKER_\1` \| (.+?) \| \S.*? \| \S.*? \|$",
        text_of(DOCS / "settings.md"),
        re.MULTILINE,
    )
    return {name: "" if default.startswith("(") else default.strip("`") for name, default in rows}


def test_the_table_of_settings_is_the_one_of_the_program() -> None:
    assert described_settings() == {setting.name: str(setting.default) for setting in SETTINGS}


def test_the_table_of_settings_is_made_by_the_program(tmp_path: Path) -> None:
    with create_app(folder=tmp_path).test_request_context():
        table = settings_table()
    assert table in text_of(DOCS / "settings.md"), (
        "docs/settings.md: put what `tracker settings --markdown` prints in place of its table"
    )
    for row in table.splitlines()[2:]:
        english, chinese = row.split(" | ")[3:5]
        assert chinese.removesuffix(" |") != english, f"mark the help with N_ and translate it: {row}"


def test_settings_stand_in_the_order_of_the_program() -> None:
    assert list(described_settings()) == [setting.name for setting in SETTINGS]


# Commands


def commands(group: click.Command = cli, name: str = "tracker") -> Iterator[str]:
    """Every command with the words that lead to it."""
    if not isinstance(group, click.Group):
        yield name
        return
    for word, command in group.commands.items():
        yield from commands(command, f"{name} {word}")


def test_every_command_is_named() -> None:
    told = "\n".join(text_of(path) for path in (README, *sorted(DOCS.rglob("*.md"))))
    missing = [name for name in commands() if name not in told]
    assert not missing, f"neither README.md nor docs/ names {missing}"


def test_every_command_that_is_named_exists() -> None:
    known = {tuple(name.split()[1:]) for name in commands()}
    groups = {name[:1] for name in known}

    def wrong() -> Iterator[tuple[str, Breach]]:
        for path in own_files(".md"):
            for number, line in enumerate(text_of(path).splitlines(), 1):
                for words in re.findall(r"`tracker ((?:[a-z][a-z-]* ?)+)", line):
                    said = tuple(words.split())
                    if said[:1] not in groups or not any(said[: len(name)] == name for name in known):
                        yield relative(path), Breach(number, f"there is no command tracker {words}")

    refuse("Every command in the documents exists", wrong())


# Links and paths


def test_every_relative_link_leads_somewhere() -> None:
    def broken() -> Iterator[tuple[str, Breach]]:
        for path in own_files(".md"):
            for number, line in lines(path):
                for target in LINK.findall(line):
                    address = unquote(target.partition("#")[0])
                    if re.match(r"[a-z]+:", target) or not address:
                        continue
                    if not (path.parent / address).exists():
                        yield relative(path), Breach(number, f"leads to {target}, which is not there")

    refuse("Every relative link leads to a file", broken())


def looks_like_a_path(name: str) -> bool:
    return bool(PATH.fullmatch(name)) and ("/" in name or Path(name).suffix in ENDINGS)


def is_there(name: str) -> bool:
    """Whether a file or folder is found from the top, or its path ends with this name."""
    if name in MADE_AT_RUN_TIME or (ROOT / name).exists():
        return True
    known = [f"/{relative(path)}" for path in files()]
    if name.endswith("/"):
        return any(f"/{name}" in path for path in known)
    return any(path.endswith(f"/{name}") for path in known)


def test_every_path_in_the_house_exists() -> None:
    house = DOCS / "house.md"
    refuse(
        "Every file and folder that docs/house.md names exists",
        (
            (relative(house), Breach(number, f"there is no {name}"))
            for number, line in lines(house)
            for name in CODE.findall(line)
            if looks_like_a_path(name) and not is_there(name)
        ),
    )


def test_the_house_tells_of_every_house_test() -> None:
    tests = [relative(path) for path in files() if re.fullmatch(r"tests/house/test_\w+\.py", relative(path))]
    silent = [name for name in tests if f"`{name}`" not in text_of(DOCS / "house.md")]
    assert not silent, f"docs/house.md does not say what these refuse: {silent}"


def test_no_code_span_runs_over_a_line() -> None:
    """Such a span cannot be searched for, and the tests above would miss what it names."""
    refuse(
        "A name in backticks stands on one line",
        (
            (relative(path), Breach(number, line.strip()[:90]))
            for path in own_files(".md")
            for number, line in lines(path)
            if line.count("`") % 2
        ),
    )


def test_what_is_no_path_is_told_from_one() -> None:
    assert looks_like_a_path("core/db.py")
    assert looks_like_a_path("views.py")
    assert looks_like_a_path("tracker/domain/")
    assert not looks_like_a_path("writing()")
    assert not looks_like_a_path("tracker verify")
    assert not is_there("tracker/domain/astrology.py")


# Languages


def shape(path: Path) -> list[str]:
    """The levels of the headings, in their order."""
    return [line.split(" ", 1)[0] for _, line in lines(path) if re.match(r"#{1,6} ", line)]


def test_documents_in_two_languages_have_the_same_sections() -> None:
    pairs = [(README, CHINESE), (DOCS / "user-guide.en.md", DOCS / "user-guide.zh-CN.md")]
    pairs += [(path.with_name(path.name.replace(".zh-CN", "")), path) for path in DOCS.glob("*.zh-CN.md")]
    for english, chinese in pairs:
        if english.exists():
            assert shape(english) == shape(chinese), f"{relative(english)} and {relative(chinese)}"
