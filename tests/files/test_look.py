"""What people hand in is judged by its content: pictures are drawn anew, what is hostile gets a sentence."""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from tests.kit.uploads import (
    DETAILS,
    OLE,
    PDF,
    PLACE,
    SCRIPTED_PDF,
    TYPES,
    archive,
    far_template,
    huge_png,
    package,
    photo,
    picture,
)
from tracker.files.errors import (
    DAMAGED_DOCUMENT,
    DAMAGED_PICTURE,
    LOCKED,
    OTHER_KIND,
    TOO_LONG,
    TOO_MUCH_MEMORY,
    FileError,
)
from tracker.files.limits import Limits
from tracker.files.look import look_at
from tracker.files.packages import MACROS
from tracker.files.sniff import ACTIVE, HEIC, MOVING, OLD_OFFICE, OLD_PICTURE, PACKED, PLAIN

USUAL = Limits()
SMALLER = replace(USUAL, unpacked=2, parts=20)

JPEG, PNG = picture(), picture("PNG")
LARGE_BOMB = "This document unpacks to more than 2 MB or has too many parts. Save it as PDF."
PIXELS = "This picture has more than 50 million pixels. Make it smaller, and try again."


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def lying_bomb() -> bytes:
    """A part of three megabytes whose directory says that it is small."""
    size = 3 * 1024 * 1024
    content = package(word__bomb_dot_xml=b" " * size)
    return content.replace(struct.pack("<I", size), struct.pack("<I", 100))


def encrypted() -> bytes:
    """A package whose parts say that they are locked."""
    content = bytearray(package())
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.find(start)
        content[at + (6 if start == b"PK\x03\x04" else 8)] |= 1
    return bytes(content)


