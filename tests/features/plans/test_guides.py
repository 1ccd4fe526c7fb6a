"""Longer help for an indicator: written with it, opened from its name in the report, and taken along."""

from __future__ import annotations

from datetime import date

from tests.kit import make
from tests.kit.house import House
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.features.plans.models import Indicator, Plan
from tracker.features.plans.services import CopyDraft, copy_plan

TEXT, TEXT_EN = "数据来源：台账。\n例如：<6> 个。", "Source: the register.\nFor example <6>."
AT = "/plans/LC-2022/indicators/I05/edit"
SHEET = "/reports/LC-2022/LC07/2022-06"


def write_help(house: House) -> None:
    """Write help for an indicator that has none in the sample."""
    visitor = house.visitor("guanli")
    form = visitor.get(AT).page.form("")
    visitor.submit(form, {"guide": TEXT, "guide_en": TEXT_EN}, at=AT)


def test_help_is_written_with_the_indicator_and_kept_in_its_history(story: House) -> None:
    write_help(story)
    with story.inside():
        row = db.session.scalars(db.select(Indicator).where(Indicator.code == "I05")).one()
        assert (row.guide, row.guide_en) == (TEXT, TEXT_EN)
    visitor = story.visitor("guanli")
    assert "Help for filling in" in visitor.get("/plans/LC-2022/indicators/I05").page.text
    form = visitor.get(AT).page.form("")
    assert form.fields["guide"].replace("\r", "") == TEXT
    page = visitor.submit(form, {"guide": "字" * 2001}, at=AT, status=422).page
    assert "too long" in page.root.one("p", id="guide-error").text


def test_help_opens_from_the_name_in_the_report_in_the_readers_language(story: House) -> None:
    write_help(story)
    for language, said in (("en", "Source: the register."), ("zh", "数据来源：台账。")):
        page = story.visitor("donghu", language=language).get(SHEET).page
        found = [one for one in page.root.all("details", class_="guide") if said in one.text]
        assert len(found) == 1
        assert "<6>" in found[0].text
        assert found[0].one("summary").text
        assert "open" not in found[0].attributes


def test_an_indicator_without_help_has_no_drawer(story: House) -> None:
    with story.inside(), writing():
        for row in db.session.scalars(db.select(Indicator)):
            row.guide = row.guide_en = None
        db.session.commit()
    page = story.visitor("donghu").get(SHEET).page
    assert page.root.all("details", class_="guide") == []
    assert "Help for filling in" not in page.text


def test_help_goes_along_into_the_plan_of_the_next_year(story: House) -> None:
    with story.inside(), writing():
        plan = db.session.scalars(db.select(Plan)).one()
        draft = CopyDraft(code="LC-2023", name="新方案", name_en=None, years=1, with_targets=False)
        copy = copy_plan(plan, draft, unit=make.unit_of("LC"), actor=HOUSE)
        assert copy.starts_on == date(2023, 1, 1)
        rows = db.session.scalars(db.select(Indicator).where(Indicator.code == "I01")).all()
        assert len({row.guide for row in rows}) == 1
        assert all(row.guide and row.guide_en for row in rows)
        db.session.commit()
