"""The pages about plans: what is fixed, what is refused, and two administrators at once."""

from __future__ import annotations

import pytest

from tests.kit import make
from tests.kit.house import House
from tests.kit.page import Form, Page
from tests.kit.plans import aim, indicator, own_targets, plan_row
from tests.kit.visitor import Answer, Visitor
from tracker.domain.meaning import FIXED
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import categories_of, curve_of, outline_of, supporting_units
from tracker.features.reports.services import find_differences

INDICATORS = f"/plans/{make.PLAN}/indicators"


def form_at(visitor: Visitor, path: str) -> Form:
    """The form of a page that is sent to the page itself."""
    return visitor.get(path).page.form("")


def send(visitor: Visitor, path: str, fields: dict[str, str], *, status: int = 303) -> Answer:
    """Open a page, change some of its fields, send it."""
    return visitor.submit(form_at(visitor, path), fields, at=path, status=status)


def unit_cell(code: str, which: str = "target") -> str:
    """The name of a unit's cell in the grid of targets."""
    return f"t{make.unit_of(code).id}-{which}"


def grid_rows(visitor_page: Page) -> dict[str, str]:
    """What the lines of the grid of targets say, by the code of the unit."""
    lines = [row for row in visitor_page.root.all("tr") if row["data-unit"]]
    return {row.one("span", class_="rows__sub").text.split(" ")[0]: row.text for row in lines}


MEANING = {
    "code": "F9",
    "measure": "stock",
    "direction": "at_most",
    "reported_as": "running_total",
    "unit_of_measure": "万个",
    "decimals": "3",
}


@pytest.mark.parametrize("name", MEANING)
def test_what_figures_mean_is_fixed_in_the_form_and_on_the_server(
    ready: House, boss: Visitor, name: str
) -> None:
    path = f"{INDICATORS}/F/edit"
    assert name in form_at(boss, path).fields
    with ready.inside():
        make.save("A", "2022-01", {"F": "3"})
    answer = boss.get(path)
    form = answer.page.form("")
    assert name not in form.fields
    assert "disabled" in form.element.one("input", id=name).attributes
    assert FIXED[name] in answer.page.text
    # Whoever sends it all the same is refused, and sees why at the field.
    refused = boss.submit(form, {name: MEANING[name]}, at=path, status=422)
    assert FIXED[name] in refused.page.root.one("p", id=f"{name}-error").text
    # The wording can be changed.
    boss.submit(form, {"name": "新名", "definition": "按月\n统计"}, at=path)
    with ready.inside():
        assert (indicator("F").name, indicator("F").code, indicator("F").decimals) == ("新名", "F", 1)
    history = boss.get(f"{INDICATORS}/F").page.text
    assert "before 流量 → after 新名" in history
    assert "按月 统计" in history


def test_categories_are_added_renamed_reordered_and_then_fixed(ready: House, boss: Visitor) -> None:
    path = f"{INDICATORS}/SC/edit"
    rows = {f"categories-{row}-{name}": value for row, name, value in (
        (0, "place", "2"), (0, "name", "甲新"), (1, "place", "1"), (2, "name", "丙"), (2, "place", "3")
    )}  # fmt: skip
    send(boss, path, rows)
    with ready.inside():
        assert [c.name for c in categories_of(indicator("SC"))] == ["乙", "甲新", "丙"]
    send(boss, path, {"categories-2-name": ""})
    with ready.inside():
        assert [c.name for c in categories_of(indicator("SC"))] == ["乙", "甲新"]
    twice = send(boss, path, {"categories-2-name": "乙"}, status=422)
    assert "same name" in twice.page.text
    assert "divides nothing" in send(boss, path, {"categories-0-name": ""}, status=422).page.text
    with ready.inside():
        make.save("A", "2022-01", {"SC/乙": "3", "SC/甲新": "1"})
    form = form_at(boss, path)
    assert "categories-2-name" not in form.fields
    for wrong in ({"categories-0-name": ""}, {"categories-2-name": "丁"}, {"categories-0-id": ""}):
        assert (
            "no category can be added or removed" in boss.submit(form, wrong, at=path, status=422).page.text
        )
    # A row of another indicator does not come in by its number.
    with ready.inside():
        foreign = str(categories_of(indicator("FC"))[0].id)
    boss.submit(form, {"categories-0-id": foreign}, at=path, status=422)
    boss.submit(form, {"categories-0-place": "9", "categories-1-name": "甲甲"}, at=path)
    with ready.inside():
        assert [c.name for c in categories_of(indicator("SC"))] == ["甲甲", "乙"]


