"""Version 1 of the API."""

from __future__ import annotations

from flask import Blueprint, Response, request

from tracker.api.envelope import answer
from tracker.core.access import current_scope, requires
from tracker.core.instance import instance_facts
from tracker.domain.errors import N_, RuleError
from tracker.domain.roles import Permission
from tracker.features.dashboards.queries import get_view, read_day, read_known_on
from tracker.features.dashboards.sheets import position_rows
from tracker.features.progress.queries import standings

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/positions")
@requires(Permission.SEE_PROGRESS)
def positions() -> Response:
    """Positions of a unit on a data date; numbers are decimal texts, null says undefined."""
    for name in ("unit", "as_of"):
        if not request.args.get(name):
            raise RuleError(N_("The parameter %(name)s is missing."), field=name, name=name)
    view = get_view(
        current_scope(),
        unit_code=request.args["unit"],
        as_of=read_day(request.args["as_of"]),
        plan_code=request.args.get("plan"),
        known_on=read_known_on(request.args.get("known_on")),
    )
    found = standings(view.unit, view.clock)
    rows = position_rows(view.unit, view.clock, found)
    return answer(
        [{name: value or None for name, value in row.items()} for row in rows],
        unit=view.unit.code,
        plan=view.clock.plan.code,
        as_of=view.clock.as_of.isoformat(),
        count=len(rows),
        sample=instance_facts().is_sample,
        coverage={
            row.indicator.code: {
                "reported": row.coverage.reported,
                "expected": row.coverage.expected,
                "not_applicable": row.coverage.not_applicable,
            }
            for row in found
        },
        **({"known_on": view.known_on.isoformat()} if view.known_on else {}),
    )
