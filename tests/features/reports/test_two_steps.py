"""Review in two steps: who takes which, what counts after each, and what waits for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from tests.kit import make
from tests.kit.house import House
from tracker.core.access import Scope
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.domain.review import ReportState, Step
from tracker.features.intake.services.drafts import check_approving
from tracker.features.plans.models import Plan
from tracker.features.reports.queries import (
    count_unfinished,
    count_waiting,
    steps_offered,
    waiting_correction,
)
from tracker.features.reports.services import (
    approve_correction,
    approve_report,
    check_report,
    find_differences,
    propose_correction,
    reopen_report,
    return_report,
    withdraw_report,
)

JAN, END = "2022-01", date(2022, 4, 30)


@pytest.fixture
def plan(blank: House) -> Iterator[House]:
    """The small plan in two steps: a reporter and two heads at A, two reviewers of the office at T."""
    with blank.inside():
        make.small_plan()
        steps(2)
        for name, role, unit in (
            ("rita", "reporter", "A"),
            ("head", "reviewer", "A"),
            ("head-too", "reviewer", "A"),
            ("office", "reviewer", "T"),
            ("office-too", "reviewer", "T"),
        ):
            make.add_sample_user(name, role, unit)
    yield blank


def steps(number: int) -> None:
    """Have the plan reviewed in this many steps."""
    with writing():
        db.session.execute(update(Plan).values(review_steps=number))
        db.session.commit()


def do(step: Callable[..., None], name: str, unit: str = "A", *given: str) -> None:
    """Take a step of the review as a user, on the present version."""
    with writing():
        sheet = make.sheet_of(unit, JAN)
        step(sheet, *given, version=sheet.version, actor=make.user_of(name))
        db.session.commit()


def refused(step: Callable[..., None], name: str, says: str, unit: str = "A", *given: str) -> None:
    """The same, which must be refused with these words."""
    state = make.sheet_of(unit, JAN).state
    with pytest.raises(RuleError) as told:
        do(step, name, unit, *given)
    assert says in str(told.value)
    assert make.sheet_of(unit, JAN).state is state


def hand_in(unit: str = "A", figure: str = "5") -> None:
    """Report a flow, as the reporter of A."""
    make.save(unit, JAN, {"F": figure})
    make.submit(unit, JAN, actor=make.user_of("rita"))


def counted() -> object:
    """The flow at the top."""
    return make.standings_at("T", END)["F"].position.actual


def scope_of(name: str) -> Scope:
    """What a user may today."""
    return make.user_of(name).scope_on(today())


def waiting(name: str) -> int:
    """What waits for a reviewer."""
    return count_waiting(scope_of(name), by=make.user_of(name).id)


def offered(name: str, unit: str = "A") -> Step | None:
    """The step that the list offers to a reviewer."""
    report = make.sheet_of(unit, JAN).report
    assert report is not None
    return steps_offered(scope_of(name), [report.id], by=make.user_of(name).id).get(report.id)


def test_a_report_counts_only_after_both_steps(plan: House) -> None:
    with plan.inside():
        hand_in()
        assert (waiting("head"), waiting("office"), counted()) == (1, 0, None)
        assert (offered("head"), offered("office")) == (Step.CHECK, None)
        refused(approve_report, "office", "has not passed the first")
        refused(approve_report, "head", "has not passed the first")
        refused(check_report, "office", "nearer to the unit: head, head-too")
        do(check_report, "head")
        sheet = make.sheet_of("A", JAN)
        assert (sheet.state, counted(), list(find_differences())) == (ReportState.CHECKED, None, [])
        assert sheet.report is not None
        assert sheet.report.checked_by_id == make.user_of("head").id
        assert (waiting("head"), waiting("office")) == (0, 1)
        assert (offered("head"), offered("office")) == (None, Step.APPROVE)
        assert count_unfinished([make.unit_of("A").path], until=date(2022, 1, 31)) == 2  # A1 and A2
        refused(approve_report, "head-too", "reviewers of the plan's unit: office, office-too")
        refused(check_report, "head-too", "waits for approval")
        do(approve_report, "office")
        assert (make.sheet_of("A", JAN).state, counted()) == (ReportState.APPROVED, Decimal(5))
        assert (waiting("head"), waiting("office"), list(find_differences())) == (0, 0, [])
        done = db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id.desc()).limit(2)).all()
        assert done == ["report.approve", "report.check"]


def test_a_return_at_either_step_begins_again_at_the_first(plan: House) -> None:
    with plan.inside():
        hand_in()
        do(return_report, "head", "A", "count again")
        make.submit("A", JAN, actor=make.user_of("rita"))
        do(check_report, "head")
        with pytest.raises(RuleError, match="passed the first check"):
            withdraw_report(make.sheet_of("A", JAN), actor=make.user_of("rita"))
        do(return_report, "office", "A", "the sum is wrong")
        assert make.sheet_of("A", JAN).state is ReportState.RETURNED
        make.submit("A", JAN, actor=make.user_of("rita"))
        report = make.sheet_of("A", JAN).report
        assert report is not None
        assert (report.state, report.checked_at, report.checked_by_id) == (ReportState.SUBMITTED, None, None)
        refused(approve_report, "office", "has not passed the first")
        assert (counted(), list(find_differences())) == (None, [])


def test_the_office_checks_where_nobody_nearer_can_and_another_approves(plan: House) -> None:
    with plan.inside():
        hand_in("B")
        assert (waiting("office"), waiting("head"), offered("office", "B")) == (1, 0, Step.CHECK)
        do(check_report, "office", "B")
        refused(approve_report, "office", "You were the first of the two", "B")
        do(approve_report, "office-too", "B")
        assert counted() == Decimal(5)


def test_whoever_reviews_near_and_for_the_office_is_told_of_both(plan: House) -> None:
    with plan.inside():
        for name in ("head", "head-too"):
            make.take_roles(name)
        make.add_sample_user("both", "reviewer", "T", "A", "A1")
        hand_in()
        hand_in("A1", "2")
        hand_in("B", "3")
        # Near A and A1 nobody else checks; B, where nobody near reviews, waits for the whole office.
        assert (waiting("both"), waiting("office")) == (3, 1)
        do(check_report, "both")
        # Whoever checked is not told to approve as well while somebody else of the office can.
        assert (waiting("both"), waiting("office")) == (2, 2)
        steps(1)
        assert (waiting("both"), waiting("office")) == (3, 3)
        steps(2)
        do(check_report, "both", "A1")
        do(check_report, "office", "B")
        assert (waiting("both"), waiting("office"), waiting("office-too")) == (1, 2, 3)


def test_the_only_reviewer_takes_both_steps(plan: House) -> None:
    with plan.inside():
        for name in ("head", "head-too", "office-too"):
            make.take_roles(name)
        hand_in()
        do(check_report, "office")
        do(approve_report, "office")
        assert (counted(), list(find_differences())) == (Decimal(5), [])


def test_nobody_checks_or_approves_what_they_submitted(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {"F": "5"})
        make.submit("A", JAN, actor=make.user_of("head"))
        refused(check_report, "head", "submitted this report yourself")
        do(check_report, "head-too")
        do(approve_report, "office")
        make.save("A1", JAN, {"F": "1"})
        make.submit("A1", JAN, actor=make.user_of("office"))
        do(check_report, "head", "A1")
        refused(approve_report, "office", "These users can review it: office-too", "A1")
        do(approve_report, "office-too", "A1")


def test_whoever_reviews_at_the_unit_itself_checks_it(plan: House) -> None:
    with plan.inside():
        hand_in("A1")
        make.take_roles("head")
        make.take_roles("head-too")
        make.add_sample_user("compound", "reviewer", "A1")
        refused(check_report, "office", "nearer to the unit: compound", "A1")
        do(check_report, "compound", "A1")
        do(approve_report, "office", "A1")


def test_what_waits_follows_the_plan_when_it_changes(plan: House) -> None:
    with plan.inside():
        hand_in()
        do(check_report, "head")
        hand_in("B", "3")
        steps(1)
        assert (waiting("head"), waiting("office")) == (1, 2)
        refused(check_report, "office", "can be approved at once", "B")
        do(approve_report, "office", "B")
        do(approve_report, "head-too")  # what was checked is still to be approved, by anybody now
        hand_in("A1", "2")
        steps(2)
        refused(approve_report, "office", "has not passed the first", "A1")
        assert (counted(), list(find_differences())) == (Decimal(8), [])


def test_only_the_office_takes_figures_out_again(plan: House) -> None:
    with plan.inside():
        hand_in()
        do(check_report, "head")
        do(approve_report, "office")
        refused(reopen_report, "head", "Approving and reopening belong", "A", "wrong")
        do(reopen_report, "office", "A", "wrong")
        assert (counted(), list(find_differences())) == (None, [])


def propose(name: str, said: str) -> int:
    """Propose a correction of the flow; its number."""
    with writing():
        sheet = make.sheet_of("A", JAN)
        draft = make.draft_of(sheet, "F", said)
        propose_correction(sheet, draft, reason="counted anew", revision=1, actor=make.user_of(name))
        db.session.commit()
    found = waiting_correction(make.sheet_of("A", JAN))
    assert found is not None
    return found.id


def accept(name: str, number: int) -> None:
    """Approve the correction of the flow."""
    with writing():
        sheet = make.sheet_of("A", JAN)
        key = make.cell_key(sheet, "F")
        approve_correction(sheet, key, correction_id=number, actor=make.user_of(name))
        db.session.commit()


def test_a_correction_is_approved_by_somebody_else_of_the_office(plan: House) -> None:
    with plan.inside():
        hand_in()
        do(check_report, "head")
        do(approve_report, "office")
        number = propose("office", "7")
        assert (waiting("head"), waiting("office-too")) == (0, 1)
        for name, says in (("head", "Approving and reopening belong"), ("office", "first of the two")):
            with pytest.raises(RuleError, match=says):
                accept(name, number)
        assert counted() == Decimal(5)
        accept("office-too", number)
        assert (counted(), list(find_differences())) == (Decimal(7), [])


def test_the_server_keeps_to_the_order_of_the_steps(plan: House) -> None:
    with plan.inside():
        hand_in()
        with pytest.raises(RuleError, match="has not passed the first"):
            make.approve("A", JAN)
        with writing():
            sheet = make.sheet_of("A", JAN)
            check_report(sheet, version=sheet.version, actor=HOUSE)
            db.session.commit()
        make.approve("A", JAN)
        assert counted() == Decimal(5)


def test_an_approval_at_once_by_import_belongs_to_the_office(plan: House) -> None:

    with plan.inside():
        sheet = make.sheet_of("A", JAN)
        for into in (ReportState.DRAFT, ReportState.SUBMITTED):
            check_approving(sheet, into, scope_of("head"))
        check_approving(sheet, ReportState.APPROVED, scope_of("office"))
        with pytest.raises(RuleError, match="reviewed in two steps"):
            check_approving(sheet, ReportState.APPROVED, scope_of("head"))
