"""Terms of roles, and which roles one person may not hold together."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.domain.errors import RuleError
from tracker.domain.holdings import ALWAYS, Holding, Term, check_term, check_together
from tracker.domain.roles import Role

MAY, JUNE, JULY = date(2022, 5, 1), date(2022, 6, 1), date(2022, 7, 1)


@pytest.mark.parametrize(
    ("term", "day", "holds"),
    [
        (ALWAYS, JUNE, True),
        (Term(JUNE), JUNE, True),
        (Term(JUNE), date(2022, 5, 31), False),
        (Term(None, JUNE), JUNE, True),
        (Term(None, JUNE), date(2022, 6, 2), False),
        (Term(MAY, JULY), JUNE, True),
    ],
)
def test_first_and_last_day_are_included(term: Term, day: date, holds: bool) -> None:
    assert term.holds_on(day) is holds


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (ALWAYS, ALWAYS, True),
        (Term(None, MAY), Term(JUNE), False),
        (Term(None, JUNE), Term(JUNE), True),
        (Term(MAY, JUNE), Term(JULY, None), False),
        (Term(MAY, JULY), Term(JUNE, JUNE), True),
        (Term(None, JUNE), ALWAYS, True),
    ],
)
def test_terms_overlap_when_they_share_a_day(one: Term, other: Term, meet: bool) -> None:
    assert one.overlaps(other) is meet
    assert other.overlaps(one) is meet


def test_a_term_ends_after_it_begins_and_not_in_the_past() -> None:
    for term in (Term(JULY, JUNE), Term(None, MAY), Term(MAY, MAY)):
        with pytest.raises(RuleError):
            check_term(term, JUNE)
    for term in (ALWAYS, Term(MAY, JUNE), Term(JULY, JULY), Term(MAY)):
        check_term(term, JUNE)


def refused(one: Holding, other: Holding) -> bool:
    try:
        check_together(one, [other])
    except RuleError:
        return True
    return False


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Holding(Role.ADMINISTRATOR, "1/"), Holding(Role.AUDITOR, "2/"), True),
        (Holding(Role.REPORTER, "1/2/"), Holding(Role.REVIEWER, "1/"), True),
        (Holding(Role.REPORTER, "1/2/"), Holding(Role.REVIEWER, "1/2/"), True),
        (Holding(Role.REPORTER, "1/2/"), Holding(Role.REVIEWER, "1/20/"), False),
        (Holding(Role.REPORTER, "1/"), Holding(Role.REPORTER, "1/"), False),
        (Holding(Role.ADMINISTRATOR, "1/", Term(None, MAY)), Holding(Role.AUDITOR, "1/", Term(JUNE)), False),
        (Holding(Role.OFFICIAL, "1/"), Holding(Role.REVIEWER, "1/"), False),
    ],
)
def test_what_one_person_may_not_hold_together(one: Holding, other: Holding, expected: bool) -> None:
    assert refused(one, other) is expected
    assert refused(other, one) is expected
