"""Reading a block copied from Excel or WPS: tab-separated lines, with whatever stands around the numbers.

A block is read in one of two ways. Where one of its columns holds names of the sheet, each line goes
to the cell of that name; else the lines go to the cells below each other, beginning at a given one.
Blank cells of the block change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.errors import N_, RuleError

MOST_LINES = 2000
MOST_COLUMNS = 60

FIGURES = frozenset(
    {"本月", "本期", "本月累计", "本期累计", "本月数", "本期数", "填报值", "完成数", "累计完成"}
    | {"本季", "本季度", "本年", "thisperiod", "thismonth", "figure", "value"}
)
"""Words of a header above the column that is meant, where a block has several columns of numbers."""

BLANK = frozenset({"", "-", "—", "–", "－", "/", "无", "n/a", "未报", "未填"})
"""What stands in a cell that says nothing."""

_NUMBER = re.compile(r"^[+\-−－＋]?[0-9０-９][0-9０-９,，.．\s]*[万亿]?")


@dataclass(frozen=True)
class Target:
    """A cell of the sheet that can be pasted into: its key, its names, and how many numbers it takes.

    ``names`` belong to the indicator, ``parts`` to the category; ``units`` are words for its unit.
    """

    key: tuple[int, int]
    names: tuple[str, ...]
    parts: tuple[str, ...]
    units: tuple[str, ...]
    numbers: int


@dataclass(frozen=True)
class Pasted:
    """What a block says about one cell: the texts for its inputs, or why they are refused."""

    key: tuple[int, int]
    texts: tuple[str, ...]
    refused: str | None = None
    params: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Block:
    """What a block says about cells, and the names in it for which the sheet has no cell."""

    cells: tuple[Pasted, ...]
    unknown: tuple[str, ...] = ()


def read_block(text: str) -> list[list[str]]:
    """The lines and columns of a block as Excel and WPS copy it; trailing blanks are left out.

    Raises :class:`RuleError` for more than a sheet could hold.
    """
    lines: list[list[str]] = []
    line: list[str] = []
    place = 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while place <= len(text):
        if text[place : place + 1] == '"' and (found := _QUOTED.match(text, place)):
            line.append(_tidy(found[1].replace('""', '"')))
            place = found.end()
        else:
            end = _next_end(text, place)
            line.append(_tidy(text[place:end]))
            place = end
        if text[place : place + 1] != "\t":
            lines.append(line)
            line = []
        place += 1
        if len(lines) > MOST_LINES or len(line) > MOST_COLUMNS:
            raise RuleError(N_("This block is too large. Copy only the rows of this sheet."))
    while lines and not any(lines[-1]):
        lines.pop()
    return lines


_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=\t|\n|$)')


def place_block(lines: Sequence[Sequence[str]], targets: Sequence[Target], start: int) -> Block:
    """What a block says about which cells; ``start`` is the place among the targets to begin at.

    Raises :class:`RuleError` when the block cannot be understood as a whole.
    """
    if not any(any(line) for line in lines):
        raise RuleError(N_("There is nothing to paste. Copy the cells in Excel or WPS first."))
    names = {_plain(name) for target in targets for name in target.names}
    labels = [
        sum(_plain(line[at]) in names for line in lines if at < len(line)) for at in range(_width(lines))
    ]
    best = max(labels, default=0)
    header, body = _split_header(lines)
    if best:
        return _by_name(header, body, targets, labels.index(best))
    return Block(tuple(_by_place(header, body, targets, start)))


def read_pasted(cell: str, target: Target) -> str:
    """A pasted number without its unit. Raises :class:`RuleError` for a unit that is another one."""
    found = _NUMBER.match(cell)
    if not found:
        return cell
    for unit in sorted(target.units, key=len, reverse=True):
        if unit and cell.casefold().endswith(unit.casefold()):
            bare = cell[: -len(unit)].strip()
            if _NUMBER.fullmatch(bare):
                return bare
    rest = cell[found.end() :].strip()
    if rest and not re.search(r"[0-9０-９]", rest):
        raise RuleError(
            N_("The unit “%(unit)s” is not that of this indicator, %(own)s. Convert the number first."),
            unit=rest,
            own=target.units[0],
        )
    return cell


def _by_place(
    header: Sequence[str], body: Sequence[Sequence[str]], targets: Sequence[Target], start: int
) -> list[Pasted]:
    below = targets[start : start + len(body)]
    if len(body) > len(below):
        raise RuleError(
            N_("The block has %(lines)s rows, but from here on the sheet has %(cells)s. Begin further up."),
            lines=len(body),
            cells=len(below),
        )
    columns = _number_columns(header, body, max(target.numbers for target in below))
    return [one for line, target in zip(body, below, strict=True) for one in _pasted(line, target, columns)]


def _by_name(
    header: Sequence[str], body: Sequence[Sequence[str]], targets: Sequence[Target], at: int
) -> Block:
    columns = _number_columns(
        header, body, 2 if any(target.numbers > 1 for target in targets) else 1, after=at
    )
    found: list[Pasted] = []
    current: list[Target] = []
    unknown: list[str] = []
    met: set[tuple[int, int]] = set()
    for line in body:
        words = {_plain(cell) for cell in line if cell}
        named = [target for target in targets if words & {_plain(name) for name in target.names}]
        if not named and at < len(line) and line[at]:
            # Another name begins here; where it is a category's own, its indicator stands above it.
            is_part = any(words & {_plain(part) for part in target.parts} for target in current)
            current = current if is_part else []
        current = named or current
        parted = [target for target in current if words & {_plain(part) for part in target.parts}]
        chosen = parted or [target for target in named if not target.parts]
        for target in chosen[:1]:
            if target.key in met:
                raise RuleError(N_("One indicator stands twice in the block. Copy each only once."))
            met.add(target.key)
            found += _pasted(line, target, columns)
        if not chosen and not named and any(line):
            unknown.append(next(cell for cell in line if cell))
    return Block(tuple(found), tuple(unknown))


def _pasted(line: Sequence[str], target: Target, columns: Sequence[int]) -> list[Pasted]:
    said = [line[at] if at < len(line) else "" for at in columns[: target.numbers]]
    if target.numbers == 2 and said and said[0].count("/") == 1 and not any(said[1:]):
        said = [part.strip() for part in said[0].split("/")]
    said = ["" if _plain(cell) in BLANK else cell for cell in said]
    if not any(said):
        return []
    try:
        texts = tuple(read_pasted(cell, target) for cell in said)
    except RuleError as error:
        return [Pasted(target.key, tuple(said), error.message, error.params)]
    return [Pasted(target.key, texts)]


def _number_columns(
    header: Sequence[str], body: Sequence[Sequence[str]], wanted: int, *, after: int = -1
) -> list[int]:
    """The columns with the figures. Raises :class:`RuleError` where several could be meant."""
    titled = [at for at, word in enumerate(header) if _plain(word) in FIGURES]
    found = [at for at in range(after + 1, _width(body)) if any(_is_figure(line, at) for line in body)]
    if titled:
        return [titled[-1], titled[-1] + 1][:wanted]
    if len(found) > wanted:
        raise RuleError(
            N_("The block has several columns of numbers. Copy only the column with this period's figures.")
        )
    if not found:
        return [after + 1]
    return [found[0], found[0] + 1][:wanted]


def _is_figure(line: Sequence[str], at: int) -> bool:
    return at < len(line) and bool(_NUMBER.match(line[at]))


def _split_header(lines: Sequence[Sequence[str]]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Lines of words above the first line with a figure are a header; the last of them names columns."""
    for place, line in enumerate(lines):
        if any(_NUMBER.match(cell) for cell in line):
            is_header = place and all(len([cell for cell in one if cell]) for one in lines[:place])
            return (lines[place - 1], lines[place:]) if is_header else ((), lines)
    return (), lines


def _next_end(text: str, place: int) -> int:
    ends = [end for end in (text.find("\t", place), text.find("\n", place)) if end >= 0]
    return min(ends, default=len(text))


def _width(lines: Sequence[Sequence[str]]) -> int:
    return max((len(line) for line in lines), default=0)


def _tidy(cell: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in cell).split())


def _plain(cell: str) -> str:
    """A name without what differs between writers: blanks, brackets of another width, case."""
    return re.sub(r"\s", "", cell).replace("（", "(").replace("）", ")").replace("：", "").casefold()
