"""An object is found in the audit log under every code that it has had, and under none of another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.kit import make
from tests.kit.house import House
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.core.history import HistoryRow
from tracker.domain.measures import Measure
from tracker.domain.roles import Permission
from tracker.domain.units import UnitKind
from tracker.features.audit.queries import check_chain
from tracker.features.org.queries import UnitRow, get_unit, history_of_unit
from tracker.features.org.services import UnitDraft, add_unit, change_unit
from tracker.features.plans.models import Indicator, Plan
from tracker.features.plans.queries import (
    all_plans,
    changes_of_indicator,
    changes_of_plan,
    meaning_of,
    stamp_of_indicator,
)
from tracker.features.plans.services import IndicatorDraft, create_plan, delete_plan, edit_indicator
from tracker.features.reports.queries import history_of_report


@pytest.fixture
def place(hamlet: House) -> House:
    """The small plan, with one report that has been approved."""
    with hamlet.inside():
        make.tell_on(date(2022, 6, 1))
        make.approved("A1", "2022-01", {"F": "10"})
    return hamlet


def rename(code: str, new: str) -> None:
    """Give a unit another code."""
    with writing():
        unit = get_unit(WHOLE_HOUSE, Permission.MANAGE_UNITS, code)
        draft = UnitDraft(new, unit.name, unit.kind, unit.name_en)
        change_unit(unit, draft, seen=unit.seen, code_agreed=True, actor=HOUSE)
        db.session.commit()


def actions(rows: list[HistoryRow]) -> list[str]:
    """What was done, the first thing first."""
    return [row.action for row in reversed(rows)]


def steps_of(unit: str) -> list[str]:
    """What was done to a unit's report of January."""
    return actions(history_of_report(make.sheet_of(unit, "2022-01")))


def unit(code: str) -> UnitRow:
    return make.unit_of(code)


def test_a_report_keeps_its_steps_when_its_unit_gets_another_code(place: House) -> None:
    with place.inside():
        before = steps_of("A1")
        assert before == ["report.save", "report.submit", "report.approve"]
        rename("A1", "A9")
        rename("A9", "A8")
        assert steps_of("A8") == before
        make.save("A8", "2022-02", {"F": "3"})
        assert check_chain().is_whole


def test_a_unit_that_takes_over_a_code_takes_no_history_along(place: House) -> None:
    with place.inside():
        rename("A1", "A9")
        rename("A2", "A1")
        assert steps_of("A1") == []
        assert steps_of("A9") == ["report.save", "report.submit", "report.approve"]
        rename("A1", "A2")
        with writing():
            add_unit("A1", "新单位", UnitKind.COMMUNITY, parent_code="A", actor=HOUSE)
            db.session.commit()
        of_new = replace(make.sheet_of("A9", "2022-01"), unit=unit("A1"))
        assert history_of_report(of_new) == []
        assert actions(history_of_unit(unit("A1"), limit=9)) == ["unit.add"]
        assert actions(history_of_unit(unit("A9"), limit=9)) == ["unit.add", "unit.change"]
        assert actions(history_of_unit(unit("A2"), limit=9)) == ["unit.add", "unit.change", "unit.change"]


def test_an_indicator_keeps_its_history_and_its_targets_when_its_code_changes(place: House) -> None:
    with place.inside():
        make.aim_for("S", "A", "5")
        rename("A", "AA")
        recode("S", "S-2")
        make.aim_for("S-2", "AA", "7")
        found = changes_of_indicator(*indicator("S-2"))
        assert actions(found) == [
            "indicator.add",
            "indicator.assign",
            "target.set",
            "indicator.edit",
            "target.set",
        ]
        assert (found[0].subject, found[2].subject) == ("target P/S-2 AA", "target P/S A")
        # A code that has become free may be given to another one.
        recode("M", "S")
        assert actions(changes_of_indicator(*indicator("S"))) == [
            "indicator.add",
            "indicator.assign",
            "indicator.edit",
        ]


def indicator(code: str) -> tuple[Plan, Indicator]:
    """The plan and one of its indicators."""
    plan = db.session.get_one(Plan, all_plans()[0].id)
    return plan, db.session.query(Indicator).filter_by(code=code).one()


def recode(code: str, new: str) -> None:
    """Give an indicator another code."""
    with writing():
        plan, row = indicator(code)
        draft = IndicatorDraft(
            new, row.name, Measure(row.measure), row.unit_of_measure, row.decimals, row.name_en
        )
        assert meaning_of(row).code == code
        edit_indicator(plan, row, draft, [], version=stamp_of_indicator(row), actor=HOUSE)
        db.session.commit()


def test_a_plan_made_under_the_code_of_a_deleted_one_begins_anew(place: House) -> None:
    with place.inside():
        for _ in range(2):
            with writing():
                plan = create_plan(
                    "Q",
                    "方案",
                    unit=unit("T"),
                    starts_on=date(2023, 1, 1),
                    ends_on=date(2023, 3, 31),
                    actor=HOUSE,
                )
                db.session.commit()
            assert actions(changes_of_plan(plan)) == ["plan.create"]
            with writing():
                delete_plan(db.session.get_one(Plan, plan.id), actor=HOUSE)
                db.session.commit()
