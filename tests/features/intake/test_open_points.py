"""What is still open in a report stays open whichever way its figures come: typed, or from a workbook."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.kit import figures, make
from tests.kit.figures import plain
from tests.kit.house import House
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.features.plans.models import Indicator, Plan
from tracker.features.reports.queries import DraftRow, EntryRow
from tracker.features.reports.services import CellSent, carry_over, save_cells

JAN, FEB = "2022-01", "2022-02"
VALUE = "Figure of this period"


@pytest.fixture
def plan(hamlet: House) -> House:
    """The small plan, reporters at A and B and a reviewer at the top; S was 4 in January."""
    with hamlet.inside():
        make.add_sample_user("rep-a", "reporter", "A")
        make.add_sample_user("rep-b", "reporter", "B")
        make.add_sample_user("review", "reviewer", "T")
        make.approved("A", JAN, {"S": "4"})
    return hamlet


def entry(code: str, period: str = FEB) -> EntryRow:
    found = next(cell.entry for cell in make.sheet_of("A", period).cells if cell.indicator.code == code)
    assert found is not None
    return found


def carried() -> None:
    with writing():
        carry_over(make.sheet_of("A", FEB), actor=HOUSE)
        db.session.commit()


def typed_wrongly(code: str) -> None:
    """Somebody types what is no number."""
    with writing():
        sheet = make.sheet_of("A", FEB)
        cell = next(cell for cell in sheet.cells if cell.indicator.code == code)
        text, error = DraftRow("many", "", False, "", ""), RuleError("no number")
        save_cells(sheet, [CellSent(cell.key, cell.seen, text, None, error)], actor=HOUSE)
        db.session.commit()


def test_a_value_that_was_carried_over_is_confirmed_by_entering_it(plan: House) -> None:
    with plan.inside():
        carried()
    visitor = plan.visitor("rep-a")
    content = figures.template(visitor, "A", FEB, make.PLAN)
    untouched = figures.filled(content, {("F", VALUE): 1})
    said = figures.wrong(visitor, untouched, into="submitted")
    assert [one for one in said.values() if "Taken over from the last period. Confirm it" in one]
    figures.confirmed(visitor, figures.filled(content, {("S", VALUE): 4}), into="submitted")
    with plan.inside():
        assert (entry("S").value, entry("S").is_carried, entry("S").revision) == (4, False, 1)
        assert make.sheet_of("A", FEB).state == "submitted"


def test_a_figure_from_a_workbook_takes_the_refused_text_away(plan: House) -> None:
    with plan.inside():
        typed_wrongly("S")
        typed_wrongly("F")
    visitor = plan.visitor("rep-a")
    said = figures.wrong(visitor, plain(["A", "S", FEB, None, 5]), into="submitted")
    assert "Figure F" in said["C2"]
    figures.confirmed(visitor, plain(["A", "S", FEB, None, 5]))
    with plan.inside():
        assert (entry("S").value, entry("S").draft) == (5, None)
        assert entry("F").draft is not None


def test_a_text_typed_after_the_template_was_made_is_not_overwritten(plan: House) -> None:
    visitor = plan.visitor("rep-a")
    content = figures.filled(figures.template(visitor, "A", FEB, make.PLAN), {("S", VALUE): 5})
    with plan.inside():
        typed_wrongly("S")
    _, answer = figures.previewed(visitor, content)
    assert "changed by others: 1, wrong: 0" in answer.page.text
    assert "many" in answer.page.text


def test_a_text_typed_after_an_import_keeps_it_from_being_withdrawn(plan: House) -> None:
    visitor = plan.visitor("rep-a")
    page = figures.confirmed(visitor, plain(["A", "S", FEB, None, 6])).page
    with plan.inside():
        typed_wrongly("S")
    form = next(form for form in page.root.all("form") if form["action"].endswith("/withdraw"))
    answer = visitor.follow(visitor.post(form["action"], {"csrf_token": visitor.token()}))
    assert "the first of them S of A 2022-02" in answer.page.messages


def test_evidence_is_asked_for_unless_figures_are_taken_over_as_approved(plan: House) -> None:
    with plan.inside(), writing():
        db.session.execute(update(Indicator).where(Indicator.code == "S").values(needs_evidence=True))
        db.session.commit()
    content = plain(["A", "S", FEB, None, 5])
    said = figures.wrong(plan.visitor("rep-a"), content, into="submitted")
    assert "needs evidence" in said["E2"]
    figures.confirmed(plan.visitor("review"), content, into="approved", because="filed")
    with plan.inside():
        assert make.sheet_of("A", FEB).state == "approved"


def test_a_sentence_on_what_is_behind_is_asked_for(plan: House) -> None:
    with plan.inside():
        make.aim_for("F", "B", "100")
        with writing():
            db.session.execute(update(Plan).values(asks_why_behind=True))
            db.session.commit()
    visitor = plan.visitor("rep-b")
    said = figures.wrong(visitor, plain(["B", "F", FEB, None, 1]), into="submitted")
    assert "This indicator is behind" in said["E2"]
    said_why = ["B", "F", FEB, None, 1, None, None, None, "frost; goes on in March"]
    figures.confirmed(visitor, plain(said_why), into="submitted")
