"""Correcting figures that count: proposed, reviewed by themselves, posted when approved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from tests.kit import make
from tests.kit.house import House
from tests.kit.proofs import add_proof
from tracker.core.access import Hold, Scope
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.review import Outcome, ReportState
from tracker.domain.roles import Role
from tracker.features.plans.models import Indicator, Period, Plan
from tracker.features.plans.services import delete_indicator
from tracker.features.reports.models import Entry, EntryRevision
from tracker.features.reports.queries import (
    corrections_of,
    count_waiting,
    revisions_of,
    waiting_correction,
)
from tracker.features.reports.services import (
    approve_correction,
    find_differences,
    propose_correction,
    refuse_correction,
    reopen_report,
    take_back_correction,
)

JAN, FEB, MAR = "2022-01", "2022-02", "2022-03"
END = date(2022, 4, 30)


@pytest.fixture
def plan(hamlet: House) -> House:
    """A house with the small plan, where two months of one unit are approved."""
    with hamlet.inside():
        make.approved("A1", JAN, {"F": "5", "S": "6", "R": "1/2", "SC/甲": "4", "RT": "10"})
        make.approved("A1", FEB, {"F": "7", "S": "8", "R": "1/2", "RT": "15"})
    return hamlet


def propose(unit: str, period: str, name: str, said: str, *, reason: str = "counted anew") -> None:
    """Propose a correction of a cell as it stands."""
    with writing():
        sheet = make.sheet_of(unit, period)
        draft = make.draft_of(sheet, name, said)
        cell = next(c for c in sheet.cells if c.key == draft.key)
        revision = cell.entry.revision if cell.entry else 0
        propose_correction(sheet, draft, reason=reason, revision=revision, actor=HOUSE)
        db.session.commit()


def decide(unit: str, period: str, name: str, how: str) -> None:
    """Approve, refuse or take back what waits for a cell."""
    with writing():
        sheet = make.sheet_of(unit, period)
        key = make.cell_key(sheet, name)
        waiting = waiting_correction(sheet, key)
        number = waiting.id if waiting else 0
        if how == "refuse":
            refuse_correction(sheet, key, "it was right", correction_id=number, actor=HOUSE)
        else:
            step = {"approve": approve_correction, "take back": take_back_correction}[how]
            step(sheet, key, correction_id=number, actor=HOUSE)
        db.session.commit()


def actual(code: str, unit: str = "T", day: date = END) -> object:
    """An indicator's figure at a unit."""
    return make.standings_at(unit, day)[code].position.actual


def test_the_old_value_counts_until_the_correction_is_approved(plan: House) -> None:
    with plan.inside():
        assert (actual("F"), actual("S")) == (12, 8)
        propose("A1", JAN, "F", "9")
        assert actual("F") == 12
        assert make.sheet_of("A1", JAN).state is ReportState.APPROVED
        assert list(find_differences()) == []
        decide("A1", JAN, "F", "approve")
        for unit in ("A1", "A", "T"):
            assert actual("F", unit) == 16
        assert actual("F", day=date(2022, 1, 31)) == 9
        # A stock that was reported again since changes only the days before.
        propose("A1", JAN, "S", "1")
        decide("A1", JAN, "S", "approve")
        assert (actual("S"), actual("S", day=date(2022, 1, 31))) == (8, 1)
        assert list(find_differences()) == []


@pytest.mark.parametrize(
    ("cell", "said", "after"),
    [("R", "3/4", Decimal(75)), ("R", "n/a", None), ("SC/甲", "", None), ("SC/乙", "3", 7), ("M", "1/4", 25)],
)
def test_a_share_a_category_a_blank_and_not_applicable_are_corrected(
    plan: House, cell: str, said: str, after: object
) -> None:
    with plan.inside():
        make.approved("A1", MAR, {"F": "1"})
        period = FEB if cell == "R" else JAN
        propose("A1", period, cell, said)
        decide("A1", period, cell, "approve")
        assert actual(cell.partition("/")[0]) == after
        assert list(find_differences()) == []


