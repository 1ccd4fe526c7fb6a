"""Units are retired and merged, indicators replaced, in the middle of a year. Worked by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tests.kit.tree_in_time import History, aims, figures, found_aims, found_figures, found_reach
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.domain.errors import NotFoundError, RuleError
from tracker.domain.measures import Measure
from tracker.domain.roles import Permission
from tracker.features.dashboards.queries import contributions, get_view
from tracker.features.places.queries import merger_of
from tracker.features.plans.models import Indicator, Period, Plan
from tracker.features.plans.queries import successions_of
from tracker.features.plans.services import IndicatorDraft
from tracker.features.progress.queries import standings
from tracker.features.reports.queries import report_list
from tracker.features.reports.services import find_differences, reopen_report
from tracker.features.restructure.queries import periods_to_begin
from tracker.features.restructure.services import replace_indicator

JAN, FEB, MAR, APR = (date(2022, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30)))
DAY, EVE = date(2022, 3, 15), date(2022, 3, 14)


@pytest.fixture
def plan(hamlet: House) -> House:
    """The small plan, told in June, with a year's beginning."""
    with hamlet.inside():
        make.tell_on(date(2022, 6, 1))
        make.approved("A1", "2022-01", {"F": "10", "S": "5", "SC/甲": "2", "SC/乙": "3", "R": "1/4"})
        make.approved("A1", "2022-02", {"F": "20", "S": "6", "M": "20/100"})
        make.approved("A2", "2022-01", {"F": "1", "S": "1", "R": "3/4"})
        make.approved("A", "2022-02", {"F": "3", "S": "4"})
        make.approved("B", "2022-02", {"F": "2", "S": "9", "R": "2/2"})
    return hamlet


def actuals(unit: str, day: date) -> dict[str, object]:
    """The figures that say something."""
    return {code: found[0] for code, found in found_figures(unit, day).items() if found[0] is not None}


def listed(unit: str, day: date) -> list[str]:
    """The units shown below another on a data date."""
    view = get_view(WHOLE_HOUSE, unit_code=unit, as_of=day, plan_code=None)
    return [child.code for child in view.children]


def reports(unit: str) -> set[str]:
    """The periods for which a unit is asked."""
    rows = report_list(WHOLE_HOUSE, Permission.SEE_REPORTS, until=date(2022, 6, 1), limit=99)
    return {row.period.code for row in rows if row.unit.code == unit}


def test_a_retired_unit_leaves_its_flows_and_takes_its_levels(plan: House) -> None:
    with plan.inside():
        before = {
            unit: {day: found_figures(unit, day) for day in (JAN, FEB, EVE)} for unit in ("T", "A", "A1")
        }
        History().retire("A1", DAY)
        for unit, days in before.items():
            assert {day: found_figures(unit, day) for day in days} == days
        assert actuals("A", EVE) == {"F": 34, "S": 11, "SC": 5, "R": 50, "M": 20}
        assert actuals("A", DAY) == {"F": 34, "S": 5, "R": 75}
        assert actuals("A1", FEB) == {"F": 30, "S": 6, "SC": 5, "R": 25, "M": 20}
        assert actuals("A1", APR) == {"F": 30}
        # Reported, not applicable, covered, expected.
        assert found_figures("A", EVE)["S"][1:] == (2, 0, 3, 3)
        assert found_figures("A", DAY)["S"][1:] == (1, 0, 2, 2)
        assert found_figures("A", DAY)["F"][1:] == (1, 0, 3, 2)
        assert (listed("A", EVE), listed("A", DAY)) == (["A1", "A2"], ["A2"])
        assert found_reach(DAY) == {"T": 3, "A": 2, "A2": 1, "B": 1}
        assert reports("A1") == {"2022-01", "2022-02"}
        with pytest.raises(NotFoundError):
            make.sheet_of("A1", "2022-03")
        assert list(find_differences()) == []


