"""The planned curve of an indicator, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for

from tracker.core.format import period_label
from tracker.features.plans.charts import CurveChart, curve_chart
from tracker.features.plans.forms import CurveForm, Difference
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import ManagedPlan


@dataclass(frozen=True)
class CurveRow:
    """A month of the curve."""

    day: date
    name: str
    label: str
    value: str
    error: str | None


@dataclass(frozen=True)
class CurvePage:
    """The curve to draw, with its drawing."""

    found: ManagedPlan
    indicator: Indicator
    rows: tuple[CurveRow, ...]
    chart: CurveChart
    version: str
    error_count: int
    even_url: str
    conflict: tuple[Difference, ...]


def curve_page(
    found: ManagedPlan, indicator: Indicator, form: CurveForm, saved: CurveForm | None = None
) -> CurvePage:
    """The page of a curve; ``saved`` is given where somebody else has drawn it meanwhile."""
    labels = {day: period_label(f"{day:%Y-%m}") for day in form.typed}
    rows = tuple(
        CurveRow(day, f"p{day.isoformat()}", labels[day], said, form.errors.get(day))
        for day, said in form.typed.items()
    )
    return CurvePage(
        found,
        indicator,
        rows,
        curve_chart(list(form.typed.values()), [labels[day] for day in form.typed]),
        saved.version if saved else form.version,
        len(form.errors),
        url_for("plans.curve", plan=found.plan.code, indicator=indicator.code, fill="even"),
        tuple(
            Difference(labels[day], saved.typed[day] or "—", form.typed[day] or "—")
            for day in form.typed
            if saved.typed[day] != form.typed[day]
        )
        if saved
        else (),
    )
