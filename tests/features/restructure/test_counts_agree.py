"""After a unit was retired, merged or moved, every number is the length of its list, and right by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tests.kit.tree_in_time import History
from tracker.core.access import WHOLE_HOUSE, Hold, Scope
from tracker.core.db import db, writing
from tracker.domain.review import WAITING, ReportState
from tracker.domain.roles import Permission, Role
from tracker.features.dashboards.pages import indicator_page
from tracker.features.dashboards.queries import SEE, View, get_view, parts_of, reports_below
from tracker.features.dashboards.sheets.file import progress_file
from tracker.features.periods.queries import get_managed_plan, managed_periods, returns_of
from tracker.features.plans.models import FOREVER, Indicator, Period, Plan, Target
from tracker.features.plans.queries import ManagedPlan, outline_of, reach_of, split_of, whole_plan
from tracker.features.plans.services import Part
from tracker.features.plans.sheets.rows import PlanRows
from tracker.features.progress.queries import standings
from tracker.features.reports.queries import (
    count_states,
    count_unfinished,
    count_waiting,
    report_list,
    steps_offered,
)
from tracker.features.reports.services import find_differences
from tracker.features.urging.queries import MISSING, due_days, missing_reports

TODAY = date(2022, 4, 10)
FEB, DAY, MAR, APR = (date(2022, *found) for found in ((2, 28), (3, 15), (3, 31), (4, 30)))
ENDS = {"2022-01": date(2022, 1, 31), "2022-02": FEB, "2022-03": MAR}
TOPS = ("T", "A", "B")


@dataclass(frozen=True)
class Worked:
    """What a change comes to by hand, for the township and its two communities where there are three numbers.

    ``unfinished`` reports of the periods up to April; ``reach`` units that report in March; ``missing``
    units not yet in for March; ``target`` of stock for the township, out of those of the units.
    """

    change: Callable[[History], object]
    unfinished: tuple[int, int, int]
    reach: tuple[int, int, int]
    missing: set[str]
    target: int
    named: int = 3
    """Units with a target of their own that still are when the plan ends."""
    waiting: tuple[int, int, int] = (1, 0, 1)


WORKED = {
    # 4 units, 4 periods, 5 reports handed in; 10 + 5 + 7.
    "nothing": Worked(lambda _: None, (11, 9, 2), (4, 3, 1), {"A", "A1", "A2", "B"}, 22),
    # Without March and April of A1, and without its 10.
    "retired with reports": Worked(
        lambda history: history.retire("A1", DAY), (9, 7, 2), (3, 2, 1), {"A", "A2", "B"}, 12, 2
    ),
    # January and February of A2 are still asked for.
    "retired without reports": Worked(
        lambda history: history.retire("A2", DAY), (9, 7, 2), (3, 2, 1), {"A", "A1", "B"}, 17, 2
    ),
    "retired with all below": Worked(
        lambda history: history.retire("A", DAY, with_below=True), (5, 3, 2), (1, 0, 1), {"B"}, 7, 1
    ),
    # A's February stays with A; what stands below it, older reports included, is B's to do; B's 7 holds.
    "merged with units below": Worked(
        lambda history: history.merge("A", "B", DAY), (9, 1, 8), (3, 0, 3), {"A1", "A2", "B"}, 7
    ),
    # 10 + 5 are A1's now.
    "merged beside": Worked(
        lambda history: history.merge("A2", "A1", DAY), (9, 7, 2), (3, 2, 1), {"A", "A1", "B"}, 22, 2
    ),
    # A1 owes March and April at its new place; below B's own 7 nothing is added.
    "moved": Worked(
        lambda history: history.move("A1", "B", DAY), (11, 7, 4), (4, 2, 2), {"A", "A1", "A2", "B"}, 12
    ),
    # The older reports of A, A1 and A2 go along with A, but A2's March is nobody's.
    "retired and moved along later": Worked(
        lambda history: (history.retire("A2", DAY), history.move("A", "B", date(2022, 4, 5))),
        (9, 7, 9),
        (3, 2, 1),
        {"A", "A1", "B"},
        7,
        2,
    ),
    # A unit that came back is where it was.
    "retired and restored": Worked(
        lambda history: (history.retire("A1", DAY), history.restore("A1")),
        (11, 9, 2),
        (4, 3, 1),
        {"A", "A1", "A2", "B"},
        22,
    ),
    "retired after the plan": Worked(
        lambda history: history.retire("A1", date(2022, 5, 1)),
        (11, 9, 2),
        (4, 3, 1),
        {"A", "A1", "A2", "B"},
        22,
    ),
    "moved after the plan": Worked(
        lambda history: history.move("A1", "B", date(2022, 5, 1)),
        (11, 7, 4),
        (4, 3, 1),
        {"A", "A1", "A2", "B"},
        22,
    ),
}


@pytest.fixture(params=WORKED)
def worked(request: pytest.FixtureRequest, hamlet: House) -> Iterator[tuple[House, Worked]]:
    """A few reports in all states and some targets, and then a change."""
    found = WORKED[request.param]
    with hamlet.inside():
        make.tell_on(TODAY)
        for unit, target in (("A1", "10"), ("A2", "5"), ("B", "7")):
            make.aim_for("S", unit, target)
        make.approved("A1", "2022-01", {"F": "10", "S": "5", "R": "1/4"})
        make.approved("A1", "2022-02", {"F": "20", "S": "6"})
        make.approved("A", "2022-01", {"F": "3", "S": "4", "C": "n/a"}, reason="none here")
        make.save("A", "2022-02", {"F": "1"})
        make.approved("B", "2022-01", {"F": "2", "S": "9"})
        make.save("B", "2022-02", {"F": "2"})
        make.submit("B", "2022-02")
        found.change(History())
    yield hamlet, found


def scope_at(unit: str, role: Role) -> Scope:
    return Scope((Hold(role, make.unit_of(unit).path),))


def view_of(unit: str, day: date) -> View:
    return get_view(WHOLE_HOUSE, unit_code=unit, as_of=day, plan_code=None)


def to_do() -> tuple[dict[str, int], dict[str, int]]:
    """What is to be filled in and to be reviewed at each unit, once it is as much as is listed and open.

    At every unit, since one that moved itself has its own past to do.
    """
    unfinished, waiting = {}, {}
    for top, _ in make.UNITS:
        filling, reviewing = (scope_at(top, role) for role in (Role.REPORTER, Role.REVIEWER))
        listed = report_list(filling, Permission.FILL_REPORTS, until=TODAY, limit=99)
        unfinished[top] = count_unfinished([make.unit_of(top).path], until=TODAY)
        assert unfinished[top] == sum(row.state in MISSING and not row.period.is_locked for row in listed), (
            top
        )
        counts = count_states(filling, Permission.FILL_REPORTS, until=TODAY)
        assert counts == {s: n for s in ReportState if (n := sum(row.state is s for row in listed))}
        listed = report_list(reviewing, Permission.SEE_REPORTS, until=TODAY, states=WAITING, limit=99)
        waiting[top] = count_waiting(reviewing, by=0)
        assert waiting[top] == sum(not row.period.is_locked for row in listed), top
    return unfinished, waiting


def test_to_do_numbers_are_as_long_as_their_lists(worked: tuple[House, Worked]) -> None:
    house, by_hand = worked
    with house.inside():
        unfinished, waiting = to_do()
        assert tuple(unfinished[top] for top in TOPS) == by_hand.unfinished
        assert tuple(waiting[top] for top in TOPS) == by_hand.waiting
        assert list(find_differences()) == []


def test_what_is_locked_is_nobodys_task_wherever_the_unit_stands_now(worked: tuple[House, Worked]) -> None:
    house, by_hand = worked
    with house.inside():
        make.save("A2", "2022-01", {"F": "1"})
        make.submit("A2", "2022-01")
        with writing():
            for period in db.session.scalars(select(Period).where(Period.code.in_(["2022-01", "2022-02"]))):
                period.is_locked = True
            db.session.commit()
        unfinished, waiting = to_do()
        # Of January and February only A's February and A2's were missing.
        assert unfinished["T"] == by_hand.unfinished[0] - 3
        assert set(waiting.values()) == {0}


def test_in_two_steps_each_reviewer_is_told_of_what_is_theirs_to_decide(worked: tuple[House, Worked]) -> None:
    house, _ = worked
    with house.inside():
        for name, unit in (("office", "T"), ("near-a", "A"), ("near-b", "B")):
            make.add_sample_user(name, "reviewer", unit)
        with writing():
            db.session.scalars(select(Plan)).one().review_steps = 2
            db.session.commit()
        for unit, period in (("A2", "2022-01"), ("A", "2022-02"), ("A2", "2022-02")):
            make.save(unit, period, {"F": "1"})
            make.submit(unit, period)
        for tops in (("T",), ("A",), ("B",), ("A", "B"), ("T", "B")):
            scope = Scope(tuple(Hold(Role.REVIEWER, make.unit_of(top).path) for top in tops))
            listed = report_list(scope, Permission.SEE_REPORTS, until=TODAY, states=WAITING, limit=99)
            steps = steps_offered(scope, [row.report_id for row in listed if row.report_id], by=0)
            assert count_waiting(scope, by=0) == len(steps), tops


def test_who_reports_for_two_units_has_nothing_to_do_twice(worked: tuple[House, Worked]) -> None:
    house, _ = worked
    with house.inside():
        for pair in (("A", "A1"), ("A1", "B"), ("A", "B"), ("A2", "A1")):
            scope = Scope(tuple(Hold(Role.REPORTER, make.unit_of(unit).path) for unit in pair))
            listed = report_list(scope, Permission.FILL_REPORTS, until=TODAY, limit=99)
            found = count_unfinished(scope.paths(Permission.FILL_REPORTS), until=TODAY)
            assert found == sum(row.state in MISSING for row in listed), pair


def test_the_chasing_list_is_what_the_overview_misses(worked: tuple[House, Worked]) -> None:
    house, by_hand = worked
    with house.inside():
        plan = get_managed_plan(scope_at("T", Role.ADMINISTRATOR), make.PLAN)
        for code, ended in ENDS.items():
            chased = missing_reports(WHOLE_HOUSE, code, until=TODAY)
            below = reports_below(view_of("T", ended))
            assert len(chased) == sum(row.expected - row.approved - row.waiting for row in below), code
            # The page of periods counts the same.
            period = next(each for each in managed_periods(plan) if each.code == code)
            returns = returns_of(plan, [period])[period.id]
            assert returns.expected == sum(row.expected for row in below), code
            assert returns.missing == len(chased), code
            for row in chased:
                assert not row.unit.is_retired_on(row.period.ends_on)
        assert {row.unit.code for row in missing_reports(WHOLE_HOUSE, "2022-02", until=TODAY)} == {"A", "A2"}
        march = missing_reports(WHOLE_HOUSE, "2022-03", until=TODAY)
        assert {row.unit.code for row in march} == by_hand.missing


def test_n_of_m_is_the_same_at_the_whole_its_parts_and_its_lists(worked: tuple[House, Worked]) -> None:
    house, by_hand = worked
    plan = plan_id(house)
    with house.app.test_request_context():
        reached = reach_of(plan, [make.unit_of(top).id for top in TOPS], as_of=MAR)
        assert tuple(reached.get(make.unit_of(top).id, 0) for top in TOPS) == by_hand.reach
        for top in TOPS:
            for day in (FEB, DAY, MAR):
                check_parts(view_of(top, day))
        for day in (FEB, MAR):
            view = view_of("T", day)
            below = reports_below(view)
            assert (
                sum(row.expected for row in below) == reach_of(plan, [view.unit.id], as_of=day)[view.unit.id]
            )
            stock = next(row for row in standings(view.unit, view.clock) if row.indicator.code == "S")
            assert stock.coverage.expected == sum(row.expected for row in below)
            assert stock.coverage.reported == sum(row.approved for row in below)


def check_parts(view: View) -> None:
    """Children and own add up to the whole, and as many units are named as lie between n and m."""
    for row in standings(view.unit, view.clock):
        parts = parts_of(view, row)
        page = indicator_page(view, row, parts, (None, None))
        whole = row.coverage
        where = (view.unit.code, view.clock.day, row.indicator.code)
        assert sum(each.count for each in page.not_reported) == whole.expected - whole.reported, where
        own = int(parts.own is not None and not is_silent(view, row.indicator.code))
        below = sum(each.standing.coverage.expected for each in parts.units)
        assert below + own == whole.expected, where
        assert 0 <= whole.reported <= whole.expected, where


def is_silent(view: View, indicator: str) -> bool:
    """Whether the unit itself has said that it does not apply; or it is no more and says nothing."""
    over = view.unit.is_retired_on(view.clock.day) or view.unit.code == "T"
    return over or (view.unit.code == "A" and indicator == "C")


def plan_id(house: House) -> int:
    with house.inside():
        return db.session.scalars(select(Plan.id)).one()


def test_the_grid_of_targets_names_and_adds_up_what_the_overview_does(worked: tuple[House, Worked]) -> None:
    house, by_hand = worked
    with house.inside():
        plan = db.session.scalars(select(Plan)).one()
        stock = db.session.scalars(select(Indicator).where(Indicator.code == "S")).one()
        split = split_of(stock, make.unit_of("T"))
        kept = {
            row.unit_id: row
            for row in db.session.scalars(
                select(Target).where(Target.indicator_id == stock.id, Target.until_on == FOREVER)
            )
        }
        sums = split.sums()
        assert sums == {unit: row.below_target for unit, row in kept.items() if row.below_target is not None}
        assert sums[make.unit_of("T").id] == by_hand.target
        assert make.standings_at("T", APR)["S"].position.target == by_hand.target
        reporting = {row.place.unit.code for row in split.rows if row.reports}
        assert len(reporting) == make.standings_at("T", APR)["S"].coverage.expected == by_hand.reach[0]
        line = next(
            row
            for pillar in outline_of(plan)
            for step in pillar.initiatives
            for row in step.indicators
            if row.indicator.code == "S"
        )
        assert line.reporters == len(reporting)
        in_use = [row for row in split.rows if row.target is not None and not row.is_over]
        assert line.targets == len(in_use) == by_hand.named
        book = PlanRows(ManagedPlan(plan, make.unit_of("T")), whole_plan(plan, make.unit_of("T")))
        printed = {row["unit"]: row["below"] for row in book.of(Part.TARGETS) if row["code"] == "S"}
        named = {row.place.unit.id: row.place.unit.code for row in split.rows}
        assert {unit for unit in printed if printed[unit]} == {named[unit] for unit in sums}
        assert all(printed[named[unit]] == sums[unit] for unit in sums)
        for row in split.rows:
            assert row.is_over is row.place.unit.is_retired_on(plan.ends_on)


def test_the_sheet_counts_and_names_the_units_of_its_period(worked: tuple[House, Worked]) -> None:
    house, by_hand = worked
    with house.app.test_request_context():
        below = reports_below(view_of("T", MAR))
        assert sum(row.expected for row in below) == by_hand.reach[0]
        assert progress_file(view_of("T", MAR), made_by="x", lang="en")[1]
        # The reports of February are asked of everybody who was there in February.
        assert sum(row.expected for row in reports_below(view_of("T", FEB))) == 4


def test_a_retired_unit_finds_no_due_day_after_its_last(hamlet: House) -> None:
    with hamlet.inside():
        make.tell_on(date(2022, 1, 5))
        before = [due.period.code for due in due_days(scope_at("A1", Role.REPORTER), since=date(2022, 1, 5))]
        History().retire("A1", DAY)
        of_a1 = due_days(scope_at("A1", Role.REPORTER), since=date(2022, 1, 5))
        assert before == ["2022-01", "2022-02", "2022-03", "2022-04"]
        assert [due.period.code for due in of_a1] == ["2022-01", "2022-02"]
        assert len(due_days(scope_at("A", Role.REPORTER), since=date(2022, 1, 5))) == 4
        assert SEE is Permission.SEE_PROGRESS
