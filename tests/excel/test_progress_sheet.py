"""The progress sheet of a small data set made by hand, and its proof by formula."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.excel.conftest import Recalculate
from tracker.domain.measures import Direction, Measure, Origin
from tracker.domain.progress import Aim, Calendar, Limits, Position, position
from tracker.excel.write import write
from tracker.features.dashboards.sheets import ProgressSheetData, file_name, fingerprint, progress_book

AS_OF = date(2022, 6, 30)


@dataclass(frozen=True)
class Name:
    """A name, and for an initiative its lead unit."""

    name: str
    name_en: str | None = None
    lead_unit: Any = None


@dataclass(frozen=True)
class Indicator:
    """As much of an indicator as the sheet reads."""

    id: int
    code: str
    name: str
    measure: Measure = Measure.FLOW
    unit_of_measure: str = "个"
    decimals: int = 0
    origin: Origin | None = None
    name_en: str | None = None
    unit_of_measure_en: str | None = None
    pillar: Name = Name("硬件", "Facilities")
    initiative: Name = Name("停车", "Parking", Name("城建办"))


@dataclass(frozen=True)
class Coverage:
    """Units behind a figure."""

    reported: int = 2
    expected: int = 3
    not_applicable: int = 0
    covered: int = 2

    @property
    def is_not_applicable(self) -> bool:
        """Whether nobody is left who could report."""
        return self.not_applicable > 0 and not self.covered and self.expected <= 0


@dataclass(frozen=True)
class Standing:
    """One line."""

    indicator: Indicator
    position: Position
    coverage: Coverage = Coverage()
    increase: Fraction | None = None


def at(actual: Fraction | int | None, aim: Aim, *, share: Fraction = Fraction(1, 2), **more: Any) -> Position:
    """The position of a figure half-way through the year."""
    return position(
        actual=None if actual is None else Fraction(actual),
        aim=aim,
        direction=more.get("direction", Direction.AT_LEAST),
        schedule_share=share,
        limits=Limits(),
        calendar=Calendar(AS_OF, date(2022, 12, 31), 6),
    )


STANDINGS = (
    Standing(Indicator(1, "1.1", "停车位"), at(20, Aim(Fraction(24))), increase=Fraction(0)),
    Standing(Indicator(2, "1.10", "=绿化"), at(None, Aim(Fraction(8))), Coverage(0, 3, 0, 0)),
    Standing(Indicator(3, "1.2", "活动"), at(0, Aim(Fraction(9))), increase=Fraction(0)),
    Standing(Indicator(4, "1.3", "队伍"), at(7, Aim())),
    Standing(
        Indicator(5, "1.4", "覆盖率", Measure.RATIO, "%", 1, Origin.ILLUSTRATIVE),
        at(Fraction(1100, 16), Aim(Fraction(100)), share=Fraction(11, 12)),
    ),
    Standing(
        Indicator(6, "1.5", "投诉"),
        at(34, Aim(Fraction(60), below=Fraction(61)), direction=Direction.AT_MOST),
    ),
    Standing(Indicator(7, "1.6", "广场"), at(None, Aim(Fraction(3))), Coverage(0, 0, 3, 0)),
    Standing(
        Indicator(8, "1.7", "合作社", Measure.STOCK),
        at(29, Aim(Fraction(30), Fraction(18))),
    ),
)
CHILDREN = {
    1: [("甲", Decimal(12), None), ("乙", Decimal(8), None), ("丙", None, None)],
    2: [("甲", None, None)],
    3: [("甲", Decimal(0), None)],
    4: [("甲", Decimal(7), None)],
    5: [("甲", Decimal(5), Decimal(8)), ("乙", Decimal(6), Decimal(8)), ("丙", None, None)],
    6: [("甲", Decimal(34), None)],
    7: [("甲", "Not applicable", None)],
}
DATA = ProgressSheetData(
    unit_name="李村镇",
    plan_name="方案",
    plan_starts_on=date(2022, 1, 1),
    as_of=AS_OF,
    period_code="2022-06",
    standings=STANDINGS,
    made_at=datetime(2022, 7, 5, 10, 32, tzinfo=timezone(timedelta(hours=8))),
    made_by="审核员",
    filters=[("抓手", "硬件")],
    children=CHILDREN,
    reported_units=2,
    expected_units=3,
    fingerprint="f" * 64,
    is_sample=True,
    missing_units=("丙",),
)


def english(message: str) -> str:
    """The messages as they are written."""
    return message


def book(data: ProgressSheetData = DATA) -> bytes:
    """The workbook's bytes."""
    return write(progress_book(data, english))


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    """The workbook, read back."""
    return load_workbook(BytesIO(book()))


def lines(workbook: Workbook) -> dict[str, list[Any]]:
    """The progress sheet's rows by code, from the target column on."""
    ws = workbook["Indicator progress"]
    return {row[1]: list(row[6:]) for row in ws.iter_rows(min_row=5, max_row=12, values_only=True)}


