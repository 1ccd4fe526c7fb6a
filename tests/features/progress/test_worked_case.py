"""Every figure of the worked case, from the balances of both databases through everything that shows it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from flask_babel import gettext

from tests.kit.case import Row, expected, expected_at, sheets, shown_with
from tests.kit.house import House
from tests.kit.page import Element
from tracker.core.access import WHOLE_HOUSE
from tracker.core.i18n import word
from tracker.domain.progress import Signal
from tracker.domain.roles import Permission
from tracker.features.dashboards.queries import get_view
from tracker.features.dashboards.sheets import COLUMNS, position_rows
from tracker.features.dashboards.sheets.words import signal_word
from tracker.features.org.queries import get_unit
from tracker.features.plans.queries import get_plan
from tracker.features.progress.queries import clockwork, standings
from tracker.features.reports.services import find_differences


def by_indicator(rows: list[Row]) -> dict[str, Row]:
    """Rows of one unit by indicator."""
    return {row["indicator"]: row for row in rows}


def some_sheets(house: House, *, all_if: bool = False) -> list[tuple[str, str]]:
    """Everything on SQLite; on PostgreSQL, where only the township is asked for, the same code runs."""
    every = all_if or house.kind == "sqlite"
    return [(as_of, unit) for as_of, unit in sheets() if every or unit == "LC"]


def test_all_rows_come_out_of_the_database(library: House) -> None:
    assert len(expected()) == 492
    found: list[Row] = []
    with library.inside():
        for as_of, code in sheets():
            unit = get_unit(WHOLE_HOUSE, Permission.SEE_PROGRESS, code)
            day = date.fromisoformat(as_of)
            clock = clockwork(get_plan(unit, as_of=day), day)
            rows = by_indicator(position_rows(unit, clock, standings(unit, clock)))
            assert set(rows) == set(expected_at(as_of, code))
            found += [rows[indicator] for indicator in expected_at(as_of, code)]
    wanted = [row for as_of, unit in sheets() for row in expected_at(as_of, unit).values()]
    assert found == wanted


def test_the_balances_of_the_sample_are_what_its_entries_make_them(library: House) -> None:
    with library.inside():
        assert list(find_differences()) == []


def test_all_rows_come_out_of_the_api(library: House) -> None:
    visitor = library.visitor("fenguan")
    for as_of, unit in sheets():
        answer = visitor.get(f"/api/v1/positions?unit={unit}&as_of={as_of}").json
        rows = {row["indicator"]: row for row in answer["data"]}
        wanted = expected_at(as_of, unit)
        assert answer["meta"]["count"] == len(answer["data"])
        assert rows == {
            code: {name: text or None for name, text in row.items()} for code, row in wanted.items()
        }


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_all_rows_come_out_of_the_command(library: House, form: str) -> None:
    read = {"csv": read_csv, "json": read_json, "table": read_table}[form]
    for as_of, unit in some_sheets(library, all_if=form == "csv"):
        outcome = library.run("positions", "--unit", unit, "--as-of", as_of, "--format", form)
        assert (outcome.code, outcome.err) == (0, "")
        rows = by_indicator(read(outcome.out))
        wanted = expected_at(as_of, unit)
        assert rows == wanted


def read_csv(text: str) -> list[Row]:
    reader = csv.DictReader(io.StringIO(text))
    assert tuple(reader.fieldnames or ()) == COLUMNS
    return list(reader)


def read_json(text: str) -> list[Row]:
    return [{name: value or "" for name, value in row.items()} for row in json.loads(text)]


def read_table(text: str) -> list[Row]:
    head, *lines = [line.split() for line in text.splitlines()]
    assert tuple(head) == COLUMNS
    return [dict(zip(head, ["" if part == "-" else part for part in line], strict=True)) for line in lines]


@pytest.mark.parametrize("as_of", sorted({as_of for as_of, _ in sheets()}))
def test_the_same_figures_stand_on_the_overview(library: House, as_of: str) -> None:
    visitor = library.visitor("fenguan")
    for unit in sorted({unit for day, unit in sheets() if day == as_of}):
        page = visitor.get(f"/overview?unit={unit}&as_of={as_of}").page
        lines = {code_of(row): row for row in page.root.all("tr", class_="board__row")}
        assert set(lines) == set(expected_at(as_of, unit))
        for indicator, row in expected_at(as_of, unit).items():
            with library.app.test_request_context("/?lang=en"):
                assert_line(lines[indicator], row, word(row["signal"]))


def code_of(line: Element) -> str:
    """The indicator that a line of the board is about, from its link."""
    return line.one("a", class_="board__link")["href"].partition("?")[0].rsplit("/", 1)[-1]


def assert_line(line: Element, row: Row, signal: str) -> None:
    cell = {name: line.one("td", class_=f"board__{name}") for name in ("actual", "target", "rate", "signal")}
    assert figure(cell["actual"].one("span", class_="figure__number")) == number(row["actual"])
    assert exact(figure(cell["target"].inside[-1])) == exact(number(row["target"]))
    assert_rounded(cell["rate"].one("strong").text.rstrip("%"), row["completion_rate"], 0)
    assert_rounded(figure(cell["rate"].one("span", class_="board__hint").inside[-1]), row["gap_points"], 1)
    assert signal in cell["signal"].text, row


def figure(part: Element | str) -> str:
    """What is printed, with its minus and without its commas."""
    text = part if isinstance(part, str) else part.text
    return text.strip().replace("−", "-").replace(",", "")


def number(text: str) -> str:
    """How a figure of the case is printed."""
    return text or "—"


def assert_rounded(shown: str, text: str, places: int) -> None:
    if not text:
        assert figure(shown) == "—"
    else:
        assert Decimal(figure(shown)) in shown_with(text, places), (shown, text)


def test_the_same_figures_stand_in_the_workbook(library: House) -> None:
    for as_of, unit in some_sheets(library):
        with library.app.test_request_context("/?lang=en"):
            words = {signal.value: signal_word(signal, gettext) for signal in Signal}
        book = library.visitor("fenguan").get(f"/exports/progress.xlsx?unit={unit}&as_of={as_of}&lang=en")
        sheet = openpyxl.load_workbook(io.BytesIO(book.body), data_only=True).worksheets[0]
        lines = {line[1]: line for line in sheet.iter_rows(values_only=True) if str(line[1]).startswith("I")}
        assert set(lines) == set(expected_at(as_of, unit))
        for indicator, row in expected_at(as_of, unit).items():
            line = lines[indicator]
            assert exact(line[8]) == exact(row["actual"] or "Not reported"), row
            assert exact(line[6]) == exact(row["target"] or "—"), row
            assert_rounded(str(line[9]), row["completion_rate"], 1)
            assert_rounded(str(line[10]), row["expected_rate"], 1)
            assert_rounded(str(line[11]), row["gap_points"], 1)
            assert line[12] == words[row["signal"]]


def exact(value: object) -> object:
    """Numbers by value, words as they are."""
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return value


def test_a_later_data_date_within_a_month_shows_the_month_before(library: House) -> None:
    with library.inside():
        view = get_view(WHOLE_HOUSE, unit_code="LC", as_of=date(2022, 6, 29), plan_code=None)
        rows = by_indicator(position_rows(view.unit, view.clock, standings(view.unit, view.clock)))
    # June belongs to a data date only from its last day on.
    may = expected_at("2022-05-31", "LC")
    assert {code: row["actual"] for code, row in rows.items()} == {c: row["actual"] for c, row in may.items()}
