"""What the house tests look at: the project's own files, and one way of saying what breaks a rule."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tracker"
TEMPLATES = ROOT / "templates"

MADE = {
    ".git",
    ".venv",
    "__pycache__",
    "build",
    "dist",
    "instance",
    "node_modules",
    "wheelhouse",
}
"""Folders that are made on each computer."""

OTHERS = "tracker/static/vendor/"
"""Other people's files, kept byte for byte."""


@dataclass(frozen=True)
class Breach:
    """One place where a rule does not hold."""

    line: int
    what: str


@dataclass(frozen=True)
class Module:
    """One Python file of the project; ``path`` is relative and written with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    def is_in(self, *places: str) -> bool:
        """Whether this is one of the files, or lies in one of the folders (written with a final slash)."""
        return any(self.path.startswith(p) if p.endswith("/") else self.path == p for p in places)

    @property
    def shelf(self) -> str | None:
        """The shelf of a room that this file stands on: the file's name, or that of its package."""
        parts = self.path.split("/")
        if parts[:2] != ["tracker", "features"] or len(parts) < 4:
            return None
        return parts[3].removesuffix(".py")

    def walk(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.walk() if isinstance(node, ast.Call))

    def imports(self) -> Iterator[tuple[int, str, str]]:
        """Line, module and name of everything imported; the name is empty for a whole module."""
        for node in self.walk():
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node.lineno, alias.name, ""
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield node.lineno, node.module or "", alias.name


def dotted(node: ast.AST) -> str:
    """``a.b.c`` for an attribute chain; what cannot be named is left out."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def package_of(module: str) -> str:
    return module.split(".", 1)[0]


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project: what git keeps or would keep, or all where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode("utf-8")
        found = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not MADE & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def own_files(*endings: str) -> list[Path]:
    """The project's own files with one of these endings."""
    return [path for path in files() if path.suffix in endings and not relative(path).startswith(OTHERS)]


@cache
def modules() -> tuple[Module, ...]:
    return tuple(Module(relative(path), path.read_text(encoding="utf-8")) for path in own_files(".py"))


def refuse(rule: str, found: Iterable[tuple[str, Breach]]) -> None:
    """Fail with the rule and every place that breaks it, as file:line."""
    lines = [f"{path}:{breach.line}: {breach.what}" for path, breach in found]
    assert not lines, "\n".join([f"{rule} ({len(lines)} places)", *lines])
