"""Who reports and what is to be reached: what is derived up the tree stays right with every change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tests.kit.plans import (
    NO_REASON,
    aim,
    indicator,
    last_record,
    own_targets,
    plan_row,
)
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError, StaleError
from tracker.features.plans.models import PlanReach, Target
from tracker.features.plans.queries import (
    split_of,
)
from tracker.features.plans.services import (
    SplitError,
    TargetDraft,
    Why,
    assign_indicator,
    save_targets,
    unassign_indicator,
)
from tracker.features.reports.services import find_differences


def unassign(code: str, *units: str) -> None:
    """Take an indicator from units."""
    with writing():
        gone = [make.unit_of(unit) for unit in units]
        unassign_indicator(plan_row().plan, indicator(code), gone, actor=HOUSE)
        db.session.commit()


def test_a_unit_that_no_longer_reports_is_counted_nowhere(planned: House) -> None:
    unassign("F", "A1", "B")
    reporters = {
        # Where there is nothing to say of a unit, no row is kept.
        unit: db.session.scalar(
            select(Target.reporters).where(
                Target.indicator_id == indicator("F").id, Target.unit_id == make.unit_of(unit).id
            )
        )
        or 0
        for unit in ("T", "A", "B", "A1", "A2")
    }
    # Of A, B, A1 and A2 there are A and A2 left.
    assert reporters == {"T": 2, "A": 2, "B": 0, "A1": 0, "A2": 1}
    assert list(find_differences()) == []
    assert last_record().difference == "units: A1 B → —"


def test_who_is_given_an_indicator_is_told_to_the_auditors_of_the_plans_unit(planned: House) -> None:
    unassign("F", "B")
    with writing():
        found = plan_row()
        assign_indicator(found.plan, indicator("F"), [make.unit_of("B")], actor=HOUSE)
        db.session.commit()
    last = last_record()
    assert (last.action, last.difference) == ("indicator.assign", "units: — → B")
    assert last.unit_id == make.unit_of("T").id


def test_a_unit_that_reports_nothing_any_more_is_not_reached(planned: House) -> None:
    for draft in make.DRAFTS:
        unassign(draft.code, "A1")
    reach = db.session.execute(
        select(PlanReach.unit_id, PlanReach.reporters).where(
            PlanReach.unit_id.in_([make.unit_of(code).id for code in ("T", "A1")])
        )
    )
    assert dict(reach.all()) == {make.unit_of("T").id: 3}
    assert list(find_differences()) == []
    # Taking it away twice changes nothing more.
    unassign("F", "A1")
    assert list(find_differences()) == []


def test_a_unit_with_figures_goes_on_reporting(planned: House) -> None:
    make.save("A", "2022-01", {"F": "3"})
    with pytest.raises(RuleError) as refused:
        unassign("F", "B", "A")
    assert "单位A" in str(refused.value)
    # Nothing happened to the other one either.
    assert {"A", "B"} <= {
        row.place.unit.code for row in split_of(indicator("F"), plan_row().unit).rows if row.reports
    }
    # What was cleared again is no figure.
    make.save("A", "2022-01", {"F": ""})
    unassign("F", "B", "A")
    assert list(find_differences()) == []


def test_not_applicable_is_a_figure_too(planned: House) -> None:
    make.save("A", "2022-01", {"S": "n/a"}, reason="nothing of the kind")
    with pytest.raises(RuleError):
        unassign("S", "A")


def test_targets_are_saved_all_or_none(planned: House) -> None:
    assert aim("F", T="20.5", A="10", B="7.5") == 3
    with pytest.raises(SplitError) as refused:
        # Flow has one decimal place: B is wrong, and so nothing of it is kept.
        aim("F", T="30", A="12", B="7.25", A1="4")
    assert set(refused.value.by_cell) == {(make.unit_of("B").id, "target")}
    assert own_targets("F") == {"T": Decimal("20.5"), "A": Decimal(10), "B": Decimal("7.5")}
    assert list(find_differences()) == []


def test_every_wrong_cell_is_named_at_once(planned: House) -> None:
    with pytest.raises(SplitError) as refused:
        aim("C", T=("10", "5"), A=(None, "3"), B="2")
    a, top = make.unit_of("A").id, make.unit_of("T").id
    assert set(refused.value.by_cell) == {(top, "baseline"), (a, "target")}
    assert own_targets("C") == {}


def test_a_wrong_day_is_said_at_the_target_and_nothing_is_kept(planned: House) -> None:
    with pytest.raises(SplitError) as refused:
        aim("F", why=Why("Decided.", date(2030, 1, 1)), B="5")
    assert set(refused.value.by_cell) == {(make.unit_of("B").id, "target")}
    assert own_targets("F") == {}


def test_sums_are_those_worked_by_hand_and_the_ones_that_are_kept(planned: House) -> None:
    aim("F", T="100", A="60", B="30.5", A1="20", A2="25")
    split = split_of(indicator("F"), plan_row().unit)
    top, a = make.unit_of("T").id, make.unit_of("A").id
    # 60 + 30.5 at the top; A's own 60 stands although its parts come to 20 + 25.
    assert split.sums() == {top: Decimal("90.5"), a: Decimal(45)}
    kept = {
        row.unit_id: row.below_target
        for row in db.session.execute(
            select(Target.unit_id, Target.below_target).where(
                Target.indicator_id == indicator("F").id, Target.below_target.is_not(None)
            )
        )
    }
    assert kept == split.sums()
    # Without a target of its own A counts with its parts.
    aim("F", A=None)
    assert split_of(indicator("F"), plan_row().unit).sums() == {top: Decimal("75.5"), a: Decimal(45)}
    assert list(find_differences()) == []
    assert last_record().action == "target.clear"
    assert last_record().difference == "target: 60 → —\nbaseline: — → —"


def test_shares_are_never_added_up(planned: House) -> None:
    aim("R", A="80", B="90")
    assert split_of(indicator("R"), plan_row().unit).sums() == {}


def test_once_figures_count_a_new_target_needs_a_reason_and_a_day(planned: House) -> None:
    aim("F", A="10")
    make.approved("A", "2022-01", {"F": "1"})
    assert aim("F", A="10") == 0  # nothing is different, so nothing is asked
    for why, field in (
        (NO_REASON, "reason"),
        (Why("decision", None), "from_on"),
        (Why("decision", date(2021, 12, 31)), "from_on"),
    ):
        with pytest.raises(RuleError) as refused:
            aim("F", why, A="12")
        assert refused.value.field == field
    assert own_targets("F") == {"A": Decimal(10)}
    aim("F", Why("镇党委会议决定", date(2022, 3, 1)), A="12")
    assert last_record().action == "target.set"
    assert last_record().difference == (
        "target: 10 → 12\nbaseline: — → —\nfrom_on: — → 2022-03-01\nreason: — → 镇党委会议决定"
    )
    # Indicators without approved figures ask for nothing.
    assert aim("S", A="5") == 1


def test_a_grid_that_is_older_than_the_targets_overwrites_nothing(planned: House) -> None:
    old = split_of(indicator("F"), plan_row().unit)
    seen = old.stamp
    aim("F", A="5")
    with pytest.raises(StaleError), writing():
        found = plan_row()
        split = split_of(indicator("F"), found.unit)
        drafts = {make.unit_of("A").id: TargetDraft(Decimal(9), None)}
        save_targets(found.plan, split, drafts, why=NO_REASON, version=seen, actor=HOUSE)
    assert own_targets("F") == {"A": Decimal(5)}
