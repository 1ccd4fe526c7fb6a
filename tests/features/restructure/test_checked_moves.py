"""A unit moves halfway through a review in two steps: who decides then, and what is counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.features.reports.test_two_steps import JAN, counted, do, offered, plan, refused, waiting
from tests.kit import make
from tests.kit.house import House
from tests.kit.tree_in_time import History
from tracker.domain.review import ReportState, Step
from tracker.features.reports.services import approve_report, check_report, find_differences, return_report

__all__ = ["plan"]

NAMES = ("head", "head-of-b", "office")


def handed_in() -> None:
    """A1 below A hands January in, and then moves below B, where somebody else reviews."""
    make.tell_on(date(2022, 3, 1))
    make.add_sample_user("head-of-b", "reviewer", "B")
    make.save("A1", JAN, {"F": "5"})
    make.submit("A1", JAN, actor=make.user_of("rita"))


def move() -> None:
    """Move A1 from A to B, from a day after January on."""
    History().move("A1", "B", date(2022, 2, 10))
    assert list(find_differences()) == []


def test_what_was_checked_stays_checked_and_the_office_approves_it(plan: House) -> None:
    with plan.inside():
        handed_in()
        do(check_report, "head", "A1")
        assert [waiting(name) for name in NAMES] == [0, 0, 1]
        move()
        assert make.sheet_of("A1", JAN).state is ReportState.CHECKED
        assert [waiting(name) for name in NAMES] == [0, 0, 1]
        assert [offered(name, "A1") for name in NAMES] == [None, None, Step.APPROVE]
        for name in ("head", "head-of-b"):
            refused(approve_report, name, "reviewers of the plan's unit: office, office-too", "A1")
        do(approve_report, "office", "A1")
        assert (counted(), [waiting(name) for name in NAMES]) == (Decimal(5), [0, 0, 0])
        assert list(find_differences()) == []


@pytest.mark.parametrize("returned", [False, True])
def test_a_check_that_is_due_belongs_to_whoever_looks_after_the_unit_now(plan: House, returned: bool) -> None:
    with plan.inside():
        handed_in()
        if returned:
            do(check_report, "head", "A1")
        else:
            assert [waiting(name) for name in NAMES] == [1, 0, 0]
        move()
        if returned:
            # The new line may give back what the old one has checked, and then checks it anew.
            do(return_report, "head-of-b", "A1", "count again")
            make.submit("A1", JAN, actor=make.user_of("office"))
        assert [waiting(name) for name in NAMES] == [0, 1, 0]
        assert [offered(name, "A1") for name in NAMES] == [None, Step.CHECK, None]
        refused(check_report, "head", "nearer to the unit: head-of-b", "A1")
        do(check_report, "head-of-b", "A1")
        if returned:
            refused(approve_report, "office", "These users can review it: office-too", "A1")
        do(approve_report, "office-too", "A1")
        assert (counted(), [waiting(name) for name in NAMES]) == (Decimal(5), [0, 0, 0])
        assert list(find_differences()) == []


def test_where_nobody_near_reviews_at_the_new_place_the_office_checks(plan: House) -> None:
    with plan.inside():
        handed_in()
        make.take_roles("head-of-b")
        move()
        assert (waiting("head"), waiting("office"), offered("office", "A1")) == (0, 1, Step.CHECK)
        do(check_report, "office", "A1")
        do(approve_report, "office-too", "A1")
        assert (counted(), list(find_differences())) == (Decimal(5), [])
