"""A whole plan as a workbook: out and in again, shown before it is done, all or nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from tests.features.org.test_tree import ADMIN, local_admin, records
from tests.kit import make
from tests.kit.house import House
from tests.kit.plan_books import (
    FLOW,
    STOCK,
    can_confirm,
    changed_book,
    changes,
    confirmed,
    export,
    plan_book,
    previewed,
    upload,
)
from tests.kit.plans import indicator, own_targets, plan_row, structure, targets_in
from tests.kit.visitor import Visitor
from tests.kit.workbooks import opened, saved
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import (
    categories_of,
    curve_of,
    outline_of,
    supporting_units,
    target_history,
)
from tracker.features.plans.services import add_initiative, add_pillar
from tracker.features.reports.services import find_differences

SAMPLE = "LC-2022"
P = make.PLAN


def everything(house: House, plan: str) -> object:
    with house.inside():
        return structure(plan), targets_in(plan)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_exported_changes_nothing_when_it_comes_back(house: House, language: str) -> None:
    content = export(house.visitor(ADMIN, language=language), SAMPLE)
    assert len(opened(content).sheetnames) == 9
    for reader in ("zh", "en"):
        _, answer = previewed(house.visitor(ADMIN, language=reader), content, plan=SAMPLE)
        assert not can_confirm(answer)
        assert not answer.page.root.all("section", class_="summary")
        assert changes(answer) == []
        assert ("changes nothing" if reader == "en" else "没有需要更改") in answer.page.text
        # Nothing is unknown, and everything is mentioned.
        assert "not known" not in answer.page.text
        assert "Not mentioned" not in answer.page.text
    assert [one[0] for one in records(house, "export.plan")] == [f"plan {SAMPLE}"]


def test_every_kind_of_change_is_shown_and_then_done_exactly(ready: House, boss: Visitor) -> None:
    content = plan_book(
        工作方案=[["P", "新方案", "单位T", "2022-01-01", "2022-04-30", "每月"]],
        任务分解表=[
            ["抓手", "举措", "F", "新流量", "怎样数", "个", "A", "单位B、A1", "分管副镇长", "2022-03-31"],
            ["抓手", "新举措", "S", None, None, None, None, None, None, None],
            ["新抓手", "再举措", "N", "新指标", None, "场", None, None, None, None],
        ],
        指标设置=[
            ["N", STOCK, None, None, "按计划曲线", 1, None, None, "一；二；三"],
            ["FC", None, None, None, None, None, None, None, "甲；丙"],
        ],
        目标分解=[
            ["F", "A", None, 12.5, None],
            ["N", "A", "是", 3, 1],
            ["N", "单位B", "是", 4, None],
            ["R", "A1", "否", None, None],
        ],
        计划曲线=[["N", "2022-01-31", 10], ["N", date(2022, 4, 30), 100]],
        英文名称=[
            ["抓手", None, None, "Pillar one", None, None],
            [None, None, "N", "New", "events", "a;b;c"],
        ],
    )
    before = everything(ready, P)
    at, answer = previewed(boss, content, plan=P)
    assert everything(ready, P) == before
    shown = changes(answer)
    for said in (
        "PlanP | Changed | Name: 方案 → 新方案",
        "抓手 | Changed | English name: — → Pillar one",
        "新抓手 | Added |",
        "新举措抓手 | Added |",
        "举措抓手 | Changed | Lead unit: — → Unit A",
        "FlowF | Changed |",
        "StockS | Changed | Initiative: 举措 → 新举措",
        "NewN | Added |",
        "Flow by kindFC | Changed | Categories: 甲；乙 → 甲；丙",
        "Unit AA · F Flow | Added | Target: 12.5",
        "Unit AA · N New | Added | Target: 3",
        "Unit A1A1 · R Ratio | Changed | Reports it: Yes → No",
    ):
        wanted = said.split(" | ")
        assert any(all(part.strip() in one for part in wanted) for one in shown), (said, shown)
    assert "Not mentioned, and left as it is" in answer.page.text
    boss.submit(answer.page.form(""), at=at)
    with ready.inside():
        plan = plan_row().plan
        assert plan.name == "新方案"
        assert own_targets("F") == {"A": Decimal("12.5")}
        assert own_targets("N") == {"A": Decimal(3), "B": Decimal(4)}
        outline = {
            row.pillar.name: {
                step.initiative.name: [one.indicator.code for one in step.indicators]
                for step in row.initiatives
            }
            for row in outline_of(plan)
        }
        assert outline == {
            "抓手": {"举措": ["F", "FC", "SC", "R", "M", "RT", "C"], "新举措": ["S"]},
            "新抓手": {"再举措": ["N"]},
        }
        first = outline_of(plan)[0].initiatives[0].initiative
        assert first.lead_unit_id == make.unit_of("A").id
        assert set(supporting_units(first)) == {make.unit_of("B").id, make.unit_of("A1").id}
        assert (first.accountable, first.due_on) == ("分管副镇长", date(2022, 3, 31))
        new = indicator("N")
        assert [(one.name, one.name_en) for one in categories_of(new)] == [
            ("一", "a"),
            ("二", "b"),
            ("三", "c"),
        ]
        assert {point.day: point.share for point in curve_of(new)} == {
            date(2022, 1, 31): Decimal("0.1"),
            date(2022, 4, 30): Decimal(1),
        }
        assert [cell.indicator.code for cell in make.sheet_of("B", "2022-01").cells].count("N") == 3
        assert "R" not in [cell.indicator.code for cell in make.sheet_of("A1", "2022-01").cells]
        assert list(find_differences()) == []
    assert records(ready, "plan.import")[0][0] == "plan P"
    # What was shown is what was done: the same workbook now changes nothing.
    _, again = previewed(boss, content, plan=P)
    assert changes(again) == []
    assert not again.page.root.all("section", class_="summary")


def test_a_target_against_which_figures_count_changes_with_a_reason_from_a_day(
    ready: House, boss: Visitor
) -> None:
    with ready.inside():
        make.aim_for("F", "A", "10")
        make.aim_for("S", "A", "10")
        make.approved("A", "2022-01", FIGURES)
    content = plan_book(
        任务分解表=[["抓手", "举措", "N", "新指标", None, "个"]],
        指标设置=[["N", STOCK]],
        目标分解=[["F", "A", None, 20, None], ["N", "A", None, 5, None]],
    )
    at, answer = previewed(boss, content, plan=P)
    form = answer.page.form("")
    for fields, name in (
        ({}, "reason"),
        ({"reason": "因镇党委决定"}, "from_on"),
        ({"reason": "", "from_on": "2022-03-01"}, "reason"),
        ({"reason": "因镇党委决定", "from_on": "2023-01-01"}, "from_on"),
        ({"reason": "因镇党委决定", "from_on": "tomorrow"}, "from_on"),
    ):
        page = boss.submit(form, fields, at=at, status=422).page
        assert page.root.all("p", id=f"{name}-error"), (fields, page.text)
        assert page.form("").fields["reason"] == fields.get("reason", "")
    with ready.inside():
        assert own_targets("F") == {"A": Decimal(10)}
    boss.submit(form, {"reason": "因镇党委决定", "from_on": "2022-03-01"}, at=at)
    with ready.inside():
        unit = make.unit_of("A").id
        rows = target_history(unit, indicator("F").id)
        assert [(row.from_on, row.target, row.reason) for row in rows] == [
            (date(2022, 1, 1), 10, None),
            (date(2022, 3, 1), 20, "因镇党委决定"),
        ]
        # No figure counts against the other one: it holds from the first day, as on its page.
        other = target_history(unit, indicator("N").id)
        assert [(row.from_on, row.target, row.reason) for row in other] == [(date(2022, 1, 1), 5, None)]
        assert list(find_differences()) == []


FIGURES = {"F": "1", "FC/甲": "1", "FC/乙": "1", "S": "1", "SC/甲": "1", "SC/乙": "1"}
FIGURES |= {"R": "1/2", "M": "1/2", "RT": "1", "C": "1"}


def test_what_figures_mean_stays_and_is_said_at_the_cell(ready: House, boss: Visitor) -> None:
    with ready.inside():
        make.save("A", "2022-01", {"F": "1", "FC/甲": "1"})
    content = plan_book(
        任务分解表=[["抓手", "举措", "F", "流量", None, "万个"]],
        指标设置=[
            ["F", STOCK, None, None, None, 2],
            ["FC", None, None, None, None, None, None, None, "甲；乙；丙"],
        ],
        目标分解=[["F", "A", "否", None, None]],
    )
    at, answer = previewed(boss, content, plan=P)
    page = answer.page.root.one("section", class_="summary")
    said = {row.one("th").text: row.one("td").text for row in page.one("tbody").all("tr")}
    assert set(said) == {"任务分解表 F2", "指标设置 B2", "指标设置 F2", "指标设置 I3", "目标分解 C2"}
    assert all("entered" in one for one in said.values())
    marked = opened(boss.get(f"{at}/marked.xlsx").body)
    assert "unit of measure stays" in marked["任务分解表"]["F2"].comment.text
    assert "kind of number stays" in marked["指标设置"]["B2"].comment.text
    assert marked["指标设置"]["F2"].fill.fgColor.rgb == "FFF8CBAD"
    assert "goes on reporting" in marked["目标分解"]["C2"].comment.text
    boss.post(at, {"csrf_token": boss.token(), "fingerprint": "x"}, status=422)


def test_one_wrong_cell_keeps_everything_out(ready: House, boss: Visitor) -> None:
    before = everything(ready, P)
    content = plan_book(
        任务分解表=[["新抓手", "新举措", "N", "新指标", None, "个"], ["抓手", "举措", "F", "新名"]],
        指标设置=[["N", FLOW]],
        目标分解=[["F", "A", None, "多", None]],
    )
    at, answer = previewed(boss, content, plan=P)
    assert not can_confirm(answer)
    boss.post(at, {"csrf_token": boss.token(), "fingerprint": "x"}, status=422)
    assert everything(ready, P) == before
    assert records(ready, "plan.import") == []


def test_what_changed_between_preview_and_confirmation_is_shown_anew(ready: House, boss: Visitor) -> None:
    at, answer = previewed(boss, plan_book(目标分解=[["F", "A", None, 7, None]]), plan=P)
    form = answer.page.form("")
    with ready.inside():
        make.aim_for("F", "A", "5")
    page = boss.submit(form, at=at, status=409).page
    assert "has changed since this preview" in page.messages
    assert "Target: 5 → 7" in page.text
    with ready.inside():
        assert own_targets("F") == {"A": Decimal(5)}
    boss.submit(page.form(""), at=at)
    with ready.inside():
        assert own_targets("F") == {"A": Decimal(7)}


def test_pillars_of_the_same_name_keep_what_is_theirs(ready: House, boss: Visitor) -> None:
    with ready.inside(), writing():
        again = add_pillar(plan_row().plan, "抓手", actor=HOUSE)
        add_initiative(again, "另一举措", actor=HOUSE)
        db.session.commit()
    _, answer = previewed(boss, export(boss), plan=P)
    assert changes(answer) == []
    assert not answer.page.root.all("section", class_="summary")
    assert "Not mentioned" not in answer.page.text


def test_a_changed_export_changes_just_that(house: House) -> None:
    visitor = house.visitor(ADMIN, language="zh")
    content = changed_book(
        export(visitor, SAMPLE),
        {
            ("目标分解", ("I01", "LC01"), "目标"): 9999,
            ("任务分解表", ("I03",), "口径"): "第一行\n第二行",
        },
    )
    _, answer = previewed(visitor, content, plan=SAMPLE)
    shown = changes(answer)
    assert len(shown) == 2, shown
    assert "第二行" in shown[0]
    assert "目标" in shown[1]


def test_what_is_asked_of_reporters_is_set_and_survives_other_changes(house: House) -> None:
    visitor = house.visitor(ADMIN, language="zh")
    asked = {
        ("工作方案", (SAMPLE,), "滞后指标须说明原因"): "是",
        ("指标设置", ("I07",), "须附佐证材料"): "是",
    }
    content = changed_book(export(visitor, SAMPLE), asked)
    _, answer = previewed(visitor, content, plan=SAMPLE)
    assert [line.split(" | ")[-1] for line in changes(answer)] == [
        "滞后指标须说明原因：否 → 是",
        "须附佐证材料：否 → 是",
    ]
    confirmed(visitor, content, plan=SAMPLE)
    renamed = {("工作方案", (SAMPLE,), "名称"): "新名称", ("任务分解表", ("I07",), "口径"): "新口径"}
    confirmed(visitor, changed_book(export(visitor, SAMPLE), renamed), plan=SAMPLE)
    with house.inside():
        plan = plan_row(SAMPLE).plan
        assert plan.name == "新名称"
        assert plan.asks_why_behind
        assert indicator("I07", plan=SAMPLE).definition == "新口径"
        assert indicator("I07", plan=SAMPLE).needs_evidence


def test_two_steps_of_review_go_out_and_come_in_again(house: House) -> None:
    visitor = house.visitor(ADMIN, language="zh")
    content = changed_book(export(visitor, SAMPLE), {("工作方案", (SAMPLE,), "审核步骤"): "2"})
    _, answer = previewed(visitor, content, plan=SAMPLE)
    assert [line.split(" | ")[-1] for line in changes(answer)] == ["审核步骤：1 → 2"]
    confirmed(visitor, content, plan=SAMPLE)
    again = export(visitor, SAMPLE)
    _, answer = previewed(visitor, again, plan=SAMPLE)
    assert changes(answer) == []
    # A row that does not mention them leaves them; a plan made from the workbook has them as well.
    silent = changed_book(again, {("工作方案", (SAMPLE,), "审核步骤"): None})
    assert changes(previewed(visitor, silent, plan=SAMPLE)[1]) == []
    confirmed(visitor, changed_book(again, {("工作方案", (SAMPLE,), "方案编号"): "TWO"}), plan=None)
    wrong_number = changed_book(again, {("工作方案", (SAMPLE,), "审核步骤"): 3})
    assert not can_confirm(previewed(visitor, wrong_number, plan=SAMPLE)[1])
    with house.inside():
        assert [plan_row(code).plan.review_steps for code in (SAMPLE, "TWO")] == [2, 2]


def test_plans_and_units_out_of_scope_are_not_there(house: House) -> None:
    name = local_admin(house)
    local, admin = house.visitor(name), house.visitor(ADMIN)
    local.get(f"/plans/{SAMPLE}/export.xlsx", status=404)
    local.get(f"/plans/{SAMPLE}/import", status=404)
    at, answer = previewed(admin, plan_book(目标分解=[["I03", "LC01", None, 99, None]]), plan=SAMPLE)
    local.get(at, status=404)
    local.post(at, {"csrf_token": local.token(), "fingerprint": "x"}, status=404)
    # A file that was handed in for one plan is not found elsewhere, nor by anyone else.
    token = at.rpartition("/")[2]
    assert "no longer kept" in admin.follow(admin.get(f"/import/plans/{token}", status=303)).page.messages
    assert answer.page.form("")

    def cover(unit: str) -> bytes:
        return plan_book(工作方案=[["N-1", "新方案", unit, "2023-01-01", "2023-12-31"]])

    _, refused = previewed(local, cover("LC"), plan=None)
    assert "There is no unit LC at or below" in refused.page.text
    # Below the plan's own unit there is nobody else.
    mixed = plan_book(
        工作方案=[["N-1", "新方案", "LC01", "2023-01-01", "2023-12-31"]],
        任务分解表=[["抓手", "举措", None, None, None, None, "LC02"]],
    )
    assert "There is no unit LC02" in previewed(local, mixed, plan=None)[1].page.text
    assert confirmed(local, cover("吉庆社区"), plan=None).page.heading == "新方案"


def test_a_workbook_of_another_plan_is_refused(ready: House, boss: Visitor) -> None:
    other = plan_book(工作方案=[["Q", "方案", "T", "2022-01-01", "2022-04-30"]])
    assert "of the plan Q" in previewed(boss, other, plan=P)[1].page.text
    confirmed(boss, other, plan=None)
    assert "The code Q is taken" in previewed(boss, other, plan=None)[1].page.text


def test_an_empty_template_says_what_it_needs(boss: Visitor) -> None:
    template = boss.get("/import/plans/template.xlsx").body
    page = upload(boss, template, plan=None, status=422).page
    assert "needs its code, name, unit and days" in page.root.one("p", id="file-error").text
    assert "/import/plans" in {link["href"] for link in boss.get("/plans").page.root.all("a")}
    links = {link["href"] for link in boss.get(f"/plans/{P}").page.root.all("a")}
    assert {f"/plans/{P}/export.xlsx", f"/plans/{P}/import"} <= links


def test_the_workbook_offers_words_and_units_and_prints_on_pages(house: House) -> None:
    book = opened(export(house.visitor(ADMIN, language="zh"), SAMPLE))
    assert book.sheetnames[:6] == ["工作方案", "任务分解表", "指标设置", "目标分解", "计划曲线", "英文名称"]
    lists = {str(rule.formula1): str(rule.sqref) for rule in book["指标设置"].data_validations.dataValidation}
    assert lists['"应达到,不得超过"'] == "D4:D1003"
    units = [rule for rule in book["目标分解"].data_validations.dataValidation if "组织机构" in rule.formula1]
    assert [(str(rule.sqref), rule.showErrorMessage) for rule in units] == [("D4:D1003", False)]
    for name in book.sheetnames[:6]:
        ws = book[name]
        assert (ws.page_setup.fitToWidth, ws.page_setup.fitToHeight) == (1, 0)
        assert ws.print_title_rows == "$3:$3"
        assert ws.freeze_panes == "A4"
    # The sum of the communities' targets stands beside the township's own.
    told = [[cell.value for cell in row] for row in book["目标分解"].iter_rows(min_row=4)]
    assert next(row[6:10] for row in told if row[0] == "I01" and row[3] == "LC") == [24000, None, 24000, 0]


def test_the_workbook_of_one_plan_makes_another_that_is_like_it(house: House) -> None:
    with house.inside(), writing():
        # Whether a sample's figures are the township's own is no part of the workbook.
        db.session.execute(update(Indicator).values(origin=None))
        db.session.commit()
    visitor = house.visitor(ADMIN, language="zh")
    book = opened(export(visitor, SAMPLE))
    book["工作方案"]["A4"].value = "LC-2022B"
    confirmed(visitor, saved(book), plan=None)
    with house.inside():
        assert structure(SAMPLE) == structure("LC-2022B")
        assert targets_in(SAMPLE) == targets_in("LC-2022B")
        assert list(find_differences()) == []
