"""Shelves and pure ground: every Python file keeps to what its place in the house may do.

A rule is a function that yields its breaches in one file. Each stands with a snippet that breaks it,
so that a rule that has gone blind is noticed.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator

import pytest

from .source import Breach, Module, dotted, modules, package_of, refuse

Rule = Callable[[Module], Iterator[Breach]]

SHELVES = {
    "__init__",
    "models",
    "queries",
    "services",
    "forms",
    "sheets",
    "pages",
    "views",
    "charts",
    "kinds",
}
NAMELESS = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
LONGEST_FILE, LONGEST_TEST, LONGEST_VIEW = 300, 400, 30


# Names and sizes


def has_a_shelfs_name(module: Module) -> Iterator[Breach]:
    """A room has only the shelves of docs/house.md, and no file says nothing by its name."""
    if module.shelf is not None and module.shelf not in SHELVES:
        yield Breach(1, f"'{module.shelf}' is no shelf of a room; there are {', '.join(sorted(SHELVES))}")
    if module.name.removesuffix(".py") in NAMELESS and module.is_in("tracker/"):
        yield Breach(1, f"'{module.name}' does not say what is in it: name it for what it is")


def is_short(module: Module) -> Iterator[Breach]:
    """A file of about 300 lines (a test: 400) becomes a package, split by noun."""
    if module.is_in("run.py", "tracker/migrations/versions/"):
        return  # one stands alone on purpose, the others are generated
    limit = LONGEST_TEST if module.is_in("tests/") else LONGEST_FILE
    lines = module.text.count("\n")
    if lines > limit:
        yield Breach(limit + 1, f"{lines} lines, at most {limit}: split it by noun")


def has_short_views(module: Module) -> Iterator[Breach]:
    """A view fetches and shows, or checks, acts, commits and redirects: about 30 lines do."""
    if module.shelf != "views":
        return
    for node in module.walk():
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_VIEW:
                yield Breach(node.lineno, f"{node.name} has {lines} lines, at most {LONGEST_VIEW}")


# Shelves


def commits_only_at_the_edge(module: Module) -> Iterator[Breach]:
    """The caller commits, once, visibly: only views, the API, the command line and the plumbing."""
    if (
        module.shelf == "views"
        or not module.is_in("tracker/")
        or module.is_in(*EDGES, "tracker/core/", "tracker/migrations/")
    ):
        return
    for call in module.calls():
        if dotted(call.func).endswith(".commit"):
            yield Breach(call.lineno, "commits; leave that to the view, API or command that calls it")


def asks_through_queries(module: Module) -> Iterator[Breach]:
    """Views and the API reach the database through queries and services only."""
    if module.shelf != "views" and not module.is_in("tracker/api/"):
        return
    for line, imported, name in module.imports():
        if package_of(imported) == "sqlalchemy":
            yield Breach(line, f"imports {imported} {name}".rstrip() + ": ask a function of queries")
    for call in module.calls():
        if dotted(call.func) == "select" or dotted(call.func).endswith((".select", "session.execute")):
            yield Breach(call.lineno, "builds or runs a statement: ask a function of queries")


def knows_no_request(module: Module) -> Iterator[Breach]:
    """Queries, services and models work the same from a page, the API and the command line."""
    if module.shelf not in {"queries", "services", "models"}:
        return
    hidden = {"request", "session", "g", "current_app", "abort", "redirect", "url_for", "render_template"}
    for line, imported, name in module.imports():
        if imported == "flask" and (name in hidden - {"current_app"} or not name):
            yield Breach(line, f"imports flask {name}".rstrip() + ": pass what is needed as an argument")
        if imported == "flask_login":
            yield Breach(line, "imports flask_login: pass the user as 'actor' or a 'scope'")


ACTORLESS = {
    # Changes nothing, and at that moment nobody is signed in.
    # The invitation itself says who acts: the user whom it lets in.
    "tracker/features/people/services/invitations.py:accept_code",
    "tracker/features/people/services/invitations.py:accept_link",
    # Only compare and judge, before the write begins.
    "tracker/features/people/services/invitations.py:try_code",
    "tracker/features/people/services/invitations.py:try_link",
    "tracker/features/accounts/services/attempts.py:try_password",
    # Only judge a file, and put it on the disk before the write that names it and its actor.
    "tracker/features/evidence/services.py:judge_file",
    "tracker/features/evidence/services.py:put_file",
    # Only compares: whoever hands in is told by it what lacks.
    "tracker/features/reports/services/evidence.py:find_lacking_evidence",
    "tracker/features/reports/services/fill.py:find_odd_cells",
    "tracker/features/reports/services/evidence.py:check_evidence_open",
    # Nobody is signed in yet: the record names whoever gets in.
    "tracker/features/accounts/services/sessions.py:enter_user",
    # Notes that a browser is still there, which is nobody's change of anything.
    "tracker/features/accounts/services/sessions.py:note_seen",
    # Only judges and hashes, before the write begins.
    "tracker/features/accounts/services/passwords.py:prepare_password",
    "tracker/features/accounts/services/passwords.py:judge_password",
    # Post inside the service of another room, which is told the actor and writes the record.
    "tracker/features/progress/services.py:post_differences",
    # Write what follows from, or is part of, a change that another service makes and records.
    "tracker/features/places/services.py:end_units",
    "tracker/features/places/services.py:note_merger",
    "tracker/features/places/services.py:relocate_unit",
    "tracker/features/plans/services/derived.py:refresh_derived",
    "tracker/features/reports/services/placed.py:repost_units",
    # Removes a file after the record of it was committed by record_deletion.
    "tracker/features/upkeep/services/backups.py:drop_backup",
    # Work out slow hashes before a write begins, and keep nothing.
    "tracker/features/people/services/invitations.py:prepare_invitations",
    "tracker/features/setup/services/codes.py:prepare_code",
    # Only compare or judge, and use the same steps as the services beside them.
    "tracker/features/reports/services/check.py:find_differences",
    "tracker/features/reports/services/drafts.py:oddities",
    "tracker/features/reports/services/drafts.py:check_draft",
    "tracker/features/reports/services/drafts.py:check_stored",
    "tracker/features/reports/services/open.py:open_points",
    "tracker/features/reports/services/drafts.py:differs",
    "tracker/features/reports/services/drafts.py:check_later",
    "tracker/features/reports/services/bulk.py:check_importable",
    "tracker/features/intake/services/batches.py:needed_for",
    "tracker/features/intake/services/compare.py:compare_figures",
    "tracker/features/intake/services/drafts.py:said_of",
    "tracker/features/intake/services/lines.py:stamp_for",
}
"""The few functions of a services shelf that need no actor, each with its reason."""


def offered(module: Module) -> Callable[[str], bool]:
    """Which names other files use: in a package those that its __init__ hands on, else the public ones."""
    folder = module.path.rpartition("/")[0]
    front = next((one for one in modules() if one.path == f"{folder}/__init__.py"), None)
    if front is None or not folder.endswith("/services"):
        return lambda name: not name.startswith("_")
    names = {name for _, _, name in front.imports()}
    return lambda name: name in names


def names_its_actor(module: Module) -> Iterator[Breach]:
    """A service is a verb and a noun, and is told who acts: def verb_noun(..., *, actor)."""
    if module.shelf != "services":
        return
    is_offered = offered(module)
    for node in module.tree.body:
        if not isinstance(node, ast.FunctionDef) or not is_offered(node.name):
            continue
        if f"{module.path}:{node.name}" in ACTORLESS:
            continue
        if "_" not in node.name:
            yield Breach(node.lineno, f"{node.name}: name it verb_noun")
        if "actor" not in {argument.arg for argument in node.args.kwonlyargs}:
            yield Breach(node.lineno, f"{node.name} takes no keyword-only 'actor'")


def only_reads(module: Module) -> Iterator[Breach]:
    """Queries change nothing."""
    if module.shelf != "queries":
        return
    changing = {"insert", "update", "delete"}
    imported = {name for _, source, name in module.imports() if package_of(source) == "sqlalchemy"}
    for call in module.calls():
        name = dotted(call.func)
        owner, _, method = name.rpartition(".")
        of_session = owner == "session" or owner.endswith(".session")
        if of_session and method in {"add", "add_all", "delete", "merge", "flush", "commit"}:
            yield Breach(call.lineno, f"{name}() changes the database")
        of_library = owner in {"sa", "sqlalchemy"} or (not owner and method in imported)
        if of_library and method in changing:
            yield Breach(call.lineno, f"{name}() builds a changing statement")


def only_describes(module: Module) -> Iterator[Breach]:
    """Models neither translate, nor build addresses, nor query."""
    if module.shelf != "models":
        return
    for line, imported, name in module.imports():
        if package_of(imported) == "flask_babel" or name in {"url_for", "gettext", "lazy_gettext"}:
            yield Breach(line, f"imports {imported} {name}".rstrip() + ": models neither translate nor link")
    for call in module.calls():
        if re.search(r"session\.(execute|scalars?|get)$", dotted(call.func)):
            yield Breach(call.lineno, "queries: that belongs to the queries")


# Grounds


def leaves_openpyxl_to_excel(module: Module) -> Iterator[Breach]:
    """openpyxl lives in tracker/excel and nowhere else."""
    if not module.is_in("tracker/") or module.is_in("tracker/excel/"):
        return
    for line, imported, _ in module.imports():
        if package_of(imported) == "openpyxl":
            yield Breach(line, "imports openpyxl: go through tracker.excel")


CLOCKS = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.time)$")


def leaves_time_to_the_clock(module: Module) -> Iterator[Breach]:
    """core.clock is the only clock: a data date is never simply 'today'."""
    if not module.is_in("tracker/") or module.is_in("tracker/core/clock.py", "tracker/bench/"):
        return
    for call in module.calls():
        if CLOCKS.search(dotted(call.func)):
            yield Breach(call.lineno, f"{dotted(call.func)}(): ask tracker.core.clock")
    for line, imported, name in module.imports():
        if (imported, name) == ("time", "time"):
            yield Breach(line, "imports time.time: ask tracker.core.clock")


def counts_exactly(module: Module) -> Iterator[Breach]:
    """Values are decimals and fractions, never floats."""
    if not module.is_in("tracker/domain/"):
        return
    for node in module.walk():
        if isinstance(node, ast.Name) and node.id == "float":
            yield Breach(node.lineno, "names float")
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield Breach(node.lineno, f"the number {node.value} is a float: write a Fraction or Decimal")


def is_pure(module: Module) -> Iterator[Breach]:
    """The domain has no clock, database, request, translation or file."""
    if not module.is_in("tracker/domain/"):
        return
    allowed = {"__future__", "calendar", "collections", "dataclasses", "datetime", "decimal", "enum"}
    allowed |= {"fractions", "functools", "itertools", "math", "re", "statistics", "typing", "unicodedata"}
    for line, imported, _ in module.imports():
        if package_of(imported) not in allowed and not imported.startswith("tracker.domain"):
            yield Breach(line, f"imports {imported}")


# Everywhere


def prints_only_at_the_command_line(module: Module) -> Iterator[Breach]:
    """Only the command line prints; the rest logs, raises or returns."""
    if not module.is_in("tracker/") or module.is_in("tracker/cli/", "tracker/bench/"):
        return
    for call in module.calls():
        if dotted(call.func) == "print":
            yield Breach(call.lineno, "prints")


def _is_text_open(call: ast.Call) -> bool:
    """Whether the call opens a text file: the built-in or a path's method, not an image's or archive's."""
    name = dotted(call.func) or (call.func.attr if isinstance(call.func, ast.Attribute) else "")
    if name in {"open", "io.open"}:
        modes = call.args[1:2]
    elif name.rpartition(".")[2] == "open" and isinstance(call.func, ast.Attribute):
        modes = call.args[:1]
        if modes and not re.fullmatch("'[rwaxbt+]+'", ast.unparse(modes[0])):
            return False
        if not modes and not any(k.arg == "mode" for k in call.keywords) and "path" not in name.lower():
            return False
    else:
        return name.rpartition(".")[2] in {"read_text", "write_text"}
    modes = [*modes, *(k.value for k in call.keywords if k.arg == "mode")]
    return not any(isinstance(mode, ast.Constant) and "b" in str(mode.value) for mode in modes)