@pytest.mark.parametrize("how", ["refuse", "take back"])
def test_what_is_refused_or_taken_back_leaves_everything(plan: House, how: str) -> None:
    with plan.inside():
        sheet = make.sheet_of("A1", JAN)
        propose("A1", JAN, "F", "9")
        decide("A1", JAN, "F", how)
        after = make.sheet_of("A1", JAN)
        assert (actual("F"), after.cells, after.version) == (12, sheet.cells, sheet.version)
        (row,) = corrections_of(after, make.cell_key(after, "F"))
        assert row.outcome is (Outcome.REFUSED if how == "refuse" else Outcome.TAKEN_BACK)
        assert row.decision == ("it was right" if how == "refuse" else None)
        with pytest.raises(StaleError, match="does not wait"):
            decide("A1", JAN, "F", "approve")
        propose("A1", JAN, "F", "9")


def test_every_value_is_kept_with_who_when_why_and_restoring_is_one_more(plan: House) -> None:
    with plan.inside():
        for said in ("9", "5"):
            propose("A1", JAN, "F", said, reason=f"it is {said}")
            decide("A1", JAN, "F", "approve")
        sheet = make.sheet_of("A1", JAN)
        cell = next(c for c in sheet.cells if c.key == make.cell_key(sheet, "F"))
        assert cell.entry is not None
        rows = revisions_of(cell.entry.id)
        assert [(row.number, row.value, row.reason) for row in rows] == [
            (1, 5, None),
            (2, 9, "it is 9"),
            (3, 5, "it is 5"),
        ]
        # Each counted until the next one did, at the same moment.
        assert [row.uncounted_at for row in rows] == [rows[1].approved_at, rows[2].approved_at, None]
        assert actual("F") == 12
        others = select(EntryRevision).join(Entry, Entry.id == EntryRevision.entry_id)
        for row in db.session.scalars(others.where(Entry.id != cell.entry.id)):
            assert row.uncounted_at is None


def test_what_cannot_be_proposed_is_refused_with_a_sentence(plan: House) -> None:
    with plan.inside():
        refused = [
            ("F", "5", "says already"),
            ("R", "5/4", "larger than the whole"),
            ("F", "1.25", "decimal"),
        ]
        refused += [("RT", "11", "later running total"), ("F", "-1", "0")]
        for name, said, sentence in refused:
            with pytest.raises(RuleError, match=sentence):
                propose("A1", JAN, name, said)
        with pytest.raises(RuleError, match="Say in a few words why"):
            propose("A1", JAN, "F", "9", reason=" ")
        propose("A1", JAN, "F", "9")
        with pytest.raises(RuleError, match="is waiting for review"):
            propose("A1", JAN, "F", "10")
        make.save("A1", MAR, {"F": "9"})
        with pytest.raises(RuleError, match="Only approved figures"):
            propose("A1", MAR, "F", "8")
        propose("A1", FEB, "RT", "16")
        decide("A1", FEB, "RT", "approve")
        assert actual("RT") == 16


def test_a_locked_period_and_a_reopened_report_stand_in_the_way(plan: House) -> None:
    with plan.inside():
        propose("A1", JAN, "F", "9")
        with pytest.raises(RuleError, match="Decide about it first"), writing():
            sheet = make.sheet_of("A1", JAN)
            reopen_report(sheet, "why", version=sheet.version, actor=HOUSE)
        with writing():
            db.session.execute(
                update(Period).where(Period.code == JAN).values(is_locked=True, lock_reason="filed")
            )
            db.session.commit()
        for how in ("approve", "refuse", "take back"):
            with pytest.raises(RuleError, match=r"locked \(filed\)"):
                decide("A1", JAN, "F", how)
        with pytest.raises(RuleError, match=r"locked \(filed\)"):
            propose("A1", JAN, "S", "9")
        assert actual("F") == 12


def test_a_period_that_locked_itself_stands_in_the_way_as_well(plan: House) -> None:
    with plan.inside():
        propose("A1", JAN, "F", "9")
        with writing():
            db.session.execute(
                update(Period).where(Period.code == JAN).values(open_until=date(2022, 3, 4), kept_open=False)
            )
            db.session.commit()
        make.tell_on(date(2022, 3, 4))
        propose("A1", JAN, "S", "9")
        above = Scope((Hold(Role.REVIEWER, make.sheet_of("A", JAN).unit.path),))
        assert count_waiting(above, by=0) == 2
        make.tell_on(date(2022, 3, 5))
        assert count_waiting(above, by=0) == 0
        for how in ("approve", "refuse", "take back"):
            with pytest.raises(RuleError, match="locked itself"):
                decide("A1", JAN, "F", how)
        with pytest.raises(RuleError, match="locked itself"):
            propose("A1", JAN, "C", "1")
        assert actual("F") == 12


