"""A database of the first version that holds the sample becomes one of this version, and says the same."""

from __future__ import annotations

from datetime import date

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text

from tests.conftest import Shelf
from tests.kit import make
from tests.kit.case import expected_at
from tests.kit.house import House
from tracker.core.access import WHOLE_HOUSE
from tracker.core.db import db
from tracker.domain.roles import Permission
from tracker.features.dashboards.sheets import position_rows
from tracker.features.org.queries import get_unit
from tracker.features.plans.models import Plan, PlanReach, Target, TargetChange
from tracker.features.plans.queries import get_plan
from tracker.features.progress.queries import clockwork, standings
from tracker.features.reports.services import find_differences

DAY = date(2022, 6, 30)


def test_the_sample_of_the_first_version_says_the_same_afterwards(shelf: Shelf) -> None:
    with shelf.house("sample") as house, house.inside():
        kept = kept_rows()
        downgrade(revision="0001")
        columns = db.session.execute(text("SELECT * FROM targets")).keys()
        assert set(columns) == {
            "unit_id",
            "indicator_id",
            "target",
            "baseline",
            "below_target",
            "below_baseline",
            "reporters",
        }
        db.session.remove()
        upgrade()
        assert kept_rows() == kept
        assert list(find_differences()) == []
        unit = get_unit(WHOLE_HOUSE, Permission.SEE_PROGRESS, "LC")
        clock = clockwork(get_plan(unit, as_of=DAY), DAY)
        rows = {row["indicator"]: row for row in position_rows(unit, clock, standings(unit, clock))}
        assert rows == expected_at("2022-06-30", "LC")


def kept_rows() -> list[object]:
    """Targets, reach and the number of targets in the history, which has no days of its own yet."""
    starts_on = db.session.scalar(select(Plan.starts_on))
    targets = db.session.execute(
        select(*Target.__table__.columns).order_by(Target.unit_id, Target.indicator_id, Target.from_on)
    ).all()
    reaches = db.session.execute(
        select(*PlanReach.__table__.columns).order_by(PlanReach.plan_id, PlanReach.unit_id)
    ).all()
    set_ = db.session.execute(
        select(
            TargetChange.unit_id,
            TargetChange.indicator_id,
            TargetChange.from_on,
            TargetChange.target,
            TargetChange.baseline,
        ).order_by(TargetChange.indicator_id, TargetChange.unit_id)
    ).all()
    assert {row.from_on for row in (*targets, *set_)} == {starts_on}
    count = db.session.scalar(select(func.count()).select_from(TargetChange))
    db.session.rollback()
    return [targets, reaches, set_, count]


@pytest.mark.parametrize("gone", ["units", "targets"])
def test_going_back_keeps_what_holds_last(hamlet: House, gone: str) -> None:
    with hamlet.inside():
        if gone == "targets":
            make.aim_for("F", "A1", "10")
            make.aim_for("F", "A1", "20", from_on=date(2022, 3, 1))
        downgrade(revision="0001")
        found = db.session.execute(text("SELECT target FROM targets WHERE target IS NOT NULL")).scalars()
        assert list(found) == ([200000] if gone == "targets" else [])
        db.session.remove()
        upgrade()
        assert list(find_differences()) == []