def names_its_encoding(module: Module) -> Iterator[Breach]:
    """Every text file is opened with its encoding by name: Chinese Windows has another default."""
    for call in module.calls():
        if _is_text_open(call) and not any(keyword.arg in {"encoding", None} for keyword in call.keywords):
            yield Breach(call.lineno, f"{ast.unparse(call.func)}() without encoding=")


UNNAMED = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:\s*[A-Z])", re.IGNORECASE)
UNDONE = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")


def says_what_it_silences(module: Module) -> Iterator[Breach]:
    """A silenced check names its code; work that is left lives in the issue list, not in comments."""
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if UNNAMED.search(token.string):
            yield Breach(token.start[0], f"silences a check without its code: {token.string}")
        if UNDONE.search(token.string):
            yield Breach(token.start[0], f"leaves work behind: {token.string}")


EDGES = ("tracker/api/", "tracker/cli/")

RULES: dict[Rule, tuple[str, str]] = {
    has_a_shelfs_name: ("tracker/features/plans/utils.py", ""),
    is_short: ("tracker/features/plans/models.py", "\n" * (LONGEST_FILE + 1)),
    has_short_views: ("tracker/features/plans/views.py", "def show():\n" + "    x = 1\n" * LONGEST_VIEW),
    commits_only_at_the_edge: ("tracker/features/plans/services.py", "db.session.commit()"),
    asks_through_queries: ("tracker/features/plans/views.py", "from sqlalchemy import select"),
    knows_no_request: ("tracker/features/plans/services.py", "from flask import g"),
    names_its_actor: ("tracker/features/plans/services.py", "def add_plan(draft, actor): ..."),
    only_reads: ("tracker/features/plans/queries.py", "db.session.add(plan)"),
    only_describes: ("tracker/features/plans/models.py", "from flask_babel import gettext"),
    leaves_openpyxl_to_excel: ("tracker/features/plans/sheets.py", "import openpyxl.styles"),
    leaves_time_to_the_clock: ("tracker/core/audit.py", "import datetime\ndatetime.datetime.now()"),
    counts_exactly: ("tracker/domain/numbers.py", "x = 0.5"),
    is_pure: ("tracker/domain/numbers.py", "import pathlib"),
    prints_only_at_the_command_line: ("tracker/core/audit.py", "print('x')"),
    names_its_encoding: ("tracker/core/audit.py", "(folder / 'x').read_text()"),
    says_what_it_silences: ("tests/core/test_x.py", "x = 1  # type: " + "ignore\n"),
}
"""Each rule with the path and text of a file that breaks it."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_file(rule: Rule) -> None:
    refuse(rule.__doc__ or "", ((module.path, breach) for module in modules() for breach in rule(module)))


def test_every_exception_is_still_needed() -> None:
    there = {
        f"{module.path}:{node.name}"
        for module in modules()
        if module.shelf == "services"
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and "actor" not in {a.arg for a in node.args.kwonlyargs}
    }
    assert there >= ACTORLESS, f"remove from ACTORLESS: {sorted(ACTORLESS - there)}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_sees_a_breach(rule: Rule) -> None:
    assert list(rule(Module(*RULES[rule])))


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (commits_only_at_the_edge, "tracker/features/plans/views.py", "db.session.commit()"),
        (only_reads, "tracker/features/plans/queries.py", "found = {}\nfound.update(x)\nseen.add(1)"),
        (names_its_encoding, "tracker/core/x.py", "open(p, 'rb')\np.open('wb')\nImage.open(file)"),
        (names_its_encoding, "tracker/core/x.py", "p.open('w', encoding='utf-8')"),
        (names_its_actor, "tracker/features/plans/services.py", "def _check(x): ..."),
        (names_its_actor, "tracker/features/plans/services.py", "def add_plan(x, *, actor): ..."),
        (leaves_time_to_the_clock, "tracker/core/clock.py", "datetime.now(UTC)"),
        (says_what_it_silences, "tests/x.py", "x = 1  # noqa: E501\ny = '# noqa'"),
    ],
)
def test_the_rule_lets_the_right_way_pass(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(Module(path, text)))
