"""A plan made in mid-year: what was before its first period to report is neither due nor missing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from tests.kit import make
from tests.kit.house import House
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.domain.errors import NotFoundError, StaleError
from tracker.domain.periods import Frequency, PeriodState, first_to_report, periods_of
from tracker.domain.roles import Permission
from tracker.features.periods.queries import (
    ManagedPeriod,
    due_changes,
    first_expected,
    get_managed_plan,
    managed_periods,
    returns_of,
)
from tracker.features.periods.services import lock_past_periods, set_first_period, set_lock_rule
from tracker.features.plans.models import Period
from tracker.features.plans.services import create_plan
from tracker.features.reports.queries import count_unfinished, report_list
from tracker.features.urging.queries import due_days, latest_ended, missing_reports, periods_to_urge

TODAY = date(2022, 3, 20)


@pytest.fixture
def plan(blank: House) -> House:
    """The small plan of January to April, with its people, on 20 March: January and February are late."""
    with blank.inside():
        make.small_plan()
        make.tell_on(TODAY)
        for name, role, unit in (
            ("boss", "administrator", "T"),
            ("rex", "reviewer", "T"),
            ("rita", "reporter", "A1"),
        ):
            make.add_sample_user(name, role, unit)
    return blank


def periods() -> dict[str, ManagedPeriod]:
    """The plan's periods by code."""
    return {period.code: period for period in managed_periods(get_managed_plan(WHOLE_HOUSE, make.PLAN))}


def begin_with(code: str, seen: str | None = None) -> list[str]:
    """Choose the first period to report; those that are asked for again and are locked."""
    with writing():
        plan = get_managed_plan(WHOLE_HOUSE, make.PLAN)
        now = first_expected(managed_periods(plan)).code
        locked = set_first_period(plan, code, seen=seen or now, actor=HOUSE)
        db.session.commit()
        return locked


def listed(unit: str = "") -> list[tuple[str, str]]:
    """The reports of the list of tasks, by unit and period."""
    rows = report_list(WHOLE_HOUSE, Permission.FILL_REPORTS, until=TODAY, limit=99)
    return sorted((row.unit.code, row.period.code) for row in rows if unit in ("", row.unit.code))


def records() -> list[str]:
    """What the audit log says of the plan's first period."""
    query = select(AuditRecord.difference).where(AuditRecord.action == "plan.first_period")
    return list(db.session.scalars(query.order_by(AuditRecord.id)))


def unfinished() -> int:
    """The number in the reporters' badge, for the whole township."""
    return count_unfinished([make.unit_of("T").path], until=TODAY)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (None, "2022-01"),
        (date(2021, 5, 1), "2022-01"),
        (date(2022, 7, 1), "2022-07"),
        (date(2022, 7, 31), "2022-07"),
        (date(2023, 2, 1), "2022-12"),
    ],
)
def test_reporting_begins_with_the_period_that_holds_the_day(day: date | None, code: str) -> None:
    spans = periods_of(date(2022, 1, 1), date(2022, 12, 31), Frequency.MONTH)
    assert first_to_report(spans, day).code == code


def test_earlier_periods_are_neither_due_nor_missing_nor_urged(plan: House) -> None:
    with plan.inside():
        assert (unfinished(), latest_ended(WHOLE_HOUSE, until=TODAY)) == (12, "2022-02")
        begin_with("2022-03")
        assert listed() == [(unit, "2022-03") for unit in ("A", "A1", "A2", "B")]
        assert unfinished() == 4
        assert latest_ended(WHOLE_HOUSE, until=TODAY) is None
        assert periods_to_urge(WHOLE_HOUSE, until=TODAY) == ["2022-03"]
        assert missing_reports(WHOLE_HOUSE, "2022-02", until=TODAY) == []
        assert [due.period.code for due in due_days(WHOLE_HOUSE, since=TODAY)] == ["2022-03", "2022-04"]
        found = periods()
        assert [found[code].state for code in ("2022-01", "2022-03")] == [
            PeriodState.NOT_ASKED,
            PeriodState.RUNNING,
        ]
        place = get_managed_plan(WHOLE_HOUSE, make.PLAN)
        assert [each.missing for each in returns_of(place, list(found.values())).values()] == [0, 0, 4, 4]
        standing = make.standings_at("T", date(2022, 2, 28))["F"]
        assert (standing.coverage.reported, standing.coverage.expected) == (0, 0)
        assert not standing.coverage.is_not_applicable
        assert records() == ["first_period: 2022-01 → 2022-03"]


def test_figures_of_earlier_periods_are_still_taken_and_count(plan: House) -> None:
    with plan.inside():
        begin_with("2022-03")
        make.save("A1", "2022-01", {"F": "5", "RT": "7"})
        assert ("A1", "2022-01") in listed()
        make.save("A1", "2022-01", {"F": "5"})
        make.submit("A1", "2022-01")
        make.approve("A1", "2022-01")
        standing = make.standings_at("T", date(2022, 2, 28))["F"]
        assert standing.position.actual == 5
        # On 31 January one unit has reported although nobody was asked.
        coverage = make.standings_at("T", date(2022, 1, 31))["F"].coverage
        assert (coverage.reported, coverage.expected) == (1, 1)
        row = next(
            row
            for row in report_list(WHOLE_HOUSE, Permission.FILL_REPORTS, until=TODAY, limit=99)
            if row.period.code == "2022-01"
        )
        # Handed in after the day by the rule, which does not make it late.
        assert row.handed_in_on is not None
        assert row.handed_in_on > row.period.due_on
        assert not row.is_late
        assert unfinished() == 4


