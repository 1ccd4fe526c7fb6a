"""A page asks the database the same number of questions for the sample township and for a larger house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from tests.bench.page import caller, sign_in
from tests.scale.counting import counted_statements
from tracker.app import create_app
from tracker.cli.data import create_sample
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.measures import Measure
from tracker.domain.roles import Permission, Role
from tracker.domain.rollup import ValueState
from tracker.features.accounts.services import add_user, grant_role, judge_password
from tracker.features.org.models import UnitKind
from tracker.features.org.queries import UnitRow, units_by_code
from tracker.features.org.services import add_unit
from tracker.features.plans.models import Indicator, Initiative, Plan
from tracker.features.plans.services import IndicatorDraft, add_indicator, assign_indicator, set_target
from tracker.features.reports.queries import get_sheet
from tracker.features.reports.services import CellDraft, approve_report, save_report, submit_report

MORE = 50
DAY = date(2022, 6, 30)
USERNAME, PASSWORD = "everything", "a long enough Password 2022"
PAGES = {
    "overview": "/overview?unit=LC&as_of=2022-06-30",
    "indicator": "/indicators/I01?unit=LC&as_of=2022-06-30",
    "reports list": "/reports",
    "reports and indicators found": "/reports?q=z",
    "review list": "/review?state=all",
    "reviews of units found": "/review?state=all&in_unit=sq",
    "report form": "/reports/LC-2022/LC07/2022-06",
    "plan": "/plans/LC-2022",
    "indicator of a plan": "/plans/LC-2022/indicators/I01",
    "units that report": "/plans/LC-2022/indicators/I01/units",
    "targets": "/plans/LC-2022/indicators/I01/targets",
    "review form": "/review/LC-2022/LC03/2022-06",
}
Found = dict[str, tuple[list[str], bytes]]
"""Statements and body of each page."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Found, Found]:
    """What each page asks and sends, before and after the house has grown."""
    folder: Path = tmp_path_factory.mktemp("instance")
    database = f"sqlite:///{(folder / 'tracker.db').as_posix()}"
    # Lists show all of their rows on one page, or the rows beyond the first page would prove nothing;
    # and a remembered page would ask for nothing at all.
    app = create_app({"DATABASE_URL": database, "PAGE_SIZE": 1000, "REMEMBERED_PAGES": 0}, folder=folder)
    with app.app_context():
        upgrade()
        create_sample(story=True)
        with writing():
            user = add_user(USERNAME, "全部角色", judge_password(USERNAME, PASSWORD), actor=HOUSE)
            for role in (Role.REPORTER, Role.REVIEWER, Role.ADMINISTRATOR):
                grant_role(user, role, units_by_code()["LC"], actor=HOUSE)
            db.session.commit()
    headers = sign_in(app, USERNAME, PASSWORD)
    before = {name: _ask(app, caller(app, address, headers)) for name, address in PAGES.items()}
    with app.app_context():
        _grow()
    after = {name: _ask(app, caller(app, address, headers)) for name, address in PAGES.items()}
    return before, after


@pytest.mark.parametrize("page", PAGES)
def test_number_of_statements_is_fixed(found: tuple[Found, Found], page: str) -> None:
    """With 50 more units, indicators and reports the page shows more and asks the same."""
    (before, small), (after, large) = found[0][page], found[1][page]
    assert len(large) > 1.5 * len(small), "the page has not grown, so nothing is shown by it"
    assert len(after) == len(before), "\n".join(
        [f"{len(before)} -> {len(after)}", *sorted(set(after) - set(before))]
    )
    # A statement that is repeated with other values is the beginning of one per row.
    assert len(before) <= 30


def _ask(app: Flask, call: Callable[[], bytes]) -> tuple[list[str], bytes]:
    call()
    with counted_statements(app) as statements:
        body = call()
    return statements, body


def _grow() -> None:
    """Add units below the township, indicators that all of the old and new ones report, and reports."""
    with writing():
        for number in range(MORE):
            add_unit(
                f"NEW{number:02d}", f"新增社区{number}", UnitKind.COMMUNITY, parent_code="LC", actor=HOUSE
            )
        units = units_by_code()
        new = [units[f"NEW{number:02d}"] for number in range(MORE)]
        plan = db.session.scalars(db.select(Plan)).one()
        initiative = db.session.scalars(db.select(Initiative).order_by(Initiative.id)).first()
        first = db.session.scalars(db.select(Indicator).where(Indicator.code == "I01")).one()
        assert initiative is not None
        assign_indicator(plan, first, new, actor=HOUSE)
        for number in range(MORE):
            draft = IndicatorDraft(f"N{number:02d}", f"新增指标{number}", Measure.FLOW, "个")
            indicator = add_indicator(plan, initiative, draft, actor=HOUSE)
            assign_indicator(plan, indicator, [units["LC03"], units["LC07"], new[number]], actor=HOUSE)
        for unit in new:
            set_target(plan, first, unit, target=Decimal(10), actor=HOUSE)
        for number, unit in enumerate(new):
            _report(plan, unit, approved=number % 2 == 0)
        db.session.commit()


def _report(plan: Plan, unit: UnitRow, *, approved: bool) -> None:
    """A report of the last period, approved or still a draft."""
    address = {"plan_code": plan.code, "unit_code": unit.code, "period_code": f"{DAY:%Y-%m}"}
    sheet = get_sheet(WHOLE_HOUSE, Permission.FILL_REPORTS, **address)
    drafts = [CellDraft(cell.key, ValueState.VALUE, Decimal(1), reason="新增") for cell in sheet.cells]
    save_report(sheet, drafts, version=0, actor=HOUSE)
    if approved:
        submit_report(get_sheet(WHOLE_HOUSE, Permission.FILL_REPORTS, **address), actor=HOUSE)
        sheet = get_sheet(WHOLE_HOUSE, Permission.FILL_REPORTS, **address)
        approve_report(sheet, version=sheet.version, actor=HOUSE)
