"""Loading the worked case: units, plan, users, and the reports of January to June 2022."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.instance import mark_as_sample
from tracker.core.slow_hashes import nobodys_hash
from tracker.domain.roles import Permission, Role
from tracker.domain.rollup import ValueState
from tracker.domain.units import FactKind
from tracker.features.accounts.models import User
from tracker.features.accounts.services import GoodPassword, add_user, grant_role
from tracker.features.org.models import UnitKind
from tracker.features.org.queries import UnitRow, units_by_code
from tracker.features.org.services import FactDraft, add_fact, add_unit
from tracker.features.plans.models import Indicator, Plan
from tracker.features.plans.services import assign_indicator, create_plan, set_target
from tracker.features.reports.queries import Sheet, get_sheet
from tracker.features.reports.services import (
    CellDraft,
    approve_report,
    oddities,
    save_report,
    submit_report,
)
from tracker.sample.names import DUE_WORKDAYS, REVIEWER, TODAY, UNITS_EN, USERS
from tracker.sample.structure import add_structure, rows_of

FACTS = Path(__file__).with_name("facts.csv")
PLAN = "LC-2022"
JUNE = "2022-06"
LEFT_DRAFT, LEFT_SUBMITTED = "LC07", "LC03"
"""In the story, the communities whose June is still a draft, and still waiting for review."""

ODD_REASON = "按当月实际情况填报"


def load_sample(*, story: bool) -> None:
    """Load the sample into an empty database; the caller commits.

    With ``story``, June of one community stays a draft and of another waits for review; without,
    everything is approved.
    """
    mark_as_sample(date.fromisoformat(TODAY))
    for row in rows_of("units"):
        add_unit(
            row["code"],
            row["name"],
            UnitKind(row["kind"]),
            parent_code=row["parent"] or None,
            name_en=UNITS_EN[row["code"]],
            actor=HOUSE,
        )
    units = units_by_code()
    _load_facts(units)
    users = _load_users(units)
    plan, indicators = _load_plan(units)
    _load_targets(plan, indicators, units)
    _load_reports(plan, users, story=story)


def _load_facts(units: dict[str, UnitRow]) -> None:
    """Households, residents, compounds and areas, all of them illustrative."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            draft = FactDraft(
                FactKind(row["kind"]), date.fromisoformat(row["from_on"]), Decimal(row["value"])
            )
            add_fact(units[row["unit"]], draft, actor=HOUSE)


def _load_users(units: dict[str, UnitRow]) -> dict[str, User]:
    """Users by name, reporters by unit.

    Nobody knows their passwords: they are entered by one click, or reset by the operator.
    """
    users: dict[str, User] = {}
    for username, label, label_en, role, unit in USERS:
        password = GoodPassword(nobodys_hash())
        user = add_user(username, label, password, label_en=label_en, is_sample=True, actor=HOUSE)
        grant_role(user, Role(role), units[unit], actor=HOUSE)
        users[f"reporter {unit}" if role == Role.REPORTER else username] = user
    return users


def _load_plan(units: dict[str, UnitRow]) -> tuple[Plan, dict[str, Indicator]]:
    plan = create_plan(
        PLAN,
        "2022年文明典范城市创建工作方案",
        name_en="Model civilised city work plan 2022",
        unit=units["LC"],
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 12, 31),
        due_workdays=DUE_WORKDAYS,
        actor=HOUSE,
    )
    reporters: dict[str, set[str]] = defaultdict(set)
    for row in rows_of("values"):
        reporters[row["indicator"]].add(row["unit"])
    indicators = add_structure(plan, leads=units, is_sample=True, actor=HOUSE)
    for code, indicator in indicators.items():
        assign_indicator(plan, indicator, [units[unit] for unit in sorted(reporters[code])], actor=HOUSE)
    return plan, indicators


def _load_targets(plan: Plan, indicators: dict[str, Indicator], units: dict[str, UnitRow]) -> None:
    for row in rows_of("targets"):
        set_target(
            plan,
            indicators[row["indicator"]],
            units[row["unit"]],
            target=Decimal(row["target"]),
            baseline=Decimal(row["baseline"]) if row["baseline"] else None,
            actor=HOUSE,
        )


def _load_reports(plan: Plan, users: dict[str, User], *, story: bool) -> None:
    by_report: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows_of("values"):
        by_report[row["period"], row["unit"]].append(row)
    told_on: date | None = None
    for (period, unit), rows in sorted(by_report.items()):
        reporter = users[f"reporter {unit}"]
        sheet = _sheet(plan, unit, period)
        # Everyone handed in on time, so the story goes on from due day to due day.
        if told_on != (told_on := min(sheet.period.due_on, date.fromisoformat(TODAY))):
            mark_as_sample(told_on)
        keys = {
            (cell.indicator.code, cell.category.name if cell.category else ""): cell.key
            for cell in sheet.cells
        }
        drafts = [_cell(row, keys[row["indicator"], row["category"]]) for row in rows]
        left = story and period == JUNE
        if left and unit == LEFT_DRAFT:
            drafts = drafts[: len(drafts) // 2]
        save_report(sheet, drafts, version=0, actor=reporter)
        if left and unit == LEFT_DRAFT:
            continue
        _explain_odd(plan, unit, period, drafts, reporter)
        submit_report(_sheet(plan, unit, period), actor=reporter)
        if left and unit == LEFT_SUBMITTED:
            continue
        sheet = _sheet(plan, unit, period)
        approve_report(sheet, version=sheet.version, actor=users[REVIEWER])


def _explain_odd(plan: Plan, unit: str, period: str, drafts: list[CellDraft], reporter: User) -> None:
    """Give the reason that odd values need before a report is submitted."""
    sheet = _sheet(plan, unit, period)
    odd = {cell.key for cell in sheet.cells if oddities(cell, cell.entry)}
    if odd:
        explained = [replace(draft, reason=ODD_REASON) for draft in drafts if draft.key in odd]
        save_report(sheet, explained, version=sheet.version, actor=reporter)


def _cell(row: dict[str, str], key: tuple[int, int]) -> CellDraft:
    return CellDraft(
        key=key,
        state=ValueState.VALUE,
        value=Decimal(row["value"]),
        denominator=Decimal(row["denominator"]) if row["denominator"] else None,
    )


def _sheet(plan: Plan, unit: str, period: str) -> Sheet:
    return get_sheet(
        WHOLE_HOUSE, Permission.FILL_REPORTS, plan_code=plan.code, unit_code=unit, period_code=period
    )
