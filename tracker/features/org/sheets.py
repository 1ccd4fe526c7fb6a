"""The tree as a workbook: written out, and the same columns read in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flask_babel import force_locale, gettext

from tracker.core.access import Scope
from tracker.core.clock import now, today, zone
from tracker.core.format import day as day_words
from tracker.core.i18n import WORDS, language, name_of, word
from tracker.core.instance import instance_facts
from tracker.core.workbooks import (
    OwnBook,
    day_cells,
    hands_out,
    help_sheet,
    in_every_language,
    number_cells,
    problem_of,
    read_workbook,
)
from tracker.domain.errors import N_
from tracker.domain.roles import Permission
from tracker.domain.units import LONGEST_NAME, FactKind, UnitKind
from tracker.excel.columns import COUNT, Align, Book, Column, FontSet, Sheet, Table, Value, decimals
from tracker.excel.declared import InColumn, InRow, InTable, Problem, as_choice, as_text
from tracker.excel.write import write
from tracker.features.org.queries import (
    Branch,
    Comparison,
    FactRow,
    UnitLine,
    all_branches,
    compare_units,
    facts_on,
    tree_in_scope,
)

HEADINGS: dict[str, str] = {
    "code": N_("Unit code"),
    "parent": N_("Code of the unit above"),
    "name": N_("Name"),
    "name_en": N_("English name"),
    "kind": N_("Kind"),
    "households": N_("Households"),
    "residents": N_("Residents"),
    "compounds": N_("Number of compounds"),
    "area": N_("Area (km²)"),
    "since": N_("In force from"),
}
"""The heading of each field, in the order of the sheet."""

BOOK = hands_out(
    OwnBook(
        N_("a list of units"),
        N_("Import units from Excel"),
        tuple(HEADINGS[field] for field in ("code", "parent", "kind", "since")),
    )
)
"""How a list of units is told from other workbooks of the house."""

_MEANINGS: dict[str, str] = {
    "code": N_("2 to 32 letters, digits or dashes; each code once. It tells which unit the row is about."),
    "parent": N_("For a new unit: under which unit it stands. An import never moves a unit."),
    "name": N_("Needed for a new unit."),
    "name_en": N_("May be left empty."),
    "kind": N_("Needed for a new unit: %(words)s."),
    "households": N_("A whole number. An empty cell changes nothing."),
    "residents": N_("A whole number. An empty cell changes nothing."),
    "compounds": N_("A whole number. An empty cell changes nothing."),
    "area": N_("In square kilometres, at most two decimals. An empty cell changes nothing."),
    "since": N_("The day from which the row's figures hold, such as 2022-01-01. Needed beside a figure."),
}


_ENGLISH_FONTS = FontSet(title="Times New Roman", body="Times New Roman", head="Arial", title_size=18)


@dataclass(frozen=True)
class _Line:
    """A unit with its facts in force."""

    branch: Branch
    facts: Mapping[FactKind, FactRow]


def units_file(scope: Scope, permission: Permission, *, lang: str | None = None) -> tuple[str, bytes]:
    """(file name, content) of the tree in scope, in the language given or being spoken."""
    with force_locale(lang or language()):
        branches = all_branches(tree_in_scope(scope, permission, today=today()))
        facts = facts_on([branch.unit.id for branch in branches], today())
        lines = [_Line(branch, facts.get(branch.unit.id, {})) for branch in branches]
        title = gettext("Units of %(unit)s", unit=name_of(branches[0].unit)) if branches else gettext("Units")
        name = re.sub(r'[\\/:*?"<>|\x00-\x1f\s]+', "-", f"{title}_{today()}.xlsx")
        return name, write(_book(title, lines, now().astimezone(zone())))


def _book(title: str, lines: list[_Line], made_at: datetime) -> Book:
    english = language() == "en"
    fonts = _ENGLISH_FONTS if english else FontSet()
    sample = instance_facts().is_sample
    return Book(
        title=title,
        sheets=(
            Sheet(
                name=gettext("Units"),
                title=title,
                left=gettext("Figures in force on %(day)s", day=day_words(today())),
                right=gettext("Sample data: figures and names are illustrative") if sample else "",
                tables=(Table(columns=_columns(), rows=lines),),
                footer=gettext("Page &P of &N"),
                fonts=fonts,
                freeze_columns=1,
            ),
            _help_sheet(fonts),
        ),
        made_at=made_at,
    )


def _columns() -> tuple[Column[_Line], ...]:
    heading = {field: (gettext(text),) for field, text in HEADINGS.items()}
    left = Align.LEFT
    return (
        Column("code", heading["code"], lambda line: line.branch.unit.code, 14, align=left),
        Column(
            "parent",
            heading["parent"],
            lambda line: line.branch.parent.code if line.branch.parent else None,
            14,
            align=left,
        ),
        Column("name", heading["name"], lambda line: line.branch.unit.name, 24, align=left),
        Column("name_en", heading["name_en"], lambda line: line.branch.unit.name_en, 30, align=left),
        Column("kind", heading["kind"], lambda line: word(line.branch.unit.kind), 12),
        *(
            Column(
                kind.value,
                heading[kind.value],
                _fact(kind),
                11,
                decimals(kind.decimals) if kind.decimals else COUNT,
                Align.RIGHT,
            )
            for kind in FactKind
        ),
        Column("since", heading["since"], _since, 14, "yyyy-mm-dd"),
    )


def _fact(kind: FactKind) -> Callable[[_Line], Value]:
    return lambda line: line.facts[kind].value if kind in line.facts else None


def _since(line: _Line) -> date | None:
    """The latest day on which one of the row's figures began: from then on all of them hold."""
    return max((fact.from_on for fact in line.facts.values()), default=None)


