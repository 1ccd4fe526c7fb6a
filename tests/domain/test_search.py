"""What a search finds by names, codes and the initials of pinyin, with readings written out by hand."""

from __future__ import annotations

import pytest

from tracker.domain.search import folded, is_found

READINGS = {
    "新": "x",
    "增": "z",
    "停": "t",
    "车": "cj",
    "位": "w",
    "重": "cz",
    "点": "d",
    "场": "c",
    "所": "s",
}


def initials(character: str) -> str:
    return READINGS.get(character, "")


def found(sought: str, name: str = "新增停车位", *, code: str = "I01", name_en: str | None = None) -> bool:
    return is_found(sought, code, (name, name_en), initials)


@pytest.mark.parametrize("sought", ["停车", "新增停车位", "位", " 停 车 "])
def test_a_part_of_the_name_finds_it(sought: str) -> None:
    assert found(sought)


@pytest.mark.parametrize("sought", ["tcw", "xztcw", "ZTC", "ｔｃｗ", "t c w", "x"])
def test_initials_find_it_in_any_width_and_case(sought: str) -> None:
    assert found(sought)


@pytest.mark.parametrize("sought", ["停cw", "新z停", "tjw"])
def test_initials_and_characters_may_be_mixed(sought: str) -> None:
    assert found(sought)


@pytest.mark.parametrize("sought", ["cddcs", "zddcs", "zd"])
def test_a_character_is_found_by_each_of_its_readings(sought: str) -> None:
    assert found(sought, "重点（点）场所")


@pytest.mark.parametrize("sought", ["twc", "tcww", "xt", "车停", "b", "101", "01"])
def test_other_letters_and_another_order_find_nothing(sought: str) -> None:
    assert not found(sought)


@pytest.mark.parametrize(
    ("sought", "is_there"), [("i01", True), ("I0", True), ("Ｉ０１", True), ("I012", False)]
)
def test_a_code_is_found_by_its_beginning(sought: str, is_there: bool) -> None:
    assert found(sought) is is_there


@pytest.mark.parametrize("sought", ["parking", "NEW P", "spaces", "g s"])
def test_the_english_name_is_searched_as_well(sought: str) -> None:
    assert found(sought, name_en="New parking spaces")


@pytest.mark.parametrize("sought", ["", "  ", "\u3000"])
def test_nothing_typed_finds_nothing(sought: str) -> None:
    assert not found(sought)


@pytest.mark.parametrize("sought", ["%", "_", "*", "."])
def test_signs_stand_for_themselves_alone(sought: str) -> None:
    assert not found(sought)
    assert found(sought, f"停{sought}车")


def test_digits_and_letters_in_a_name_stand_for_themselves_between_initials() -> None:
    assert found("3tc", "重点3停车")
    assert found("d3t", "重点·3（停车）")
    assert found("atc", "A停车")


def test_folding_takes_away_width_case_and_spaces() -> None:
    assert folded("Ａ b\u3000Ｃ１") == "abc1"