def test_two_administrators_see_each_others_changes(ready: House, boss: Visitor) -> None:
    path = f"{INDICATORS}/F/edit"
    mine, theirs = form_at(boss, path), form_at(boss, path)
    boss.submit(theirs, {"name": "他的"}, at=path)
    answer = boss.submit(mine, {"name": "我的"}, at=path, status=409)
    assert "他的" in answer.page.text
    again = answer.page.form("")
    assert again.fields["name"] == "我的"
    boss.submit(again, at=path)
    with ready.inside():
        assert indicator("F").name == "我的"


def test_every_form_refuses_an_older_version(ready: House, boss: Visitor) -> None:
    with ready.inside():
        pillar = outline_of(plan_row().plan)[0]
        cell = unit_cell("A")
    plan = f"/plans/{make.PLAN}"
    for path, fields in (
        (f"{plan}/edit", {"name": "别名"}),
        (f"{plan}/pillars/{pillar.pillar.id}", {"name": "别名"}),
        (f"{plan}/initiatives/{pillar.initiatives[0].initiative.id}", {"accountable": "分管副镇长"}),
        (f"{INDICATORS}/F/targets", {cell: "5"}),
    ):
        mine, theirs = form_at(boss, path), form_at(boss, path)
        boss.submit(theirs, fields, at=path)
        answer = boss.submit(mine, {name: f"{value}1" for name, value in fields.items()}, at=path, status=409)
        assert "changed this in the meantime" in answer.page.text, path
        for name, value in fields.items():
            assert answer.page.form("").fields[name] == f"{value}1"


def test_the_grid_says_what_is_wrong_at_the_cell_and_adds_up_what_is_typed(
    ready: House, boss: Visitor
) -> None:
    path = f"{INDICATORS}/F/targets"
    with ready.inside():
        top, a, b, a1 = (unit_cell(code) for code in ("T", "A", "B", "A1"))
    typed = {top: "100", a: "60", b: "3O.5", a1: "20"}
    answer = send(boss, path, typed, status=422)
    assert "not a number" in answer.page.root.one("p", id=f"{b}-error").text
    assert {name: answer.page.form("").fields[name] for name in typed} == typed
    with ready.inside():
        assert own_targets("F") == {}
    # B cannot be read, so the township's parts come to A's 60; A's own parts to 20.
    assert "60.0 −40.0" in grid_rows(answer.page)["T"]
    assert "20.0 −40.0" in grid_rows(answer.page)["A"]
    send(boss, path, typed | {b: "４０"})
    assert "100.0 agrees" in grid_rows(boss.get(path).page)["T"]
    # Without one of its own, A counts with the 20 of A1.
    send(boss, path, {a: ""})
    rows = grid_rows(boss.get(path).page)
    assert "60.0 −40.0" in rows["T"]
    assert "20.0 counts as the target" in rows["A"]
    with ready.inside():
        assert list(find_differences()) == []


