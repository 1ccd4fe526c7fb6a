"""What a plan's workbook would change, before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from flask import url_for
from flask_babel import gettext

from tracker.core.format import NO_VALUE, day
from tracker.core.i18n import Named, language, name_of, word
from tracker.core.workbooks import say_problem
from tracker.domain.errors import N_
from tracker.domain.numbers import plain
from tracker.domain.periods import Frequency
from tracker.excel.declared import Problem
from tracker.features.plans.forms import frequency_word
from tracker.features.plans.queries import ManagedPlan
from tracker.features.plans.services import Change, Difference, Kind, Part, PlanImport, Unmentioned
from tracker.features.plans.sheets import HEADINGS, PlanWorkbook, sheet_label

MOST = 300
"""Rows of each list that are shown; how many there are is always said."""

TITLES: dict[Kind, str] = {
    Kind.PLAN: N_("The plan itself"),
    Kind.PILLAR: N_("Pillars"),
    Kind.INITIATIVE: N_("Initiatives"),
    Kind.INDICATOR: N_("Indicators in the plan"),
    Kind.REPORTERS: N_("Who reports what"),
    Kind.TARGET: N_("Targets"),
    Kind.CURVE: N_("Planned curves"),
}


@dataclass(frozen=True)
class WrongCell:
    """What is wrong in a cell."""

    sheet: str
    address: str
    said: str


@dataclass(frozen=True)
class ChangeLine:
    """Something that is added or changed, in words."""

    name: str
    sub: str
    is_new: bool
    lines: tuple[str, ...]
    sheet: str
    row: int


@dataclass(frozen=True)
class ChangeList:
    """Changes of one kind."""

    key: str
    title: str
    lines: tuple[ChangeLine, ...]
    total: int


@dataclass(frozen=True)
class BookPreview:
    """The preview of one upload. Only without problems, and with something to do, can it be confirmed."""

    plan: ManagedPlan | None
    file_name: str
    new_total: int
    changed_total: int
    lists: tuple[ChangeList, ...]
    problems: tuple[WrongCell, ...]
    problems_total: int
    unknown: tuple[str, ...]
    left_alone: tuple[str, ...]
    fingerprint: str
    asks_why: bool
    can_confirm: bool
    marked_url: str
    upload_url: str
    back_url: str


def book_preview(
    workbook: PlanWorkbook,
    found: PlanImport,
    problems: Mapping[Part, Sequence[Problem]],
    *,
    plan: ManagedPlan | None,
    file_name: str,
    token: str,
) -> BookPreview:
    """The page for a workbook that was tried."""
    code = plan.plan.code if plan else None
    wrong = [
        WrongCell(sheet_label(workbook, part), one.address, say_problem(one))
        for part, each in problems.items()
        for one in each
    ]
    return BookPreview(
        plan=plan,
        file_name=file_name,
        new_total=sum(change.is_new for change in found.changes),
        changed_total=sum(not change.is_new for change in found.changes),
        lists=tuple(_list(workbook, kind, found.changes) for kind in Kind if _of(kind, found.changes)),
        problems=tuple(wrong[:MOST]),
        problems_total=len(wrong),
        unknown=tuple(workbook.unknown),
        # A row with a wrong cell mentions something that cannot be told.
        left_alone=() if wrong else tuple(_left_alone(found.unmentioned)),
        fingerprint=found.fingerprint,
        asks_why=found.asks_why,
        can_confirm=not wrong and bool(found.changes),
        marked_url=url_for("plans.workbook_marked", plan=code, token=token),
        upload_url=url_for("plans.workbook_upload", plan=code),
        back_url=url_for("plans.show", plan=code) if code else url_for("plans.index"),
    )


def _of(kind: Kind, changes: Sequence[Change]) -> list[Change]:
    return [change for change in changes if change.kind is kind]


def _list(workbook: PlanWorkbook, kind: Kind, changes: Sequence[Change]) -> ChangeList:
    mine = _of(kind, changes)
    return ChangeList(
        kind.value, gettext(TITLES[kind]), tuple(_line(workbook, one) for one in mine[:MOST]), len(mine)
    )


def _line(workbook: PlanWorkbook, change: Change) -> ChangeLine:
    parts = [change.code, name_of(change.of) if change.of else ""]
    return ChangeLine(
        name=name_of(change.name),
        sub=" · ".join(part for part in parts if part),
        is_new=change.is_new,
        lines=(*(_said(change, one) for one in change.differences), *_since(change)),
        sheet=sheet_label(workbook, change.part),
        row=change.row,
    )


def _said(change: Change, one: Difference) -> str:
    new, old = _shown(change, one.field, one.new), _shown(change, one.field, one.old)
    said = new if change.is_new and one.old is None else f"{old} → {new}"
    return gettext("%(field)s: %(change)s", field=_heading(change, one.field), change=said)


def _since(change: Change) -> tuple[str, ...]:
    """What is to be known of a target that was changed during the plan."""
    if change.since is None:
        return ()
    said = gettext("Changed from %(day)s on: the new one holds from then or later", day=day(change.since))
    return (said,)


def _heading(change: Change, name: str) -> str:
    if change.kind is Kind.CURVE:
        return day(date.fromisoformat(name))
    parts = (change.part, *Part) if change.kind is not Kind.PLAN else (Part.COVER,)
    found = (HEADINGS[part][name] for part in parts if name in HEADINGS[part])
    return gettext(next(found, name))


def _shown(change: Change, name: str, value: object) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return NO_VALUE
    if isinstance(value, tuple):
        return (", " if language() == "en" else "、").join(_shown(change, name, one) for one in value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Decimal):
        return f"{plain(value)}%" if change.kind is Kind.CURVE else plain(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Frequency):
        return frequency_word(value)
    if isinstance(value, StrEnum):
        return word(value)
    return name_of(value) if isinstance(value, Named) else str(value)


def _left_alone(found: Unmentioned) -> list[str]:
    """What the plan holds and the workbook does not mention, one sentence for each kind."""
    comma = ", " if language() == "en" else "、"
    said = [
        _pair(kind, comma.join(names))
        for kind, names in (
            (Kind.PILLAR, [name_of(one) for one in found.pillars]),
            (Kind.INITIATIVE, [name_of(one) for one in found.initiatives]),
            (Kind.INDICATOR, [f"{code} {name_of(one)}" for code, one in found.indicators]),
        )
        if names
    ]
    counts = ((Kind.TARGET, found.targets), (Kind.REPORTERS, found.reporters))
    return said + [_pair(kind, gettext("%(count)s rows", count=count)) for kind, count in counts if count]


def _pair(kind: Kind, said: str) -> str:
    return gettext("%(field)s: %(change)s", field=gettext(TITLES[kind]), change=said)
