"""One indicator of a report, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.core.access import Scope
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.roles import Permission
from tracker.features.plans.queries import IndicatorRow, asked_of, indicators_of
from tracker.features.reports.queries.evidence import EvidenceRow, evidence_of
from tracker.features.reports.queries.sheet import ReportHandle, get_report


@dataclass(frozen=True)
class EvidenceSpot:
    """Where evidence belongs: an indicator of a unit's report; with all that is there already."""

    report: ReportHandle
    indicator: IndicatorRow
    rows: tuple[EvidenceRow, ...]

    @property
    def present(self) -> tuple[EvidenceRow, ...]:
        """What was not withdrawn."""
        return tuple(row for row in self.rows if not row.is_withdrawn)

    def row(self, number: int) -> EvidenceRow:
        """The piece of this id. Raises :class:`NotFoundError` when it is not here."""
        found = next((row for row in self.rows if row.id == number), None)
        if found is None:
            raise NotFoundError(N_("There is no such evidence. It may have been removed."))
        return found


def get_evidence_spot(
    scope: Scope,
    permission: Permission,
    *,
    plan_code: str,
    unit_code: str,
    period_code: str,
    indicator_code: str,
) -> EvidenceSpot:
    """The indicator in this report with its evidence.

    Raises :class:`NotFoundError` when the report is out of scope or the unit is not asked for it.
    """
    report = get_report(scope, permission, plan_code=plan_code, unit_code=unit_code, period_code=period_code)
    indicator = next((one for one in indicators_of(report.plan) if one.code == indicator_code), None)
    rows = evidence_of(report.unit.id, report.period.id)
    asked = asked_of(report.unit, report.plan, report.period.ends_on)
    if indicator is None or (indicator.id not in asked and indicator.id not in rows):
        raise NotFoundError(N_("There is no such indicator in this report."))
    return EvidenceSpot(report, indicator, rows.get(indicator.id, ()))