def test_a_new_target_asks_why_once_figures_count(ready: House, boss: Visitor) -> None:
    path = f"{INDICATORS}/F/targets"
    with ready.inside():
        aim("F", A="10")
        cell = unit_cell("A")
    assert "reason" not in form_at(boss, path).fields
    with ready.inside():
        make.approved("A", "2022-01", {"F": "1"})
    assert "Say why they change" in send(boss, path, {cell: "12"}, status=422).page.text
    why = {cell: "12", "reason": "镇党委会议决定", "from_on": "2022-03-01"}
    assert "not a day" in send(boss, path, why | {"from_on": "1.3."}, status=422).page.text
    send(boss, path, why)
    history = boss.get(f"{INDICATORS}/F").page.text
    for said in ("镇党委会议决定", "1 March 2022", "before 10 → after 12"):
        assert said in history


def test_units_are_chosen_one_by_one_or_all_of_a_kind(ready: House, boss: Visitor) -> None:
    path = f"{INDICATORS}/F/units"
    with ready.inside():
        make.save("A", "2022-01", {"F": "3"})
    page = boss.get(path).page
    ticks = {tick["value"]: tick for tick in page.root.all("input", name="unit")}
    assert set(ticks) == {"T", "A", "B", "A1", "A2"}
    assert "disabled" in ticks["A"].attributes
    token, version = page.form("").fields["csrf_token"], page.form("").fields["version"]
    boss.post(path, {"csrf_token": token, "version": version, "unit": ["T", "LC99"]})
    page = boss.get(path).page
    # A has entered figures and stays, though it was not sent.
    checked = {t["value"] for t in page.root.all("input", name="unit") if "checked" in t.attributes}
    assert checked == {"T", "A"}
    with ready.inside():
        assert list(find_differences()) == []
    assert boss.post(path, {"csrf_token": token, "version": version, "unit": "B"}, status=409).page.text
    boss.post(path, page.form("").fields | {"kind": "community"})
    checked = {
        t["value"] for t in boss.get(path).page.root.all("input", name="unit") if "checked" in t.attributes
    }
    assert checked == {"T", "A", "B", "A1", "A2"}
    with ready.inside():
        assert list(find_differences()) == []


def test_a_curve_is_drawn_month_by_month(ready: House, boss: Visitor) -> None:
    assert boss.get(f"{INDICATORS}/F/curve").page.heading == "Planned curve: Flow"
    send(boss, f"{INDICATORS}/F/edit", {"schedule": "curve"})
    path = f"{INDICATORS}/F/curve"
    form = form_at(boss, path)
    days = ("p2022-01-31", "p2022-02-28", "p2022-03-31", "p2022-04-30")
    assert [form.fields[day] for day in days] == ["25", "50", "75", "100"]
    falls = boss.submit(form, dict(zip(days, ("10", "5", "x", "90"), strict=True)), at=path, status=422)
    assert "not a number" in falls.page.text
    falls = boss.submit(form, dict(zip(days, ("10", "5", "60", "90"), strict=True)), at=path, status=422)
    assert "at least 10" in falls.page.root.one("p", id="p2022-02-28-error").text
    assert "Enter 100" in falls.page.root.one("p", id="p2022-04-30-error").text
    boss.submit(form, dict(zip(days, ("10", "", "60.5%", "100"), strict=True)), at=path)
    with ready.inside():
        shares = {point.day.isoformat(): str(point.share.normalize()) for point in curve_of(indicator("F"))}
    assert shares == {"2022-01-31": "0.1", "2022-03-31": "0.605", "2022-04-30": "1"}
    boss.submit(form, at=path, status=409)
    even = boss.get(f"{path}?fill=even").page
    assert even.form("").fields[days[0]] == "25"
    with ready.inside():
        assert len(curve_of(indicator("F"))) == 3
    assert "before 75% → after 60.5%" in boss.get(f"{INDICATORS}/F").page.text


