"""What an import leaves is what reporters and reviewers would have left; taking it back is their way back."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import Table, select

from tests.kit import figures, make
from tests.kit.figures import plain
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.core.audit import HOUSE
from tracker.core.db import Base, db, writing
from tracker.features.org.models import OrgUnit
from tracker.features.plans.models import Period
from tracker.features.reports.models import Entry, EntryRevision, Report
from tracker.features.reports.queries import revisions_of, waiting_correction
from tracker.features.reports.services import (
    carry_over,
    find_differences,
    propose_correction,
    refuse_correction,
    reopen_report,
    return_report,
)

JAN, FEB, MAR = "2022-01", "2022-02", "2022-03"
REVIEWER = "review"


@pytest.fixture
def plan(hamlet: House) -> House:
    """The small plan, told in March, with a reviewer at the top; S was 4 in January."""
    with hamlet.inside():
        make.add_sample_user(REVIEWER, "reviewer", "T")
        make.approved("A", JAN, {"S": "4"})
    return hamlet


def imported(visitor: Visitor, *rows: list[object], into: str = "approved") -> str:
    """Take figures over, and say where the batch is withdrawn."""
    because = "filed" if into == "approved" else ""
    page = figures.confirmed(visitor, plain(*rows), into=into, because=because).page
    action: str = next(
        form["action"] for form in page.root.all("form") if form["action"].endswith("/withdraw")
    )
    return action


def withdrawn(visitor: Visitor, action: str) -> str:
    """Withdraw a batch, and what the page says then."""
    said: str = visitor.follow(visitor.post(action, {"csrf_token": visitor.token()})).page.messages
    return said


def rows_of(table: str, unit: str, *, without: set[str]) -> list[dict[str, object]]:
    """What a table holds of a unit's February, but for what differs by its nature."""
    known: Table = Base.metadata.tables[table]
    query = select(known)
    if table == "entry_revisions":
        query = query.join(Entry, Entry.id == known.c.entry_id)
    if table in {"entries", "entry_revisions"}:
        query = query.join(Report, Report.id == Entry.report_id)
    if table in {"reports", "entries", "entry_revisions"}:
        query = query.join(Period, Period.id == Report.period_id).join(OrgUnit, OrgUnit.id == Report.unit_id)
        query = query.where(Period.code == FEB, OrgUnit.code == unit)
    else:
        query = query.where(known.c.unit_id == make.unit_of(unit).id)
    if table == "entry_revisions":
        query = query.order_by(Entry.indicator_id, Entry.category_id, known.c.number)
    elif table == "entries":
        query = query.order_by(known.c.indicator_id, known.c.category_id)
    found = [dict(row) for row in db.session.execute(query).mappings()]
    kept = [
        {name: row[name] for name in row if name not in without}
        for row in found
        if row.get("reports") != 0 and (table != "balances" or any(row[name] for name in SAID))
    ]
    return kept if table.startswith("entr") else sorted(kept, key=str)


DIFFERS = {"id", "unit_id", "report_id", "entry_id", "version"}
"""Who it is about; and an import is one change of a report, where people make three."""
PEOPLE = {name for what in ("submitted", "reviewed", "entered", "approved") for name in (f"{what}_by_id",)}
TIMES = {f"{what}_at" for what in ("submitted", "reviewed", "entered", "approved", "uncounted")}


SAID = ("value", "denominator", "covered", "not_applicable", "reported")
"""The columns of a balance that say something; what came back to nothing is as good as not there."""


def left_behind(unit: str) -> dict[str, object]:
    """Everything that is kept of a unit's February, with whether something stands where times stand."""
    found: dict[str, object] = {}
    for table in ("reports", "entries", "entry_revisions", "balances", "report_tallies"):
        rows = rows_of(table, unit, without=DIFFERS | PEOPLE)
        found[table] = [
            {name: value is not None if name in TIMES else value for name, value in row.items()}
            for row in rows
        ]
    return found


