"""What has to be done before the figures are whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from tracker.core.access import Scope
from tracker.core.format import period_label
from tracker.core.i18n import word
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.dashboards.pages.shared import (
    overview_url,
)
from tracker.features.dashboards.queries import ReportsBelow, View
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import PeriodRow
from tracker.features.reports.pages import due_text


@dataclass(frozen=True)
class Todo:
    """Something that someone has to do before the figures are whole."""

    unit: UnitRow
    text: str
    state: ReportState
    due_text: str
    tone: str
    url: str | None


def todo_list(view: View, below: Sequence[ReportsBelow], scope: Scope) -> list[Todo]:
    """Reports of the last period that are not approved yet, the most urgent first."""
    period = view.clock.last
    if period is None:
        return []
    found = []
    for row in below:
        if row.approved >= row.expected:
            continue
        single = row.expected == 1
        state = row.state if single else ReportState.NOT_STARTED
        words, tone = due_text(period, state)
        if row.is_late:
            words, tone = gettext("Handed in late"), "warning"
        if single:
            text = gettext(
                "%(period)s report: %(state)s", period=period_label(period.code), state=word(state)
            )
        else:
            text = gettext(
                "%(period)s: %(open)s of %(all)s reports not yet approved",
                period=period_label(period.code),
                open=row.expected - row.approved,
                all=row.expected,
            )
        found.append(Todo(row.unit, text, state, words, tone, _todo_url(view, row, period, scope)))
    order = {"danger": 0, "warning": 1, "muted": 2}
    return sorted(found, key=lambda todo: order[todo.tone])


def _todo_url(view: View, row: ReportsBelow, period: PeriodRow, scope: Scope) -> str | None:
    if row.expected > 1:
        return overview_url(view, unit=row.unit) if row.unit is not view.unit else None
    address: dict[str, Any] = {"plan": view.clock.plan.code, "unit": row.unit.code, "period": period.code}
    if scope.allows(Permission.FILL_REPORTS, row.unit.path):
        return url_for("reports.edit", **address)
    if scope.allows(Permission.SEE_REPORTS, row.unit.path):
        return url_for("reports.review", **address)
    return None