def test_an_initiative_has_a_lead_supporters_and_an_office(ready: House, boss: Visitor) -> None:
    with ready.inside():
        step = outline_of(plan_row().plan)[0].initiatives[0].initiative
    path = f"/plans/{make.PLAN}/initiatives/{step.id}"
    fields = form_at(boss, path).fields | {"lead_unit": "A", "accountable": "分管城建的副镇长"}
    boss.post(path, fields | {"supporting": ["B", "A1"], "due_on": "2022-03-31"})
    with ready.inside():
        step = outline_of(plan_row().plan)[0].initiatives[0].initiative
        assert supporting_units(step) == sorted(make.unit_of(code).id for code in ("B", "A1"))
    page = boss.get(f"/plans/{make.PLAN}").page
    assert "分管城建的副镇长" in page.text
    fields = form_at(boss, path).fields
    for wrong, said in (
        ({"due_on": "2022-05-01"}, "outside the plan"),
        ({"due_on": "soon"}, "not a day"),
        ({"supporting": ["A"]}, "does not support itself"),
        ({"lead_unit": "NOWHERE"}, "entries of the list"),
        ({"name": "  "}, "Enter a name"),
        ({"name": "x" * 201}, "too long"),
    ):
        assert said in boss.post(path, fields | wrong, status=422).page.text


def test_what_cannot_be_a_plan_is_said_at_the_field(ready: House, boss: Visitor) -> None:
    good = {
        "code": "P2",
        "name": "方案二",
        "unit": "A",
        "starts_on": "2023-01-01",
        "ends_on": "2023-12-31",
        "frequency": "quarter",
    }
    for wrong, said in (
        ({"code": make.PLAN}, "is taken"),
        ({"code": "方案"}, "letters A to Z"),
        ({"code": "new"}, "cannot be a code"),
        ({"ends_on": "2022-12-31"}, "ends before it starts"),
        ({"ends_on": "2123-12-31"}, "at most ten years"),
        ({"ends_on": ""}, "Enter the last day"),
        ({"starts_on": "1.1.2023"}, "not a day"),
        ({"frequency": "daily"}, "entries of the list"),
        ({"unit": "NOWHERE"}, "entries of the list"),
    ):
        answer = send(boss, "/plans/new", good | wrong, status=422)
        assert said in answer.page.text, wrong
        assert answer.page.form("").fields["name"] == "方案二"
    send(boss, "/plans/new", good)
    assert "Every quarter" in boss.get("/plans/P2").page.text
    for wrong, said in (
        ({"amber_limit": "-11"}, "at least -10"),
        ({"amber_limit": "101"}, "from -100 to 100"),
        ({"red_limit": "ten"}, "not a number"),
    ):
        assert said in send(boss, "/plans/P2/edit", wrong, status=422).page.text


def test_moving_and_deleting_by_buttons(ready: House, boss: Visitor) -> None:
    plan = f"/plans/{make.PLAN}"
    page = boss.get(plan).page
    with ready.inside():
        first = indicator("F").id
        second, ratio = indicator("FC").id, indicator("R").id
    assert [f for f in page.root.all("form") if f["action"].endswith(f"indicators/{first}/move-up")] == []
    boss.submit(page.form(f"{plan}/indicators/{first}/move-down"))
    rows = [row["id"] for row in boss.get(plan).page.root.all("li", class_="part__row")]
    assert rows[:2] == [f"indicator-{second}", f"indicator-{first}"]
    with ready.inside():
        make.save("A", "2022-01", {"F": "3"})
    page = boss.get(plan).page
    assert [f for f in page.root.all("form") if f["action"].endswith(f"indicators/{first}/delete")] == []
    token = {"csrf_token": boss.token()}
    answer = boss.follow(boss.post(f"{plan}/indicators/{first}/delete", token))
    assert "Figures have been entered" in answer.page.messages
    boss.submit(page.form(f"{plan}/indicators/{ratio}/delete"))
    boss.get(f"{INDICATORS}/R", status=404)
    boss.post(f"{plan}/pillars/999/move-up", token, status=404)
    boss.post(f"{plan}/pillars/{first}/sideways", token, status=404)
    with ready.inside():
        assert isinstance(indicator("F"), Indicator)
        assert list(find_differences()) == []
