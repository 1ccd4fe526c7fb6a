"""A target changes during the plan: data dates before keep the old one, and both stay visible."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select, text

from tests.kit import make
from tests.kit.house import House
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.features.plans.models import Indicator, Plan, TargetChange
from tracker.features.plans.queries import target_history
from tracker.features.plans.services import set_target
from tracker.features.reports.services import find_differences

JAN, FEB, MAR, APR = (date(2022, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30)))
MARCH = date(2022, 3, 1)


@pytest.fixture
def plan(hamlet: House) -> House:
    """A house with the small plan and nothing reported."""
    return hamlet


def target(code: str, unit: str, day: date) -> tuple[Fraction | None, Fraction | None, bool, Fraction | None]:
    """Target, baseline, whether it is a sum, and the differing sum of those below."""
    at = make.standings_at(unit, day)[code].position
    return at.target, at.baseline, at.target_is_sum, at.targets_below


def test_each_data_date_is_judged_by_the_target_of_that_day(plan: House) -> None:
    with plan.inside():
        make.aim_for("F", "B", "100")
        make.approved("B", "2022-01", {"F": "30"})
        make.aim_for("F", "B", "60", from_on=MARCH)
        found = {day: make.standings_at("B", day)["F"].position for day in (JAN, FEB, MARCH, APR)}
        assert [at.target for at in found.values()] == [100, 100, 60, 60]
        assert [at.completion_rate for at in found.values()] == [30, 30, 50, 50]
        assert list(find_differences()) == []


def test_the_day_itself_belongs_to_the_new_target(plan: House) -> None:
    with plan.inside():
        make.aim_for("S", "B", "10", "4")
        make.aim_for("S", "B", "12", "6", from_on=date(2022, 2, 28))
        assert target("S", "B", date(2022, 2, 27)) == (10, 4, False, None)
        assert target("S", "B", date(2022, 2, 28)) == (12, 6, False, None)


def test_sums_of_parents_follow_on_the_same_day(plan: House) -> None:
    # Hand-worked: A is 5 + 7 = 12 until March, then 5 + 9 = 14; T is A + B.
    with plan.inside():
        for unit, number, base in (("A1", "5", "1"), ("A2", "7", None), ("B", "20", "3")):
            make.aim_for("S", unit, number, base)
        make.aim_for("S", "A2", "9", "2", from_on=MARCH)
        assert target("S", "A", FEB) == (12, 1, True, None)
        assert target("S", "A", MARCH) == (14, 3, True, None)
        assert target("S", "T", FEB) == (32, 4, True, None)
        assert target("S", "T", MARCH) == (34, 6, True, None)
        # A sets its own: the sum below is kept beside it where it differs, and T adds the own one.
        make.aim_for("S", "A", "14", from_on=date(2022, 2, 1))
        assert target("S", "A", JAN) == (12, 1, True, None)
        assert target("S", "A", FEB) == (14, None, False, 12)
        assert target("S", "A", MARCH) == (14, None, False, None)
        assert [target("S", "T", day)[:2] for day in (JAN, FEB, MARCH)] == [(32, 4), (34, 3), (34, 3)]
        assert list(find_differences()) == []


def test_shares_are_never_added_whatever_the_day(plan: House) -> None:
    with plan.inside():
        make.aim_for("R", "A1", "50")
        make.aim_for("R", "A1", "60", from_on=MARCH)
        assert target("R", "A1", APR)[0] == 60
        assert target("R", "A", APR)[0] is None


def test_an_earlier_day_set_later_ends_where_the_next_begins(plan: House) -> None:
    with plan.inside():
        make.aim_for("F", "B", "100")
        make.aim_for("F", "B", "120", from_on=date(2022, 4, 1))
        make.aim_for("F", "B", "110", from_on=date(2022, 2, 1))
        assert [target("F", "B", day)[0] for day in (JAN, FEB, MAR, APR)] == [100, 110, 110, 120]
        assert list(find_differences()) == []


def test_a_correction_is_a_new_row_and_the_old_one_stays_visible(plan: House) -> None:
    with plan.inside():
        make.aim_for("F", "B", "100")
        make.aim_for("F", "B", "60", from_on=MARCH)
        make.aim_for("F", "B", "65", from_on=MARCH)
        assert target("F", "B", APR)[0] == 65
        indicator = db.session.scalars(select(Indicator).where(Indicator.code == "F")).one()
        rows = target_history(make.unit_of("B").id, indicator.id)
        assert [(row.from_on, row.target, row.reason, row.is_superseded) for row in rows] == [
            (date(2022, 1, 1), 100, None, False),
            (MARCH, 60, "because", True),
            (MARCH, 65, "because", False),
        ]
        assert all(row.recorded_at for row in rows)
        last = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
        assert last is not None
        assert (last.action, last.subject) == ("target.set", "target P/F B")
        assert last.difference.splitlines()[:1] == ["target: 60 → 65"]


@pytest.mark.parametrize(
    ("named", "field"),
    [
        ({"from_on": date(2021, 12, 31), "reason": "x"}, "from_on"),
        ({"from_on": date(2022, 5, 1), "reason": "x"}, "from_on"),
        ({"from_on": MARCH}, "reason"),
        ({"from_on": MARCH, "reason": "  "}, "reason"),
    ],
)
def test_a_change_needs_a_day_of_the_plan_and_a_reason(
    plan: House, named: dict[str, object], field: str
) -> None:
    with plan.inside():
        owner = db.session.scalars(select(Plan)).one()
        indicator = db.session.scalars(select(Indicator).where(Indicator.code == "F")).one()
        unit = make.unit_of("B")
        with pytest.raises(RuleError) as raised, writing():
            set_target(owner, indicator, unit, target=Decimal(5), actor=HOUSE, **named)
        assert raised.value.field == field
        assert db.session.scalars(select(TargetChange)).all() == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("UPDATE targets SET until_on = '2022-02-20' WHERE until_on = '2022-03-01'", "target "),
        ("UPDATE targets SET below_target = 1 WHERE below_target IS NOT NULL", "targets below"),
        ("UPDATE targets SET reporters = 9 WHERE target IS NOT NULL", "reporters"),
        ("UPDATE plan_reaches SET from_on = '2022-01-02'", "reach"),
        ("DELETE FROM target_changes WHERE reason IS NOT NULL", "target "),
    ],
)
def test_checking_sees_what_is_spoilt(plan: House, spoil: str, said: str) -> None:
    with plan.inside():
        make.aim_for("F", "B", "100")
        make.aim_for("F", "B", "60", from_on=MARCH)
        assert list(find_differences()) == []
        with writing():
            db.session.execute(text(spoil))
            db.session.commit()
        assert any(line.startswith(said) for line in find_differences())
