"""The life of a report: which step may follow which, and what a refused step says."""

from __future__ import annotations

import pytest

from tracker.domain.errors import RuleError
from tracker.domain.review import ReportState as State
from tracker.domain.review import Step, after, may

ALLOWED = {
    (Step.SAVE, State.NOT_STARTED): State.DRAFT,
    (Step.SAVE, State.DRAFT): State.DRAFT,
    (Step.SAVE, State.RETURNED): State.RETURNED,  # the reason for the return stays in view
    (Step.SUBMIT, State.DRAFT): State.SUBMITTED,
    (Step.SUBMIT, State.RETURNED): State.SUBMITTED,
    (Step.WITHDRAW, State.SUBMITTED): State.DRAFT,
    (Step.RETURN, State.SUBMITTED): State.RETURNED,
    (Step.APPROVE, State.SUBMITTED): State.APPROVED,
    (Step.REOPEN, State.APPROVED): State.RETURNED,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_step_leads_where_the_table_says_or_is_refused(step: Step, state: State) -> None:
    if (step, state) in ALLOWED:
        assert may(step, state)
        assert after(step, state) is ALLOWED[step, state]
    else:
        assert not may(step, state)
        with pytest.raises(RuleError):
            after(step, state)


def test_the_usual_way_ends_approved() -> None:
    state = State.NOT_STARTED
    for step in (Step.SAVE, Step.SUBMIT, Step.RETURN, Step.SAVE, Step.SUBMIT, Step.APPROVE):
        state = after(step, state)
    assert state is State.APPROVED


def test_only_a_submitted_report_can_be_approved() -> None:
    assert [state for state in State if may(Step.APPROVE, state)] == [State.SUBMITTED]


def test_an_approved_report_can_only_be_reopened() -> None:
    assert [step for step in Step if may(step, State.APPROVED)] == [Step.REOPEN]


def test_a_report_never_becomes_not_started_again() -> None:
    assert State.NOT_STARTED not in {after(step, state) for step, state in ALLOWED}


@pytest.mark.parametrize(
    ("step", "state", "says"),
    [
        (Step.APPROVE, State.NOT_STARTED, "not been started"),
        (Step.APPROVE, State.DRAFT, "still being filled in"),
        (Step.SAVE, State.SUBMITTED, "Withdraw it first"),
        (Step.APPROVE, State.RETURNED, "was returned"),
        (Step.SAVE, State.APPROVED, "must reopen it"),
    ],
)
def test_a_refused_step_says_how_the_report_stands(step: Step, state: State, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        after(step, state)
