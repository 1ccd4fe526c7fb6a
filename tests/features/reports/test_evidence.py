"""Evidence through its services: bound to a figure, never lost without a trace, never in two states."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tests.kit import make
from tests.kit.house import House
from tests.kit.proofs import add_proof, name_proof, remove_proof, spot_of
from tests.kit.uploads import PDF, photo, picture
from tracker.core.access import EVERYWHERE, Hold, Scope
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.domain.errors import NotFoundError, RuleError, StaleError
from tracker.domain.roles import Role
from tracker.features.evidence.models import StoredFile
from tracker.features.evidence.queries import path_of
from tracker.features.plans.models import Indicator, Period
from tracker.features.plans.services import delete_indicator
from tracker.features.reports.models import Evidence
from tracker.features.reports.queries import other_uses
from tracker.features.reports.services import SheetError, reopen_report

JAN, FEB = "2022-01", "2022-02"


@pytest.fixture
def plan(hamlet: House) -> House:
    """A house with the small plan and nothing reported."""
    return hamlet


def files_in(house: House) -> set[str]:
    """The names of everything that lies in the folder of evidence."""
    return {path.name for path in Path(house.folder, "evidence").rglob("*") if path.is_file()}


def last_record() -> AuditRecord:
    return db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1)).one()


def need_evidence(code: str) -> None:
    with writing():
        db.session.execute(update(Indicator).where(Indicator.code == code).values(needs_evidence=True))
        db.session.commit()


def reopen(unit: str, period: str) -> None:
    with writing():
        sheet = make.sheet_of(unit, period)
        reopen_report(sheet, "look again", version=sheet.version, actor=HOUSE)
        db.session.commit()


def test_a_photo_is_kept_by_digest_and_bound_to_the_figure(plan: House) -> None:
    with plan.inside():
        number = add_proof("A", JAN, "F", name="../车位 1.png", caption="new bays")
        row = spot_of("A", JAN, "F").row(number)
        assert (row.name, row.caption, row.kind) == ("车位 1.jpg", "new bays", "jpg")
        assert row.taken_at == datetime(2022, 6, 29, 2, 32, 5, tzinfo=UTC)
        content = path_of(row.sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row.sha256
        assert files_in(plan) == {row.sha256, row.small_sha256}
        assert path_of(row.sha256).parent.name == row.sha256[:2]
        record = last_record()
        assert (record.action, record.subject) == ("evidence.add", f"report {make.PLAN}/A {JAN}")
        assert row.sha256 in record.difference


def test_evidence_can_come_before_the_figure(plan: House) -> None:
    with plan.inside():
        add_proof("A", JAN, "F")
        sheet = make.sheet_of("A", JAN)
        assert (sheet.state, sheet.filled) == ("not_started", 0)
        assert [len(rows) for rows in sheet.evidence.values()] == [1]


def test_a_category_has_evidence_of_its_own(plan: House) -> None:
    with plan.inside():
        add_proof("A", JAN, "FC", category=0)
        add_proof("A", JAN, "FC", category=1)
        add_proof("A", JAN, "FC")
        categories = spot_of("A", JAN, "FC").indicator.categories
        assert [row.category_id for row in spot_of("A", JAN, "FC").rows] == [
            categories[0].id,
            categories[1].id,
            None,
        ]
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_the_same_file_is_not_added_twice_to_one_figure(plan: House) -> None:
    with plan.inside():
        add_proof("A", JAN, "F")
        for again in (
            photo(),
            photo(taken=None),
            path_of(spot_of("A", JAN, "F").rows[0].sha256).read_bytes(),
        ):
            with pytest.raises(RuleError, match="here already"):
                add_proof("A", JAN, "F", again)
        assert len(spot_of("A", JAN, "F").rows) == 1


def test_a_figure_has_only_so_many_files(plan: House) -> None:
    plan.app.config["EVIDENCE_FILES"] = 2
    with plan.inside():
        first = add_proof("A", JAN, "F", photo(shade=10))
        add_proof("A", JAN, "F", photo(shade=20))
        with pytest.raises(RuleError, match="2 files are the most"):
            add_proof("A", JAN, "F", photo(shade=30))
        remove_proof("A", JAN, "F", first)
        add_proof("A", JAN, "F", photo(shade=30))


def test_what_was_never_approved_is_removed_wholly_and_recorded(plan: House) -> None:
    with plan.inside():
        number = add_proof("A", JAN, "F")
        remove_proof("A", JAN, "F", number)
        assert spot_of("A", JAN, "F").rows == ()
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
        assert files_in(plan) == set()
        assert (last_record().action, "照片.jpg" in last_record().difference) == ("evidence.remove", True)


def test_a_file_that_is_used_elsewhere_stays(plan: House) -> None:
    with plan.inside():
        number = add_proof("A", JAN, "F")
        add_proof("B", FEB, "S")
        remove_proof("A", JAN, "F", number)
        (row,) = spot_of("B", FEB, "S").rows
        assert path_of(row.sha256).exists()


def test_once_approved_it_is_withdrawn_with_a_reason_and_stays_with_its_trace(plan: House) -> None:
    with plan.inside():
        number = add_proof("A", JAN, "F")
        make.approved("A", JAN, {"F": "3"})
        reopen("A", JAN)
        with pytest.raises(RuleError, match="Give a reason"):
            remove_proof("A", JAN, "F", number)
        remove_proof("A", JAN, "F", number, "shows another place")
        spot = spot_of("A", JAN, "F")
        row = spot.row(number)
        assert (row.is_withdrawn, row.withdrawn_reason, spot.present) == (True, "shows another place", ())
        assert path_of(row.sha256).exists()
        assert last_record().action == "evidence.withdraw"
        with pytest.raises(RuleError, match="withdrawn already"):
            remove_proof("A", JAN, "F", number, "again")
        # What was withdrawn may be added anew.
        add_proof("A", JAN, "F")


def test_evidence_changes_only_while_the_figures_may(plan: House) -> None:
    with plan.inside():
        number = add_proof("A", JAN, "F")
        make.save("A", JAN, {"F": "3"})
        make.submit("A", JAN)
        for act in (
            lambda: add_proof("A", JAN, "S"),
            lambda: remove_proof("A", JAN, "F", number, "x"),
            lambda: name_proof("A", JAN, "F", number, "x", seen=""),
        ):
            with pytest.raises(RuleError, match="waiting for review"):
                act()
        make.approve("A", JAN)
        with pytest.raises(RuleError, match="approved"):
            add_proof("A", JAN, "S")


def test_a_locked_or_future_period_takes_no_evidence(plan: House) -> None:
    with plan.inside():
        with pytest.raises(RuleError, match="has not begun"):
            add_proof("A", "2022-04", "F")
        with writing():
            db.session.execute(update(Period).where(Period.code == JAN).values(is_locked=True))
            db.session.commit()
        with pytest.raises(RuleError, match="locked"):
            add_proof("A", JAN, "F")


def test_a_caption_is_not_overwritten_unseen(plan: House) -> None:
    with plan.inside():
        number = add_proof("A", JAN, "F", caption="one")
        name_proof("A", JAN, "F", number, "two", seen="one")
        with pytest.raises(StaleError):
            name_proof("A", JAN, "F", number, "three", seen="one")
        assert spot_of("A", JAN, "F").row(number).caption == "two"
        assert last_record().action == "evidence.caption"


def test_an_indicator_that_needs_evidence_is_not_submitted_without(plan: House) -> None:
    with plan.inside():
        need_evidence("F")
        need_evidence("SC")
        make.save("A", JAN, {"F": "3", "SC/甲": "1", "SC/乙": "2", "S": "4"})
        with pytest.raises(SheetError) as refused:
            make.submit("A", JAN)
        sheet = make.sheet_of("A", JAN)
        assert set(refused.value.by_cell) == {make.cell_key(sheet, "F"), make.cell_key(sheet, "SC/甲")}
        number = add_proof("A", JAN, "F")
        add_proof("A", JAN, "SC", PDF, name="x.pdf", category=1)
        remove_proof("A", JAN, "F", number)
        with pytest.raises(SheetError) as refused:
            make.submit("A", JAN)
        assert set(refused.value.by_cell) == {make.cell_key(sheet, "F")}
        add_proof("A", JAN, "F")
        make.submit("A", JAN)


@pytest.mark.parametrize("said", ["0", "n/a", ""])
def test_nothing_to_show_needs_no_evidence(plan: House, said: str) -> None:
    with plan.inside():
        need_evidence("F")
        make.save("A", JAN, {"F": said, "S": "1"}, reason="none here")
        make.submit("A", JAN)


def test_evidence_is_never_compulsory_otherwise(plan: House) -> None:
    with plan.inside():
        make.approved("A", JAN, {"F": "3"})


def test_the_same_file_elsewhere_is_found_within_the_scope_alone(plan: House) -> None:
    with plan.inside():
        mine = add_proof("A1", JAN, "F")
        add_proof("A2", JAN, "S", photo(taken=None))
        add_proof("B", FEB, "F")
        add_proof("A2", FEB, "F", picture())
        rows = spot_of("A1", JAN, "F").rows
        whole = Scope((Hold(Role.REVIEWER, EVERYWHERE),))
        of_a = Scope((Hold(Role.REVIEWER, make.unit_of("A").path),))
        found = other_uses(whole, rows)[mine]
        assert [(use.unit_code, use.period_code, use.indicator_code) for use in found] == [
            ("A2", JAN, "S"),
            ("B", FEB, "F"),
        ]
        assert [use.unit_code for use in other_uses(of_a, rows)[mine]] == ["A2"]
        assert other_uses(Scope(), rows)[mine] == ()


def test_a_document_that_was_handed_out_and_in_again_is_the_same(plan: House) -> None:
    with plan.inside():
        first = add_proof("A", JAN, "F")
        kept = path_of(spot_of("A", JAN, "F").rows[0].sha256).read_bytes()
        add_proof("B", JAN, "F", kept)
        (use,) = other_uses(Scope((Hold(Role.AUDITOR, EVERYWHERE),)), spot_of("A", JAN, "F").rows)[first]
        assert use.unit_code == "B"


def test_an_indicator_of_which_there_is_evidence_is_not_deleted(plan: House) -> None:
    from tracker.features.plans.models import Plan

    with plan.inside():
        add_proof("A", JAN, "F")
        with pytest.raises(RuleError), writing():
            whole = db.session.scalars(select(Plan)).one()
            one = db.session.scalars(select(Indicator).where(Indicator.code == "F")).one()
            delete_indicator(whole, one, actor=HOUSE)


def test_what_the_unit_is_not_asked_for_has_no_evidence(plan: House) -> None:
    with plan.inside():
        for unit, indicator in (("T", "F"), ("A", "nothing")):
            with pytest.raises(NotFoundError):
                spot_of(unit, JAN, indicator)
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0
