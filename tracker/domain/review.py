"""The life of a report: draft, submitted, checked, returned, approved; which step follows which, and whose.

A plan has its reports reviewed in one step or in two. With two, somebody near the unit checks first (初审)
and the office of the plan's unit approves then (终审).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.errors import N_, RuleError


class ReportState(StrEnum):
    """Where a report stands. 'Not started' has no row in the database."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    RETURNED = "returned"
    APPROVED = "approved"


WAITING = (ReportState.SUBMITTED, ReportState.CHECKED)
"""The states in which a report waits for a reviewer."""

HANDED_IN = (*WAITING, ReportState.APPROVED)
"""The states in which the reporter has done their part."""

REVIEW_STEPS = (1, 2)
"""In how many steps the reports of a plan can be reviewed."""


class Outcome(StrEnum):
    """What became of a correction that somebody proposed for a figure that counts."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class Step(StrEnum):
    """What people do to a report."""

    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    CHECK = "check"
    APPROVE = "approve"
    REOPEN = "reopen"


_NEXT: dict[Step, tuple[frozenset[ReportState], ReportState]] = {
    Step.SAVE: (
        frozenset({ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.RETURNED}),
        ReportState.DRAFT,
    ),
    Step.SUBMIT: (frozenset({ReportState.DRAFT, ReportState.RETURNED}), ReportState.SUBMITTED),
    Step.WITHDRAW: (frozenset({ReportState.SUBMITTED}), ReportState.DRAFT),
    Step.RETURN: (frozenset(WAITING), ReportState.RETURNED),
    Step.CHECK: (frozenset({ReportState.SUBMITTED}), ReportState.CHECKED),
    Step.APPROVE: (frozenset(WAITING), ReportState.APPROVED),
    Step.REOPEN: (frozenset({ReportState.APPROVED}), ReportState.RETURNED),
}

_REFUSED: dict[ReportState, str] = {
    ReportState.NOT_STARTED: N_("This report has not been started, so there is nothing to review yet."),
    ReportState.DRAFT: N_("This report is still being filled in. It can be reviewed once it is submitted."),
    ReportState.SUBMITTED: N_("This report is waiting for review. Withdraw it first to change it."),
    ReportState.CHECKED: N_(
        "This report has passed the first check and waits for approval. A reviewer can still return it."
    ),
    ReportState.RETURNED: N_("This report was returned. It can be reviewed once it is submitted again."),
    ReportState.APPROVED: N_("This report is approved. A reviewer must reopen it before it can change."),
}


def may(step: Step, state: ReportState) -> bool:
    """Whether the step can be taken from this state."""
    return state in _NEXT[step][0]


def after(step: Step, state: ReportState) -> ReportState:
    """The state that the step leads to; raises :class:`RuleError` when it cannot be taken from here.

    Saving a returned report leaves it returned, so that its reason stays before the reporter.
    """
    allowed, target = _NEXT[step]
    if state not in allowed:
        raise RuleError(_REFUSED[state])
    return state if step is Step.SAVE and state is ReportState.RETURNED else target


def decision_due(state: ReportState, *, steps: int) -> Step | None:
    """What a reviewer has to do next, besides returning it; none while nothing waits for a reviewer.

    ``steps`` is what the plan says now: what was checked stays checked when it changes.
    """
    if state not in WAITING:
        return None
    return Step.CHECK if steps == 2 and state is ReportState.SUBMITTED else Step.APPROVE


@dataclass(frozen=True)
class Reviewer:
    """Somebody who reviews the unit: for the office of the plan's unit, nearer to the unit, or both."""

    id: int
    name: str
    is_office: bool
    is_near: bool


def deciders(
    step: Step,
    reviewers: Iterable[Reviewer],
    *,
    steps: int,
    submitted_by: int | None = None,
    seen_by: int | None = None,
) -> list[Reviewer]:
    """Those of the reviewers who can take the step, so that two people look at a report where there are two.

    Nobody decides about what they submitted themselves. With two steps those near the unit check, and the
    office only where nobody else can; the office approves, by somebody else than ``seen_by``, who checked,
    wherever there is somebody else.
    """
    others = [one for one in reviewers if one.id != submitted_by]
    if steps == 1:
        return others
    office = [one for one in others if one.is_office]
    if step is Step.CHECK:
        return [one for one in others if one.is_near] or office
    return [one for one in office if one.id != seen_by] or office
