"""The due dates that would change, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for

from tracker.core.format import period_label
from tracker.domain.workdays import WorkCalendar
from tracker.features.periods.forms import (
    RecomputeForm,
)
from tracker.features.periods.pages.words import full_day, lock_words, rule_text, year_notes
from tracker.features.periods.queries import (
    DueChange,
    ManagedPlan,
)


@dataclass(frozen=True)
class ChangeLine:
    """A due date that would change."""

    plan: ManagedPlan
    label: str
    before: str
    after: str
    locks_before: str
    locks_after: str


@dataclass(frozen=True)
class PlanLine:
    """A plan whose periods can be changed."""

    plan: ManagedPlan
    rule: str
    url: str


@dataclass(frozen=True)
class DueDatesPage:
    """What the calendar and the rules would change."""

    plans: tuple[PlanLine, ...]
    only: ManagedPlan | None
    changes: tuple[ChangeLine, ...]
    notes: tuple[str, ...]
    action: str
    form: RecomputeForm


def due_dates_page(
    plans: Sequence[ManagedPlan],
    only: ManagedPlan | None,
    changes: Sequence[DueChange],
    calendar: WorkCalendar,
) -> DueDatesPage:
    """What would change; ``only`` is the one plan that was asked for."""
    return DueDatesPage(
        plans=tuple(
            PlanLine(plan, rule_text(plan.due_workdays), url_for("periods.index", plan=plan.code))
            for plan in plans
        ),
        only=only,
        changes=tuple(
            ChangeLine(
                change.plan,
                period_label(change.period.code),
                full_day(change.period.due_on),
                full_day(change.due_on),
                lock_words(change.period),
                lock_words(replace(change.period, open_until=change.open_until)),
            )
            for change in changes
        ),
        notes=year_notes([change.period for change in changes], calendar),
        action=url_for("periods.recompute", plan=only.code if only else None),
        form=RecomputeForm(formdata=None, marks=" ".join(change.mark for change in changes)),
    )
