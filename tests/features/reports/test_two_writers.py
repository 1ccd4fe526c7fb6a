"""Two people at once: nobody's work is lost, nobody sees a failure of the server."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.core.db import db
from tracker.domain.review import ReportState
from tracker.features.reports.models import Entry, EntryRevision, Report
from tracker.features.reports.services import find_differences

ADDRESS = "/reports/P/A/2022-01"


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """Do all of it at the same moment, each in a thread of its own."""
    start = threading.Barrier(len(acts))
    found: list[Answer | BaseException | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], Answer]) -> None:
        start.wait()
        try:
            found[place] = act()
        except BaseException as error:
            found[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return [one for one in found if isinstance(one, Answer)]


def saving(visitor: Visitor, address: str, cell: str, value: str) -> Callable[[], Answer]:
    """Open the form now and send it later with one cell changed."""
    form = visitor.get(address).page.form("")
    return lambda: visitor.send("POST", address, data={**form.fields, cell: value, "action": "save"})


def small_house(house: House, *units: str) -> None:
    """The small plan with a reporter and a reviewer for each of the units."""
    with house.inside():
        make.small_plan()
        for unit in units:
            make.add_sample_user(f"rep-{unit.lower()}", "reporter", unit)
        make.add_sample_user("rev", "reviewer", "T")


def test_of_two_who_save_one_report_one_is_told_and_nothing_is_lost(blank: House) -> None:
    small_house(blank, "A")
    with blank.inside():
        cell = "c{}-{}-value".format(*make.cell_key(make.sheet_of("A", "2022-01"), "S"))
        make.save("A", "2022-01", {"F": "1"})
    for turn in range(6):
        acts = [saving(blank.visitor("rep-a"), ADDRESS, cell, str(10 * turn + n)) for n in (1, 2, 3)]
        answers = at_once(*acts)
        assert Counter(answer.status for answer in answers) == {303: 1, 409: 2}
        won = next(n for n, answer in enumerate(answers, 1) if answer.status == 303)
        for n, answer in enumerate(answers, 1):
            if answer.status == 409:
                # What the other typed is still in the form, beside what the first one saved.
                assert answer.page.root.one("input", name=cell)["value"] == str(10 * turn + n)
                assert str(10 * turn + won) in answer.page.root.one("table", class_="table--plain").text
        with blank.inside():
            stock = make.cell_key(make.sheet_of("A", "2022-01"), "S")[0]
            kept = db.session.execute(select(Entry).where(Entry.indicator_id == stock)).scalar_one()
            assert (kept.value, kept.revision) == (10 * turn + won, turn + 1)


def test_of_two_who_begin_one_report_one_is_told(blank: House) -> None:
    small_house(blank, "A")
    with blank.inside():
        cell = "c{}-{}-value".format(*make.cell_key(make.sheet_of("A", "2022-01"), "S"))
    answers = at_once(*(saving(blank.visitor("rep-a"), ADDRESS, cell, str(n)) for n in (1, 2, 3, 4)))
    assert Counter(answer.status for answer in answers) == {303: 1, 409: 3}
    with blank.inside():
        assert len(db.session.scalars(select(Report)).all()) == 1
        assert len(db.session.scalars(select(EntryRevision)).all()) == 1


def test_of_two_who_approve_one_report_it_counts_once(blank: House) -> None:
    small_house(blank)
    with blank.inside():
        make.save("A", "2022-01", {"S": "5", "F": "2"})
        make.submit("A", "2022-01")
    forms = []
    for _ in range(3):
        visitor = blank.visitor("rev")
        form = visitor.get("/review/P/A/2022-01").page.form("/review/P/A/2022-01/approve")
        forms.append((visitor, form))
    at_once(*(lambda v=v, f=f: v.submit(f) for v, f in forms))
    with blank.inside():
        assert list(find_differences()) == []
        assert make.standings_at("T", date(2022, 4, 30))["S"].position.actual == 5


def test_units_that_save_and_reviewers_that_approve_at_once_all_get_through(blank: House) -> None:
    units = ("A", "B", "A1", "A2")
    small_house(blank, *units)
    periods = ("2022-01", "2022-02", "2022-03")
    for period in periods:
        acts = []
        for number, unit in enumerate(units, 1):
            with blank.inside():
                cell = "c{}-{}-value".format(*make.cell_key(make.sheet_of(unit, period), "F"))
            act = saving(
                blank.visitor(f"rep-{unit.lower()}"), f"/reports/P/{unit}/{period}", cell, str(number)
            )
            acts.append(act)
        assert [answer.status for answer in at_once(*acts)] == [303] * len(units)
        with blank.inside():
            for unit in units:
                make.submit(unit, period)
    approvals = []
    for unit in units:
        for period in periods:
            visitor, address = blank.visitor("rev"), f"/review/P/{unit}/{period}"
            form = visitor.get(address).page.form(f"{address}/approve")
            approvals.append(lambda v=visitor, f=form: v.submit(f))
    at_once(*approvals)
    with blank.inside():
        assert {row.state for row in db.session.scalars(select(Report))} == {ReportState.APPROVED}
        assert list(find_differences()) == []
        assert make.standings_at("T", date(2022, 4, 30))["F"].position.actual == 30
