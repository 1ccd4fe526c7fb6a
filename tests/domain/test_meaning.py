"""What figures mean stays as it is, field by field, once some have been entered."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from tracker.domain.codes import check_code
from tracker.domain.errors import RuleError
from tracker.domain.meaning import FIXED, Meaning, check_meaning, is_fixed, refused_changes
from tracker.domain.measures import Direction, Measure, ReportedAs

PARKING = Meaning(
    code="I01",
    measure=Measure.FLOW,
    direction=Direction.AT_LEAST,
    reported_as=ReportedAs.INCREASE,
    unit_of_measure="个",
    decimals=0,
    may_be_negative=True,
    may_exceed=True,
    categories=frozenset({1, 2}),
)
CHANGED: dict[str, object] = {
    "code": "I02",
    "measure": Measure.STOCK,
    "direction": Direction.AT_MOST,
    "reported_as": ReportedAs.RUNNING_TOTAL,
    "unit_of_measure": "万个",
    "decimals": 1,
    "may_be_negative": False,
    "may_exceed": False,
    "categories": frozenset({1, 2, 3}),
}


def test_every_part_of_the_meaning_has_its_reason() -> None:
    assert set(FIXED) == set(CHANGED) == {one.name for one in fields(Meaning)}


@pytest.mark.parametrize("name", CHANGED)
def test_a_part_of_the_meaning_stays_once_figures_have_been_entered(name: str) -> None:
    after = replace(PARKING, **{name: CHANGED[name]})  # type: ignore[arg-type]
    refused = refused_changes(PARKING, after, has_figures=True)
    assert {field: str(error) for field, error in refused.items()} == {name: FIXED[name]}
    assert refused[name].field == name
    assert refused_changes(PARKING, after, has_figures=False) == {}
    assert is_fixed(name, PARKING, has_figures=True)
    assert not is_fixed(name, PARKING, has_figures=False)


@pytest.mark.parametrize("name", ["may_be_negative", "may_exceed"])
def test_what_was_forbidden_can_still_be_allowed(name: str) -> None:
    strict = replace(PARKING, **{name: False})  # type: ignore[arg-type]
    assert refused_changes(strict, PARKING, has_figures=True) == {}
    assert not is_fixed(name, strict, has_figures=True)


def test_a_category_is_neither_added_nor_removed() -> None:
    for others in (frozenset({1}), frozenset({1, -1}), frozenset({1, 2, -1})):
        after = replace(PARKING, categories=others)
        assert set(refused_changes(PARKING, after, has_figures=True)) == {"categories"}


def test_wording_is_no_part_of_the_meaning() -> None:
    assert not is_fixed("name", PARKING, has_figures=True)
    assert not is_fixed("definition", PARKING, has_figures=True)
    assert not is_fixed("schedule", PARKING, has_figures=True)


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("unit_of_measure", {"unit_of_measure": " "}),
        ("decimals", {"decimals": 5}),
        ("decimals", {"decimals": -1}),
        ("reported_as", {"reported_as": ReportedAs.RUNNING_TOTAL, "measure": Measure.STOCK}),
        ("may_exceed", {"may_exceed": True}),
    ],
)
def test_parts_that_do_not_go_together_are_refused(field: str, broken: dict[str, object]) -> None:
    sound = replace(PARKING, may_exceed=False)
    check_meaning(sound)
    check_meaning(replace(sound, measure=Measure.RATIO, may_exceed=True))
    with pytest.raises(RuleError) as refused:
        check_meaning(replace(sound, **broken))  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize("code", ["I01", "LC-2022", "a", "x.y_z", "A" * 32])
def test_a_code_that_can_stand_in_an_address_is_taken(code: str) -> None:
    check_code(code)


@pytest.mark.parametrize("code", ["", " ", "a b", "停车", "a/b", "-a", "A" * 33, "new", "New", "a?b", ".."])
def test_a_code_that_could_not_stand_in_an_address_is_refused(code: str) -> None:
    with pytest.raises(RuleError):
        check_code(code)
