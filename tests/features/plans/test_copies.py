"""A copy of a plan is the same some years later, and what is derived from it holds."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.kit import make
from tests.kit.accounts import records
from tests.kit.house import House
from tests.kit.plans import (
    plan_row,
    structure,
    targets_in,
)
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.features.periods.queries import due_changes, get_managed_plan, managed_periods
from tracker.features.periods.services import set_lock_rule
from tracker.features.plans.models import Plan
from tracker.features.plans.queries import (
    figures_of,
    outline_of,
    stamp_of,
)
from tracker.features.plans.services import (
    CopyDraft,
    PlanDraft,
    copy_plan,
    edit_plan,
)
from tracker.features.reports.services import find_differences


def copy(source: str, code: str, *, years: int = 1, with_targets: bool = False) -> None:
    """Carry a plan into a later year."""
    with writing():
        found = plan_row(source)
        draft = CopyDraft(code, "副本", "Copy", years, with_targets)
        copy_plan(found.plan, draft, unit=found.unit, actor=HOUSE)
        db.session.commit()


@pytest.mark.parametrize("with_targets", [True, False])
def test_a_copy_equals_its_original_and_verifies(small: House, with_targets: bool) -> None:
    with small.inside():
        with writing():
            step = outline_of(plan_row("LC-2022").plan)[0].initiatives[0].initiative
            step.accountable, step.due_on = "分管城建的副镇长", date(2022, 10, 31)
            db.session.commit()
        copy("LC-2022", "LC-2023", with_targets=with_targets)
        assert structure("LC-2023") == structure("LC-2022")
        assert len(structure("LC-2023")) > 60
        if with_targets:
            assert targets_in("LC-2023") == targets_in("LC-2022")
        else:
            assert all(target is None for _, _, target, _ in targets_in("LC-2023"))
        assert plan_row("LC-2023").plan.starts_on == date(2023, 1, 1)
        assert list(find_differences()) == []
        assert figures_of(plan_row("LC-2023").plan.id).kept == frozenset()


def test_a_copy_on_both_databases_takes_targets_and_assignments_along(planned: House) -> None:
    make.aim_for("F", "A", "10.5", "2")
    make.aim_for("C", "T", "3")
    copy(make.PLAN, "P3", years=2, with_targets=True)
    assert structure("P3") == structure(make.PLAN)
    assert targets_in("P3") == targets_in(make.PLAN)
    assert plan_row("P3").plan.ends_on == date(2024, 4, 30)
    assert list(find_differences()) == []


def test_a_copy_onto_a_code_that_is_taken_leaves_nothing_behind(planned: House) -> None:
    with pytest.raises(RuleError) as refused:
        copy(make.PLAN, make.PLAN)
    assert refused.value.field == "code"
    assert db.session.scalar(select(func.count()).select_from(Plan)) == 1


def test_a_copy_locks_itself_by_the_rule_of_its_source(planned: House) -> None:
    with planned.inside():
        with writing():
            set_lock_rule(get_managed_plan(WHOLE_HOUSE, make.PLAN), 3, seen=None, actor=HOUSE)
            db.session.commit()
        copy(make.PLAN, "NEXT")
        following = get_managed_plan(WHOLE_HOUSE, "NEXT")
        assert following.lock_workdays == 3
        assert all(one.open_until is not None for one in managed_periods(following))
        assert due_changes([following]) == []
        assigned = records("indicator.assign")
        assert assigned
        assert all(row.unit_id is not None for row in assigned)


def test_a_copy_is_reviewed_in_as_many_steps_as_its_source(planned: House) -> None:
    with planned.inside():
        with writing():
            plan = db.session.scalars(select(Plan)).one()
            draft = PlanDraft(plan.name, plan.name_en, plan.amber_limit, plan.red_limit, review_steps=2)
            edit_plan(plan, draft, version=stamp_of(plan), actor=HOUSE)
            db.session.commit()
        assert "review_steps: 1 → 2" in records("plan.edit")[-1].difference
        copy(make.PLAN, "NEXT")
        made = db.session.scalars(select(Plan).where(Plan.code == "NEXT")).one()
        assert made.review_steps == 2
