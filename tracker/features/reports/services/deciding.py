"""Who may take a step of the review: nobody alone where there are two."""

from __future__ import annotations

from tracker.core.audit import Actor
from tracker.domain.errors import N_, RuleError
from tracker.domain.review import Step, deciders, decision_due
from tracker.features.reports.queries import ReportHandle, reviewers_of


def check_due(report: ReportHandle, step: Step) -> None:
    """Refuse a step of the review that is not the next one by what the plan says now."""
    due = decision_due(report.state, steps=report.plan.review_steps)
    if due is step:
        return
    if due is Step.CHECK:
        raise RuleError(N_("This plan is reviewed in two steps, and the report has not passed the first."))
    raise RuleError(N_("This plan is reviewed in one step now. The report can be approved at once."))


def check_decider(
    report: ReportHandle,
    step: Step,
    *,
    actor: Actor,
    submitted_by: int | None = None,
    seen_by: int | None = None,
) -> None:
    """Refuse the step to whoever may not take it, and say who can; an operator of the server may.

    ``submitted_by`` handed in what is decided about; ``seen_by`` was the first of two to look at it.
    """
    steps = report.plan.review_steps
    if actor.id is None or (steps == 1 and submitted_by != actor.id):
        return
    reviewers = reviewers_of(report.unit, report.plan)
    able = deciders(step, reviewers, steps=steps, submitted_by=submitted_by, seen_by=seen_by)
    if any(one.id == actor.id for one in able):
        return
    users = tuple(one.name for one in able)
    if submitted_by == actor.id and able:
        said = N_("You have submitted this report yourself. These users can review it: %(users)s.")
    elif submitted_by == actor.id and step is not Step.CHECK and steps > 1:
        said = N_(
            "You have submitted this report yourself, and nobody else reviews for the unit of this plan. "
            "Ask the administrator to give somebody the role of reviewer there."
        )
    elif submitted_by == actor.id:
        said = N_(
            "You have submitted this report yourself, and nobody else reviews %(unit)s. "
            "Ask the administrator to give somebody the role of reviewer there."
        )
    elif not able:
        said = N_(
            "Nobody reviews for the unit of this plan. "
            "Ask the administrator to give somebody the role of reviewer there."
        )
    elif step is Step.CHECK:
        said = N_("The first check belongs to those who review nearer to the unit: %(users)s.")
    elif any(one.id == actor.id and one.is_office for one in reviewers):
        said = N_("You were the first of the two who look at this. These users can approve it: %(users)s.")
    else:
        said = N_("Approving and reopening belong to the reviewers of the plan's unit: %(users)s.")
    raise RuleError(said, users=users, unit=report.unit.code)
