"""Names of files that people hand in: plain, short, and ending as the content is."""

from __future__ import annotations

import pytest

from tracker.domain.file_names import tidy_name

NAMES = {
    "车位.jpg": "车位.jpg",
    "photo.PNG": "photo.jpg",
    "no ending": "no ending.jpg",
    "../../etc/passwd": "passwd.jpg",
    "..\\..\\boot.ini": "boot.jpg",
    "C:\\fotos\\a.jpg": "a.jpg",
    "": "file.jpg",
    "...": "file.jpg",
    ".jpg": "jpg.jpg",
    'a<b>:"c|d?*.jpg': "a_b___c_d__.jpg",
    "two\nlines\t.jpg": "twolines.jpg",
    "nul\0.jpg": "file.jpg",
    "CON.jpg": "file.jpg",
    "evil\u202egpj.exe": "evilgpj.jpg",
    "  wide   blanks  .jpg": "wide blanks.jpg",
    "report.docm": "report.jpg",
    "x" * 300 + ".jpg": "x" * 100 + ".jpg",
}


@pytest.mark.parametrize("given", NAMES)
def test_a_name_is_tidied(given: str) -> None:
    assert tidy_name(given, "jpg") == NAMES[given]


def test_two_ways_of_writing_one_letter_are_one_name() -> None:
    assert tidy_name("e\u0301.pdf", "pdf") == "\u00e9.pdf"
