"""What may stand under what, which codes are sound, and who stands below itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.days import parse_day
from tracker.domain.errors import RuleError
from tracker.domain.units import (
    FactKind,
    UnitKind,
    check_code,
    check_fact,
    check_name,
    in_circles,
    may_stand_under,
)

HOLDS = {
    None: "city district township community compound department",
    UnitKind.CITY: "city district township community compound building department",
    UnitKind.DISTRICT: "township community compound building department",
    UnitKind.TOWNSHIP: "community compound building department",
    UnitKind.COMMUNITY: "community compound building department",
    UnitKind.COMPOUND: "compound building department",
    UnitKind.BUILDING: "department",
    UnitKind.DEPARTMENT: "department",
}
"""What each kind holds; None for the top of the tree."""


@pytest.mark.parametrize("parent", HOLDS)
def test_each_kind_holds_just_these(parent: UnitKind | None) -> None:
    assert {kind.value for kind in UnitKind if may_stand_under(kind, parent)} == set(HOLDS[parent].split())


@pytest.mark.parametrize("code", ["LC", "LC01", "lc-01", "01", "A" * 32, "3-2-1"])
def test_sound_codes_are_taken(code: str) -> None:
    check_code(code)


@pytest.mark.parametrize(
    "code", ["", "A", "A" * 33, "-A", "A-", "A B", "A.B", "A/B", "社区", "A\n", "Ａ１", "A_B", "=A"]
)
def test_codes_that_programs_could_not_rely_on_are_refused(code: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_code(code)
    assert refused.value.field == "code"


@pytest.mark.parametrize("name", ["", "  ", "字" * 101, "a\u202eb", "a\nb", "a\x00"])
def test_names_that_nobody_can_read_are_refused(name: str) -> None:
    with pytest.raises(RuleError):
        check_name(name)


def test_a_name_may_begin_with_any_sign() -> None:
    for name in ("=1+1", "+8 号楼", "@ 社区", "字" * 100):
        check_name(name)


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        (FactKind.AREA, "3.42", True),
        (FactKind.AREA, "3.421", False),
        (FactKind.HOUSEHOLDS, "0", True),
        (FactKind.HOUSEHOLDS, "1.5", False),
        (FactKind.RESIDENTS, "-1", False),
        (FactKind.COMPOUNDS, "10000000000", False),
    ],
)
def test_areas_have_two_decimals_and_the_rest_is_counted(kind: FactKind, value: str, fits: bool) -> None:
    if fits:
        check_fact(kind, Decimal(value))
    else:
        with pytest.raises(RuleError):
            check_fact(kind, Decimal(value))


def test_units_that_would_stand_below_themselves_are_found() -> None:
    assert in_circles({"a": "b", "b": "c", "c": "a", "d": "a", "e": "e", "f": None, "g": "nowhere"}) == {
        *"abce",
    }


@given(st.dictionaries(st.integers(0, 8), st.one_of(st.none(), st.integers(0, 8)), max_size=9))
def test_circles_are_just_the_units_from_which_one_comes_back(parents: dict[int, int | None]) -> None:
    named = {str(code): None if above is None else str(above) for code, above in parents.items()}

    def comes_back(start: str) -> bool:
        code = named.get(start)
        for _ in range(20):
            if code == start:
                return True
            code = named.get(code) if code is not None else None
        return False

    assert in_circles(named) == {code for code in named if comes_back(code)}


@pytest.mark.parametrize(
    "typed",
    [
        "2022-01-05",
        "2022/1/5",
        "2022.1.5",
        "20220105",
        "2022年1月5日",
        " 2022 年 1 月 5 日",
        "２０２２－０１－０５",
    ],
)
def test_days_are_read_as_staff_write_them(typed: str) -> None:
    assert parse_day(typed) == date(2022, 1, 5)


@pytest.mark.parametrize(
    "typed", ["", "5.1.2022", "2022-13-01", "2022-02-30", "1899-12-31", "2200-01-01", "x" * 500, "١٢"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        parse_day(typed)
