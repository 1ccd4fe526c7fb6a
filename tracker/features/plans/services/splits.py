"""Setting an indicator's targets at many units at once, and drawing its planned curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import delete

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.curves import curve_days, curve_errors
from tracker.domain.errors import N_, RuleError
from tracker.domain.schedule import Schedule
from tracker.features.plans.models import CurvePoint, Indicator, Plan
from tracker.features.plans.queries import Split, SplitRow, curve_of, figures_of, stamp_of_curve
from tracker.features.plans.services.changes import check_unchanged, readable
from tracker.features.plans.services.indicators import subject_of
from tracker.features.plans.services.targets import clear_target, set_target

Cell = tuple[int, str]
"""(unit id, ``target`` or ``baseline``)."""


@dataclass(frozen=True)
class TargetDraft:
    """What a unit is to reach and where it starts; no target means none of its own."""

    target: Decimal | None
    baseline: Decimal | None


@dataclass(frozen=True)
class Why:
    """Why targets change although figures count already, and the day from which the new ones hold."""

    reason: str
    from_on: date | None


class SplitError(RuleError):
    """Cells that break rules; ``by_cell`` has the broken rule of each."""

    def __init__(self, by_cell: dict[Cell, RuleError]) -> None:
        super().__init__(N_("Nothing was saved: some targets need to be mended first."))
        self.by_cell = by_cell


class CurveError(RuleError):
    """Points of a curve that break rules; ``by_day`` has the broken rule of each."""

    def __init__(self, by_day: dict[date, RuleError]) -> None:
        super().__init__(N_("Nothing was saved: some shares need to be mended first."))
        self.by_day = by_day


def save_targets(
    plan: Plan,
    split: Split,
    drafts: Mapping[int, TargetDraft],
    *,
    why: Why,
    version: str,
    actor: Actor,
) -> int:
    """Set the targets that differ, by unit id: all of them or, with :class:`SplitError`, none.

    Returns how many changed. The caller rolls back when this raises. Once figures count, or for a target
    that was changed during the plan, a reason is needed and the day from which the targets hold; it does
    not lie before the last change. Raises :class:`StaleError` for an older version.
    """
    check_unchanged(version, split.stamp)
    changed = [
        (row, drafts[row.place.unit.id])
        for row in split.rows
        if row.place.unit.id in drafts
        and (row.target, row.baseline)
        != (drafts[row.place.unit.id].target, drafts[row.place.unit.id].baseline)
    ]
    if not changed:
        return 0
    if any(row.changed_on for row, _ in changed) or figures_of(plan.id).has_approved(split.indicator.id):
        check_why(plan, why)
    errors: dict[Cell, RuleError] = {}
    for row, draft in changed:
        try:
            _write_target(plan, split.indicator, row, draft, why=why, actor=actor)
        except RuleError as error:
            # What is wrong with the day, as for a retired unit, is said at the unit's target as well.
            errors[row.place.unit.id, "baseline" if error.field == "baseline" else "target"] = error
    if errors:
        raise SplitError(errors)
    return len(changed)


def _write_target(
    plan: Plan, indicator: Indicator, row: SplitRow, draft: TargetDraft, *, why: Why, actor: Actor
) -> None:
    unit, reason = row.place.unit, why.reason.strip() or None
    if row.changed_on is not None and why.from_on is not None and why.from_on < row.changed_on:
        # A change from an earlier day would end where the later one begins, and so not be what is shown.
        raise RuleError(
            N_("This target was changed from %(day)s on. Let the new one hold from that day or a later one."),
            field="from_on",
            day=row.changed_on,
        )
    if draft.target is not None:
        set_target(
            plan,
            indicator,
            unit,
            target=draft.target,
            baseline=draft.baseline,
            from_on=why.from_on,
            reason=reason,
            actor=actor,
        )
    elif draft.baseline is not None:
        raise RuleError(N_("A baseline needs a target. Enter one, or clear the baseline."), field="target")
    else:
        clear_target(plan, indicator, unit, from_on=why.from_on, reason=reason, actor=actor)


def check_why(plan: Plan, why: Why) -> None:
    """Refuse a change of targets during the plan, unless it says why and from which day."""
    if not why.reason.strip():
        raise RuleError(
            N_("These targets are in use already. Say why they change, for example a decision."),
            field="reason",
        )
    if why.from_on is None:
        raise RuleError(N_("Say from which day the new targets hold."), field="from_on")
    if not plan.starts_on <= why.from_on <= plan.ends_on:
        raise RuleError(
            N_("The day lies outside the plan. Choose one from %(first)s to %(last)s."),
            field="from_on",
            first=plan.starts_on,
            last=plan.ends_on,
        )


def save_curve(
    plan: Plan, indicator: Indicator, shares: Mapping[date, Decimal], *, version: str, actor: Actor
) -> None:
    """Draw the planned curve: cumulative shares (0 to 1) for the ends of months; one left out adds nothing.

    Raises :class:`CurveError` naming the days that are wrong, :class:`StaleError` for an older version.
    """
    before = {point.day: point.share for point in curve_of(indicator)}
    check_unchanged(version, stamp_of_curve(indicator))
    if indicator.schedule is not Schedule.CURVE:
        raise RuleError(N_("This indicator does not follow a curve. Choose that schedule first."))
    days = curve_days(plan.starts_on, plan.ends_on)
    if not set(shares) <= set(days):
        raise RuleError(N_("The months of the plan are others by now. Open the page again."))
    errors = curve_errors(shares, last=days[-1])
    if errors:
        raise CurveError(errors)
    if shares == before:
        return
    db.session.execute(delete(CurvePoint).where(CurvePoint.indicator_id == indicator.id))
    db.session.expire_all()
    db.session.add_all(
        CurvePoint(indicator_id=indicator.id, day=day, share=share) for day, share in shares.items()
    )
    db.session.flush()
    record(
        "indicator.curve",
        actor=actor,
        subject=subject_of(plan, indicator),
        unit_id=plan.unit_id,
        changes={
            day.isoformat(): (_percent(before.get(day)), _percent(shares.get(day)))
            for day in sorted({*before, *shares})
            if before.get(day) != shares.get(day)
        },
    )


def _percent(share: Decimal | None) -> str | None:
    return None if share is None else f"{readable(share * 100)}%"