def test_a_running_total_may_begin_with_an_opening_figure(plan: House) -> None:
    with plan.inside():
        begin_with("2022-03")
        make.save("A1", "2022-03", {"RT": "40", "S": "9"}, reason="含此前累计")
        make.submit("A1", "2022-03")
        make.approve("A1", "2022-03")
        found = make.standings_at("T", date(2022, 3, 31))
        assert (found["RT"].position.actual, found["S"].position.actual) == (40, 9)


def test_earlier_periods_do_not_lock_themselves_and_are_not_locked_with_the_late_ones(plan: House) -> None:
    with plan.inside():
        begin_with("2022-02")
        with writing():
            place = get_managed_plan(WHOLE_HOUSE, make.PLAN)
            set_lock_rule(place, 0, seen=None, actor=HOUSE)
            db.session.commit()
        found = periods()
        assert found["2022-01"].open_until is None
        assert found["2022-02"].open_until == TODAY
        begin_with("2022-03")
        assert periods()["2022-02"].open_until is None
        with writing():
            assert lock_past_periods(get_managed_plan(WHOLE_HOUSE, make.PLAN), "", actor=HOUSE) == 0
            db.session.commit()
        assert due_changes([get_managed_plan(WHOLE_HOUSE, make.PLAN)]) == []


def test_asking_for_a_period_again_makes_nobody_late_at_once(plan: House) -> None:
    with plan.inside():
        begin_with("2022-04")
        begin_with("2022-01")
        found = periods()
        # The fifth working day after Sunday, 20 March.
        assert found["2022-01"].due_on == found["2022-02"].due_on == date(2022, 3, 25)
        assert found["2022-01"].due_by_hand
        assert not found["2022-03"].due_by_hand
        assert unfinished() == 12
        begin_with("2022-01")
        assert len(records()) == 2


def test_a_locked_period_that_is_asked_for_again_stays_locked_and_is_named(plan: House) -> None:
    with plan.inside():
        begin_with("2022-03")
        with writing():
            db.session.execute(update(Period).where(Period.code == "2022-01").values(is_locked=True))
            itself = {"open_until": date(2022, 2, 28), "kept_open": False}
            db.session.execute(update(Period).where(Period.code == "2022-02").values(**itself))
            db.session.commit()
        before = periods()
        assert begin_with("2022-01") == ["2022-01", "2022-02"]
        for code in ("2022-01", "2022-02"):
            assert periods()[code].is_locked
            assert periods()[code].due_on == before[code].due_on
        assert "due 2022-0" not in records()[-1]


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "January 2022 is asked for again, but it is locked"),
        ("zh", "2022年1月重新需要填报，但仍处于锁定状态"),
    ],
)
def test_the_page_says_that_a_locked_period_has_to_be_reopened(plan: House, lang: str, says: str) -> None:
    with plan.inside():
        begin_with("2022-02")
        with writing():
            db.session.execute(update(Period).where(Period.code == "2022-01").values(is_locked=True))
            db.session.commit()
    boss, address = plan.visitor("boss"), f"/plans/{make.PLAN}/periods"
    fields = boss.get(f"{address}?lang={lang}").page.form(f"{address}/first").fields
    boss.send("POST", f"{address}/first?lang={lang}", data={**fields, "first_period": "2022-01"}, status=303)
    assert says in boss.get(f"{address}?lang={lang}").page.text


def test_whoever_saw_another_first_period_is_refused(plan: House) -> None:
    with plan.inside():
        begin_with("2022-03")
        with pytest.raises(StaleError):
            begin_with("2022-02", seen="2022-01")
        with pytest.raises(NotFoundError):
            begin_with("2023-01")
        assert first_expected(list(periods().values())).code == "2022-03"


def test_a_plan_can_be_made_to_begin_with_a_day(plan: House) -> None:
    with plan.inside():
        with writing():
            create_plan(
                "Q",
                "方案",
                unit=make.unit_of("T"),
                starts_on=date(2022, 1, 1),
                ends_on=date(2022, 12, 31),
                reports_from=TODAY,
                actor=HOUSE,
            )
            db.session.commit()
        found = managed_periods(get_managed_plan(WHOLE_HOUSE, "Q"))
        assert [period.code for period in found if not period.is_expected] == ["2022-01", "2022-02"]


def test_the_pages_say_so(plan: House) -> None:
    boss, rita = plan.visitor("boss"), plan.visitor("rita")
    at = f"/plans/{make.PLAN}/periods"
    form = boss.get(at).page.form(f"{at}/first")
    page = boss.follow(boss.submit(form, {"first_period": "2022-03"}, at=at)).page
    assert "2 periods before it are not asked for." in page.text
    assert page.text.count("Not asked for") == 4  # the state and the due date of both
    reports = rita.get("/reports").page
    assert "overdue" not in reports.text
    assert "February 2022" in reports.text  # as a link to what can be filled in all the same
    row = rita.get("/reports?in_period=2022-02").page
    assert "Not asked for" in row.text
    link = next(each["href"] for each in row.root.all("a") if each.text.startswith("Start"))
    assert "Not asked for" in rita.get(link).page.text
    overview = boss.get("/overview?as_of=2022-02-28").page.text
    assert "overdue" not in overview
    assert "no reports asked for" in overview


def test_the_form_of_a_new_plan_proposes_the_period_of_today(plan: House) -> None:
    boss = plan.visitor("boss")
    form = boss.get("/plans/new").page.form("")
    fields = {
        "code": "N",
        "name": "新方案",
        "unit": "T",
        "starts_on": "2022-01-01",
        "ends_on": "2022-12-31",
        "frequency": "month",
    }
    assert boss.submit(form, fields, at="/plans/new").status == 303
    with plan.inside():
        found = managed_periods(get_managed_plan(WHOLE_HOUSE, "N"))
        assert first_expected(found).code == "2022-03"
