"""Whose turn it is: what the list offers and the number of what waits follow what would be refused."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from tests.features.reports.test_two_steps import (
    JAN,
    do,
    hand_in,
    offered,
    plan,
    propose,
    refused,
    scope_of,
    steps,
    waiting,
)
from tests.kit import make
from tests.kit.house import House
from tests.kit.tree_in_time import History
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.review import ReportState, Step
from tracker.domain.roles import Permission
from tracker.domain.units import UnitKind
from tracker.features.accounts.models import User
from tracker.features.org.services import add_unit
from tracker.features.plans.models import Period
from tracker.features.reports.queries import (
    WaitingRow,
    correction_queue,
    count_unfinished,
    periods_not_asked,
    reviewers_of,
)
from tracker.features.reports.services import approve_report, check_report

__all__ = ["plan"]

TODAY = date(2022, 3, 1)


def lock(*, is_locked: bool = True) -> None:
    """Lock January, or open it again."""
    with writing():
        db.session.execute(update(Period).where(Period.code == JAN).values(is_locked=is_locked))
        db.session.commit()


def invite(name: str, *, awaits: bool = True) -> None:
    """Have a user who was invited and has not chosen a password yet."""
    with writing():
        db.session.execute(update(User).where(User.username == name).values(awaits_password=awaits))
        db.session.commit()


@pytest.mark.parametrize("number", [1, 2])
def test_after_a_move_and_a_lock_nothing_waits_anywhere(plan: House, number: int) -> None:
    with plan.inside():
        make.tell_on(TODAY)
        steps(number)
        make.add_sample_user("head-of-b", "reviewer", "B")
        make.save("A1", JAN, {"F": "5"})
        make.submit("A1", JAN, actor=make.user_of("rita"))
        paths = {code: make.unit_of(code).path for code in ("A", "B", "T")}

        def numbers() -> list[int]:
            missing = [count_unfinished([path], until=date(2022, 1, 31)) for path in paths.values()]
            return [waiting(name) for name in ("head", "head-of-b", "office")] + missing

        History().move("A1", "B", date(2022, 2, 10))
        assert numbers() == [0, 1, 1 if number == 1 else 0, 2, 1, 3]
        lock()
        assert numbers() == [0, 0, 0, 0, 0, 0]
        lock(is_locked=False)
        assert numbers()[:3] == [0, 1, 1 if number == 1 else 0]


def test_nobody_waits_for_somebody_who_was_only_invited(plan: House) -> None:
    with plan.inside():
        hand_in()
        invite("head")
        invite("head-too")
        sheet = make.sheet_of("A", JAN)
        assert [one.name for one in reviewers_of(sheet.unit, sheet.plan)] == ["office", "office-too"]
        assert (waiting("office"), offered("office")) == (1, Step.CHECK)
        do(check_report, "office")
        invite("office-too")
        do(approve_report, "office")
        assert make.sheet_of("A", JAN).state is ReportState.APPROVED


def test_whoever_checked_is_not_offered_the_approval_while_another_can_give_it(plan: House) -> None:
    with plan.inside():
        make.add_sample_user("both", "reviewer", "A", "T")
        hand_in()
        assert (waiting("both"), offered("both")) == (1, Step.CHECK)
        do(check_report, "both")
        refused(approve_report, "both", "first of the two")
        assert (waiting("both"), offered("both")) == (0, None)
        assert (waiting("office"), offered("office")) == (1, Step.APPROVE)
        for name in ("office", "office-too"):
            invite(name)
        assert (waiting("both"), offered("both")) == (1, Step.APPROVE)
        do(approve_report, "both")


def test_whoever_submitted_is_offered_no_step_and_told_whom_the_plan_lacks(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {"F": "5"})
        make.submit("A", JAN, actor=make.user_of("office"))
        assert (waiting("office"), offered("office"), offered("head")) == (0, None, Step.CHECK)
        do(check_report, "head")
        assert (waiting("office"), offered("office"), waiting("office-too")) == (0, None, 1)
        invite("office-too")
        refused(approve_report, "office", "nobody else reviews for the unit of this plan")


def test_corrections_that_can_be_decided_come_first_and_locked_ones_say_so(plan: House) -> None:
    with plan.inside():
        make.tell_on(TODAY)
        hand_in()
        do(check_report, "head")
        do(approve_report, "office")
        propose("office", "7")
        lock()
        assert [row.is_locked for row in queue("office-too")] == [True]
        assert waiting("office-too") == 0
    assert "Its period is locked" in plan.visitor("office-too").get("/review").page.text
    with plan.inside():
        lock(is_locked=False)
        assert [row.is_locked for row in queue("head")] == [False]
        assert (waiting("head"), waiting("office-too")) == (0, 1)


def queue(name: str) -> list[WaitingRow]:
    """The corrections that a user sees waiting."""
    return list(correction_queue(scope_of(name), Permission.SEE_REPORTS, limit=9))


def test_a_list_from_before_the_plan_changed_decides_nothing_else_than_it_said(plan: House) -> None:
    with plan.inside():
        hand_in()
    head, office = plan.visitor("head"), plan.visitor("office")
    page = head.get("/review").page
    value = page.root.all("input", name="report")[0]["value"]
    token = page.form("/review/approve").fields["csrf_token"]
    with plan.inside():
        steps(1)
    assert head.send("POST", "/review/approve", data={"csrf_token": token, "report": value}).status == 303
    said = head.get("/review").page.text
    assert "did not pass the first check: This plan is reviewed in one step now" in said
    with plan.inside():
        assert make.sheet_of("A", JAN).state is ReportState.SUBMITTED
    token = office.get("/review").page.form("/review/approve").fields["csrf_token"]
    for wrong in (value.replace("check", "return"), value.removesuffix("/check")):
        office.send("POST", "/review/approve", data={"csrf_token": token, "report": wrong})
        assert "Nothing was chosen" in office.get("/review").page.text


def test_periods_not_asked_for_are_those_of_the_reporters_own_plans_that_are_open(plan: House) -> None:
    with plan.inside():
        make.tell_on(TODAY)
        with writing():
            db.session.execute(update(Period).where(Period.code == JAN).values(is_expected=False))
            db.session.commit()

        def shown(name: str) -> list[str]:
            return periods_not_asked(scope_of(name), Permission.FILL_REPORTS, until=TODAY)

        assert (shown("rita"), shown("head")) == ([JAN], [])
        with writing():
            add_unit("Z", "单位Z", UnitKind.TOWNSHIP, parent_code=None, name_en=None, actor=HOUSE)
            db.session.commit()
        make.add_sample_user("zoe", "reporter", "Z")
        assert shown("zoe") == []
        lock()
        assert shown("rita") == []
