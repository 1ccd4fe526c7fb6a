"""An export changes nothing when it comes back, also where names stand twice or units have gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.kit import make
from tests.kit.house import House
from tests.kit.plan_books import changed_book, changes, confirmed, export, previewed
from tests.kit.plans import indicator, plan_row
from tests.kit.visitor import Visitor
from tests.kit.workbooks import opened, saved
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.features.plans.queries import outline_of, stamp_of_initiative, supporting_units
from tracker.features.plans.services import (
    InitiativeDraft,
    add_indicator,
    add_initiative,
    add_pillar,
    create_plan,
    edit_initiative,
)
from tracker.features.restructure.services import move_unit

P = make.PLAN


def unchanged(visitor: Visitor, content: bytes, plan: str = P) -> None:
    """The preview of the workbook has nothing to do and nothing to say against it."""
    page = previewed(visitor, content, plan=plan)[1]
    assert changes(page) == []
    assert not page.page.root.all("section", class_="summary"), page.page.text


def test_initiatives_of_one_name_keep_their_indicators_and_what_is_said_of_them(
    ready: House, boss: Visitor
) -> None:
    with ready.inside(), writing():
        plan = plan_row().plan
        pillar = outline_of(plan)[0].pillar
        second = add_initiative(pillar, "举措", name_en="Second", actor=HOUSE)
        third = add_initiative(pillar, "举措", name_en="Third", actor=HOUSE)
        add_indicator(plan, second, replace(make.DRAFTS[0], code="X"), actor=HOUSE)
        for step, lead in ((second, "A"), (third, "B")):
            draft = InitiativeDraft("举措", step.name_en, make.unit_of(lead))
            edit_initiative(plan, step, draft, version=stamp_of_initiative(step), actor=HOUSE)
        db.session.commit()
        ids = second.id, third.id
    content = export(boss)
    unchanged(boss, content)
    book = opened(content)
    del book["English names"]
    unchanged(boss, saved(book))
    confirmed(
        boss, changed_book(content, {("Task breakdown", ("X",), "Accountable leader"): "副镇长"}), plan=P
    )
    with ready.inside():
        steps = outline_of(plan_row().plan)[0].initiatives
        assert indicator("X").initiative_id == ids[0]
        assert [(one.initiative.name_en, one.initiative.accountable) for one in steps] == [
            (None, None),
            ("Second", "副镇长"),
            ("Third", None),
        ]


def test_units_that_were_moved_away_stay_as_long_as_they_are_named(ready: House, boss: Visitor) -> None:
    with ready.inside(), writing():
        top = make.unit_of("A")
        plan = create_plan(
            "Q", "方案", unit=top, starts_on=date(2022, 1, 1), ends_on=date(2022, 4, 30), actor=HOUSE
        )
        step = add_initiative(add_pillar(plan, "抓手", actor=HOUSE), "举措", actor=HOUSE)
        other = add_initiative(outline_of(plan)[0].pillar, "另一举措", actor=HOUSE)
        for one, lead, beside in ((step, "A1", "A2"), (other, "A2", "A1")):
            draft = InitiativeDraft(one.name, None, make.unit_of(lead), [make.unit_of(beside)])
            edit_initiative(plan, one, draft, version=stamp_of_initiative(one), actor=HOUSE)
        move_unit(make.unit_of("A1"), make.unit_of("B"), day=date(2022, 2, 1), reason="调整", actor=HOUSE)
        db.session.commit()
    content = export(boss, "Q")
    unchanged(boss, content, "Q")
    # Nobody else can be named who does not stand below the plan's unit.
    task = ("Task breakdown", ("另一举措",))
    wrong = changed_book(content, {(*task, "Lead unit"): "Unit A1 (A1)", (*task, "Supporting units"): "B"})
    assert "There is no unit B" in previewed(boss, wrong, plan="Q")[1].page.text
    confirmed(boss, changed_book(content, {(*task, "Supporting units"): "A"}), plan="Q")
    with ready.inside():
        first, second = outline_of(plan_row("Q").plan)[0].initiatives
        assert first.initiative.lead_unit_id == make.unit_of("A1").id
        assert supporting_units(second.initiative) == [make.unit_of("A").id]


def test_codes_that_differ_in_case_alone_are_two_indicators(ready: House, boss: Visitor) -> None:
    with ready.inside(), writing():
        plan = plan_row().plan
        step = outline_of(plan)[0].initiatives[0].initiative
        add_indicator(plan, step, replace(make.DRAFTS[2], code="f", name="小写"), actor=HOUSE)
        db.session.commit()
    content = export(boss)
    unchanged(boss, content)
    confirmed(boss, changed_book(content, {("Task breakdown", ("f",), "Definition"): "怎样数"}), plan=P)
    with ready.inside():
        assert (indicator("f").definition, indicator("F").definition) == ("怎样数", "")
