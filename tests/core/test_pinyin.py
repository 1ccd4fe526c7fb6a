"""The initials of Chinese characters as the library knows them, and what loading it costs whom."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.source import ROOT
from tracker.core.pinyin import answers_to, initials_of


@pytest.mark.parametrize(
    ("character", "letters"),
    [("停", "t"), ("绿", "l"), ("安", "a"), ("A", ""), ("3", ""), ("，", "")],
)
def test_initials_of_a_character(character: str, letters: str) -> None:
    assert initials_of(character) == letters


@pytest.mark.parametrize(("character", "letters"), [("长", "cz"), ("重", "cz"), ("行", "hx"), ("车", "cj")])
def test_every_reading_gives_an_initial(character: str, letters: str) -> None:
    assert {*letters} <= {*initials_of(character)}


@pytest.mark.parametrize(
    ("sought", "name"),
    [
        ("tcw", "新增停车位"),
        ("jqsq", "吉庆社区"),
        ("jqjy", "吉庆嘉苑三组团"),
        ("lhts", "绿化提升投入"),
        ("whhzs", "文化合作社"),
        ("cqwh", "长期维护"),
    ],
)
def test_names_of_a_township_are_found_by_their_initials(sought: str, name: str) -> None:
    assert answers_to(sought, "I01", name, None)
    assert not answers_to("qq" + sought, "I01", name, None)


def test_the_tables_are_loaded_only_for_who_searches_by_letters() -> None:
    script = """
import sys
import tracker.app
from tracker.core.pinyin import answers_to
assert answers_to("停车", "I01", "新增停车位", None)
assert "pypinyin" not in sys.modules
assert answers_to("tcw", "I01", "新增停车位", None)
assert "pypinyin" in sys.modules
"""
    subprocess.run([sys.executable, "-X", "utf8", "-c", script], cwd=ROOT, check=True, timeout=120)
