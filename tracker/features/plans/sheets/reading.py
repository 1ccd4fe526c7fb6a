"""Reading a plan's workbook, and saying at its cells what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext

from tracker.core.workbooks import (
    OwnBook,
    day_cells,
    hands_out,
    in_every_language,
    marked_sheets,
    number_cells,
    problem_of,
    read_sheets_of,
)
from tracker.domain.curves import PERCENT_PLACES
from tracker.domain.errors import N_, RuleError
from tracker.domain.meaning import MOST_DECIMALS
from tracker.domain.numbers import PLACES
from tracker.domain.review import REVIEW_STEPS
from tracker.excel.declared import InColumn, InTable, Problem, Reader, as_choice, as_lines, as_text
from tracker.features.plans.services import Line, Part, PlanBook, PlanImport
from tracker.features.plans.sheets.words import (
    HEADINGS,
    LONG_TEXTS,
    SHOWN,
    YES_OR_NO,
    choices,
    headings_of,
    sheet_names,
    words_of,
)

LONGEST_NAME, LONGEST_DEFINITION, LONGEST_LIST = 200, 2000, 1000

BOOK = hands_out(
    OwnBook(
        N_("the workbook of a plan"),
        N_("Plans"),
        tuple(HEADINGS[Part.COVER][field] for field in ("code", "frequency", "amber_limit")),
    )
)
"""How the workbook of a plan is told from other workbooks of the house."""

_REQUIRED: Mapping[Part, tuple[str, ...]] = {
    Part.TASKS: ("pillar",),
    Part.SETTINGS: ("code",),
    Part.TARGETS: ("code", "unit"),
    Part.CURVES: ("code", "day"),
}
_NAMING = ("code", "pillar", "initiative")
"""Fields by which other rows know what a row is about."""


@dataclass(frozen=True)
class PlanWorkbook:
    """A workbook as it was read: its sheets, and the rows that hold no wrong cell."""

    tables: Mapping[Part, InTable]
    book: PlanBook

    @property
    def problems(self) -> list[Problem]:
        """Cells that cannot be read."""
        return [problem for table in self.tables.values() for problem in table.problems]

    @property
    def unknown(self) -> list[str]:
        """Headings that nobody asked for, each with its sheet."""
        shown = {name for text in SHOWN.values() for name in in_every_language(text)}
        return [
            f"{table.sheet}: {heading}"
            for table in self.tables.values()
            for heading in table.unknown
            if heading.strip() not in shown
        ]


def read_plan(content: bytes, *, is_new: bool = False) -> PlanWorkbook:
    """Read a plan's workbook. Raises :class:`RuleError` when it is not one, or not of a new plan."""
    columns = {part.value: _columns(part) for part in Part}
    found = read_sheets_of(content, sheet_names(), columns, asked=BOOK)
    tables = {Part(key): table for key, table in found.items()}
    if is_new and not (Part.COVER in tables and tables[Part.COVER].rows):
        raise RuleError(
            N_("A new plan needs its code, name, unit and days on the sheet “%(sheet)s”."),
            field="file",
            sheet=sheet_names()[Part.COVER][0],
        )
    lines = {
        part: tuple(Line(part, row.number, row.values) for row in table.rows if not row.problems)
        for part, table in tables.items()
    }
    return PlanWorkbook(tables, PlanBook(lines, frozenset(_broken(tables.values()))))


def problems_of(workbook: PlanWorkbook, found: PlanImport) -> dict[Part, list[Problem]]:
    """Everything that is wrong, by sheet and row."""
    said: dict[Part, list[Problem]] = {part: list(table.problems) for part, table in workbook.tables.items()}
    for refusal in found.refusals:
        table = workbook.tables[refusal.part]
        cells = next(row.cells for row in table.rows if row.number == refusal.row)
        # A column that the sheet lacks has no cell; the first one's stands for the whole row.
        address = cells.get(refusal.error.field or "") or next(iter(cells.values()))
        said[refusal.part].append(problem_of(refusal.row, address, refusal.error))
    return {part: sorted(problems, key=lambda one: one.row) for part, problems in said.items() if problems}


def marked_plan(content: bytes, workbook: PlanWorkbook, problems: Mapping[Part, list[Problem]]) -> bytes:
    """A copy in which what is wrong stands at its cells. Raises :class:`RuleError` for too heavy a file."""
    tables = workbook.tables
    wrong = [(tables[part].sheet, tables[part].heading_row, found) for part, found in problems.items()]
    return marked_sheets(content, wrong)


def sheet_label(workbook: PlanWorkbook, part: Part) -> str:
    """The name of a sheet as it stands in the workbook."""
    table = workbook.tables.get(part)
    return table.sheet if table else gettext(sheet_names()[part][0])


def _columns(part: Part) -> list[InColumn]:
    required = _REQUIRED.get(part, ())
    return [
        InColumn(field, headings_of(part, field), _reader(field), required=field in required)
        for field in HEADINGS[part]
    ]


def _reader(field: str) -> Reader:
    if field in {"frequency", "measure", "direction", "reported_as", "schedule"} | YES_OR_NO:
        return as_choice(words_of(field), told=choices(field))
    if field in {"starts_on", "ends_on", "due_on", "day"}:
        return day_cells()
    numbers: dict[str, Reader] = {
        "amber_limit": number_cells(2, negative=True),
        "red_limit": number_cells(2, negative=True),
        "target": number_cells(PLACES, negative=True),
        "baseline": number_cells(PLACES, negative=True),
        "share": number_cells(PERCENT_PLACES),
        "decimals": _decimals,
        "review_steps": _steps,
    }
    if field in numbers:
        return numbers[field]
    if field in LONG_TEXTS:
        return as_lines(LONGEST_DEFINITION)
    if field in {"code", "number", "unit_of_measure", "unit_of_measure_en"}:
        return as_text(32)
    return as_text(LONGEST_LIST if field in {"supporting", "categories", "categories_en"} else LONGEST_NAME)


_decimals = as_choice({str(places): places for places in range(MOST_DECIMALS + 1)})
_steps = as_choice({str(steps): steps for steps in REVIEW_STEPS})


def _broken(tables: Iterable[InTable]) -> Iterator[str]:
    for table in tables:
        for row in table.rows:
            if row.problems:
                yield from (
                    str(row.values[name]).casefold() for name in _NAMING if row.values.get(name) is not None
                )