def ftyp(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + bytes(64)


HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing at all": (b"", "This file is empty. Choose it again."),
    "heic": (ftyp(b"heic"), HEIC),
    "heif of another brand": (ftyp(b"mif1"), HEIC),
    "video": (ftyp(b"mp42"), MOVING),
    "sound or film in a RIFF": (b"RIFF\0\0\0\0AVI LIST" + bytes(32), MOVING),
    "matroska": (b"\x1aE\xdf\xa3" + bytes(32), MOVING),
    "gif": (picture("GIF", mode="P"), OLD_PICTURE),
    "bmp": (picture("BMP"), OLD_PICTURE),
    "tiff": (picture("TIFF"), OLD_PICTURE),
    "svg with a script": (b"<svg xmlns='x'><script>alert(1)</script></svg>", ACTIVE),
    "web page": (b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>", ACTIVE),
    "xml": (b"<?xml version='1.0'?><x/>", ACTIVE),
    "windows program": (b"MZ" + bytes(100), ACTIVE),
    "linux program": (b"\x7fELF" + bytes(100), ACTIVE),
    "shell script": (b"#!/bin/sh\nrm -rf /\n", ACTIVE),
    "text": ("今天新增车位 20 个".encode(), PLAIN),
    "rar": (b"Rar!\x1a\x07\x01\0" + bytes(20), PACKED),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(20), PACKED),
    "gzip": (b"\x1f\x8b\x08" + bytes(20), PACKED),
    "zip of photos": (archive(("a.jpg", JPEG)), PACKED),
    "random bytes": (bytes(range(1, 9)) + b"\0\1\2\3" * 50, OTHER_KIND),
    "old word": (OLE, OLD_OFFICE),
    "locked word": (OLE + "EncryptedPackage".encode("utf-16-le"), LOCKED),
    "locked zip": (encrypted(), LOCKED),
    "pdf cut short": (PDF[:-20], DAMAGED_DOCUMENT),
    "pdf hidden behind a web page": (b"<html>" + PDF, ACTIVE),
    "jpeg cut short": (JPEG[: len(JPEG) // 2], DAMAGED_PICTURE),
    "png cut short": (PNG[: len(PNG) - 30], DAMAGED_PICTURE),
    "webp cut short": (picture("WEBP")[:60], DAMAGED_PICTURE),
    "first bytes of a jpeg": (b"\xff\xd8\xff", DAMAGED_PICTURE),
    "jpeg of zeros": (b"\xff\xd8\xff\xe0" + bytes(4000), DAMAGED_PICTURE),
    "png that is very large": (huge_png(60_000), PIXELS),
    "png with too little in it": (huge_png(3_000), DAMAGED_PICTURE),
    "packed pixel bomb": (picture("PNG", (9000, 9000), mode="1"), PIXELS),
    "powerpoint": (
        package("pptx"),
        "Of Office documents only .docx and .xlsx are taken. Save it as PDF, and try again.",
    ),
    "docm": (package("docm"), MACROS),
    "docx with macros": (package(word__vbaProject_dot_bin=b"x"), MACROS),
    "xlsx with macros": (package("xlsx", xl__vbaProject_dot_bin=b"x"), MACROS),
    "docx with a control": (package(word__activeX__activeX1_dot_xml=b"<x/>"), MACROS),
    "docx with a program": (package(word__embeddings__setup_dot_exe=b"MZ"), MACROS),
    "docx with a template from afar": (far_template(), MACROS),
    "docx that leads elsewhere": (package(**{"..__..__etc__passwd": b"x"}), DAMAGED_DOCUMENT),
    "docx with an absolute part": (package(**{"__etc__passwd": b"x"}), DAMAGED_DOCUMENT),
    "docx with declarations": (package(word__x_dot_xml=b"<!DOCTYPE x [<!ENTITY a 'b'>]>"), DAMAGED_DOCUMENT),
    "docx cut short": (package()[:-40], DAMAGED_DOCUMENT),
    "zip bomb in a docx": (package(word__bomb_dot_bin=b"\0" * (3 * 1024 * 1024)), LARGE_BOMB),
    "docx of very many parts": (package(**{f"word__{n}": b"" for n in range(30)}), LARGE_BOMB),
    "zip without a table of types": (archive(("word/document.xml", b"<x/>")), PACKED),
}
"""Name, content, and the sentence that its owner reads."""


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_taken_gets_its_sentence(name: str) -> None:
    content, sentence = HOSTILE[name]
    with pytest.raises(FileError) as refused:
        look_at(content, SMALLER)
    assert str(refused.value) == (sentence % refused.value.params if refused.value.params else sentence)


def test_a_bomb_whose_directory_lies_is_not_unpacked() -> None:
    with pytest.raises(FileError) as refused:
        look_at(lying_bomb(), SMALLER)
    assert refused.value.message == DAMAGED_DOCUMENT


def test_a_file_above_the_limit_is_not_even_looked_at() -> None:
    with pytest.raises(FileError, match="larger than 1 MB"):
        look_at(b"\xff\xd8\xff" + bytes(1024 * 1024), replace(USUAL, file=1))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_of_picture_becomes_a_jpeg_with_a_thumbnail(kind: str) -> None:
    looked = look_at(picture(kind, (2400, 1200)), USUAL)
    assert (looked.kind, looked.width, looked.height) == ("jpg", 1600, 800)
    assert looked.small is not None
    assert (opened(looked.content).format, opened(looked.small).format) == ("JPEG", "JPEG")
    assert max(opened(looked.small).size) == 240


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_way_of_keeping_colours_in_a_png_is_read(mode: str) -> None:
    content = BytesIO()
    Image.new(mode, (30, 20)).save(content, "PNG")
    assert look_at(content.getvalue(), USUAL).width == 30


def test_what_can_be_seen_through_becomes_white() -> None:
    clear = picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))
    assert opened(look_at(clear, USUAL).content).getpixel((9, 9)) == (255, 255, 255)


def test_a_small_picture_is_not_made_larger() -> None:
    assert look_at(picture(size=(60, 40)), USUAL).width == 60