def test_a_figure_does_not_come_to_count_without_the_evidence_it_needs(plan: House) -> None:
    with plan.inside():
        make.save("A1", MAR, {"C": "3"})
        add_proof("A1", MAR, "S")
        make.submit("A1", MAR)
        make.approve("A1", MAR)
        with writing():
            needing = update(Indicator).where(Indicator.code.in_(["C", "F", "S"]))
            db.session.execute(needing.values(needs_evidence=True))
            db.session.commit()
        with pytest.raises(RuleError, match="needs evidence"):
            propose("A1", MAR, "F", "4")
        # Zero needs none, what has some may come, and what counts without any already can be put right.
        propose("A1", MAR, "F", "0")
        propose("A1", MAR, "S", "4")
        propose("A1", MAR, "C", "2")


def test_what_a_correction_was_proposed_for_is_kept_in_the_plan(plan: House) -> None:
    with plan.inside():
        propose("A1", JAN, "C", "1")
        decide("A1", JAN, "C", "take back")
        whole = db.session.scalars(select(Plan)).one()
        one = db.session.scalars(select(Indicator).where(Indicator.code == "C")).one()
        with pytest.raises(RuleError), writing():
            delete_indicator(whole, one, actor=HOUSE)


def test_verify_finds_a_revision_that_does_not_count_what_the_entry_does(plan: House) -> None:
    with plan.inside():
        assert list(find_differences()) == []
        with writing():
            db.session.execute(
                update(EntryRevision).where(EntryRevision.value == Decimal(8)).values(value=Decimal(9))
            )
            db.session.commit()
        (line,) = find_differences()
        assert line.startswith("revision A1 S 2022-02-28: counted")


def test_a_reporter_proposes_and_a_reviewer_approves_on_the_pages(plan: House) -> None:
    with plan.inside():
        make.add_sample_user("rita", "reporter", "A1")
        make.add_sample_user("rex", "reviewer", "T")
        key = "{}-{}".format(*make.cell_key(make.sheet_of("A1", JAN), "F"))
    rita, rex = plan.visitor("rita"), plan.visitor("rex")
    mine, theirs = f"/reports/P/A1/{JAN}/figures/{key}", f"/review/P/A1/{JAN}/figures/{key}"
    assert mine in {link["href"] for link in rita.get(f"/reports/P/A1/{JAN}").page.root.all("a")}
    form = rita.get(mine).page.form(mine)
    wrong = rita.submit(form, {f"c{key}-value": "9.55", "reason": "typing error"}, status=422).page
    assert wrong.root.one("input", name=f"c{key}-value")["value"] == "9.55"
    assert "decimal" in wrong.root.one("p", class_="field__error").text
    assert "Say in a few words why" in rita.submit(form, {f"c{key}-value": "9"}, status=422).page.text
    rita.submit(form, {f"c{key}-value": "9", "reason": "typing error"})
    rita.submit(form, {f"c{key}-value": "10", "reason": "typing error"}, status=422)
    assert "5 → 9" in rita.get(f"/reports/P/A1/{JAN}").page.text.replace(".0", "")
    queue = rex.get("/review").page
    assert theirs in {link["href"] for link in queue.root.all("a")}
    form = rex.get(theirs).page.form(f"{theirs}/decide")
    assert "Say in a few words why" in rex.submit(form, {"action": "refuse"}, status=422).page.text
    answer = rex.submit(form, {"action": "approve"})
    assert "counts from now on" in rex.follow(answer).page.messages
    # Whoever reviews is led from the reporter's address, and from that of a refused decision, to the review.
    assert rex.get(mine, status=303).headers["Location"].endswith(theirs)
    assert rex.get(f"{theirs}/decide", status=303).headers["Location"].endswith(theirs)
    with plan.inside():
        assert actual("F") == 16
    # Restoring is proposing the old value anew.
    (again,) = [a["href"] for a in rita.get(mine).page.root.all("a") if "?from=" in a["href"]]
    form = rita.get(again.partition("#")[0]).page.form(mine)
    assert form.fields[f"c{key}-value"] == "5"
    rita.submit(form, {"reason": "it was right"})
    back = rita.get(mine).page.form(f"{mine}/take-back")
    rita.submit(back)
    rita.submit(form, {"reason": "late", "version": "1"}, status=409)
    with plan.inside():
        assert list(find_differences()) == []
