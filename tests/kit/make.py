"""Small things to test with, made by the product's own services. Plain functions, no fixtures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import delete, select, update

from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE, Actor
from tracker.core.db import db, writing
from tracker.core.instance import mark_as_sample
from tracker.domain.measures import Direction, Measure, ReportedAs
from tracker.domain.roles import Permission, Role
from tracker.domain.rollup import ValueState
from tracker.features.accounts.models import Grant, User
from tracker.features.accounts.queries import user_by_name
from tracker.features.accounts.services import add_user, grant_role, judge_password
from tracker.features.intake.models import IntakeBatch, IntakeRevision
from tracker.features.org.models import OrgUnit, UnitKind, UnitPlace
from tracker.features.org.queries import UnitRow, units_by_code
from tracker.features.org.services import add_unit
from tracker.features.places.models import UnitMerger
from tracker.features.plans.models import Indicator, Plan, TargetChange
from tracker.features.plans.queries import all_plans
from tracker.features.plans.services import (
    IndicatorDraft,
    add_indicator,
    add_initiative,
    add_pillar,
    assign_indicator,
    create_plan,
    refresh_derived,
    set_target,
)
from tracker.features.progress.models import Balance
from tracker.features.progress.queries import Standing, clockwork, standings
from tracker.features.reports.models import Correction, Entry, EntryRevision, Report, ReportTally
from tracker.features.reports.queries import Sheet, get_sheet
from tracker.features.reports.services import CellDraft, approve_report, save_report, submit_report

PLAN = "P"
PASSWORD = "correct horse Battery 7"
UNITS = (("T", None), ("A", "T"), ("B", "T"), ("A1", "A"), ("A2", "A"))
"""A township with two communities, one of which has two compounds; codes with their parents."""

DRAFTS = (
    IndicatorDraft("F", "流量", Measure.FLOW, "个", decimals=1, name_en="Flow"),
    IndicatorDraft(
        "FC", "分类流量", Measure.FLOW, "个", name_en="Flow by kind", categories=[("甲", "a"), ("乙", "b")]
    ),
    IndicatorDraft("S", "存量", Measure.STOCK, "个", name_en="Stock"),
    IndicatorDraft(
        "SC", "分类存量", Measure.STOCK, "个", name_en="Stock by kind", categories=[("甲", "a"), ("乙", "b")]
    ),
    IndicatorDraft("R", "比率", Measure.RATIO, "%", decimals=1, name_en="Ratio"),
    IndicatorDraft("M", "进度", Measure.MILESTONE, "%", decimals=1, name_en="Stages"),
    IndicatorDraft(
        "RT", "累计", Measure.FLOW, "个", name_en="Running total", reported_as=ReportedAs.RUNNING_TOTAL
    ),
    IndicatorDraft("C", "投诉", Measure.FLOW, "件", name_en="Complaints", direction=Direction.AT_MOST),
)
"""All four measures, with and without categories, a running total and a ceiling."""


def small_plan() -> None:
    """A plan of four months for the small township, in which every unit but the top reports everything."""
    with writing():
        mark_as_sample(date(2022, 3, 3))
        for code, parent in UNITS:
            kind = UnitKind.TOWNSHIP if parent is None else UnitKind.COMMUNITY
            add_unit(code, f"单位{code}", kind, parent_code=parent, name_en=f"Unit {code}", actor=HOUSE)
        units = units_by_code()
        plan = create_plan(
            PLAN,
            "方案",
            name_en="Plan",
            unit=units["T"],
            starts_on=date(2022, 1, 1),
            ends_on=date(2022, 4, 30),
            actor=HOUSE,
        )
        initiative = add_initiative(add_pillar(plan, "抓手", actor=HOUSE), "举措", actor=HOUSE)
        for draft in DRAFTS:
            indicator = add_indicator(plan, initiative, draft, actor=HOUSE)
            assign_indicator(plan, indicator, [units[c] for c, parent in UNITS if parent], actor=HOUSE)
        db.session.commit()


def tell_on(day: date) -> None:
    """Have the sample's story stand on another day."""
    with writing():
        mark_as_sample(day)
        db.session.commit()


def start_over() -> None:
    """Forget everything that was reported, moved, retired and aimed at since the small plan was made."""
    with writing():
        for table in (
            IntakeRevision,
            IntakeBatch,
            Correction,
            EntryRevision,
            Entry,
            Report,
            ReportTally,
            Balance,
            UnitMerger,
            UnitPlace,
            TargetChange,
        ):
            db.session.execute(delete(table))
        ids = dict(db.session.execute(select(OrgUnit.code, OrgUnit.id)).all())
        lines: dict[str, str] = {}
        for code, parent in UNITS:
            lines[code] = f"{lines[parent] if parent else ''}{ids[code]}/"
            db.session.execute(
                update(OrgUnit)
                .where(OrgUnit.code == code)
                .values(
                    path=lines[code],
                    parent_id=ids[parent] if parent else None,
                    placed_on=None,
                    retired_on=None,
                )
            )
        plan = db.session.scalars(select(Plan)).one()
        refresh_derived(plan, ids.values())
        db.session.commit()


