"""A database of the first version that holds the sample becomes one of this version, and says the same."""

from __future__ import annotations

from datetime import date

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.conftest import Shelf
from tests.kit import make
from tests.kit.case import expected_at
from tests.kit.house import House
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.roles import Permission
from tracker.features.dashboards.sheets import position_rows
from tracker.features.org.queries import get_unit
from tracker.features.plans.models import Plan, PlanReach, Target, TargetChange
from tracker.features.plans.queries import get_plan
from tracker.features.progress.queries import clockwork, standings
from tracker.features.reports.services import check_report, find_differences

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


def test_going_back_to_one_step_of_review_leaves_what_was_checked_waiting(hamlet: House) -> None:
    with hamlet.inside():
        with writing():
            db.session.execute(update(Plan).values(review_steps=2))
            db.session.commit()
        for unit in ("A", "A1", "B"):
            make.save(unit, "2022-01", {"F": "5"})
            make.submit(unit, "2022-01")
        for unit in ("A", "B"):
            with writing():
                sheet = make.sheet_of(unit, "2022-01")
                check_report(sheet, version=sheet.version, actor=HOUSE)
                db.session.commit()
        db.session.remove()
        downgrade(revision="0018")
        states = db.session.execute(text("SELECT state FROM reports")).scalars().all()
        assert set(states) == {"submitted"}
        assert len(states) == 3
        waiting = text(
            "SELECT code, state, reports FROM report_tallies JOIN org_units ON org_units.id = unit_id "
            "WHERE reports != 0 ORDER BY code"
        )
        found = db.session.execute(waiting).all()
        assert found == [
            ("A", "submitted", 2),
            *((code, "submitted", n) for code, n in (("A1", 1), ("B", 1), ("T", 3))),
        ]
        for table in ("reports", "report_tallies"):
            with pytest.raises(IntegrityError):
                db.session.execute(text(f"UPDATE {table} SET state = 'checked'"))
            db.session.rollback()
        db.session.remove()
        upgrade()
        assert list(find_differences()) == []
        make.approve("A", "2022-01")
        assert list(find_differences()) == []
