"""Dated figures of units: which one holds on a day, and that nothing is lost when they are mended."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.features.org.test_tree import ADMIN, records
from tests.kit import make
from tests.kit.house import House
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import NotFoundError, RuleError, StaleError
from tracker.domain.units import FactKind
from tracker.features.org.queries import facts_of, facts_on, get_fact
from tracker.features.org.services import FactDraft, add_fact, correct_fact, remove_fact

JANUARY = date(2022, 1, 1)


def in_force(code: str, day: date) -> dict[str, Decimal]:
    unit = make.unit_of(code)
    return {kind.value: fact.value for kind, fact in facts_on([unit.id], day).get(unit.id, {}).items()}


def test_the_latest_figure_that_has_begun_holds_on_a_day(house: House) -> None:
    with house.inside():
        assert in_force("LC01", JANUARY - timedelta(1)) == {"households": 3541, "residents": 9674}
        found = in_force("LC01", JANUARY)
        assert found == {"households": 3590, "residents": 9786, "compounds": 3, "area": Decimal("3.42")}
        assert in_force("LC01", date(2030, 1, 1)) == found
        assert in_force("LC01", date(2020, 12, 31)) == {}
        both = facts_on([make.unit_of(code).id for code in ("LC01", "LC02", "LCD1")], JANUARY)
        assert set(both) == {make.unit_of("LC01").id, make.unit_of("LC02").id}


def test_a_figure_is_recorded_corrected_and_removed_with_both_values_in_the_record(house: House) -> None:
    visitor = house.visitor(ADMIN)
    form = visitor.get("/units/LC01").page.form("/units/LC01/facts")
    visitor.submit(form, {"kind": "area", "value": "３.５", "from_on": "2022/7/1"})
    at = "/units/LC01/facts/area/2022-07-01"
    form = visitor.get(at).page.form("")
    assert (form.fields["value"], form.fields["from_on"]) == ("3.5", "2022-07-01")
    visitor.submit(form, {"value": "3.55", "from_on": "2022-06-01"}, at=at)
    with house.inside():
        assert in_force("LC01", date(2022, 6, 1))["area"] == Decimal("3.55")
    at = "/units/LC01/facts/area/2022-06-01"
    visitor.submit(visitor.get(at).page.form(f"{at}/remove"))
    with house.inside():
        assert in_force("LC01", date(2022, 6, 1))["area"] == Decimal("3.42")
    said = [
        difference
        for action in ("add", "correct", "remove")
        for _, _, difference in records(house, f"unit.fact.{action}")
    ]
    assert said == [
        "area 2022-07-01: — → 3.5",
        "area 2022-07-01: 3.5 → 3.55\nfrom_on: 2022-07-01 → 2022-06-01",
        "area 2022-06-01: 3.55 → —",
    ]
    history = visitor.get("/units/LC01").page.text
    for words in (
        "Figure recorded",
        "Figure corrected",
        "Figure removed",
        "Area from 1 July 2022 before 3.5 → after 3.55",
    ):
        assert words in history


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"value": "many"}, "value", "not a number"),
        ({"value": "-3"}, "value", "negative"),
        ({"value": "1.5"}, "value", "whole numbers"),
        ({"value": "1.234", "kind": "area"}, "value", "2 decimal"),
        ({"value": ""}, "value", "Enter the figure"),
        ({"from_on": "soon"}, "from_on", "not a day"),
        ({"from_on": "1066-10-14"}, "from_on", "between 1900"),
        ({"from_on": "2022-01-01"}, "from_on", "already"),
    ],
)
def test_a_refused_figure_says_so_at_its_field_and_stays_typed(
    small: House, fields: dict[str, str], field: str, sentence: str
) -> None:
    visitor = small.visitor(ADMIN)
    form = visitor.get("/units/LC01").page.form("/units/LC01/facts")
    sent = {"kind": "households", "value": "100", "from_on": "2022-05-05", **fields}
    page = visitor.submit(form, sent, status=422).page
    assert sentence in page.root.one("p", id=f"{field}-error").text
    again = page.form("/units/LC01/facts").fields
    assert (again["value"], again["from_on"], again["kind"]) == (sent["value"], sent["from_on"], sent["kind"])


def test_a_figure_that_somebody_else_has_mended_is_not_overwritten(house: House) -> None:
    first, second = house.visitor(ADMIN), house.visitor(ADMIN)
    at = "/units/LC01/facts/households/2022-01-01"
    form, older = first.get(at).page.form(""), second.get(at).page
    first.submit(form, {"value": "3600"}, at=at)
    page = second.submit(older.form(""), {"value": "3700"}, at=at, status=409).page
    assert "3,600" in page.text
    assert page.form("").fields["value"] == "3700"
    second.submit(older.form(f"{at}/remove"))
    with house.inside():
        assert in_force("LC01", JANUARY)["households"] == 3600


def test_the_service_refuses_what_is_stale_gone_or_there_already(house: House) -> None:
    with house.inside(), writing():
        unit = make.unit_of("LC01")
        fact = get_fact(unit, "households", JANUARY)
        draft = FactDraft(FactKind.HOUSEHOLDS, date(2021, 1, 1), Decimal(1))
        with pytest.raises(RuleError, match="already"):
            correct_fact(unit, fact, draft, seen=fact.seen, actor=HOUSE)
        with pytest.raises(StaleError):
            remove_fact(unit, fact, seen="", actor=HOUSE)
        with pytest.raises(RuleError):
            add_fact(unit, FactDraft(FactKind.AREA, JANUARY.replace(year=1800), Decimal(1)), actor=HOUSE)
        with pytest.raises(NotFoundError):
            get_fact(unit, "households", date(2022, 1, 2))
        db.session.rollback()
        db.session.commit()


def test_figures_of_another_day_kind_or_unit_are_not_found(small: House) -> None:
    visitor = small.visitor(ADMIN)
    for path in ("households/2022-01-02", "nothing/2022-01-01", "households/soon"):
        visitor.get(f"/units/LC01/facts/{path}", status=404)
    visitor.get("/units/LCD1/facts/households/2022-01-01", status=404)


def test_every_unit_of_the_sample_has_figures_that_fit_together(library: House) -> None:
    with library.inside():
        units = {code: make.unit_of(code) for code in ("LC", *(f"LC0{n}" for n in range(1, 9)))}
        found = facts_on([unit.id for unit in units.values()], JANUARY)
        for kind in FactKind:
            parts = [found[units[f"LC0{n}"].id][kind].value for n in range(1, 9)]
            assert sum(parts) == found[units["LC"].id][kind].value
        assert len(facts_of([units["LC"].id])) == 6