def _help_sheet(fonts: FontSet) -> Sheet:
    kinds = (", " if language() == "en" else "、").join(word(kind) for kind in UnitKind)
    rows = [
        (gettext(HEADINGS[field]), gettext(text, words=kinds) if "%(words)s" in text else gettext(text))
        for field, text in _MEANINGS.items()
    ]
    return help_sheet(rows, fonts)


# Reading


_MORE_HEADINGS = {
    "code": ("单位编码", "编码", "Code"),
    "parent": ("上级", "上级编码", "上级单位编码", "Parent", "Parent code"),
    "name": ("单位名称", "中文名称", "Chinese name"),
    "kind": ("单位类别", "类型"),
    "residents": ("常住人口", "人口数", "Population"),
    "compounds": ("小区", "Compounds"),
    "area": ("面积", "Area"),
    "since": ("启用日", "起始日期", "From", "Since"),
}


def _in_columns() -> list[InColumn]:
    texts = as_text(LONGEST_NAME)
    readers = {
        "code": as_text(32),
        "parent": as_text(32),
        "name": texts,
        "name_en": texts,
        "kind": as_choice(
            {text: kind for kind in UnitKind for text in (*in_every_language(WORDS[kind]), kind.value)},
            told=[word(kind) for kind in UnitKind],
        ),
        **{kind.value: number_cells(kind.decimals) for kind in FactKind},
        "since": day_cells(),
    }
    return [
        InColumn(
            field,
            (*in_every_language(text), *_MORE_HEADINGS.get(field, ())),
            readers[field],
            required=field == "code",
        )
        for field, text in HEADINGS.items()
    ]


@dataclass(frozen=True)
class UnitBook:
    """A workbook of units as it was read: its rows, and the lines of those whose code can be read."""

    table: InTable
    lines: tuple[UnitLine, ...]


def read_units(content: bytes) -> UnitBook:
    """Read a workbook of units. Raises :class:`RuleError` when it is not one."""
    table = read_workbook(content, _in_columns(), asked=BOOK)
    return UnitBook(table, tuple(_line(row) for row in table.rows if row.values["code"]))


def _line(row: InRow) -> UnitLine:
    values = row.values

    def text(field: str) -> str | None:
        value = values.get(field)
        return value if isinstance(value, str) else None

    kind, since = values.get("kind"), values.get("since")
    facts = {fact: value for fact in FactKind if isinstance(value := values.get(fact.value), Decimal)}
    return UnitLine(
        row.number,
        text("code") or "",
        text("parent"),
        text("name"),
        text("name_en"),
        kind if isinstance(kind, UnitKind) else None,
        facts,
        since if isinstance(since, date) else None,
        frozenset(problem.field for problem in row.problems if problem.field),
    )


def judge_units(book: UnitBook, scope: Scope, permission: Permission) -> tuple[Comparison, list[Problem]]:
    """What the workbook would change, and everything that is wrong with it, by row."""
    comparison = compare_units(scope, permission, book.lines)
    problems = [*book.table.problems, *_refusals(book, comparison)]
    return comparison, sorted(problems, key=lambda one: (one.row, len(one.address), one.address))


def _refusals(book: UnitBook, comparison: Comparison) -> Iterable[Problem]:
    cells = {row.number: row.cells for row in book.table.rows}
    for refusal in comparison.refused:
        addresses = cells[refusal.row]
        # A column that the sheet lacks has no cell; the code's stands for the whole row.
        address = addresses.get(refusal.error.field or "code", addresses["code"])
        yield problem_of(refusal.row, address, refusal.error)
