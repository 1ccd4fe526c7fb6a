"""The blueprint of the room, and the report that an address names."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.core.access import current_scope
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.reports.pages import waiting_texts
from tracker.features.reports.queries import (
    ReportHandle,
    Sheet,
    get_report,
    get_sheet,
    waiting_corrections,
)

bp = Blueprint("reports", __name__)

Answer = Response | str | tuple[str, int]


def report_at(permission: Permission, plan: str, unit: str, period: str) -> ReportHandle:
    """The report of this address, without its cells, if whoever asks has the permission there."""
    return get_report(current_scope(), permission, plan_code=plan, unit_code=unit, period_code=period)


def waiting_at(sheet: Sheet) -> dict[str, str]:
    """The corrections that wait for review, by the id of their cell; only an approved report has any."""
    if sheet.state is not ReportState.APPROVED:
        return {}
    return waiting_texts(sheet, waiting_corrections(sheet))


def sheet_at(permission: Permission, plan: str, unit: str, period: str) -> Sheet:
    """The whole sheet of this address, if whoever asks has the permission there; else it is not found."""
    return get_sheet(current_scope(), permission, plan_code=plan, unit_code=unit, period_code=period)
