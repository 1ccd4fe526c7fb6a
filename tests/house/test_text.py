"""Text files: UTF-8 without a mark, LF, a final line end, and nothing of any one computer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .source import OTHERS, Breach, files, refuse, relative

BINARY = {".png", ".ico", ".jpg", ".jpeg", ".webp", ".woff2", ".xlsx", ".mo", ".db", ".gz", ".zip", ".pdf"}
MARK = b"\xef\xbb\xbf"
MACHINE = re.compile(
    r"(?<![\w.:/}>-])/(?:home|Users|root|tmp|mnt|media|private)/\w|\b[A-Z]:\\+Users\\+\w|\bfile://"
)
UNDONE = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")


@cache
def texts() -> dict[str, bytes]:
    """Path -> bytes of every text file that is the project's own."""
    return {
        relative(path): path.read_bytes()
        for path in files()
        if path.suffix.lower() not in BINARY and not relative(path).startswith(OTHERS)
    }


def lines() -> Iterator[tuple[str, int, str]]:
    for path, content in texts().items():
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            yield path, number, line


def test_every_text_file_is_utf_8_without_a_mark() -> None:
    def breaches() -> Iterator[tuple[str, Breach]]:
        for path, content in texts().items():
            if content.startswith(MARK):
                yield path, Breach(1, "begins with a byte order mark")
            try:
                content.decode("utf-8")
            except UnicodeDecodeError as error:
                yield path, Breach(content.count(b"\n", 0, error.start) + 1, "is not UTF-8")

    refuse("Text files are UTF-8 without a byte order mark", breaches())


def test_every_line_ends_with_lf() -> None:
    refuse(
        "Lines end with LF, and so does the last one",
        (
            (path, Breach(content.count(b"\n", 0, content.find(b"\r")) + 1, "has a carriage return"))
            for path, content in texts().items()
            if b"\r" in content
        ),
    )
    refuse(
        "Lines end with LF, and so does the last one",
        (
            (path, Breach(content.count(b"\n") + 1, "does not end with a line end"))
            for path, content in texts().items()
            if content and not content.endswith(b"\n")
        ),
    )


def test_no_path_of_any_one_computer_is_written_down() -> None:
    refuse(
        "No file knows a folder of one computer",
        ((path, Breach(n, line.strip()[:90])) for path, n, line in lines() if MACHINE.search(line)),
    )


def test_no_work_is_left_behind_in_comments() -> None:
    refuse(
        "Work that is left belongs in the issue list",
        ((path, Breach(n, line.strip()[:90])) for path, n, line in lines() if UNDONE.search(line)),
    )


def test_no_conflict_of_a_merge_is_left() -> None:
    marks = ("<" * 7 + " ", ">" * 7 + " ")
    refuse(
        "A merge was not finished",
        ((path, Breach(n, line[:40])) for path, n, line in lines() if line.startswith(marks)),
    )
