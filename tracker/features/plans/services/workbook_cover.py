"""Taking over what a plan's workbook says of the plan itself."""

from __future__ import annotations

from tracker.core.audit import Actor
from tracker.domain.errors import RuleError
from tracker.features.plans.models import Plan
from tracker.features.plans.queries import Name, stamp_of
from tracker.features.plans.services.plans import PlanDraft, edit_plan
from tracker.features.plans.services.workbook_lines import Change, Difference, Kind, Line, Part, PlanImport


def take_cover(plan: Plan, line: Line, found: PlanImport, *, is_new: bool, actor: Actor) -> None:
    """Names and limits of the plan; what cannot change is left to whoever calls."""
    given = {
        "name": line.text("name"),
        "name_en": line.text("name_en"),
        "amber_limit": line.number("amber_limit"),
        "red_limit": line.number("red_limit"),
        "asks_why_behind": line.values.get("asks_why_behind"),
        "review_steps": line.values.get("review_steps"),
    }
    different = [
        Difference(name, getattr(plan, name), value)
        for name, value in given.items()
        if value is not None and value != getattr(plan, name)
    ]
    if different:
        values = {name: getattr(plan, name) for name in given} | {one.field: one.new for one in different}
        try:
            edit_plan(plan, PlanDraft(**values), version=stamp_of(plan), actor=actor)
        except RuleError as error:
            found.refuse(line, error)
            return
    if is_new:
        told = [*given, "unit", "starts_on", "ends_on", "frequency"]
        different = [
            Difference(name, None, line.values[name]) for name in told if line.values.get(name) is not None
        ]
    if different:
        name = Name(plan.name, plan.name_en)
        found.changes.append(
            Change(Kind.PLAN, Part.COVER, line.row, is_new, plan.code, name, tuple(different))
        )