def test_its_past_can_still_be_corrected_and_read(plan: House) -> None:
    with plan.inside():
        History().retire("A1", DAY)
        with writing():
            sheet = make.sheet_of("A1", "2022-02")
            reopen_report(sheet, "wrong", version=sheet.version, actor=HOUSE)
            db.session.commit()
        assert [actuals("A", day)["S"] for day in (FEB, EVE, DAY)] == [10, 10, 5]
        make.approved("A1", "2022-02", {"S": "8"})
        assert [actuals("A", day)["S"] for day in (FEB, EVE, DAY)] == [13, 13, 5]
        view = get_view(WHOLE_HOUSE, unit_code="A", as_of=APR, plan_code=None)
        rows = [row for row in standings(view.unit, view.clock) if row.indicator.code == "F"]
        parts = [
            (unit.code if unit else None, total.value // 10000)
            for unit, total in contributions(view, rows)[rows[0].indicator.id]
        ]
        assert parts == [("A", 3), ("A2", 1), ("A1", 30)]
        assert list(find_differences()) == []


def test_a_retirement_can_be_taken_back(plan: House) -> None:
    with plan.inside():
        before = {day: found_figures("A", day) for day in (JAN, EVE, DAY, APR)}
        history = History()
        history.retire("A1", DAY)
        history.restore("A1")
        assert {day: found_figures("A", day) for day in before} == before
        assert reports("A1") == {f"2022-0{month}" for month in range(1, 5)}
        assert list(find_differences()) == []


def test_units_below_must_end_as_well(plan: House) -> None:
    with plan.inside():
        history = History()
        with pytest.raises(RuleError) as raised:
            history.retire("A", DAY)
        assert raised.value.field == "with_below"
        assert say(raised.value).startswith("Units below go on: Unit A1 (A1), Unit A2 (A2)") or (
            "单位A1（A1）、单位A2（A2）" in say(raised.value)
        )
        history.retire("A", DAY, with_below=True)
        assert listed("T", DAY) == ["B"]
        assert actuals("T", DAY) == {"F": 36, "S": 9, "R": 100}
        with pytest.raises(RuleError, match="below one that is retired"):
            history.restore("A1")
        assert list(find_differences()) == []


def test_a_report_of_a_later_period_stands_in_the_way(plan: House) -> None:
    with plan.inside():
        history = History()
        with pytest.raises(RuleError, match="2022-02-28") as raised:
            history.retire("A1", FEB)
        assert raised.value.field == "day"
        with pytest.raises(RuleError, match="top unit"):
            history.retire("T", DAY, with_below=True)
        history.retire("A1", date(2022, 3, 1))
        for again in (lambda: history.retire("A1", DAY), lambda: history.move("A1", "B", DAY)):
            with pytest.raises(RuleError, match="retired from 2022-03-01"):
                again()


def test_its_target_counts_above_until_the_day(plan: House) -> None:
    with plan.inside():
        make.aim_for("S", "A1", "10")
        make.aim_for("S", "A2", "5")
        History().retire("A1", DAY)
        found = [make.standings_at("A", day)["S"].position.target for day in (EVE, DAY)]
        assert found == [15, 5]
        assert make.standings_at("A1", APR)["S"].position.target == 10


def test_a_merged_unit_ends_and_its_children_and_targets_go_over(plan: House) -> None:
    with plan.inside():
        history = History()
        for unit, code, target, base in (
            ("A", "F", 100, None),
            ("B", "F", 50, None),
            ("A", "S", 20, 4),
            ("B", "S", 10, None),
            ("A", "R", 80, None),
            ("B", "R", 90, None),
            ("A", "FC", 7, None),
        ):
            history.aim(unit, code, target, base, date(2022, 1, 1))
        history.aim("B", "F", 60, None, date(2022, 4, 1))
        merged = history.merge("A", "B", DAY)
        told = {each.unit_aim.indicator.code: (each.sums, each.why_not) for each in merged}
        # From the day 100 + 50, and when B's own was to grow, 100 + 60. A missing baseline counts as 0.
        assert told["F"] == (((DAY, 150, None), (date(2022, 4, 1), 160, None)), None)
        assert told["S"] == (((DAY, 30, 4),), None)
        assert told["R"][0] == told["FC"][0] == ()
        assert told["R"][1] and told["FC"][1]
        for day in (JAN, EVE, DAY, APR):
            assert found_aims(day) == aims(history, day), day
            for unit, _ in make.UNITS:
                assert found_figures(unit, day) == figures(history, unit, day), (unit, day)
        # A's own level of 4 ends; what A1 and A2 have goes to B: 9 + 6 + 1.
        assert [actuals("B", day)["S"] for day in (EVE, DAY)] == [9, 16]
        assert [actuals("T", day)["S"] for day in (EVE, DAY)] == [20, 16]
        assert (listed("B", DAY), listed("T", DAY)) == (["A1", "A2"], ["B"])
        merger = merger_of(make.unit_of("A").id)
        assert merger is not None
        assert (merger.successor.code, merger.merged_on) == ("B", DAY)
        assert list(find_differences()) == []
        with pytest.raises(RuleError, match="merged"):
            history.restore("A")


@pytest.mark.parametrize(("unit", "successor"), [("T", "A"), ("A", "A"), ("A", "A1")])
def test_a_merger_that_would_be_no_tree_is_refused(plan: House, unit: str, successor: str) -> None:
    with plan.inside(), pytest.raises(RuleError) as raised:
        History().merge(unit, successor, DAY)
    assert raised.value.field == "successor"


def test_a_child_can_be_merged_into_the_unit_above(plan: House) -> None:
    with plan.inside():
        history = History()
        history.merge("A2", "A", DAY)
        for day in (EVE, DAY, APR):
            assert found_figures("A", day) == figures(history, "A", day)
        assert list(find_differences()) == []


def replace(code: str, day: date) -> None:
    """Have a new stock take an indicator's place."""
    with writing():
        owner = db.session.scalars(select(Plan)).one()
        old = db.session.scalars(select(Indicator).where(Indicator.code == code)).one()
        draft = IndicatorDraft("S2", "新存量", Measure.STOCK, "个", name_en="New stock")
        replace_indicator(owner, old, draft, day=day, reason="because", actor=HOUSE)
        db.session.commit()


def test_a_replaced_indicator_is_asked_for_and_listed_until_the_day(plan: House) -> None:
    with plan.inside():
        replace("S", DAY)
        make.approved("A1", "2022-03", {"S2": "70", "F": "1"})

        def cells(period: str) -> set[str]:
            codes = {cell.indicator.code for cell in make.sheet_of("A1", period).cells}
            return codes & {"S", "S2"}

        assert [cells(period) for period in ("2022-02", "2022-03")] == [{"S"}, {"S2"}]
        rows = {day: make.standings_at("T", day) for day in (FEB, EVE, DAY, MAR)}
        assert [{"S", "S2"} & set(found) for found in rows.values()] == [{"S"}, {"S"}, {"S2"}, {"S2"}]
        assert rows[EVE]["S"].position.actual == 20
        assert rows[DAY]["S2"].position.actual is None
        assert rows[MAR]["S2"].position.actual == 70
        coverage = rows[MAR]["S2"].coverage
        assert (coverage.reported, coverage.expected) == (1, 4)
        found = successions_of(db.session.scalars(select(Plan.id)).one())
        assert [one.from_on for one in found] == [DAY]
        assert list(find_differences()) == []


@pytest.mark.parametrize("day", [date(2022, 1, 1), date(2022, 2, 28), date(2022, 5, 1)])
def test_a_day_with_values_after_it_or_outside_the_plan_is_refused(plan: House, day: date) -> None:
    with plan.inside():
        with pytest.raises(RuleError) as raised:
            replace("S", day)
        assert raised.value.field == "day"
        assert db.session.scalars(select(Indicator.code).where(Indicator.code == "S2")).all() == []


def test_an_indicator_is_replaced_only_once(plan: House) -> None:
    with plan.inside():
        replace("S", DAY)
        with pytest.raises(RuleError, match="ends on 2022-03-15"):
            replace("S", date(2022, 4, 1))


def test_nothing_is_replaced_inside_a_locked_period(plan: House) -> None:
    with plan.inside():
        with writing():
            period = db.session.scalars(select(Period).where(Period.code == "2022-03")).one()
            period.is_locked = True
            db.session.commit()
        with pytest.raises(RuleError, match="up to 2022-03-31 are locked"):
            replace("S", DAY)
        owner = db.session.scalars(select(Plan)).one()
        old = db.session.scalars(select(Indicator).where(Indicator.code == "S")).one()
        assert [one.code for one in periods_to_begin(owner, old)] == ["2022-04"]
        replace("S", date(2022, 4, 1))
