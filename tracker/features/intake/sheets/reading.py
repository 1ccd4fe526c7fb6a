"""A workbook of figures as it is read: the columns with all their usual names, in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask_babel import gettext

from tracker.core.workbooks import OwnBook, hands_out, in_every_language, refuse_other_files
from tracker.domain.days import parse_day
from tracker.domain.errors import N_, RuleError
from tracker.domain.periods import period_code
from tracker.excel.declared import InColumn, Reader, as_text, seen_text
from tracker.excel.errors import CellError, WorkbookError
from tracker.excel.grid import Cell, CellType
from tracker.excel.limits import Limits
from tracker.excel.read import stream_sheets
from tracker.excel.tables import LongTable, read_tables
from tracker.features.intake.services import FIELDS

LIMITS = Limits(file=16, unpacked=160, rows=101_000, characters=20_000_000, seconds=120)
"""Room for a hundred thousand figures and the rows around them."""

HEADINGS: dict[str, str] = {
    "unit": N_("Code of the unit"),
    "indicator": N_("Indicator code"),
    "period": N_("Period"),
    "category": N_("Category"),
    "value": N_("Figure of this period"),
    "whole": N_("Whole (of a share)"),
    "na": N_("Not applicable"),
    "reason": N_("Reason"),
    "note": N_("Note"),
    "stamp": N_("Stamp (do not change)"),
    "plan": N_("Plan code"),
}
"""The heading of each field that is read."""

BOOK = hands_out(
    OwnBook(
        N_("a template for figures"),
        N_("Figures from Excel"),
        tuple(HEADINGS[field] for field in ("indicator", "value", "period", "stamp")),
    )
)
"""How a template is told from other workbooks of the house; the stamp stands in no table of one's own."""

_MORE = {
    "unit": (
        "单位",
        "单位编码",
        "单位名称",
        "填报单位",
        "责任单位",
        "社区",
        "Unit",
        "Unit code",
        "Unit name",
        "Reporting unit",
    ),
    "indicator": ("指标", "指标编码", "指标编号", "指标名称", "编号", "Indicator", "Indicator name"),
    "period": ("填报期", "期间", "报告期", "月份", "时间", "日期", "Month", "Date", "Reporting period"),
    "category": ("分类", "类别", "分项", "Kind", "Class"),
    "value": (
        "值",
        "数值",
        "填报值",
        "完成值",
        "本期值",
        "本期",
        "本期数",
        "Figure",
        "Value",
        "Number",
        "Amount",
    ),
    "whole": ("分母", "总数", "应有数", "Denominator", "Whole", "Total"),
    "na": ("不适用", "N/A"),
    "reason": ("原因", "说明", "异常说明", "Explanation"),
    "note": ("备注", "附注", "Remark", "Remarks", "Comment"),
    "stamp": ("校验码", "Stamp"),
    "plan": ("方案", "方案编码", "工作方案", "Plan"),
}
_REQUIRED = frozenset({"unit", "indicator", "period"})
"""What every row must say. In the place of a figure it may say that something does not apply."""


def heading(name: str) -> str:
    """The heading of a field in the language being spoken."""
    return gettext(HEADINGS[name])


def read_figures(content: bytes, *, tell: Callable[[int], None]) -> list[LongTable]:
    """The sheets with figures. Raises :class:`RuleError` for the field ``file`` when it is not read whole."""
    try:
        tables = read_tables(stream_sheets(content, LIMITS), columns(), tell=tell)
    except WorkbookError as error:
        refuse_other_files(content, BOOK)
        raise RuleError(error.message, field="file", **error.params) from error
    for table in tables:
        if "value" not in table.fields:
            refuse_other_files(content, BOOK)
            raise RuleError(
                N_("The sheet lacks the columns %(columns)s, which were looked for in row %(row)s."),
                field="file",
                columns=heading("value"),
                row=table.heading_row,
            )
    return tables


def columns() -> list[InColumn]:
    """What is read, in the order of a line's fields."""
    readers: dict[str, Reader] = {
        "unit": as_text(100),
        "indicator": as_text(200),
        "period": _period,
        "category": as_text(200),
        "value": _figure,
        "whole": _figure,
        "na": _yes,
        "reason": as_text(500),
        "note": as_text(500),
        "stamp": as_text(40),
        "plan": as_text(64),
    }
    return [
        InColumn(
            field, (*in_every_language(HEADINGS[field]), *_MORE[field]), readers[field], field in _REQUIRED
        )
        for field in FIELDS
    ]


def _period(cell: Cell) -> str | date:
    """A period by its code in any spelling, or by one of its days."""
    text = seen_text(cell.text)
    if cell.type is CellType.DAY:
        return date.fromisoformat(text)
    code = period_code(text)
    if code is not None:
        return code
    try:
        return parse_day(text)
    except RuleError:
        raise CellError(
            N_("“%(text)s” is no period. Write it as 2022-06, 2022-Q2, 2022-H1 or 2022."), text=text[:40]
        ) from None


def _figure(cell: Cell) -> str:
    """What stands for a figure, as text; how many decimals it may have is known only with its indicator."""
    if cell.type not in (CellType.NUMBER, CellType.TEXT):
        raise CellError(N_("This is not a number. Enter digits only, for example 1250."))
    return seen_text(cell.text)


_YES = frozenset({"是", "√", "✓", "1", "y", "yes", "true", "不适用", "n/a", "x"})
_NO = frozenset({"否", "0", "n", "no", "false", "-", "—"})


def _yes(cell: Cell) -> bool:
    text = seen_text(cell.text).casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError(N_("Write 是 (yes) here, or leave it empty."))
