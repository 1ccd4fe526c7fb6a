"""What protects a report from slips of hands, browsers and clocks."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from tests.features.reports.test_two_writers import at_once, saving, small_house
from tests.kit import make
from tests.kit.house import House
from tracker.core import db as plumbing
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.features.reports.services import SheetError, find_differences

ADDRESS = "/reports/P/A/2022-01"


def test_first_saves_by_several_processes_end_with_one_report(
    house_of_two: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if each writer ran in a process of its own, without the lock that threads share.
    monkeypatch.setattr(plumbing, "_writers", threading.Semaphore(2))
    visitors = [house_of_two.visitor("rep-a") for _ in range(2)]
    fields = value_field(house_of_two)
    answers = at_once(*(saving(v, ADDRESS, fields, str(n + 1)) for n, v in enumerate(visitors)))
    assert sorted(answer.status for answer in answers) == [303, 409]


@pytest.fixture
def house_of_two(blank: House) -> House:
    """The small plan with a reporter at A."""
    small_house(blank, "A")
    return blank


def value_field(house: House, code: str = "F") -> str:
    """The name of an indicator's input."""
    with house.inside():
        found = db.session.execute(text("SELECT id FROM indicators WHERE code = :code"), {"code": code})
        return f"c{found.scalar_one()}-0-value"


def test_cells_that_were_not_sent_stay_as_they_are(house_of_two: House) -> None:
    visitor = house_of_two.visitor("rep-a")
    flow, stock = value_field(house_of_two), value_field(house_of_two, "S")
    form = visitor.get(ADDRESS).page.form("")
    visitor.send("POST", ADDRESS, data={**form.fields, flow: "1", stock: "3", "action": "save"})
    form = visitor.get(ADDRESS).page.form("")
    sent = {name: form.fields[name] for name in ("csrf_token", flow.replace("value", "seen"))} | {
        flow: "2",
        "action": "save",
    }
    assert visitor.send("POST", ADDRESS, data=sent).status == 303
    fields = visitor.get(ADDRESS).page.form("").fields
    assert (fields[flow], fields[stock]) == ("2", "3")


def test_a_conflict_names_reasons_and_not_applicable_too(house_of_two: House) -> None:
    mine, theirs = house_of_two.visitor("rep-a"), house_of_two.visitor("rep-a")
    flow = value_field(house_of_two)
    send_mine = saving(mine, ADDRESS, flow, "1,250")
    form = theirs.get(ADDRESS).page.form("")
    marked = {
        **form.fields,
        flow: "",
        flow.replace("value", "na"): "1",
        flow.replace("value", "reason"): "no bays here",
    }
    assert theirs.send("POST", ADDRESS, data={**marked, "action": "save"}).status == 303
    answer = send_mine()
    assert answer.status == 409
    assert "no bays here" in answer.page.text
    assert answer.page.form("").fields[flow] == "1,250"


def test_a_form_with_an_old_token_comes_back_with_what_was_typed(house_of_two: House) -> None:
    visitor = house_of_two.visitor("rep-a")
    flow = value_field(house_of_two)
    form = visitor.get(ADDRESS).page.form("")
    answer = visitor.send(
        "POST", ADDRESS, data={**form.fields, "csrf_token": "old", flow: "7", "action": "save"}
    )
    assert answer.status == 400
    again = answer.page.form("")
    assert again.fields[flow] == "7"
    assert visitor.send("POST", ADDRESS, data={**again.fields, "action": "save"}).status == 303


def test_the_same_sheet_submitted_twice_is_submitted_once(house_of_two: House) -> None:
    visitor = house_of_two.visitor("rep-a")
    flow = value_field(house_of_two)
    form = visitor.get(ADDRESS).page.form("")
    sent = {**form.fields, flow: "1", "action": "submit"}
    assert visitor.send("POST", ADDRESS, data=sent).status == 303
    again = visitor.send("POST", ADDRESS, data=sent)
    assert (again.status, again.location) == (303, "/reports")


