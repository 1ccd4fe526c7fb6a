"""Blocks from Excel and WPS: whatever stands around the numbers, each goes to its own cell or is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import RuleError
from tracker.domain.paste import Pasted, Target, place_block, read_block

PARKING = Target((1, 0), ("I01", "新增停车位", "New parking"), (), ("个",), 1)
SPEND = Target((2, 0), ("I02", "绿化投入"), (), ("万元",), 1)
SELF = Target((3, 1), ("I09", "文化团队"), ("自治",), ("支",), 1)
FUN = Target((3, 2), ("I09", "文化团队"), ("自乐",), ("支",), 1)
SHARE = Target((4, 0), ("I05", "覆盖率"), (), ("%",), 2)
SHEET = [PARKING, SPEND, SELF, FUN, SHARE]


def placed(text: str, start: int = 0) -> dict[tuple[int, int], tuple[str, ...]]:
    """What a block says about which cells."""
    return {one.key: one.texts for one in place_block(read_block(text), SHEET, start).cells}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ('"a\nb"\t1', [["a b", "1"]]),
        ('"say ""x"""\t1', [['say "x"', "1"]]),
        ('5" pipe\t1', [['5" pipe', "1"]]),
        ("1\n\n\n", [["1"]]),
        ("\n1", [[""], ["1"]]),
    ],
)
def test_lines_and_columns_are_those_of_the_spreadsheet(text: str, lines: list[list[str]]) -> None:
    assert read_block(text) == lines


def test_a_column_goes_down_from_the_cell_it_is_pasted_at() -> None:
    assert placed("1,200\n\n３\n4\n", 0) == {(1, 0): ("1,200",), (3, 1): ("３",), (3, 2): ("4",)}
    assert placed("5", 2) == {(3, 1): ("5",)}


def test_names_lead_to_their_cells_in_any_order_and_units_are_left_out() -> None:
    text = "指标\t单位\t本月\n绿化投入\t万元\t3万元\n新增停车位\t个\t20,000 个\n"
    assert placed(text, 4) == {(2, 0): ("3",), (1, 0): ("20,000",)}


def test_categories_follow_the_indicator_above_them() -> None:
    text = "文化团队\t自治\t1\n\t自乐\t2\n新增停车位\t\t3"
    assert placed(text) == {(3, 1): ("1",), (3, 2): ("2",), (1, 0): ("3",)}


def test_what_the_sheet_does_not_have_is_named() -> None:
    block = place_block(read_block("新增停车位\t1\n路灯\t2"), SHEET, 0)
    assert [one.texts for one in block.cells] == [("1",)]
    assert block.unknown == ("路灯",)


def test_a_share_takes_two_columns_or_both_numbers_in_one() -> None:
    assert placed("3\t4", 4) == {(4, 0): ("3", "4")}
    assert placed("3/4", 4) == {(4, 0): ("3", "4")}


def test_a_header_says_which_of_several_columns_is_meant() -> None:
    text = "指标\t目标\t上月\t本月\n新增停车位\t900\t5\t7\n"
    assert placed(text) == {(1, 0): ("7",)}
    with pytest.raises(RuleError, match="several columns"):
        placed("新增停车位\t900\t5\t7\n")


@pytest.mark.parametrize(
    ("text", "start", "sentence"),
    [
        ("", 0, "nothing to paste"),
        ("\n\t\n", 0, "nothing to paste"),
        ("1\n2\n3", 3, "Begin further up"),
        ("新增停车位\t1\n新增停车位\t2", 0, "stands twice"),
        ("1\n" * 3000, 0, "too large"),
    ],
)
def test_a_block_that_cannot_be_understood_is_refused_whole(text: str, start: int, sentence: str) -> None:
    with pytest.raises(RuleError, match=sentence):
        place_block(read_block(text), SHEET, start)


def test_another_unit_is_refused_at_its_cell() -> None:
    (found,) = place_block(read_block("12 元"), SHEET, 1).cells
    assert found.refused is not None and "unit" in found.refused


@given(st.text(max_size=200), st.integers(0, 4))
def test_any_text_gets_cells_of_the_sheet_or_a_sentence(text: str, start: int) -> None:
    try:
        block = place_block(read_block(text), SHEET, start)
    except RuleError as error:
        assert str(error)
        return
    keys = [one.key for one in block.cells]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= {target.key for target in SHEET}
    assert all(isinstance(one, Pasted) and any(one.texts) for one in block.cells)


@given(
    st.lists(
        st.lists(
            st.text(
                st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Cn", "Co"]), min_size=1
            ),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_a_spreadsheet_copies_is_read_back(table: list[list[str]]) -> None:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if '"' in text else text

    copied = "".join("\t".join(map(cell, line)) + "\r\n" for line in table)
    assert read_block(copied) == table
