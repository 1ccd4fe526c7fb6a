"""Returning single cells, what changed since, what is odd or late, and approving several reports at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.domain.numbers import plain
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.dashboards.queries import get_view, reports_below
from tracker.features.reports.models import EntryRevision
from tracker.features.reports.queries import (
    EntryRow,
    ReportListRow,
    contents_when_returned,
    report_list,
    wanted_of,
)
from tracker.features.reports.services import (
    find_differences,
    reopen_report,
    return_report,
    withdraw_report,
)

JAN, FEB, MAR = "2022-01", "2022-02", "2022-03"


@pytest.fixture
def plan(hamlet: House) -> House:
    """A house with the small plan and nothing reported."""
    return hamlet


def give_back(unit: str, period: str, reason: str = "", **cells: str) -> None:
    """Return a report with reasons for cells, ``/`` in their names written as ``__``."""
    with writing():
        sheet = make.sheet_of(unit, period)
        asked = {make.cell_key(sheet, name.replace("__", "/")): text for name, text in cells.items()}
        return_report(sheet, reason, version=sheet.version, actor=HOUSE, cells=asked)
        db.session.commit()


def reasons(unit: str, period: str) -> dict[str, str]:
    """What is to be mended, by indicator."""
    cells = make.sheet_of(unit, period).cells
    return {c.indicator.code: c.entry.return_reason for c in cells if c.entry and c.entry.return_reason}


def said(entry: EntryRow | None) -> str:
    """A value, or nothing."""
    return plain(entry.value) if entry and entry.value is not None else ""


def changed(unit: str, period: str) -> dict[str, tuple[str, str]]:
    """What the cells held when the report was returned, and hold now."""
    sheet = make.sheet_of(unit, period)
    then = contents_when_returned(sheet)
    return {c.indicator.code: (said(then[c.key]), said(c.entry)) for c in sheet.cells if c.key in then}


def test_single_cells_go_back_with_a_reason_each_and_the_others_stay(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {"F": "5", "S": "6", "C": "7"})
        make.submit("A", JAN)
        give_back("A", JAN, S="count again", R="is missing")
        sheet = make.sheet_of("A", JAN)
        assert (sheet.state, sheet.report and sheet.report.reason) == (ReportState.RETURNED, None)
        assert reasons("A", JAN) == {"S": "count again", "R": "is missing"}
        assert sheet.filled == 3
        record = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
        assert record is not None
        assert "S: — → count again" in record.difference
        make.save("A", JAN, {"S": "8", "R": "3/4", "C": "9"})
        make.submit("A", JAN)
        assert changed("A", JAN) == {"S": ("6", "8"), "R": ("", "3"), "C": ("7", "9")}
        # The reviewer still reads what was asked; another return asks anew; approval ends it.
        assert reasons("A", JAN) == {"S": "count again", "R": "is missing"}
        give_back("A", JAN, F="why so many")
        assert reasons("A", JAN) == {"F": "why so many"}
        make.submit("A", JAN)
        assert changed("A", JAN) == {"F": ("5", "5")}
        make.approve("A", JAN)
        assert reasons("A", JAN) == {}
        assert list(find_differences()) == []


def test_what_is_to_be_mended_stands_at_the_cell_and_stays_while_it_is_saved(plan: House) -> None:
    with plan.inside():
        make.add_sample_user("rita", "reporter", "A")
        make.add_sample_user("rex", "reviewer", "T")
        make.save("A", JAN, {"F": "5", "S": "6"})
        make.submit("A", JAN)
        give_back("A", JAN, S="count again", R="is missing")
        sheet = make.sheet_of("A", JAN)
        asked, blank, other = ("c{}-{}".format(*make.cell_key(sheet, name)) for name in ("S", "R", "F"))
    rita, address = plan.visitor("rita"), f"/reports/P/A/{JAN}"
    page = rita.get(address).page.root
    assert "count again" in page.one("p", id=f"{asked}-returned").text
    assert f"{blank}-returned" in page.one("input", id=blank)["aria-describedby"]
    assert page.all("p", id=f"{other}-returned") == []
    token = page.all("input", name="csrf_token")[0]["value"]
    sent = [
        {"name": asked, "seen": "1.0", "value": "8", "whole": "", "reason": "", "note": ""},
        # A cell that was returned blank has been seen as one into which nobody has typed.
        {"name": blank, "seen": "0.0", "value": "3", "whole": "4", "reason": "", "note": ""},
        {"name": other, "seen": "1.0", "value": "x", "whole": "", "reason": "", "note": ""},
    ]
    told = rita.send(
        "POST", f"{address}/cells", json={"user": "rita", "cells": sent}, headers={"X-CSRFToken": token}
    ).json["cells"]
    assert {name: (one["outcome"], one["returned"]) for name, one in told.items()} == {
        asked: ("saved", "count again"),
        blank: ("saved", "is missing"),
        other: ("refused", None),
    }
    with plan.inside():
        make.save("A", JAN, {"F": "7"})
        make.submit("A", JAN)
    mended = plan.visitor("rex").get(f"/review/P/A/{JAN}").page.text
    assert "count again" in mended and "is missing" in mended


def test_a_return_needs_a_reason_for_the_whole_or_for_a_cell(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {"F": "5"})
        make.submit("A", JAN)
        for cells in ({}, {"F": "  "}):
            with pytest.raises(RuleError, match="Give a reason") as refused:
                give_back("A", JAN, " ", **cells)
            assert refused.value.field == "reason"
        with pytest.raises(RuleError, match="At most 500"):
            give_back("A", JAN, F="x" * 501)
        assert make.sheet_of("A", JAN).state is ReportState.SUBMITTED


def test_a_value_that_counts_twice_is_kept_with_both_times(plan: House) -> None:
    with plan.inside():
        make.approved("A", JAN, {"F": "5"})
        with writing():
            sheet = make.sheet_of("A", JAN)
            reopen_report(sheet, "look again", version=sheet.version, actor=HOUSE)
            db.session.commit()
        make.submit("A", JAN)
        make.approve("A", JAN)
        rows = db.session.scalars(select(EntryRevision).order_by(EntryRevision.number)).all()
        assert [(row.number, row.value) for row in rows] == [(1, 5), (2, 5)]
        first, second = rows
        assert first.approved_at and first.uncounted_at and second.approved_at
        assert first.approved_at < first.uncounted_at < second.approved_at
        assert second.uncounted_at is None
        assert changed("A", JAN) == {}


def listed(**wanted: str) -> list[ReportListRow]:
    """Everything that waits for review."""
    return report_list(
        WHOLE_HOUSE,
        Permission.SEE_REPORTS,
        until=date(2022, 4, 30),
        states=[ReportState.SUBMITTED],
        wanted=wanted_of(WHOLE_HOUSE, Permission.SEE_REPORTS, **wanted),
        limit=50,
    )


def test_what_is_odd_stands_on_top_of_the_queue(plan: House) -> None:
    with plan.inside():
        make.approved("B", JAN, {"S": "5"})
        for unit, number in (("A", "5"), ("B", "3")):
            make.save(unit, FEB, {"S": number}, reason="so it is")
            make.submit(unit, FEB)
        make.save("A", MAR, {"S": "6"})
        make.submit("A", MAR)
        rows = listed()
        assert [(row.unit.code, row.period.code, row.odd) for row in rows] == [
            ("B", FEB, 1),
            ("A", MAR, 0),
            ("A", FEB, 0),
        ]
        assert [row.period.code for row in listed(unit="单位a")] == [MAR, FEB]
        assert [row.unit.code for row in listed(period=FEB)] == ["B", "A"]
        assert listed(unit="%") == []


def test_a_report_is_late_when_it_was_first_handed_in_after_its_due_day(plan: House) -> None:
    with plan.inside():
        due = make.sheet_of("A", JAN).period.due_on
        for unit, day in (("A", due), ("B", due + timedelta(days=1))):
            make.tell_on(day)
            make.save(unit, JAN, {"F": "1"})
            make.submit(unit, JAN)
        assert {row.unit.code: row.is_late for row in listed()} == {"A": False, "B": True}
        rows = reports_below(get_view(WHOLE_HOUSE, unit_code="T", as_of=date(2022, 1, 31), plan_code=None))
        assert {row.unit.code: row.is_late for row in rows} == {"A": False, "B": True}
        # Mending what was returned makes nobody late; taking it back oneself does.
        make.tell_on(due + timedelta(days=9))
        give_back("A", JAN, "look again")
        make.submit("A", JAN)
        assert not make.sheet_of("A", JAN).is_late
        make.approve("A", JAN)
        make.tell_on(due)
        make.save("A1", JAN, {"F": "1"})
        make.submit("A1", JAN)
        with writing():
            withdraw_report(make.sheet_of("A1", JAN), actor=HOUSE)
            db.session.commit()
        make.tell_on(due + timedelta(days=9))
        make.submit("A1", JAN)
        assert make.sheet_of("A1", JAN).is_late


def test_several_reports_are_approved_at_once_and_each_outcome_is_said(hamlet: House) -> None:
    with hamlet.inside():
        make.add_sample_user("rex", "reviewer", "A")
        for unit in ("A", "A1", "A2", "B"):
            make.save(unit, JAN, {"F": "5"})
            make.submit(unit, JAN)
        versions = {unit: make.sheet_of(unit, JAN).version for unit in ("A", "A1", "A2", "B")}
    visitor = hamlet.visitor("rex")
    form = visitor.get("/review").page.form("/review/approve")
    offered = [box["value"] for box in visitor.get("/review").page.root.all("input", name="report")]
    assert sorted(offered) == [f"P/{unit}/{JAN}/{versions[unit]}/approve" for unit in ("A", "A1", "A2")]
    sent = {"A": versions["A"], "A1": 99, "B": versions["B"]}
    chosen = [*(f"P/{unit}/{JAN}/{version}/approve" for unit, version in sent.items()), "nonsense"]
    token = form.fields["csrf_token"]
    answer = visitor.post("/review/approve", {"csrf_token": token, "report": chosen})
    said = visitor.follow(answer).page.messages
    assert "1 report approved: Unit A January 2022" in said
    assert "unit A1 was not approved: The report has changed" in said
    assert "unit B was not approved" in said
    with hamlet.inside():
        states = {unit: make.sheet_of(unit, JAN).state.value for unit in versions}
        assert states == {"A": "approved", "A1": "submitted", "A2": "submitted", "B": "submitted"}
        assert list(find_differences()) == []
    page = visitor.get("/review").page
    fields = page.form("/review/approve").fields
    everything = [box["value"] for box in page.root.all("input", name="listed")]
    whole = {"csrf_token": fields["csrf_token"], "all": "1", "listed": everything}
    said = visitor.follow(visitor.post("/review/approve", whole)).page.messages
    assert "2 reports approved" in said