def aim_for(
    indicator: str, unit: str, target: str, baseline: str | None = None, *, from_on: date | None = None
) -> None:
    """Set a target, from the plan's first day on or from a day within it."""
    with writing():
        plan = db.session.scalars(select(Plan)).one()
        row = db.session.scalars(select(Indicator).where(Indicator.code == indicator)).one()
        set_target(
            plan,
            row,
            unit_of(unit),
            target=Decimal(target),
            baseline=Decimal(baseline) if baseline else None,
            from_on=from_on,
            reason="because" if from_on else None,
            actor=HOUSE,
        )
        db.session.commit()


def add_sample_user(username: str, role: str, *units: str) -> None:
    """A user with one role at these units, who can be signed in by one click on a sample instance."""
    with writing():
        user = add_user(username, username, judge_password(username, PASSWORD), is_sample=True, actor=HOUSE)
        for unit in units:
            grant_role(user, Role(role), unit_of(unit), actor=HOUSE)
        db.session.commit()


def take_roles(username: str) -> None:
    """Take every role away from a user."""
    with writing():
        db.session.execute(delete(Grant).where(Grant.user_id == user_of(username).id))
        db.session.commit()


def user_of(username: str) -> User:
    """The user of this name."""
    user = user_by_name(username)
    assert user is not None, username
    return user


def unit_of(code: str) -> UnitRow:
    """The unit of this code."""
    return units_by_code()[code]


def sheet_of(unit: str, period: str, plan: str = PLAN) -> Sheet:
    """A unit's report as an operator of the whole house reads it."""
    return get_sheet(WHOLE_HOUSE, Permission.SEE_REPORTS, plan_code=plan, unit_code=unit, period_code=period)


def cell_key(sheet: Sheet, name: str) -> tuple[int, int]:
    """The key of a cell named ``S``, or ``SC/甲`` for one of its categories."""
    code, _, category = name.partition("/")
    keys = [
        cell.key
        for cell in sheet.cells
        if cell.indicator.code == code and (cell.category.name if cell.category else "") == category
    ]
    assert len(keys) == 1, (name, [cell.indicator.code for cell in sheet.cells])
    return keys[0]


def draft_of(
    sheet: Sheet, name: str, said: str, reason: str | None = None, note: str | None = None
) -> CellDraft:
    """What is to stand in a cell: ``12``, ``3/4``, ``n/a`` or nothing."""
    key = cell_key(sheet, name)
    if not said:
        return CellDraft(key, None, reason=reason, note=note)
    if said == "n/a":
        return CellDraft(key, ValueState.NOT_APPLICABLE, reason=reason, note=note)
    value, _, whole = said.partition("/")
    return CellDraft(
        key, ValueState.VALUE, Decimal(value), Decimal(whole) if whole else None, reason=reason, note=note
    )


def save(
    unit: str, period: str, said: Mapping[str, str], *, reason: str | None = None, actor: Actor = HOUSE
) -> None:
    """Save some cells of a report, on its present version."""
    with writing():
        sheet = sheet_of(unit, period)
        drafts = [draft_of(sheet, name, text, reason) for name, text in said.items()]
        save_report(sheet, drafts, version=sheet.version, actor=actor)
        db.session.commit()


def submit(unit: str, period: str, *, actor: Actor = HOUSE) -> None:
    """Hand a report in."""
    with writing():
        submit_report(sheet_of(unit, period), actor=actor)
        db.session.commit()


def approve(unit: str, period: str, *, plan: str = PLAN, actor: Actor = HOUSE) -> None:
    """Approve a report."""
    with writing():
        sheet = sheet_of(unit, period, plan)
        approve_report(sheet, version=sheet.version, actor=actor)
        db.session.commit()


def approved(unit: str, period: str, said: Mapping[str, str], *, reason: str | None = None) -> None:
    """Save, hand in and approve a report."""
    save(unit, period, said, reason=reason)
    submit(unit, period)
    approve(unit, period)


def standings_at(unit: str, as_of: date) -> dict[str, Standing]:
    """Where every indicator stands, by its code."""
    plan = all_plans()[0]
    return {row.indicator.code: row for row in standings(unit_of(unit), clockwork(plan, as_of))}
