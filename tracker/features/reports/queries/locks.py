"""Why a report cannot be changed although its state would allow it."""

from __future__ import annotations

from tracker.domain.errors import N_, RuleError
from tracker.features.org.queries import unit_named
from tracker.features.reports.queries.sheet import ReportHandle


def lock_refusal(report: ReportHandle) -> RuleError | None:
    """The sentence for a locked period: why it is locked and who can reopen it; None when it is open."""
    period = report.period
    if not period.is_locked:
        return None
    unit = unit_named(report.plan.unit_id)
    if not period.locked_by_hand and period.open_until is not None:
        return RuleError(
            N_(
                "This period locked itself at the end of %(day)s. An administrator of %(unit)s can reopen it."
            ),
            day=period.open_until,
            unit=unit,
        )
    if not period.lock_reason:
        return RuleError(N_("This period is locked. An administrator of %(unit)s can reopen it."), unit=unit)
    return RuleError(
        N_("This period is locked (%(reason)s). An administrator of %(unit)s can reopen it."),
        reason=period.lock_reason,
        unit=unit,
    )
