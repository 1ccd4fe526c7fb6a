"""What looking at the figures leaves behind."""

from __future__ import annotations

from tracker.core.audit import Actor, record
from tracker.features.dashboards.queries import View


def record_export(view: View, *, actor: Actor) -> None:
    """Keep in the audit log that a progress sheet was taken away."""
    subject = f"progress sheet {view.clock.plan.code}/{view.unit.code} {view.clock.as_of}"
    if view.known_on is not None:
        subject += f" known on {view.known_on}"
    record("export.progress", actor=actor, subject=subject, unit_id=view.unit.id)
