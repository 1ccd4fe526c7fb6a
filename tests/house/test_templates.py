"""Templates, styles and scripts: nothing inline, nothing from other hosts, nothing unsafe, nothing unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import cache

import pytest

from .source import TEMPLATES, Breach, modules, own_files, refuse, relative

Rule = Callable[[str], Iterator[Breach]]

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
POSTING = re.compile(r"<form\b[^>]*\bmethod\s*=\s*[\"']?post.*?(?:</form>|\Z)", re.DOTALL | re.IGNORECASE)
NAME = re.compile(r"""["']([\w./-]+\.(?:html|txt|xml|svg))["']""")


def blank(pattern: re.Pattern[str], text: str) -> str:
    """The text with every match replaced by spaces; line numbers stay."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def places(pattern: str, text: str, what: str) -> Iterator[Breach]:
    for found in re.finditer(pattern, text, re.IGNORECASE):
        yield Breach(text.count("\n", 0, found.start()) + 1, f"{what}: {found[0].strip()[:60]}")


@cache
def templates() -> dict[str, str]:
    """Name -> text without Jinja's comments."""
    return {
        path.relative_to(TEMPLATES).as_posix(): blank(COMMENT, path.read_text(encoding="utf-8"))
        for path in own_files(".html", ".txt", ".xml", ".svg")
        if TEMPLATES in path.parents
    }


# Rules for one template


def has_no_inline_style(text: str) -> Iterator[Breach]:
    """The Content-Security-Policy forbids inline style: use a class."""
    html = blank(JINJA, text)
    yield from places(r"\sstyle\s*=", html, "inline style")
    yield from places(r"<style\b", html, "inline style")
    yield from places(r"""["']style["']\s*:""", text, "inline style")


def has_no_inline_script(text: str) -> Iterator[Breach]:
    """The Content-Security-Policy forbids inline script: use a module in static/js."""
    html = blank(JINJA, text)
    yield from places(r"\son[a-z]+\s*=", html, "inline handler")
    yield from places(r"javascript:", html, "inline script")
    for found in re.finditer(r"<script\b[^>]*>", html, re.IGNORECASE):
        if not re.search(r"\bsrc\s*=|application/json", found[0]):
            yield Breach(html.count("\n", 0, found.start()) + 1, f"inline script: {found[0][:60]}")


def is_escaped(text: str) -> Iterator[Breach]:
    """What people typed is always escaped: no |safe, no autoescape block."""
    yield from places(r"\|\s*safe\b", text, "unescaped")
    yield from places(r"\{%-?\s*autoescape\b", text, "unescaped")


def guards_its_posts(text: str) -> Iterator[Breach]:
    """Every form that posts carries a CSRF token."""
    for found in POSTING.finditer(text):
        if not re.search(r"\b(csrf|csrf_token|csrf_field|hidden_tag)\b", found[0]):
            yield Breach(text.count("\n", 0, found.start()) + 1, "a form that posts without a CSRF token")


def stays_at_home(text: str) -> Iterator[Breach]:
    """Nothing is ever loaded from another host: networks are often isolated."""
    yield from places(r"https?://(?!www\.w3\.org/(?:2000/svg|1999/xlink|1999/xhtml)\b)", text, "another host")
    yield from places(r"""(?:src|href)\s*=\s*["']//|url\(\s*["']?//""", text, "another host")


RULES: dict[Rule, str] = {
    has_no_inline_style: '<p style="color: red">',
    has_no_inline_script: '<a\n onclick="go()">',
    is_escaped: "{{ note | safe }}",
    guards_its_posts: '<form action="/x" method="post"><button>go</button></form>',
    stays_at_home: '<img src="//example.org/x.png">',
}
"""Each rule with a template that breaks it."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_template(rule: Rule) -> None:
    assert templates()
    refuse(rule.__doc__ or "", ((f"templates/{n}", b) for n, text in templates().items() for b in rule(text)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_sees_a_breach(rule: Rule) -> None:
    assert list(rule(RULES[rule]))


def test_the_rules_let_the_right_way_pass() -> None:
    right = (
        '<svg xmlns="http://www.w3.org/2000/svg"></svg><script type="module" src="{{ x }}"></script>'
        '<script type="application/json">{{ facts|tojson }}</script>{{ button(once="x", style="quiet") }}'
        '<form method="post">{{ csrf() }}</form><form method="get"></form>'
    )
    assert [breach for rule in RULES for breach in rule(right)] == []


def test_styles_and_scripts_stay_at_home() -> None:
    refuse(
        stays_at_home.__doc__ or "",
        (
            (relative(path), breach)
            for path in own_files(".css", ".js")
            for breach in stays_at_home(path.read_text(encoding="utf-8"))
        ),
    )


# Every template is used


def named_in_python() -> Iterator[str]:
    """Template names in the package's strings; an f-string gives a pattern such as errors/*.html."""
    for module in modules():
        if not module.is_in("tracker/"):
            continue
        for node in module.walk():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in node.values)


def test_every_template_can_be_reached() -> None:
    """From what the package renders, through what those templates extend, include and import."""
    wanted = {name for name in named_in_python() if name.endswith((".html", ".txt", ".xml", ".svg"))}
    waiting = [name for name in templates() if any(fnmatch(name, pattern) for pattern in wanted)]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [found for found in NAME.findall(templates()[name]) if found in templates()]
    refuse(
        "Every template is rendered, extended, included or imported by another that is",
        ((f"templates/{name}", Breach(1, "is never used")) for name in sorted(set(templates()) - reached)),
    )


def test_every_template_that_is_named_exists() -> None:
    tag = re.compile(r"""\{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
    refuse(
        "Every template that another names exists",
        (
            (f"templates/{name}", Breach(text.count("\n", 0, found.start()) + 1, f"there is no {found[1]}"))
            for name, text in templates().items()
            for found in tag.finditer(text)
            if found[1] not in templates()
        ),
    )
