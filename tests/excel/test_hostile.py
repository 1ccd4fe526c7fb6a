"""Files that are no sound workbook are refused with a sentence that says what to do, and harm nothing."""

from __future__ import annotations

import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest

from tests.kit.workbooks import Formula, raw_sheet, repacked, replaced, shared_texts, with_sheet, workbook
from tracker.excel.errors import WorkbookError
from tracker.excel.limits import USUAL
from tracker.excel.read import read_sheet

SOUND = workbook([["code", "name"], ["A1", "one"]])
TYPES = "[Content_Types].xml"
BOOK = "xl/workbook.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def bomb() -> bytes:
    """Two hundred megabytes of blanks in two hundred kilobytes."""
    return repacked(SOUND, **{"xl/media/image1.bin": b" " * (200 * 1024 * 1024)})


def lying_bomb() -> bytes:
    """A bomb whose directory says that the part is small."""
    content = repacked(SOUND, **{"xl/bomb.xml": b" " * (100 * 1024 * 1024)})
    return content.replace((100 * 1024 * 1024).to_bytes(4, "little"), (100).to_bytes(4, "little"))


def many_parts() -> bytes:
    return repacked(SOUND, **{f"xl/media/{number}.bin": b"" for number in range(1100)})


def laughs() -> bytes:
    """Entities that grow tenfold with each level."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>'
    return with_sheet(SOUND, lambda text: text.replace(b"<worksheet", head.encode() + b"<worksheet", 1))


def file_reader() -> bytes:
    """An entity that would read a file of the server."""
    head = '<!DOCTYPE x [<!ENTITY f SYSTEM "/etc/hostname">]>'.encode("utf-16")
    return repacked(SOUND, **{"xl/extra.xml": head})


def damaged_part() -> bytes:
    """One byte of a packed part is another one."""
    with zipfile.ZipFile(BytesIO(SOUND)) as package:
        start = package.getinfo("xl/styles.xml").header_offset + 60
    return SOUND[:start] + bytes([SOUND[start] ^ 255]) + SOUND[start + 1 :]


def encrypted_part() -> bytes:
    """The package says that its parts are locked, as programs for archives do."""
    content = bytearray(SOUND)
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 1)
    return bytes(content)


def doubled_part() -> bytes:
    stream = BytesIO(SOUND)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    return stream.getvalue()


def strict() -> bytes:
    old, new = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    return repacked(SOUND, {BOOK: replaced(old, new)})


def no_sheets() -> bytes:
    def change(text: bytes) -> bytes:
        start, end = text.index(b"<sheets>"), text.index(b"</sheets>")
        return text[: start + 8] + text[end:]

    return repacked(SOUND, {BOOK: change})


def zip_of(**parts: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return stream.getvalue()


def cells(count: int, *, empty: bool = False) -> str:
    cell = "" if empty else '<c r="A{n}"><v>1</v></c>'
    return "".join(f'<row r="{{n}}">{cell}</row>'.format(n=n) for n in range(1, count + 1))


def gz() -> bytes:
    return b"\x1f\x8b\x08" + zlib.compress(b"x" * 1000)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "is empty"),
    "too large": (lambda: SOUND + bytes(9 * 1024 * 1024), "larger than 8 MB"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "not an .xlsx workbook"),
    "a PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)), "not an .xlsx workbook"),
    "another archive": (gz, "not an .xlsx workbook"),
    "CSV in UTF-8": ("编码,名称\nLC,李村镇\n".encode, "text file such as CSV"),
    "CSV in GBK": (lambda: ("编码,名称\n" + "LC,李村镇\n" * 500).encode("gb18030"), "text file such as CSV"),
    "CSV in UTF-16": (lambda: "编码,名称".encode("utf-16"), "text file such as CSV"),
    "a web page": (lambda: b"<html><table><tr><td>LC</td></tr></table></html>", "web page or XML"),
    "an XML spreadsheet": (lambda: b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "web page or XML"),
    "an old workbook": (lambda: OLE + "Workbook".encode("utf-16-le"), "old kind (.xls)"),
    "a locked workbook": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
    "a locked package": (encrypted_part, "locked by a password"),
    "half of a workbook": (lambda: SOUND[: len(SOUND) // 2], "damaged"),
    "without its last bytes": (lambda: SOUND[:-30], "damaged"),
    "one wrong byte": (damaged_part, "damaged"),
    "a part twice": (doubled_part, "damaged"),
    "an archive of something else": (lambda: zip_of(**{"a.txt": b"x"}), "not an .xlsx workbook"),
    "a letter": (
        lambda: repacked(SOUND, {TYPES: lambda text: text.replace(b"spreadsheetml", b"wordprocessingml")}),
        "not an .xlsx workbook",
    ),
    "an OpenDocument file": (
        lambda: zip_of(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
        "OpenDocument",
    ),
    "macros by type": (
        lambda: repacked(SOUND, {TYPES: replaced("ml.sheet.main+xml", "ml.sheet.macroEnabled.main+xml")}),
        "macros",
    ),
    "macros by part": (lambda: repacked(SOUND, **{"xl/vbaProject.bin": b"x"}), "macros"),
    "a binary workbook": (
        lambda: repacked(SOUND, {TYPES: replaced("spreadsheetml.sheet.main", "ms-excel.sheet.binary.main")}),
        "binary workbook",
    ),
    "strict": (strict, "Strict Open XML"),
    "without sheets": (no_sheets, "no sheet with cells"),
    "a bomb": (bomb, "unpacks to more than 80 MB"),
    "a lying bomb": (lying_bomb, "damaged"),
    "many parts": (many_parts, "more than 1000 parts"),
    "a thousand million laughs": (laughs, "declarations"),
    "a reader of files": (file_reader, "declarations"),
    "too many rows": (lambda: raw_sheet(cells(5001)), "more than 5000 filled rows"),
    "too many columns": (lambda: workbook([[None] * 60 + ["x"]]), "only the first 60 columns"),
    "rows in the wrong order": (
        lambda: raw_sheet('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'),
        "damaged",
    ),
    "a cell twice": (
        lambda: raw_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
        "damaged",
    ),
    "a row beyond the last": (lambda: raw_sheet('<row r="99999999"><c><v>1</v></c></row>'), "damaged"),
    "a cell of no column": (lambda: raw_sheet('<row r="1"><c r="?1"><v>1</v></c></row>'), "damaged"),
    "a number that is none": (lambda: raw_sheet('<row r="1"><c r="A1"><v>abc</v></c></row>'), "damaged"),
    "a text that is not there": (
        lambda: raw_sheet('<row r="1"><c r="A1" t="s"><v>77</v></c></row>'),
        "damaged",
    ),
    "XML that breaks off": (lambda: with_sheet(SOUND, lambda text: text[:-30]), "damaged"),
}
"""What is handed in, and a part of the sentence that it gets."""


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_sound_workbook_gets_its_sentence(kind: str) -> None:
    make, sentence = BAD[kind]
    with pytest.raises(WorkbookError) as refused:
        read_sheet(make())
    assert sentence in str(refused.value)


def test_the_sound_one_is_read() -> None:
    """Or every refusal above would prove nothing."""
    assert read_sheet(SOUND).rows[2][2].text == "one"


def test_a_million_empty_rows_are_passed_over() -> None:
    content = raw_sheet(cells(3) + '<row r="4"/>' + '<row r="1000000"><c r="B1000000"><v>7</v></c></row>')
    assert sorted(read_sheet(content).rows) == [1, 2, 3, 1000000]
    began = time.monotonic()
    assert not read_sheet(raw_sheet(cells(300_000, empty=True))).rows
    assert time.monotonic() - began < USUAL.seconds


def test_one_long_text_in_every_cell_is_stopped() -> None:
    with pytest.raises(WorkbookError, match="characters"):
        read_sheet(workbook([["字" * 30_000] * 50] * 4))
    same = '<c t="s"><v>0</v></c>' * 50
    content = shared_texts("".join(f'<row r="{n}">{same}</row>' for n in range(1, 101)), "x" * 30_000)
    with pytest.raises(WorkbookError, match="characters"):
        read_sheet(content)


def test_what_takes_too_long_is_stopped() -> None:
    row = "<c><v>0.1</v></c>" * 50
    content = raw_sheet("".join(f'<row r="{number}">{row}</row>' for number in range(1, 20_001)))
    limits = replace(USUAL, seconds=1, rows=20_000, characters=10**8)
    began = time.monotonic()
    with pytest.raises(WorkbookError, match="too long"):
        read_sheet(content, limits=limits)
    assert time.monotonic() - began < 5


def test_what_needs_too_much_memory_is_stopped() -> None:
    limits = replace(USUAL, memory=40, characters=10**8)
    content = workbook([[f"{'text' * 100}{row}-{column}" for column in range(50)] for row in range(450)])
    with pytest.raises(WorkbookError, match="too much memory"):
        read_sheet(content, limits=limits)
    assert read_sheet(content, limits=replace(limits, memory=512)).rows[450][50].text.endswith("449-49")
    assert read_sheet(workbook([["x"]]), limits=limits).rows[1][1].text == "x"


def test_one_giant_merged_area_costs_nothing() -> None:
    content = with_sheet(
        SOUND,
        lambda text: text.replace(
            b"</sheetData>",
            b'</sheetData><mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>',
        ),
    )
    grid = read_sheet(content)
    assert sorted(grid.rows) == [1, 2]
    assert [area.name for area in grid.merged] == ["A5:XFD1048576"]


def test_links_to_other_workbooks_are_not_followed() -> None:
    content = workbook([["code"], [Formula("=[1]Other!A1")]])
    cell = read_sheet(content).rows[2][1]
    assert (cell.type, cell.text) == ("unworked", "")


def test_the_worker_knows_nothing_of_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", "secret")
    seen: list[dict[str, str]] = []
    import subprocess

    real = subprocess.Popen

    def watch(*arguments: object, **options: object) -> object:
        seen.append(dict(options["env"]))  # type: ignore[call-overload]
        return real(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", watch)
    read_sheet(SOUND)
    assert seen
    assert not any(name.startswith("TRACKER_") for name in seen[0])