@pytest.mark.parametrize("into", ["draft", "submitted", "approved"])
@pytest.mark.parametrize("begun", ["blank", "draft", "returned", "reopened", "carried"])
def test_an_import_leaves_what_people_would_have_left(plan: House, into: str, begun: str) -> None:
    said = {"F": "1", "S": "2", "SC/甲": "3", "R": "1/2", "C": "0", "RT": "7"}
    with plan.inside():
        make.approved("B", JAN, {"S": "4"})
        for unit in ("A", "B"):
            begin(unit, begun)
        make.save("B", FEB, said, reason="filed")
        if into != "draft":
            make.submit("B", FEB)
        if into == "approved":
            make.approve("B", FEB)
    rows: list[list[object]] = []
    for name, text in said.items():
        code, _, category = name.partition("/")
        value, _, whole = text.partition("/")
        rows.append(["A", code, FEB, category or None, value, whole or None, None, "filed", None])
    imported(plan.visitor(REVIEWER), *rows, into=into)
    with plan.inside():
        left, wanted = left_behind("A"), left_behind("B")
        for table, found in wanted.items():
            assert left[table] == found, table
        assert list(find_differences()) == []
        assert left["reports"][0]["odd"] == (
            0 if into == "draft" and begun not in {"returned", "reopened"} else 1
        )  # type: ignore[index]  # rows of tables hold anything


def begin(unit: str, how: str) -> None:
    """Bring a unit's February somewhere."""
    if how == "carried":
        with writing():
            carry_over(make.sheet_of(unit, FEB), actor=HOUSE)
            db.session.commit()
    elif how != "blank":
        make.save(unit, FEB, {"S": "1", "F": "3"}, reason="because")
    if how in {"returned", "reopened"}:
        make.submit(unit, FEB)
    if how == "returned":
        with writing():
            sheet = make.sheet_of(unit, FEB)
            return_report(sheet, "because", version=sheet.version, actor=HOUSE)
            db.session.commit()
    if how == "reopened":
        make.approve(unit, FEB)
        with writing():
            sheet = make.sheet_of(unit, FEB)
            reopen_report(sheet, "because", version=sheet.version, actor=HOUSE)
            db.session.commit()


def propose(unit: str, period: str, name: str, said: str) -> None:
    with writing():
        sheet = make.sheet_of(unit, period)
        draft = make.draft_of(sheet, name, said)
        entry = next(cell.entry for cell in sheet.cells if cell.key == draft.key)
        revision = entry.revision if entry else 0
        propose_correction(sheet, draft, reason="because", revision=revision, actor=HOUSE)
        db.session.commit()


def test_an_import_is_not_withdrawn_while_a_correction_waits(plan: House) -> None:
    visitor = plan.visitor(REVIEWER)
    action = imported(visitor, ["A", "S", FEB, None, 5])
    with plan.inside():
        propose("A", FEB, "S", "6")
    said = withdrawn(visitor, action)
    assert "A correction of the report of Unit A for 2022-02 is waiting for review" in said
    with plan.inside():
        assert make.sheet_of("A", FEB).state == "approved"
        with writing():
            sheet = make.sheet_of("A", FEB)
            waiting = waiting_correction(sheet)
            assert waiting is not None
            refuse_correction(sheet, waiting.key, "no", correction_id=waiting.id, actor=HOUSE)
            db.session.commit()
    assert "stands there again" in withdrawn(visitor, action)


def test_nothing_is_imported_over_a_figure_whose_correction_waits(plan: House) -> None:
    with plan.inside():
        propose("A", JAN, "S", "6")
    said = figures.wrong(
        plan.visitor(REVIEWER), plain(["A", "S", JAN, None, 5]), into="approved", because="x"
    )
    assert "A reviewer must reopen it" in said["C2"]


