"""A unit moves in the middle of a year: what stays, what goes along, and what is refused. Worked by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tests.kit.tree_in_time import History, found_figures, found_reach
from tracker.core.access import WHOLE_HOUSE, Hold, Scope
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import NotFoundError, RuleError
from tracker.domain.roles import Permission, Role
from tracker.features.accounts.services import grant_role
from tracker.features.dashboards.queries import contributions, get_view, parts_of, reports_below
from tracker.features.org.models import UnitKind
from tracker.features.org.services import add_unit
from tracker.features.plans.models import Indicator, Plan
from tracker.features.plans.services import assign_indicator
from tracker.features.progress.queries import standings
from tracker.features.reports.queries import count_unfinished, count_waiting, report_list
from tracker.features.reports.services import find_differences, reopen_report
from tracker.features.restructure.queries import get_managed
from tracker.features.restructure.services import move_unit

JAN, FEB, MAR, APR = (date(2022, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30)))
DAY = date(2022, 3, 15)
EVE = date(2022, 3, 14)


@pytest.fixture
def plan(hamlet: House) -> House:
    """The small plan, told in June: A1 and A2 below A, and B beside A."""
    with hamlet.inside():
        make.tell_on(date(2022, 6, 1))
    return hamlet


def reported() -> None:
    """What A1 and its neighbours say from January to March; A1 is going to move from A to B."""
    make.approved(
        "A1", "2022-01", {"F": "10", "S": "5", "SC/甲": "2", "SC/乙": "3", "R": "1/4", "M": "10/100"}
    )
    make.approved("A1", "2022-02", {"F": "20", "S": "6", "SC/乙": "4", "M": "20/100"})
    make.approved("A2", "2022-01", {"F": "1", "S": "1", "R": "3/4", "C": "2"})
    make.approved("B", "2022-02", {"F": "2", "S": "9", "R": "2/2"})


def actuals(unit: str, day: date) -> dict[str, object]:
    """The figures that say something."""
    return {code: found[0] for code, found in found_figures(unit, day).items() if found[0] is not None}


def counts(unit: str, code: str, day: date) -> tuple[int, ...]:
    """Reported, not applicable, covered and expected."""
    return found_figures(unit, day)[code][1:]


def test_levels_go_along_on_the_day_and_flows_stay(plan: House) -> None:
    with plan.inside():
        reported()
        before = {
            unit: {day: found_figures(unit, day) for day in (JAN, FEB, EVE)} for unit in ("T", "A", "B")
        }
        top = {day: found_figures("T", day) for day in (DAY, MAR, APR)}
        History().move("A1", "B", DAY)
        # Data dates before the day say exactly what they said.
        for unit, days in before.items():
            assert {day: found_figures(unit, day) for day in days} == days
        # The common ancestor sees no difference at any date.
        assert {day: found_figures("T", day) for day in top} == top
        # On the eve A has A1's levels; on the day B has them. What was added by February stays with A.
        assert actuals("A", EVE) == {"F": 31, "S": 7, "SC": 6, "R": 50, "M": 20, "C": 2}
        assert actuals("A", DAY) == {"F": 31, "S": 1, "R": 75, "C": 2}
        assert actuals("B", EVE) == {"F": 2, "S": 9, "R": 100}
        # Shares are added by their parts: 1 of 4 and 2 of 2 are 3 of 6.
        assert actuals("B", DAY) == {"F": 2, "S": 15, "SC": 6, "R": 50, "M": 20}
        assert list(find_differences()) == []


def test_later_periods_count_at_the_new_place(plan: House) -> None:
    with plan.inside():
        reported()
        History().move("A1", "B", DAY)
        make.approved("A1", "2022-03", {"F": "40", "S": "8"})
        assert [actuals("A", day)["F"] for day in (FEB, MAR, APR)] == [31, 31, 31]
        assert [actuals("B", day)["F"] for day in (FEB, MAR, APR)] == [2, 42, 42]
        assert [actuals("B", day)["S"] for day in (FEB, DAY, MAR)] == [9, 15, 17]
        assert actuals("A1", MAR)["F"] == 70


def test_a_move_into_the_past_takes_approved_figures_along(plan: House) -> None:
    with plan.inside():
        reported()
        make.approved("A1", "2022-03", {"F": "40", "S": "8"})
        make.approved("A1", "2022-04", {"F": "80", "S": "n/a"}, reason="closed")
        assert actuals("A", APR)["F"] == 151
        History().move("A1", "B", DAY)
        assert [actuals("A", day)["F"] for day in (FEB, MAR, APR)] == [31, 31, 31]
        assert [actuals("B", day)["F"] for day in (FEB, MAR, APR)] == [2, 42, 122]
        assert [actuals("B", day)["S"] for day in (FEB, DAY, MAR, APR)] == [9, 15, 17, 9]
        assert list(find_differences()) == []


def test_counts_of_units_are_those_of_the_day(plan: House) -> None:
    with plan.inside():
        reported()
        History().move("A1", "B", DAY)
        # In February A1 reported; A2 did not. Reported, not applicable, covered, expected.
        assert counts("A", "S", FEB) == (1, 0, 2, 3)
        assert counts("A", "S", DAY) == (0, 0, 1, 2)
        assert counts("B", "S", FEB) == (1, 0, 1, 1)
        assert counts("B", "S", DAY) == (2, 0, 2, 2)
        # A flow goes on covering the total that it has added to, and covers none that it has not.
        assert counts("A", "F", DAY) == (0, 0, 2, 2)
        assert counts("B", "F", DAY) == (2, 0, 1, 2)
        assert (found_reach(EVE), found_reach(DAY)) == (
            {"T": 4, "A": 3, "B": 1, "A1": 1, "A2": 1},
            {"T": 4, "A": 2, "B": 2, "A1": 1, "A2": 1},
        )


def test_what_does_not_apply_goes_along(plan: House) -> None:
    with plan.inside():
        make.approved("A1", "2022-01", {"S": "5", "F": "5"})
        make.approved("A1", "2022-02", {"S": "n/a", "F": "n/a"}, reason="closed")
        History().move("A1", "B", DAY)
        assert [counts("A", code, FEB) for code in ("S", "F")] == [(0, 1, 0, 2), (0, 1, 1, 2)]
        assert [counts("A", code, DAY) for code in ("S", "F")] == [(0, 0, 0, 2), (0, 0, 1, 2)]
        assert [counts("B", code, DAY) for code in ("S", "F")] == [(0, 1, 0, 1), (0, 1, 0, 1)]


def test_correcting_an_old_report_reaches_the_old_line_and_what_moved(plan: House) -> None:
    with plan.inside():
        reported()
        History().move("A1", "B", DAY)
        with writing():
            sheet = make.sheet_of("A1", "2022-02")
            reopen_report(sheet, "wrong", version=sheet.version, actor=HOUSE)
            db.session.commit()
        # February's 6 is gone, so January's 5 is what stood, and what moved.
        assert [actuals("A", day)["S"] for day in (FEB, EVE, DAY)] == [6, 6, 1]
        assert [actuals("B", day)["S"] for day in (FEB, EVE, DAY)] == [9, 9, 14]
        make.approved("A1", "2022-02", {"F": "21", "S": "7"})
        assert [actuals("A", day)["S"] for day in (FEB, EVE, DAY)] == [8, 8, 1]
        assert [actuals("B", day)["S"] for day in (FEB, EVE, DAY)] == [9, 9, 16]
        assert [actuals("A", day)["F"] for day in (FEB, APR)] == [32, 32]
        assert actuals("B", APR)["F"] == 2
        assert list(find_differences()) == []


def test_back_again_and_on_to_a_third_place(plan: House) -> None:
    with plan.inside():
        reported()
        history = History()
        history.move("A1", "B", date(2022, 2, 10))
        assert [actuals("A", day)["F"] for day in (JAN, FEB, APR)] == [11, 11, 11]
        history.move("A1", "A", DAY)
        make.approved("A1", "2022-03", {"F": "40"})
        assert [actuals("A", day)["F"] for day in (JAN, FEB, MAR)] == [11, 11, 51]
        assert [actuals("B", day)["F"] for day in (FEB, MAR)] == [22, 22]
        assert [actuals("A", day)["S"] for day in (JAN, FEB, DAY)] == [6, 1, 7]
        history.move("A1", "A2", date(2022, 4, 1))
        # Below A all the time since, so nothing changes there; A2 gets the level from April on.
        assert [actuals("A", day)["S"] for day in (JAN, FEB, DAY, APR)] == [6, 1, 7, 7]
        assert [actuals("A2", day)["S"] for day in (MAR, APR)] == [1, 7]
        assert list(find_differences()) == []


def test_going_back_on_the_same_day_undoes_the_move(plan: House) -> None:
    with plan.inside():
        reported()
        history = History()
        before = {day: found_figures("A", day) for day in (JAN, EVE, DAY, APR)}
        history.move("A1", "B", DAY)
        history.move("A1", "A", DAY)
        assert {day: found_figures("A", day) for day in before} == before
        assert make.unit_of("A1").placed_on is None
        assert list(find_differences()) == []


def test_units_below_go_along(plan: House) -> None:
    with plan.inside():
        reported()
        History().move("A", "B", DAY)
        assert make.unit_of("A1").path.startswith(make.unit_of("B").path)
        assert [actuals("B", day)["S"] for day in (EVE, DAY)] == [9, 16]
        assert actuals("A", DAY)["S"] == 7
        assert list(find_differences()) == []


def test_a_day_to_come_changes_nothing_until_then(plan: House) -> None:
    with plan.inside():
        reported()
        make.tell_on(date(2022, 2, 28))
        History().move("A1", "B", date(2022, 4, 1))
        assert actuals("A", MAR)["S"] == 7
        assert actuals("A", date(2022, 4, 1))["S"] == 1


def test_a_plan_that_has_ended_keeps_its_tree(plan: House) -> None:
    with plan.inside():
        reported()
        before = found_figures("A", date(2022, 7, 1))
        History().move("A1", "B", date(2022, 5, 1))
        assert found_figures("A", date(2022, 7, 1)) == before
        view = get_view(WHOLE_HOUSE, unit_code="A", as_of=date(2022, 7, 1), plan_code="P")
        assert [unit.code for unit in view.children] == ["A1", "A2"]
        assert list(find_differences()) == []


def test_targets_are_added_up_where_the_unit_stands(plan: House) -> None:
    with plan.inside():
        for unit, number in (("A1", "10"), ("A2", "5"), ("B", "7")):
            make.aim_for("S", unit, number)
        History().move("A1", "B", DAY)

        def aim(unit: str, day: date) -> tuple[object, object]:
            at = make.standings_at(unit, day)["S"].position
            return at.target, at.targets_below

        assert [aim("A", day) for day in (EVE, DAY)] == [(15, None), (5, None)]
        # B has its own; what stands below it now differs and is told beside it.
        assert [aim("B", day) for day in (EVE, DAY)] == [(7, None), (7, 10)]
        assert [aim("T", day)[0] for day in (EVE, DAY)] == [22, 12]


@pytest.mark.parametrize(
    ("unit", "parent", "day", "field"),
    [
        ("T", "A", DAY, "parent"),
        ("A", "A", DAY, "parent"),
        ("A", "A1", DAY, "parent"),
        ("A1", "A", DAY, "parent"),
        ("A2", "B", date(2022, 2, 1), "day"),
        ("A", "B", date(2022, 2, 1), "day"),
    ],
)
def test_what_would_be_no_tree_or_no_history_is_refused(
    plan: House, unit: str, parent: str, day: date, field: str
) -> None:
    with plan.inside():
        reported()
        if field == "day":
            History().move("A2", "A1", date(2022, 2, 20))
        path = make.unit_of(unit).path
        with pytest.raises(RuleError) as raised:
            History().move(unit, parent, day)
        assert raised.value.field == field
        assert make.unit_of(unit).path == path


def test_a_move_needs_a_reason(plan: House) -> None:
    with plan.inside(), pytest.raises(RuleError) as raised, writing():
        move_unit(make.unit_of("A1"), make.unit_of("B"), day=DAY, reason=" ", actor=HOUSE)
    assert raised.value.field == "reason"


def test_only_who_manages_both_sides_may_move(plan: House) -> None:
    with plan.inside():
        paths = {code: make.unit_of(code).path for code in ("T", "A", "A1")}
        for place, seen in (("T", True), ("A", True), ("A1", False)):
            scope = Scope((Hold(Role.ADMINISTRATOR, paths[place]),))
            if seen:
                unit, parent = get_managed(scope, "A1")
                assert (unit.code, parent.code if parent else None) == ("A1", "A")
            else:
                with pytest.raises(NotFoundError):
                    get_managed(scope, "A1")


def test_lists_are_those_of_the_day_and_tell_what_is_seen_no_more(plan: House) -> None:
    with plan.inside():
        reported()
        History().move("A1", "B", DAY)
        make.approved("A1", "2022-03", {"F": "40"})
        of_a = Scope((Hold(Role.OFFICIAL, make.unit_of("A").path),))

        def seen(scope: Scope, unit: str, day: date) -> list[str]:
            return [
                child.code for child in get_view(scope, unit_code=unit, as_of=day, plan_code=None).children
            ]

        assert [seen(WHOLE_HOUSE, "A", day) for day in (FEB, DAY)] == [["A1", "A2"], ["A2"]]
        assert [seen(WHOLE_HOUSE, "B", day) for day in (FEB, DAY)] == [[], ["A1"]]
        # Rights follow the present place: A's official no longer finds A1, but its total still holds it.
        assert seen(of_a, "A", FEB) == ["A2"]
        parts = {
            (scope_name, day): shares(scope, "A", day)
            for scope_name, scope in (("all", WHOLE_HOUSE), ("a", of_a))
            for day in (FEB, APR)
        }
        assert parts["all", FEB] == {"F": {"A1": 30, "A2": 1}, "S": {"A1": 6, "A2": 1}}
        assert parts["all", APR] == {"F": {"A2": 1, "A1": 30}, "S": {"A2": 1}}
        assert parts["a", FEB] == {"F": {"A2": 1, None: 30}, "S": {"A2": 1, None: 6}}
        assert parts["a", APR] == {"F": {"A2": 1, None: 30}, "S": {"A2": 1}}
        assert shares(WHOLE_HOUSE, "B", APR) == {"F": {"B": 2, "A1": 40}, "S": {"B": 9, "A1": 6}}


def shares(scope: Scope, unit: str, day: date) -> dict[str, dict[str | None, int]]:
    """What stands in the figures of F and S, by unit."""
    view = get_view(scope, unit_code=unit, as_of=day, plan_code=None)
    rows = [row for row in standings(view.unit, view.clock) if row.indicator.code in {"F", "S"}]
    found = contributions(view, rows)
    assert all(parts_of(view, row).own is not None for row in rows)
    return {
        row.indicator.code: {
            part.code if part else None: total.value // 10000 for part, total in found[row.indicator.id]
        }
        for row in rows
    }


def test_reports_stand_where_the_unit_stood_when_the_period_ended(plan: House) -> None:
    with plan.inside():
        reported()
        History().move("A1", "B", DAY)
        make.approved("A1", "2022-03", {"F": "40"})

        def below(unit: str, day: date) -> dict[str, tuple[int, int]]:
            view = get_view(WHOLE_HOUSE, unit_code=unit, as_of=day, plan_code=None)
            return {row.unit.code: (row.approved, row.expected) for row in reports_below(view)}

        assert below("A", FEB) == {"A": (0, 1), "A1": (1, 1), "A2": (0, 1)}
        # On the day the last period is still February, whose reports stood with A.
        assert below("A", DAY) == {"A": (0, 1), "A1": (1, 1), "A2": (0, 1)}
        assert below("A", MAR) == {"A": (0, 1), "A2": (0, 1)}
        assert below("B", MAR) == {"B": (0, 1), "A1": (1, 1)}


def test_what_is_to_do_follows_the_rights_of_today(plan: House) -> None:
    with plan.inside():
        make.tell_on(date(2022, 3, 1))
        make.save("A1", "2022-01", {"F": "1"})
        make.submit("A1", "2022-01")
        places = {code: make.unit_of(code).path for code in ("A", "B", "T")}

        def to_do(code: str) -> tuple[int, int]:
            paths = [make.unit_of(code).path]
            scope = Scope((Hold(Role.REVIEWER, paths[0]),))
            return count_waiting(scope, by=0), count_unfinished(paths, until=date(2022, 3, 1))

        # January to March of A, A1 and A2, less January of A1; and January to March of B.
        assert [to_do(code) for code in places] == [(1, 8), (0, 3), (1, 11)]
        History().move("A1", "B", date(2022, 2, 10))
        # A1's January stands with A in every figure, but is reviewed by whoever looks after A1 now.
        assert [to_do(code) for code in places] == [(0, 6), (1, 5), (1, 11)]


def test_who_holds_a_role_at_the_new_place_sees_all_reports_of_the_unit(plan: House) -> None:
    with plan.inside():
        reported()
        History().move("A1", "B", DAY)
        of_b = Scope((Hold(Role.REVIEWER, make.unit_of("B").path),))
        rows = report_list(of_b, Permission.SEE_REPORTS, until=date(2022, 6, 1), limit=50)
        assert {row.period.code for row in rows if row.unit.code == "A1"} == {
            f"2022-0{month}" for month in range(1, 5)
        }


def test_a_unit_added_below_a_moved_one_stood_where_that_one_stood(plan: House) -> None:
    with plan.inside():
        reported()
        History().move("A1", "B", DAY)
        with writing():
            add_unit("N", "新单位", UnitKind.COMPOUND, parent_code="A1", actor=HOUSE)
            owner = db.session.scalars(select(Plan)).one()
            flow = db.session.scalars(select(Indicator).where(Indicator.code == "F")).one()
            assign_indicator(owner, flow, [make.unit_of("N")], actor=HOUSE)
            db.session.commit()
        make.approved("N", "2022-02", {"F": "100"})
        make.approved("N", "2022-03", {"F": "200"})
        assert [actuals("A", day)["F"] for day in (FEB, MAR)] == [131, 131]
        assert [actuals("B", day)["F"] for day in (FEB, MAR)] == [2, 202]
        assert [counts("A", "F", day)[3] for day in (FEB, DAY)] == [4, 2]
        assert list(find_differences()) == []


@pytest.mark.parametrize(("reports_at", "reviews_at"), [("A1", "B"), ("B", "A1")])
def test_a_move_leaves_nobody_to_review_their_own_figures(
    plan: House, reports_at: str, reviews_at: str
) -> None:
    with plan.inside():
        make.add_sample_user("both", "reporter", reports_at)
        with writing():
            grant_role(make.user_of("both"), Role.REVIEWER, make.unit_of(reviews_at), actor=HOUSE)
            db.session.commit()
        history = History()
        for change, first in ((history.move, "A1"), (history.merge, "A")):
            with pytest.raises(RuleError, match=r"themselves: both\."):
                change(first, "B", DAY)
        history.move("A2", "B", DAY)
        with writing():
            make.user_of("both").grants[1].ends_on = date(2022, 5, 31)
            db.session.commit()
        history.move("A1", "B", DAY)