def test_columns_stand_as_the_office_files_them(workbook: Workbook) -> None:
    ws = workbook["Indicator progress"]
    top, last = ([cell.value for cell in ws[row]] for row in (3, 4))
    labels = [low if low is not None else high for high, low in zip(top, last, strict=True)]
    assert labels == [
        *("No.", "Code", "Pillar", "Initiative", "Indicator", "Unit of measure", "Year's target"),
        *("This period", "In total", "Completion rate", "Schedule progress", "Gap to schedule (points)"),
        *("Signal", "Responsible unit", "Units reported", "Remarks"),
    ]


def test_figures_are_numbers_rounded_half_up(workbook: Workbook) -> None:
    assert lines(workbook)["1.1"] == [24, 0, 20, 83.3, 50, 33.3, "On track", "城建办", "2/3", None]
    assert lines(workbook)["1.4"][2:6] == [68.8, 68.8, 91.7, -22.9]
    ws = workbook["Indicator progress"]
    assert [ws[cell].number_format for cell in ("I5", "I9", "J5")] == ["#,##0", "#,##0.0", "#,##0.0"]


def test_zero_not_reported_no_value_and_not_applicable_are_kept_apart(workbook: Workbook) -> None:
    found = lines(workbook)
    assert found["1.2"][1:4] == [0, 0, 0]
    assert found["1.10"][1:4] == ["Not reported", "Not reported", "—"]
    assert found["1.10"][6] == "Not reported"
    assert found["1.3"][:6] == ["—", "—", 7, "—", 50, "—"]
    assert found["1.6"][1:4] == ["Not applicable", "Not applicable", "—"]


def test_remarks_carry_what_must_be_seen(workbook: Workbook) -> None:
    found = lines(workbook)
    assert found["1.4"][9] == "Illustrative"
    assert found["1.5"][9] == "Not to be exceeded；Targets of the units below add up to 61"


def test_a_mark_of_illustration_is_for_samples_only() -> None:
    real = load_workbook(BytesIO(book(replace(DATA, is_sample=False))))
    assert lines(real)["1.4"][9] is None
    assert "Sample" not in str(list(real["About"].iter_rows(values_only=True)))


def test_names_of_indicators_are_never_formulas(workbook: Workbook) -> None:
    assert workbook["Indicator progress"]["E6"].data_type == "s"
    assert workbook["Detail by unit"]["B7"].data_type == "s"


def test_the_last_sheet_says_what_the_workbook_is(workbook: Workbook) -> None:
    assert workbook.sheetnames == ["Indicator progress", "Chart", "Checks", "Detail by unit", "About"]
    facts = dict(list(workbook["About"].iter_rows(min_row=3, max_col=2, values_only=True)))
    assert facts["Fingerprint (SHA-256)"] == "f" * 64
    assert facts["Units that have reported"] == "2 of 3"
    assert facts["Filters"] == "抓手: 硬件"
    assert facts["Made at"] == "2022年7月5日 10:32 (UTC+08:00)"


def test_the_file_name_tells_unit_and_day() -> None:
    assert file_name(DATA, lambda _message: "指标进度表") == "李村镇_指标进度表_2022-06-30.xlsx"
    odd = replace(DATA, unit_name='a/b:"c')
    assert file_name(odd, lambda _message: "表") == "abc_表_2022-06-30.xlsx"


def test_the_fingerprint_follows_every_figure_and_no_order() -> None:
    first = fingerprint("LC", "P", AS_OF, STANDINGS)
    assert len(first) == 64
    assert fingerprint("LC", "P", AS_OF, STANDINGS[::-1]) == first
    assert fingerprint("LD", "P", AS_OF, STANDINGS) != first
    for name in ("actual", "target", "completion_rate", "schedule_rate", "gap"):
        moved = replace(STANDINGS[0], position=replace(STANDINGS[0].position, **{name: Fraction(1, 3)}))
        assert fingerprint("LC", "P", AS_OF, (moved, *STANDINGS[1:])) != first, name


def test_formulas_prove_every_written_figure(recalculate: Recalculate) -> None:
    checks = recalculate(book())["Checks"]
    assert checks["A2"].value == "Result: no difference"
    cells = [cell for row in checks.iter_rows(values_only=True) for cell in row]
    assert cells.count("Differs") == 0
    # Three checks a row less the one without detail, six signals and their total.
    assert cells.count("Agrees") == 3 * len(STANDINGS) - 1 + 7
    assert cells.count("No detail") == 1
    assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith(("#", "Err:"))]


def test_formulas_find_every_figure_that_was_changed(recalculate: Recalculate) -> None:
    workbook = load_workbook(BytesIO(book()))
    changed = {"I5": 21, "J9": 68.9, "L10": -6.8, "M5": "Behind", "I6": 0}
    for cell, value in changed.items():
        workbook["Indicator progress"][cell] = value
    stream = BytesIO()
    workbook.save(stream)
    checks = recalculate(stream.getvalue())["Checks"]
    # A signal that was changed is missing from one count and too many in another.
    assert checks["A2"].value == "Result, number of differences: 6"
    differing = {
        cell.coordinate for row in checks.iter_rows(max_row=12) for cell in row if cell.value == "Differs"
    }
    assert differing == {"H5", "H6", "K9", "N10"}
