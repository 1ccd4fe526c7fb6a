"""Taking a plan's workbook over: all of it or nothing.

Trying it and doing it are one and the same: a preview is an import that the caller takes back. So the
preview shows exactly what would be done, and every rule of the pages holds, said at the cell.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracker.core.audit import Actor, record
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.periods import Frequency
from tracker.excel.declared import Problem
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Plan
from tracker.features.plans.queries import ManagedPlan, Name, WholePlan, figures_of, whole_plan
from tracker.features.plans.services.plans import create_plan
from tracker.features.plans.services.splits import Why, check_why
from tracker.features.plans.services.workbook_cover import take_cover
from tracker.features.plans.services.workbook_indicators import Indicators
from tracker.features.plans.services.workbook_lines import (
    Line,
    Part,
    PlanBook,
    PlanImport,
    Units,
    Unmentioned,
)
from tracker.features.plans.services.workbook_outline import Outline
from tracker.features.plans.services.workbook_targets import Curves, Targets

NEEDED = ("code", "name", "unit", "starts_on", "ends_on")
STAYS = N_("This stays as it is once the plan is made: reports are built on it. Put back what was there.")


def try_plan(
    book: PlanBook,
    managed: ManagedPlan | None,
    *,
    units: Sequence[UnitRow],
    why: Why | None = None,
    actor: Actor,
) -> PlanImport:
    """Take the workbook over into the plan, or into a new one at one of the ``units``.

    The caller takes it back, or commits it after :func:`check_import`. What is wrong is in the result;
    raises :class:`RuleError` only for the reason and the day of changed targets.
    """
    found = PlanImport()
    cover = _cover_of(book, found)
    place = managed or _new_plan(book, cover, units, found, actor)
    if place is None:
        return found
    plan = place.plan
    found.code, found.unit_id = plan.code, plan.unit_id
    if cover is not None and (managed is None or _is_of(cover, place, found)):
        take_cover(plan, cover, found, is_new=managed is None, actor=actor)
    whole, figures = whole_plan(plan, place.unit), figures_of(plan.id)
    known = Units(one.unit for one in whole.tree)
    outline = Outline(plan, whole, book, known, found, actor)
    outline.take()
    indicators = Indicators(plan, whole, book, outline.places, figures, found, actor)
    indicators.take()
    targets = Targets(plan, whole, book, known, indicators, figures, found, actor, why)
    targets.take()
    Curves(plan, whole, book, indicators, found, actor).take()
    if managed is not None:
        found.unmentioned = _unmentioned(whole, outline, indicators, targets)
    return found


def check_import(found: PlanImport, problems: Sequence[Problem], *, fingerprint: str) -> None:
    """Refuse what is not to be committed.

    Raises :class:`RuleError` when anything is wrong with the workbook, and :class:`StaleError` when
    what it comes to is not what the preview of this ``fingerprint`` showed.
    """
    if found.refusals or problems:
        raise RuleError(N_("Some rows cannot be taken over, so nothing was changed."))
    if found.fingerprint != fingerprint:
        raise StaleError(
            N_("The plan has changed since this preview was made. Nothing was imported; look at it again.")
        )


def import_plan(
    book: PlanBook,
    problems: Sequence[Problem],
    managed: ManagedPlan | None,
    *,
    units: Sequence[UnitRow],
    why: Why,
    fingerprint: str,
    actor: Actor,
) -> PlanImport:
    """Take the workbook over as the preview of this fingerprint showed it.

    Raises as :func:`check_import` does, and :class:`RuleError` when targets change against which
    figures count, or which were changed during the plan, and no reason or day is given, or a day
    before that of the last change.
    """
    found = try_plan(book, managed, units=units, why=why, actor=actor)
    check_import(found, problems, fingerprint=fingerprint)
    plan = managed.plan if managed else None
    if found.asks_why and plan is not None:
        check_why(plan, why)
        _check_since(found, why)
    counts = {
        "new": (None, sum(change.is_new for change in found.changes)),
        "changed": (None, sum(not change.is_new for change in found.changes)),
    }
    record("plan.import", actor=actor, subject=f"plan {found.code}", unit_id=found.unit_id, changes=counts)
    return found


def _check_since(found: PlanImport, why: Why) -> None:
    """Refuse a day before that of a later change: the new target would end where that one begins."""
    since, change = max(
        ((change.since, change) for change in found.changes if change.since is not None),
        key=lambda each: each[0],
        default=(None, None),
    )
    if since is not None and change is not None and why.from_on is not None and why.from_on < since:
        raise RuleError(
            N_("A target of %(unit)s was changed from %(day)s on. Choose that day or a later one."),
            field="from_on",
            unit=change.name,
            day=since,
        )


def record_plan_export(plan: Plan, *, actor: Actor) -> None:
    """Keep that a plan was taken away as a workbook."""
    record("export.plan", actor=actor, subject=f"plan {plan.code}", unit_id=plan.unit_id)


def _cover_of(book: PlanBook, found: PlanImport) -> Line | None:
    lines = book.of(Part.COVER)
    for line in lines[1:]:
        found.refuse(
            line, RuleError(N_("One workbook holds one plan. Remove all rows but the first."), field="code")
        )
    return lines[0] if lines else None


def _new_plan(
    book: PlanBook, cover: Line | None, units: Sequence[UnitRow], found: PlanImport, actor: Actor
) -> ManagedPlan | None:
    if cover is None:
        return None
    for name in NEEDED:
        if cover.values.get(name) is None:
            found.refuse(cover, RuleError(N_("A new plan needs this."), field=name))
    starts_on, ends_on = cover.day("starts_on"), cover.day("ends_on")
    if found.refusals or starts_on is None or ends_on is None:
        return None
    try:
        unit = Units(units).find(cover.text("unit") or "")
    except RuleError as error:
        found.refuse(cover, error, "unit")
        return None
    try:
        plan = create_plan(
            cover.text("code") or "",
            cover.text("name") or "",
            name_en=cover.text("name_en"),
            unit=unit,
            starts_on=starts_on,
            ends_on=ends_on,
            frequency=cover.of(Frequency, "frequency") or Frequency.MONTH,
            actor=actor,
        )
    except RuleError as error:
        found.refuse(cover, error, error.field if error.field in cover.values else "code")
        return None
    return ManagedPlan(plan, unit)


def _is_of(cover: Line, place: ManagedPlan, found: PlanImport) -> bool:
    """Whether the first sheet is of this plan; what cannot change is refused where it differs."""
    plan, code = place.plan, cover.text("code")
    if code is not None and code.casefold() != plan.code.casefold():
        error = RuleError(
            N_("This workbook is of the plan %(code)s. Open that plan, or make a new one of the workbook."),
            field="code",
            code=code,
        )
        found.refuse(cover, error)
        return False
    fixed: list[tuple[str, object, object]] = [
        (name, cover.values[name], getattr(plan, name))
        for name in ("starts_on", "ends_on", "frequency")
        if cover.values.get(name) is not None
    ]
    named = cover.text("unit")
    if named is not None:
        try:
            unit: object = Units([place.unit]).find(named)
        except RuleError:
            unit = named
        fixed.append(("unit", unit, place.unit))
    for name, said, there in fixed:
        if said != there:
            found.refuse(cover, RuleError(STAYS, field=name))
    return True


def _unmentioned(whole: WholePlan, outline: Outline, indicators: Indicators, targets: Targets) -> Unmentioned:
    pillars, initiatives = outline.mentioned()
    codes = indicators.mentioned()
    return Unmentioned(
        tuple(
            Name(row.pillar.name, row.pillar.name_en) for row in whole.outline if row.pillar.id not in pillars
        ),
        tuple(
            Name(step.initiative.name, step.initiative.name_en)
            for row in whole.outline
            for step in row.initiatives
            if step.initiative.id not in initiatives
        ),
        tuple((one.code, Name(one.name, one.name_en)) for one in whole.indicators if one.id not in codes),
        len(set(whole.aims) - targets.aimed),
        len(whole.reports - targets.told),
    )
