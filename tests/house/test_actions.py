"""Every action that is recorded has its words, so that an auditor never reads the name of a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tracker.core.actions import ACTIONS, SUBJECTS
from tracker.core.audit import SEEN_ONLY
from tracker.core.fields import FIELDS

from .source import Breach, Module, dotted, modules, refuse

PASSED_ON = {"take_step": 2, "_record": 0}
"""Functions that hand an action on to record(), with the place of that argument."""

PASSING = {
    ("tracker/features/reports/services/steps.py", "action"),
    ("tracker/features/reports/services/corrections.py", "action"),
    ("tracker/core/refusals.py", "ACTION"),
    ("tracker/features/calendar/services.py", "action"),
    ("tracker/features/org/services/workbook.py", "action"),
    ("tracker/features/people/services/grants.py", "action"),
    ("tracker/features/people/services/users.py", "action"),
    ("tracker/features/periods/services.py", "action"),
    ("tracker/features/plans/services/outline.py", "action"),
    ("tracker/features/plans/services/targets.py", "action"),
    ("tracker/features/upkeep/services/backups.py", "TAKEN"),
}
"""Where record() is given a name instead of a text: an argument of a function above, or a constant."""


def recorded(module: Module) -> Iterator[tuple[ast.Call, ast.expr | None]]:
    """Calls that record something, with the action they name."""
    for call in module.calls():
        name = dotted(call.func).rpartition(".")[2]
        place = 0 if name == "record" else PASSED_ON.get(name)
        if place is None:
            continue
        named = [keyword.value for keyword in call.keywords if keyword.arg == "action"]
        yield call, named[0] if named else call.args[place] if len(call.args) > place else None


def without_words(module: Module) -> Iterator[Breach]:
    """Every action that is recorded has its words in core/actions.py."""
    for call, action in recorded(module):
        if isinstance(action, ast.Constant):
            if action.value not in ACTIONS:
                yield Breach(call.lineno, f"the action {action.value!r} has no words in core/actions.py")
        elif not (isinstance(action, ast.Name) and (module.path, action.id) in PASSING):
            yield Breach(call.lineno, "names its action by no text, so that nobody can look for its words")


def first_words(module: Module) -> Iterator[Breach]:
    """The name of an object in the log begins with a word of core/actions.py."""
    for call, _ in recorded(module):
        for keyword in call.keywords:
            text = keyword.value
            start = text.values[0] if isinstance(text, ast.JoinedStr) else text
            if keyword.arg != "subject" or not isinstance(start, ast.Constant):
                continue
            said = str(start.value)
            if not any(said == word or said.startswith(f"{word} ") for word in SUBJECTS):
                yield Breach(call.lineno, f"{said!r} begins with no word that core/actions.py knows")


def without_field_words(module: Module) -> Iterator[Breach]:
    """What an object's record says to have changed has its words in core/fields.py."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Dict) or not node.keys:
            continue
        if not all(isinstance(value, ast.Tuple) and len(value.elts) == 2 for value in node.values):
            continue
        for key in node.keys:
            if isinstance(key, ast.Constant) and key.value not in FIELDS:
                yield Breach(key.lineno, f"the change {key.value!r} has no words in core/fields.py")


def ours() -> list[Module]:
    return [module for module in modules() if module.is_in("tracker/")]


def test_every_action_has_words() -> None:
    assert sum(1 for module in ours() for _ in recorded(module)) > 15
    refuse(without_words.__doc__ or "", ((m.path, breach) for m in ours() for breach in without_words(m)))


def test_every_object_has_a_word() -> None:
    refuse(first_words.__doc__ or "", ((m.path, breach) for m in ours() for breach in first_words(m)))


def test_every_change_has_words() -> None:
    services = [module for module in ours() if "/services" in module.path]
    refuse(
        without_field_words.__doc__ or "", ((m.path, one) for m in services for one in without_field_words(m))
    )


def test_an_action_without_words_is_seen() -> None:
    for text in (
        'record("no.such", actor=actor, subject=s)',
        'audit.record(action="no.such", actor=actor, subject=s)',
        "record(name, actor=actor, subject=s)",
        'take_step(sheet, state, "report.lose", actor=actor)',
    ):
        assert list(without_words(Module("tracker/features/plans/services.py", text))), text
    assert not list(without_words(Module("tracker/x.py", 'record("unit.add", subject=s)')))
    assert list(first_words(Module("tracker/x.py", 'record("unit.add", subject=f"thing {x}")')))
    assert list(without_field_words(Module("tracker/x.py", 'record("a", changes={"no such": (None, 1)})')))


def test_what_changes_nothing_is_an_action_too() -> None:
    assert set(ACTIONS) >= SEEN_ONLY