def test_position_maker_and_comments_are_gone_and_the_time_stays() -> None:
    content = photo()
    assert opened(content).getexif().get_ifd(PLACE)
    looked = look_at(content, USUAL)
    assert looked.taken == "2022-06-29T10:32:05"
    kept = opened(looked.content)
    assert not kept.getexif().get_ifd(PLACE)
    assert dict(kept.getexif().get_ifd(DETAILS)) == {0x9003: "2022:06:29 10:32:05"}
    assert set(kept.getexif()) == {DETAILS}
    assert b"Maker" not in looked.content and b"back gate" not in looked.content
    assert looked.small is not None
    assert not opened(looked.small).getexif()


def test_the_zone_that_the_camera_knew_is_kept() -> None:
    looked = look_at(photo(zone="+09:00"), USUAL)
    assert looked.taken == "2022-06-29T10:32:05+09:00"
    assert opened(looked.content).getexif().get_ifd(DETAILS)[0x9011] == "+09:00"


@pytest.mark.parametrize("said", [None, "0000:00:00 00:00:00", "yesterday", "2022:13:45 99:00:00"])
def test_a_time_that_is_none_is_not_known(said: str | None) -> None:
    assert look_at(photo(taken=said), USUAL).taken is None


CORNERS = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}
"""Where the mark of the upper left corner belongs, for each way of holding the camera."""


@pytest.mark.parametrize("turned", CORNERS)
def test_a_photo_is_turned_the_right_way_up(turned: int) -> None:
    kept = opened(look_at(photo(turned=turned), USUAL).content)
    assert kept.size == ((800, 400) if turned < 5 else (400, 800))
    right, low = CORNERS[turned]
    x, y = (kept.width - 20 if right else 20), (kept.height - 20 if low else 20)
    mark = kept.getpixel((x, y))
    assert isinstance(mark, tuple) and min(mark) > 200


def test_the_same_pixels_are_alike_with_and_without_their_time() -> None:
    one, other = look_at(photo(), USUAL), look_at(photo(taken=None), USUAL)
    assert one.content != other.content
    assert one.likeness == other.likeness
    assert look_at(photo(shade=200), USUAL).likeness != one.likeness


@pytest.mark.parametrize("content", [PDF, SCRIPTED_PDF, package("docx"), package("xlsx")])
def test_documents_are_kept_as_they_are(content: bytes) -> None:
    looked = look_at(content, USUAL)
    assert looked.content == content
    assert looked.source == looked.likeness == hashlib.sha256(content).hexdigest()


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such limits")
def test_a_picture_that_needs_too_much_memory_is_told_and_harms_nothing() -> None:
    with pytest.raises(FileError) as refused:
        look_at(picture("PNG", (7000, 7000)), replace(USUAL, memory=150))
    assert refused.value.message in {TOO_MUCH_MEMORY, DAMAGED_PICTURE}
    assert look_at(JPEG, USUAL).width == 640


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such limits")
def test_the_largest_picture_that_is_taken_stays_within_the_memory() -> None:
    assert look_at(picture("PNG", (7000, 7000), mode="RGBA", colour=(9, 9, 9, 200)), USUAL).width == 1600
    assert look_at(picture("JPEG", (10_900, 11_000), progressive=True), USUAL).height == 1600


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_arguments: object, timeout: int, **_more: object) -> None:
        raise subprocess.TimeoutExpired([sys.executable], timeout)

    run: Callable[..., object] = subprocess.run
    monkeypatch.setattr(subprocess, "run", slow)
    with pytest.raises(FileError, match="too long") as refused:
        look_at(JPEG, USUAL)
    assert refused.value.message == TOO_LONG
    monkeypatch.setattr(subprocess, "run", run)
    assert look_at(JPEG, USUAL).kind == "jpg"


def test_types_are_read_from_the_package_and_not_from_its_name() -> None:
    forged = archive((TYPES, b"<Types/>"), ("word/document.xml", b"<x/>"))
    with pytest.raises(FileError, match=r"only \.docx and \.xlsx"):
        look_at(forged, USUAL)