def test_a_period_that_has_not_begun_cannot_be_filled_in(house_of_two: House) -> None:
    visitor = house_of_two.visitor("rep-a")
    later = "/reports/P/A/2022-04"
    form = visitor.get(ADDRESS).page.form("")
    sent = {**form.fields, "version": "0", value_field(house_of_two): "1", "action": "save"}
    answer = visitor.send("POST", later, data=sent)
    assert answer.status == 422
    assert "has not begun" in answer.page.text


def test_an_earlier_running_total_cannot_shift_a_later_one(house_of_two: House) -> None:
    with house_of_two.inside():
        make.save("A", "2022-02", {"RT": "30"})
        with pytest.raises(SheetError) as refused:
            make.save("A", "2022-01", {"RT": "10"})
        (error,) = refused.value.by_cell.values()
        assert "later running total" in str(error)


def test_verify_sees_a_wrong_sum_of_targets_and_a_missing_count(house_of_two: House) -> None:
    with house_of_two.inside():
        assert list(find_differences()) == []
        with writing():
            db.session.execute(text("UPDATE targets SET below_baseline = 7"))
            db.session.commit()
        assert any("targets below" in line for line in find_differences())
        with writing():
            db.session.execute(text("UPDATE targets SET below_baseline = NULL"))
            db.session.execute(text("DELETE FROM targets WHERE unit_id = (SELECT min(id) FROM org_units)"))
            db.session.commit()
        assert any("reporters" in line for line in find_differences())


def test_a_unit_that_says_not_applicable_is_not_called_unreported(house_of_two: House) -> None:
    with house_of_two.inside():
        make.approved("B", "2022-01", {"S": "n/a"}, reason="nothing of the kind")
    official = house_of_two.visitor("rev")
    line = next(
        row
        for row in official.get("/overview?unit=B&as_of=2022-01-31").page.root.all("tr", class_="board__row")
        if "Stock" in row.text and "by kind" not in row.text
    )
    assert "Not applicable" in line.text
    assert "Not reported" not in line.text


def test_whoever_submitted_does_not_approve(hamlet: House) -> None:
    with hamlet.inside():
        make.add_sample_user("both", "reviewer", "T")
        both = make.user_of("both")
        make.save("A1", "2022-01", {"F": "1"}, actor=both)
        make.submit("A1", "2022-01", actor=both)
        with pytest.raises(RuleError, match="nobody else reviews A1"):
            make.approve("A1", "2022-01", actor=both)
        make.add_sample_user("beside", "reviewer", "B")
        make.add_sample_user("second", "reviewer", "A")
        with pytest.raises(RuleError, match=r"can review it: second\.$"):
            make.approve("A1", "2022-01", actor=make.user_of("both"))
        make.approve("A1", "2022-01", actor=make.user_of("second"))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Lower than the last value, 9. Is something gone? Give a short reason, or correct it."),
        ("zh", "请简要说明原因，或更正。"),
    ],
)
def test_that_a_number_is_unusual_is_said_once_with_why(house_of_two: House, lang: str, said: str) -> None:
    visitor, stock = house_of_two.visitor("rep-a", language=lang), value_field(house_of_two, "S")
    with house_of_two.inside():
        make.approved("A", "2022-01", {"S": "9"})
    address = ADDRESS.replace("2022-01", "2022-02")
    form = visitor.get(address).page.form("")
    answer = visitor.submit(form, {stock: "5", "action": "submit"}, at=address, status=422)
    name = stock.removesuffix("-value")
    box = answer.page.root.one("p", id=f"{name}-error")
    assert box.text.endswith(said)
    assert not answer.page.root.all("p", id=f"{name}-warning")
    assert "unusual" not in box.text
    # The field for the reason is there, and the page before handing in says the same.
    reason = answer.page.root.one("input", name=f"{name}-reason")
    assert visitor.submit(answer.page.form(""), {stock: "5", "action": "save"}, at=address).status == 303
    shown = visitor.get(f"{address}/open").page.text
    assert shown.count(said) == 1
    done = {stock: "5", reason["name"]: "one has closed", "action": "submit"}
    assert visitor.submit(visitor.get(address).page.form(""), done, at=address).status == 303
