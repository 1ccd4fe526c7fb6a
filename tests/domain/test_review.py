"""The life of a report: which step may follow which, and what a refused step says."""

from __future__ import annotations

import pytest

from tracker.domain.errors import RuleError
from tracker.domain.review import ReportState as State
from tracker.domain.review import Reviewer, Step, after, deciders, decision_due, may

ALLOWED = {
    (Step.SAVE, State.NOT_STARTED): State.DRAFT,
    (Step.SAVE, State.DRAFT): State.DRAFT,
    (Step.SAVE, State.RETURNED): State.RETURNED,  # the reason for the return stays in view
    (Step.SUBMIT, State.DRAFT): State.SUBMITTED,
    (Step.SUBMIT, State.RETURNED): State.SUBMITTED,
    (Step.WITHDRAW, State.SUBMITTED): State.DRAFT,
    (Step.RETURN, State.SUBMITTED): State.RETURNED,
    (Step.RETURN, State.CHECKED): State.RETURNED,
    (Step.CHECK, State.SUBMITTED): State.CHECKED,
    (Step.APPROVE, State.SUBMITTED): State.APPROVED,
    (Step.APPROVE, State.CHECKED): State.APPROVED,
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


def test_only_a_report_that_waits_can_be_approved() -> None:
    assert [state for state in State if may(Step.APPROVE, state)] == [State.SUBMITTED, State.CHECKED]


def test_whoever_wants_to_change_a_checked_report_has_it_returned() -> None:
    with pytest.raises(RuleError, match="passed the first check"):
        after(Step.WITHDRAW, State.CHECKED)


@pytest.mark.parametrize(
    ("state", "one", "two"),
    [
        (State.DRAFT, None, None),
        (State.SUBMITTED, Step.APPROVE, Step.CHECK),
        (State.CHECKED, Step.APPROVE, Step.APPROVE),
        (State.RETURNED, None, None),
        (State.APPROVED, None, None),
    ],
)
def test_what_a_reviewer_does_next_follows_the_plan(state: State, one: Step | None, two: Step | None) -> None:
    assert (decision_due(state, steps=1), decision_due(state, steps=2)) == (one, two)


NEAR, NEAR_TOO = Reviewer(1, "near", False, True), Reviewer(2, "near too", False, True)
OFFICE, OFFICE_TOO = Reviewer(3, "office", True, False), Reviewer(4, "office too", True, False)
BOTH = Reviewer(5, "both", True, True)


@pytest.mark.parametrize(
    ("step", "reviewers", "submitted_by", "seen_by", "able"),
    [
        (Step.CHECK, [NEAR, NEAR_TOO, OFFICE], None, None, [NEAR, NEAR_TOO]),
        (Step.CHECK, [NEAR, NEAR_TOO, OFFICE], NEAR.id, None, [NEAR_TOO]),
        (Step.CHECK, [NEAR, OFFICE], NEAR.id, None, [OFFICE]),  # nobody nearer is left
        (Step.CHECK, [OFFICE, OFFICE_TOO], None, None, [OFFICE, OFFICE_TOO]),
        (Step.CHECK, [OFFICE], OFFICE.id, None, []),
        (Step.CHECK, [OFFICE, BOTH], None, None, [BOTH]),
        (Step.APPROVE, [NEAR, OFFICE], None, NEAR.id, [OFFICE]),
        (Step.APPROVE, [OFFICE, OFFICE_TOO], None, OFFICE.id, [OFFICE_TOO]),
        (Step.APPROVE, [OFFICE], None, OFFICE.id, [OFFICE]),  # the only one, for both steps
        (Step.APPROVE, [NEAR, OFFICE, BOTH], None, BOTH.id, [OFFICE]),
        (Step.APPROVE, [OFFICE, OFFICE_TOO], OFFICE_TOO.id, OFFICE.id, [OFFICE]),
        (Step.APPROVE, [NEAR], None, None, []),
    ],
)
def test_two_people_look_at_a_report_wherever_there_are_two(
    step: Step,
    reviewers: list[Reviewer],
    submitted_by: int | None,
    seen_by: int | None,
    able: list[Reviewer],
) -> None:
    assert deciders(step, reviewers, steps=2, submitted_by=submitted_by, seen_by=seen_by) == able


def test_in_one_step_everybody_approves_but_who_submitted() -> None:
    found = deciders(Step.APPROVE, [NEAR, OFFICE, BOTH], steps=1, submitted_by=NEAR.id)
    assert found == [OFFICE, BOTH]


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
