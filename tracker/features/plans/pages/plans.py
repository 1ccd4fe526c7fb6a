"""The list of plans, and one plan as an outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.format import day, number
from tracker.core.history import HistoryStep
from tracker.core.i18n import frequency_word, name_of
from tracker.features.plans.models import Indicator, Initiative, Pillar, Plan
from tracker.features.plans.queries import (
    Figures,
    ManagedPlan,
    OutlineIndicator,
    OutlineInitiative,
    OutlinePillar,
    PlanListRow,
)


@dataclass(frozen=True)
class PlanLine:
    """A plan in the list; ``tone`` is the look of its state."""

    plan: PlanListRow
    span: str
    state: str
    tone: str
    url: str
    copy_url: str


@dataclass(frozen=True)
class PartLine:
    """What can be done with a part of the outline; None where it cannot be done."""

    edit_url: str
    up_url: str | None
    down_url: str | None
    delete_url: str | None


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator in the outline, with what is still missing about it."""

    indicator: Indicator
    url: str
    reporters: str
    targets: str
    missing: str
    does: PartLine


@dataclass(frozen=True)
class InitiativeLine:
    """An initiative in the outline."""

    initiative: Initiative
    about: str
    add_url: str
    indicators: tuple[IndicatorLine, ...]
    does: PartLine


@dataclass(frozen=True)
class PillarLine:
    """A pillar in the outline."""

    pillar: Pillar
    add_url: str
    initiatives: tuple[InitiativeLine, ...]
    does: PartLine


@dataclass(frozen=True)
class OutlinePage:
    """A plan with everything in it."""

    plan: Plan
    unit: str
    span: str
    frequency: str
    limits: str
    state: str
    tone: str
    pillars: tuple[PillarLine, ...]
    history: tuple[HistoryStep, ...]
    can_delete: bool


def plan_lines(rows: Sequence[PlanListRow], *, on: date) -> tuple[PlanLine, ...]:
    """The list of plans on a day."""
    return tuple(
        PlanLine(
            row,
            _span(row.starts_on, row.ends_on),
            *_state(row.starts_on, row.ends_on, on),
            url=url_for("plans.show", plan=row.code),
            copy_url=url_for("plans.copy", plan=row.code),
        )
        for row in rows
    )


def outline_page(
    found: ManagedPlan,
    outline: Sequence[OutlinePillar],
    figures: Figures,
    history: tuple[HistoryStep, ...],
    *,
    on: date,
) -> OutlinePage:
    """A plan's page on a day."""
    plan = found.plan
    state, tone = _state(plan.starts_on, plan.ends_on, on)
    return OutlinePage(
        plan=plan,
        unit=name_of(found.unit),
        span=_span(plan.starts_on, plan.ends_on),
        frequency=frequency_word(plan.frequency),
        limits=gettext(
            "on track from %(amber)s, at risk from %(red)s points",
            amber=number(plan.amber_limit, _places(plan.amber_limit)),
            red=number(plan.red_limit, _places(plan.red_limit)),
        ),
        state=state,
        tone=tone,
        pillars=tuple(_pillar(plan, pillar, outline, figures) for pillar in outline),
        history=history,
        can_delete=not outline,
    )


def _pillar(plan: Plan, row: OutlinePillar, outline: Sequence[OutlinePillar], figures: Figures) -> PillarLine:
    return PillarLine(
        row.pillar,
        url_for("plans.new_initiative", plan=plan.code, pillar_id=row.pillar.id),
        tuple(_initiative(plan, one, row.initiatives, figures) for one in row.initiatives),
        _does(
            plan,
            "pillars",
            row.pillar.id,
            url_for("plans.pillar", plan=plan.code, pillar_id=row.pillar.id),
            place=list(outline).index(row),
            of=len(outline),
            unused=not row.initiatives,
        ),
    )


def _initiative(
    plan: Plan, row: OutlineInitiative, beside: Sequence[OutlineInitiative], figures: Figures
) -> InitiativeLine:
    initiative = row.initiative
    about = [name_of(row.lead) if row.lead else gettext("no lead unit yet")]
    if initiative.accountable:
        about.append(initiative.accountable)
    if initiative.due_on:
        about.append(gettext("due %(day)s", day=day(initiative.due_on)))
    return InitiativeLine(
        initiative,
        " · ".join(about),
        url_for("plans.new_indicator", plan=plan.code, initiative_id=initiative.id),
        tuple(_indicator(plan, one, row.indicators, figures) for one in row.indicators),
        _does(
            plan,
            "initiatives",
            initiative.id,
            url_for("plans.initiative", plan=plan.code, initiative_id=initiative.id),
            place=list(beside).index(row),
            of=len(beside),
            unused=not row.indicators,
        ),
    )


def _indicator(
    plan: Plan, row: OutlineIndicator, beside: Sequence[OutlineIndicator], figures: Figures
) -> IndicatorLine:
    indicator = row.indicator
    return IndicatorLine(
        indicator,
        url_for("plans.indicator", plan=plan.code, indicator=indicator.code),
        gettext("No longer reported")
        if indicator.retired_on and not row.reporters
        else ngettext("%(num)s unit reports it", "%(num)s units report it", row.reporters),
        ngettext("%(num)s target", "%(num)s targets", row.targets),
        ""
        if (row.reporters and row.targets) or indicator.retired_on
        else (gettext("No unit reports it yet") if not row.reporters else gettext("No target yet")),
        _does(
            plan,
            "indicators",
            indicator.id,
            url_for("plans.change_indicator", plan=plan.code, indicator=indicator.code),
            place=list(beside).index(row),
            of=len(beside),
            unused=not row.keeps_targets and not figures.has_kept(indicator.id),
        ),
    )


def _does(plan: Plan, kind: str, part: int, edit_url: str, *, place: int, of: int, unused: bool) -> PartLine:
    where: dict[str, Any] = {"plan": plan.code, "kind": kind, "part": part}
    return PartLine(
        edit_url=edit_url,
        up_url=url_for("plans.move", move="up", **where) if place else None,
        down_url=url_for("plans.move", move="down", **where) if place < of - 1 else None,
        delete_url=url_for("plans.delete_part", **where) if unused else None,
    )


def _span(starts_on: date, ends_on: date) -> str:
    return gettext("%(first)s to %(last)s", first=day(starts_on), last=day(ends_on))


def _state(starts_on: date, ends_on: date, on: date) -> tuple[str, str]:
    if on < starts_on:
        return gettext("Not begun"), "not_started"
    if on > ends_on:
        return gettext("Ended"), "draft"
    return gettext("Running"), "approved"


def _places(value: object) -> int:
    return 0 if value == int(str(value).partition(".")[0]) else 1