def test_what_an_import_had_count_beside_it_begins_anew_when_it_is_withdrawn(plan: House) -> None:
    with plan.inside():
        make.save("A", FEB, {"F": "3"})
    visitor = plan.visitor(REVIEWER)
    action = imported(visitor, ["A", "S", FEB, None, 5])
    withdrawn(visitor, action)
    with plan.inside():
        sheet = make.sheet_of("A", FEB)
        flow = next(cell.entry for cell in sheet.cells if cell.indicator.code == "F")
        assert flow is not None
        first, second = revisions_of(flow.id)
        assert first.approved_at is not None
        assert first.uncounted_at is not None
        assert (second.value, second.approved_at) == (3, None)
        make.submit("A", FEB)
        make.approve("A", FEB)
        first, second = revisions_of(flow.id)
        assert first.uncounted_at is not None
        assert second.approved_at is not None
        assert list(find_differences()) == []


@pytest.mark.parametrize("into", ["submitted", "approved"])
def test_what_an_import_handed_in_is_late_as_any_other_and_not_handed_in_once_withdrawn(
    plan: House, into: str
) -> None:
    with plan.inside():
        make.tell_on(date(2022, 4, 20))
    visitor = plan.visitor(REVIEWER)
    action = imported(visitor, ["A", "S", FEB, None, 5], into=into)
    with plan.inside():
        assert make.sheet_of("A", FEB).is_late
    withdrawn(visitor, action)
    with plan.inside():
        assert not make.sheet_of("A", FEB).is_late


def test_what_was_handed_in_before_an_import_stays_so_when_it_is_withdrawn(plan: House) -> None:
    with plan.inside():
        begin("A", "returned")
        make.tell_on(date(2022, 4, 20))
    visitor = plan.visitor(REVIEWER)
    for into in ("submitted", "approved"):
        action = imported(visitor, ["A", "S", FEB, None, 5], into=into)
        withdrawn(visitor, action)
        with plan.inside():
            report = make.sheet_of("A", FEB).report
            assert report is not None
            assert report.handed_in_on == date(2022, 3, 3)


def carried_over() -> None:
    with writing():
        carry_over(make.sheet_of("A", FEB), actor=HOUSE)
        db.session.commit()


@pytest.mark.parametrize("into", ["draft", "submitted", "approved"])
@pytest.mark.parametrize("value", [4, 5])
def test_what_was_to_be_confirmed_is_to_be_confirmed_again(plan: House, into: str, value: int) -> None:
    with plan.inside():
        carried_over()
    visitor = plan.visitor(REVIEWER)
    action = imported(visitor, ["A", "S", FEB, None, value], into=into)
    with plan.inside():
        assert make.sheet_of("A", FEB).state == into
    assert "stands there again" in withdrawn(visitor, action)
    with plan.inside():
        sheet = make.sheet_of("A", FEB)
        stock = next(cell.entry for cell in sheet.cells if cell.indicator.code == "S")
        assert stock is not None
        assert (sheet.state, stock.value, stock.is_carried) == ("draft", 4, True)
        assert list(find_differences()) == []


def test_a_returned_report_is_still_returned_when_a_draft_is_withdrawn(plan: House) -> None:
    with plan.inside():
        begin("A", "returned")
    visitor = plan.visitor(REVIEWER)
    withdrawn(visitor, imported(visitor, ["A", "S", FEB, None, 5], into="draft"))
    with plan.inside():
        sheet = make.sheet_of("A", FEB)
        assert sheet.report is not None
        assert (sheet.state, sheet.report.reason) == ("returned", "because")


def test_an_import_stays_while_a_later_running_total_builds_on_it(plan: House) -> None:
    visitor = plan.visitor(REVIEWER)
    action = imported(visitor, ["A", "RT", FEB, None, 5], into="draft")
    with plan.inside():
        make.save("A", MAR, {"RT": "12"})
    said = withdrawn(visitor, action)
    assert re.search(r"later running total builds on RT of A 2022-02", said)
    with plan.inside():
        entry = next(cell.entry for cell in make.sheet_of("A", MAR).cells if cell.indicator.code == "RT")
        assert entry is not None
        assert entry.value == 7
        assert db.session.scalar(select(EntryRevision.number).where(EntryRevision.number > 1)) is None
