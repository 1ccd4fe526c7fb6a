"""The commands of the working-day calendar."""

from __future__ import annotations

from sqlalchemy import delete, select

from tests.kit.house import House
from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.features.calendar.models import CalendarDay


def test_a_year_is_listed_with_its_notice(blank: House) -> None:
    outcome = blank.run("calendar", "list", "2022")
    lines = outcome.out.splitlines()
    assert outcome.code == 0
    assert len(lines) == 39
    assert lines[0] == "2022-01-01\toff\tpublished\t元旦"
    assert "2022-10-08\twork\tpublished\t国庆节" in lines
    assert "国办发明电〔2021〕11号" in outcome.err
    outcome = blank.run("calendar", "list", "2027")
    assert (outcome.code, outcome.out) == (0, "")
    assert "Monday to Friday" in outcome.err


def test_a_day_is_added_and_removed(blank: House) -> None:
    assert blank.run("calendar", "add", "2027-01-01", "--name", "元旦").code == 0
    assert blank.run("calendar", "add", "2027-01-09", "--work", "--name", "元旦").code == 0
    assert blank.run("calendar", "list", "2027").out.splitlines() == [
        "2027-01-01\toff\town\t元旦",
        "2027-01-09\twork\town\t元旦",
    ]
    refused = blank.run("calendar", "add", "2027-01-01", "--name", "x")
    assert refused.code == 1
    assert "already" in refused.err
    assert "已有" in refused.err
    assert blank.run("calendar", "remove", "2027-01-09").code == 0
    assert blank.run("calendar", "remove", "2027-01-09").code == 1
    assert len(blank.run("calendar", "list", "2027").out.splitlines()) == 1
    with blank.inside():
        actions = db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)).all()
        assert actions == ["calendar.add", "calendar.add", "calendar.remove"]


def test_init_loads_the_years_that_a_newer_program_brings(blank: House) -> None:
    with blank.inside():
        db.session.execute(delete(CalendarDay))
        db.session.commit()
    outcome = blank.run("init")
    assert outcome.out.count("are loaded") == 5
    assert blank.run("init").out.count("are loaded") == 0
