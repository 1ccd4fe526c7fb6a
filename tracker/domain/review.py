"""The life of a report: draft, submitted, returned, approved, and which step may follow which."""

from __future__ import annotations

from enum import StrEnum

from tracker.domain.errors import N_, RuleError


class ReportState(StrEnum):
    """Where a report stands. 'Not started' has no row in the database."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


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
    APPROVE = "approve"
    REOPEN = "reopen"


_NEXT: dict[Step, tuple[frozenset[ReportState], ReportState]] = {
    Step.SAVE: (
        frozenset({ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.RETURNED}),
        ReportState.DRAFT,
    ),
    Step.SUBMIT: (frozenset({ReportState.DRAFT, ReportState.RETURNED}), ReportState.SUBMITTED),
    Step.WITHDRAW: (frozenset({ReportState.SUBMITTED}), ReportState.DRAFT),
    Step.RETURN: (frozenset({ReportState.SUBMITTED}), ReportState.RETURNED),
    Step.APPROVE: (frozenset({ReportState.SUBMITTED}), ReportState.APPROVED),
    Step.REOPEN: (frozenset({ReportState.APPROVED}), ReportState.RETURNED),
}

_REFUSED: dict[ReportState, str] = {
    ReportState.NOT_STARTED: N_("This report has not been started, so there is nothing to review yet."),
    ReportState.DRAFT: N_("This report is still being filled in. It can be reviewed once it is submitted."),
    ReportState.SUBMITTED: N_("This report is waiting for review. Withdraw it first to change it."),
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
