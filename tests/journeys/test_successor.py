"""An administrator replaces an indicator in the middle of a plan, on the pages. Figures worked by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.features.plans.models import Indicator, IndicatorReplacement
from tracker.features.plans.queries import periods_of_plan
from tracker.features.reports.services import find_differences

OLD = f"/plans/{make.PLAN}/indicators/S"
REPLACE = f"{OLD}/replace"
NEW = {
    "day": "2022-03-01",
    "why": "The city counts places now.",
    "name": "新存量",
    "name_en": "New stock",
    "unit_of_measure": "处",
    "decimals": "1",
    "categories-0-name": "甲",
    "categories-1-name": "乙",
}


@pytest.fixture
def story(hamlet: House) -> House:
    """The small plan in June, with figures of S: A1 had 5 and then 6, B 9."""
    with hamlet.inside():
        make.add_sample_user("boss", "administrator", "T")
        make.add_sample_user("of-a", "administrator", "A")
        make.add_sample_user("leader", "official", "T")
        make.tell_on(date(2022, 6, 1))
        make.aim_for("S", "T", "30")
        make.approved("A1", "2022-01", {"S": "5", "F": "1"})
        make.approved("A1", "2022-02", {"S": "6", "F": "2"})
        make.approved("B", "2022-02", {"S": "9"})
    return hamlet


def preview(visitor: Visitor, **changed: str) -> Answer:
    """Fill the form in and look."""
    form = visitor.get(REPLACE).page.form("")
    return visitor.submit(form, {**NEW, "action": "preview", **changed}, at=REPLACE, status=200)


def confirm(visitor: Visitor, shown: Answer, *, status: int = 303) -> Answer:
    """Do what is shown."""
    return visitor.submit(shown.page.form(REPLACE, method="post"), {"action": "confirm"}, status=status)


def codes(house: House) -> set[str]:
    with house.inside():
        return set(db.session.scalars(select(Indicator.code)))


def test_it_is_shown_then_done_and_both_name_each_other(story: House) -> None:
    boss = story.visitor("boss")
    assert REPLACE in boss.get(OLD).body.decode()
    before = codes(story)
    shown = preview(boss)
    told = shown.page.text
    assert "Nothing has been saved yet" in told
    # 6 of A1 and 9 of B on 28 February, against a target of 30; 4 units report, 2 of them in February.
    for said in ("15", "30", "2 of 4", "0 of 4", "4 units report the new one", "other figures stay"):
        assert said in told, said
    assert codes(story) == before
    answer = confirm(boss, shown)
    assert answer.location.endswith(f"/plans/{make.PLAN}/indicators/S-2")
    page = boss.follow(answer).page.text
    assert "Since 1 March 2022 in place of Stock" in page
    assert "Began in place of another indicator" in page
    assert "The city counts places now." in page
    assert "From 1 March 2022 on replaced by New stock" in boss.get(OLD).page.text
    assert "replaced already" in boss.get(REPLACE).page.text
    with story.inside():
        assert list(find_differences()) == []
        record = db.session.scalars(
            select(AuditRecord).where(AuditRecord.action == "indicator.replace")
        ).one()
        assert record.unit_id == make.unit_of("T").id


def test_figures_before_and_after_are_each_ones_own(story: House) -> None:
    boss = story.visitor("boss")
    confirm(boss, preview(boss))
    with story.inside():
        make.approved("A1", "2022-03", {"S-2/甲": "70.5", "S-2/乙": "1", "F": "1"})
        february, march = (make.standings_at("T", date(2022, *day)) for day in ((2, 28), (3, 31)))
        assert february["S"].position.actual == 15
        assert "S-2" not in february
        assert "S" not in march
        assert march["S-2"].position.actual * 2 == 143
        assert march["S-2"].position.target is None
        assert march["F"].position.actual == 4
        assert list(find_differences()) == []
    leader = story.visitor("leader")
    page = leader.get("/indicators/S-2?unit=T&as_of=2022-03-31").page
    assert "Since 1 March 2022 in place of" in page.text
    links = [a["href"] for a in page.root.all("a") if "/indicators/S?" in a["href"]]
    then = leader.get(links[0]).page
    assert "From 1 March 2022 on replaced by New stock" in then.text
    back = [a["href"] for a in then.root.all("a") if "/indicators/S-2?" in a["href"]]
    assert "New stock" in leader.get(back[0]).page.heading


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(story: House) -> None:
    boss = story.visitor("boss")
    form = boss.get(REPLACE).page.form("")
    for wrong, said in (
        ({"why": ""}, "Give a reason"),
        ({"code": "S"}, "is taken"),
        ({"day": "2022-02-01"}, "Choose one of the entries"),
        ({"name": " "}, "Enter a name"),
        ({"categories-1-name": ""}, "One category divides nothing"),
    ):
        for action in ("preview", "confirm"):
            sent = {**NEW, "action": action, **wrong}
            answer = boss.submit(form, sent, at=REPLACE, status=422)
            assert said in answer.page.text, wrong
            assert "新存量" in answer.body.decode() or "name" in wrong
    assert "S-2" not in codes(story)


def test_what_changed_since_the_preview_is_not_overwritten(story: House) -> None:
    boss = story.visitor("boss")
    shown = preview(boss)
    with story.inside():
        db.session.scalars(select(Indicator).where(Indicator.code == "S")).one().definition = "new"
        db.session.commit()
    assert "changed since you looked" in confirm(boss, shown, status=409).page.text
    shown = preview(boss)
    with story.inside():
        make.save("B", "2022-03", {"S": "9"})
    assert "Choose one of the entries" in confirm(boss, shown, status=422).page.text


def test_only_periods_after_the_last_value_are_offered(story: House) -> None:
    page = story.visitor("boss").get(REPLACE).page
    offered = [one["value"] for one in page.root.one("select", name="day").all("option")]
    assert offered == ["2022-03-01", "2022-04-01"]
    with story.inside():
        make.save("B", "2022-04", {"S": "9"})
        assert len(periods_of_plan(1)) == 4
    assert "No period is left" in story.visitor("boss").get(REPLACE).page.text


def test_deleting_an_unused_successor_takes_the_replacement_back(story: House) -> None:
    boss = story.visitor("boss")
    confirm(boss, preview(boss))
    with story.inside():
        ids = dict(db.session.execute(select(Indicator.code, Indicator.id)).all())
    token = boss.token()
    refused = boss.post(f"/plans/P/indicators/{ids['S']}/delete", {"csrf_token": token}, status=303)
    assert "taken the place" in boss.follow(refused).page.text or "kept" in boss.follow(refused).page.text
    boss.post(f"/plans/P/indicators/{ids['S-2']}/delete", {"csrf_token": token}, status=303)
    assert "S-2" not in codes(story)
    assert "Replacement taken back" in boss.get(OLD).page.text
    with story.inside():
        assert db.session.scalars(select(IndicatorReplacement)).all() == []
        assert list(find_differences()) == []
        make.approved("B", "2022-03", {"S": "11"})


def test_a_copied_plan_goes_on_with_the_successor_only(story: House) -> None:
    boss = story.visitor("boss")
    confirm(boss, preview(boss))
    boss.submit(boss.get("/plans/P/copy").page.form(""), {"code": "P2"}, at="/plans/P/copy")
    with story.inside():
        copied = set(db.session.scalars(select(Indicator.code).where(Indicator.plan_id != 1)))
    assert "S-2" in copied
    assert "S" not in copied


def test_an_administrator_of_a_part_finds_no_such_page(story: House) -> None:
    story.visitor("of-a").get(REPLACE, status=404)
