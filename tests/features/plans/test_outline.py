"""The outline of a plan: order, deletion, versions, and changes told as before and after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from tests.kit import make
from tests.kit.house import House
from tests.kit.plans import (
    aim,
    indicator,
    last_record,
    plan_row,
)
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.measures import Measure
from tracker.domain.schedule import Schedule
from tracker.features.plans.models import Pillar
from tracker.features.plans.queries import (
    curve_of,
    outline_of,
    stamp_of,
)
from tracker.features.plans.services import (
    IndicatorDraft,
    Move,
    PlanDraft,
    add_indicator,
    add_initiative,
    add_pillar,
    delete_indicator,
    delete_initiative,
    delete_pillar,
    delete_plan,
    edit_pillar,
    edit_plan,
    move_part,
)
from tracker.features.reports.services import find_differences


def test_parts_change_places_and_stay_in_order(planned: House) -> None:
    with writing():
        plan = plan_row().plan
        for name in ("二", "三"):
            add_pillar(plan, name, actor=HOUSE)
        db.session.commit()

    def names() -> list[str]:
        return [row.pillar.name for row in outline_of(plan_row().plan)]

    def step(name: str, move: Move) -> None:
        with writing():
            pillar = db.session.scalars(select(Pillar).where(Pillar.name == name)).one()
            move_part(plan_row().plan, pillar, move, actor=HOUSE)
            db.session.commit()

    step("三", Move.UP)
    assert names() == ["抓手", "三", "二"]
    step("抓手", Move.DOWN)
    assert names() == ["三", "抓手", "二"]
    step("三", Move.UP)  # it is the first already
    assert names() == ["三", "抓手", "二"]
    with writing():
        found = plan_row().plan
        delete_pillar(found, outline_of(found)[0].pillar, actor=HOUSE)
        add_pillar(found, "四", actor=HOUSE)
        db.session.commit()
    assert names() == ["抓手", "二", "四"]
    with writing():
        move_part(plan_row().plan, indicator("S"), Move.UP, actor=HOUSE)
        db.session.commit()
    codes = [row.indicator.code for row in outline_of(plan_row().plan)[0].initiatives[0].indicators]
    assert codes == ["F", "S", "FC", "SC", "R", "M", "RT", "C"]
    assert last_record().difference == "indicator: — → 存量\nplace: 3 → 2"


def test_only_what_is_unused_can_be_deleted(planned: House) -> None:
    make.save("A", "2022-01", {"F": "3"})
    make.save("A", "2022-01", {"F": ""})
    aim("S", A="5")
    for code in ("F", "S"):  # entered once though cleared again; and one with a target
        with pytest.raises(RuleError), writing():
            delete_indicator(plan_row().plan, indicator(code), actor=HOUSE)
    found = outline_of(plan_row().plan)[0]
    with pytest.raises(RuleError), writing():
        delete_initiative(plan_row().plan, found.initiatives[0].initiative, actor=HOUSE)
    with pytest.raises(RuleError), writing():
        delete_pillar(plan_row().plan, outline_of(plan_row().plan)[0].pillar, actor=HOUSE)
    with pytest.raises(RuleError), writing():
        delete_plan(plan_row().plan, actor=HOUSE)
    with writing():
        for code in ("SC", "R"):
            delete_indicator(plan_row().plan, indicator(code), actor=HOUSE)
        db.session.commit()
    assert list(find_differences()) == []
    assert last_record().difference == "indicator: R 比率 → —"
    left = {row.indicator.code for row in outline_of(plan_row().plan)[0].initiatives[0].indicators}
    assert left == {"F", "FC", "S", "M", "RT", "C"}


def test_an_empty_plan_can_be_deleted_from_the_bottom_up(hamlet: House) -> None:
    with hamlet.inside():
        with writing():
            plan = plan_row().plan
            for pillar in outline_of(plan):
                for step in pillar.initiatives:
                    for row in step.indicators:
                        delete_indicator(plan, row.indicator, actor=HOUSE)
                    delete_initiative(plan, step.initiative, actor=HOUSE)
                delete_pillar(plan, pillar.pillar, actor=HOUSE)
            delete_plan(plan, actor=HOUSE)
            db.session.commit()
        for table in ("plans", "periods", "pillars", "indicators", "categories", "targets", "plan_reaches"):
            assert db.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table


def test_changes_are_told_as_before_and_after(planned: House) -> None:
    with writing():
        plan = plan_row().plan
        draft = PlanDraft("新方案", "Plan", Decimal(5), Decimal("-7.5"))
        edit_plan(plan, draft, version=stamp_of(plan), actor=HOUSE)
        db.session.commit()
    assert last_record().difference == "name: 方案 → 新方案\namber_limit: 0 → 5\nred_limit: -10 → -7.5"
    before = last_record().id
    with writing():
        plan = plan_row().plan
        edit_plan(plan, draft, version=stamp_of(plan), actor=HOUSE)
        db.session.commit()
    assert last_record().id == before  # nothing changed, nothing is told


def test_amber_never_lies_below_red(planned: House) -> None:
    with pytest.raises(RuleError) as refused, writing():
        plan = plan_row().plan
        draft = PlanDraft("方案", None, Decimal(-11), Decimal(-10))
        edit_plan(plan, draft, version=stamp_of(plan), actor=HOUSE)
    assert refused.value.field == "amber_limit"


def test_an_old_version_changes_nothing(planned: House) -> None:
    pillar = outline_of(plan_row().plan)[0].pillar
    seen = stamp_of(pillar)
    for name, fine in (("先", True), ("后", False)):
        with writing():
            found = outline_of(plan_row().plan)[0].pillar
            if fine:
                edit_pillar(plan_row().plan, found, name, name_en=None, version=seen, actor=HOUSE)
                db.session.commit()
            else:
                with pytest.raises(StaleError):
                    edit_pillar(plan_row().plan, found, name, name_en=None, version=seen, actor=HOUSE)
                db.session.commit()
    assert outline_of(plan_row().plan)[0].pillar.name == "先"


def test_an_indicator_that_follows_a_curve_has_one_from_the_start(planned: House) -> None:
    with writing():
        plan = plan_row().plan
        step = add_initiative(add_pillar(plan, "绿化", actor=HOUSE), "植树", actor=HOUSE)
        draft = IndicatorDraft("G", "植树", Measure.FLOW, "棵", schedule=Schedule.CURVE)
        made = add_indicator(plan, step, draft, actor=HOUSE)
        db.session.commit()
    shares = [(point.day, point.share) for point in curve_of(made)]
    assert shares == [
        (date(2022, 1, 31), Decimal("0.25")),
        (date(2022, 2, 28), Decimal("0.5")),
        (date(2022, 3, 31), Decimal("0.75")),
        (date(2022, 4, 30), Decimal(1)),
    ]
