"""What a workbook of units would change, before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from tracker.core.format import NO_VALUE, day
from tracker.core.i18n import word
from tracker.core.workbooks import say_problem
from tracker.domain.units import FactKind, UnitKind
from tracker.excel.declared import Problem
from tracker.features.org.queries import Comparison, LineResult
from tracker.features.org.sheets import HEADINGS

MOST = 300
"""Rows of each list that are shown; how many there are is always said."""


@dataclass(frozen=True)
class ProblemView:
    """What is wrong in a cell."""

    row: int
    address: str
    said: str


@dataclass(frozen=True)
class ChangeView:
    """A row that adds or changes, in words."""

    row: int
    code: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PreviewPage:
    """The preview of one upload. Only without problems, and with something to do, can it be confirmed."""

    file_name: str
    token: str
    new: tuple[ChangeView, ...]
    changed: tuple[ChangeView, ...]
    new_total: int
    changed_total: int
    unchanged: int
    problems: tuple[ProblemView, ...]
    problems_total: int
    unknown: tuple[str, ...]
    fingerprint: str
    can_confirm: bool
    marked_url: str


def preview_page(
    found: Comparison, problems: Sequence[Problem], *, file_name: str, token: str, unknown: Sequence[str]
) -> PreviewPage:
    """The page for a compared workbook."""
    return PreviewPage(
        file_name=file_name,
        token=token,
        new=tuple(_new(result) for result in found.new[:MOST]),
        changed=tuple(_changed(result) for result in found.changed[:MOST]),
        new_total=len(found.new),
        changed_total=len(found.changed),
        unchanged=found.unchanged,
        problems=tuple(ProblemView(one.row, one.address, say_problem(one)) for one in problems[:MOST]),
        problems_total=len(problems),
        unknown=tuple(unknown),
        fingerprint=found.fingerprint,
        can_confirm=not problems and bool(found.new or found.changed),
        marked_url=url_for("org.marked", token=token),
    )


def _new(result: LineResult) -> ChangeView:
    line = result.line
    said = [word(line.kind)] if line.kind else []
    if line.parent:
        said.append(gettext("below %(code)s", code=line.parent))
    facts = [one for one in result.differences if one.field in set(FactKind)]
    return ChangeView(
        line.row,
        line.code,
        line.name or "",
        (*said, *(_said(result, one.field, one.old, one.new) for one in facts)),
    )


def _changed(result: LineResult) -> ChangeView:
    name = result.unit.name if result.unit else ""
    lines = tuple(_said(result, one.field, one.old, one.new) for one in result.differences)
    return ChangeView(result.line.row, result.line.code, name, lines)


def _said(result: LineResult, field: str, old: str | None, new: str | None) -> str:
    if field == "kind":
        old, new = (word(UnitKind(kind)) if kind else None for kind in (old, new))
    heading = gettext(HEADINGS[field])
    change = f"{old or NO_VALUE} → {new or NO_VALUE}"
    if field in set(FactKind) and result.line.since is not None:
        heading = gettext("%(fact)s from %(day)s", fact=heading, day=day(result.line.since))
    return gettext("%(field)s: %(change)s", field=heading, change=change)
