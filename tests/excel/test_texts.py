"""Texts and names survive as what they are."""

from __future__ import annotations

import pytest

from tracker.excel.texts import LONGEST_TEXT, clean, sheet_name, wrapped_lines


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1f", "\ud800", "\udfff", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_removed(sign: str) -> None:
    assert clean(f"前{sign}后") == "前后"


def test_line_feeds_tabs_and_rare_characters_stay() -> None:
    assert clean("a\tb\r\nc\rd𠮷") == "a\tb\nc\nd𠮷"


def test_long_texts_are_cut_to_what_a_cell_holds_without_halving_a_character() -> None:
    assert len(clean("字" * 40_000)) == LONGEST_TEXT
    assert clean("x" + "𠮷" * 20_000) == "x" + "𠮷" * 16_383
    assert clean("𠮷" * 20_000) == "𠮷" * 16_383


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("校核", (), "校核"),
        ("a[b]c:d*e?f/g\\h", (), "a b c d e f g h"),
        ("'引'", (), "引"),
        ("", (), "Sheet"),
        ("History", (), "History_"),
        ("指标" * 20, (), "指标" * 15 + "指"),
        ("表", ("表",), "表 (2)"),
        ("LIST", ("list", "List (2)"), "LIST (3)"),
        ("x" * 40, ("x" * 31,), "x" * 27 + " (2)"),
    ],
)
def test_sheet_names_are_made_valid_and_unique(wanted: str, taken: tuple[str, ...], name: str) -> None:
    assert sheet_name(wanted, taken) == name


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 10, 1), ("四分类垃圾桶", 12, 1), ("四分类垃圾桶", 10, 2), ("a\nb", 10, 2), ("5" * 25, 10, 3)],
)
def test_lines_are_counted_by_the_width_of_characters(text: str, width: float, lines: int) -> None:
    assert wrapped_lines(text, width) == lines
