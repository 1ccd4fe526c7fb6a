"""Evidence in the small plan, added, captioned and taken away by the product's own services."""

from __future__ import annotations

from tests.kit import make
from tests.kit.uploads import photo
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE, Actor
from tracker.core.db import db, writing
from tracker.domain.roles import Permission
from tracker.features.evidence.services import clear_files, judge_file
from tracker.features.reports.queries import EvidenceSpot, get_evidence_spot
from tracker.features.reports.services import add_evidence, caption_evidence, remove_evidence


def spot_of(unit: str, period: str, indicator: str, plan: str = make.PLAN) -> EvidenceSpot:
    """An indicator of a report with its evidence, as an operator of the whole house reads it."""
    return get_evidence_spot(
        WHOLE_HOUSE,
        Permission.SEE_EVIDENCE,
        plan_code=plan,
        unit_code=unit,
        period_code=period,
        indicator_code=indicator,
    )


def add_proof(
    unit: str,
    period: str,
    indicator: str,
    content: bytes | None = None,
    *,
    name: str = "照片.jpg",
    caption: str = "",
    category: int | None = None,
    plan: str = make.PLAN,
    actor: Actor = HOUSE,
) -> int:
    """Add a file to a figure; ``category`` counts from 0."""
    handed = judge_file(photo() if content is None else content, name)
    with writing():
        spot = spot_of(unit, period, indicator, plan)
        chosen = None if category is None else spot.indicator.categories[category]
        number = add_evidence(spot, handed, category=chosen, caption=caption, actor=actor)
        db.session.commit()
    return number


def remove_proof(unit: str, period: str, indicator: str, number: int, reason: str | None = None) -> None:
    """Take a piece away, and clear its content away if nothing refers to it any more."""
    with writing():
        spot = spot_of(unit, period, indicator)
        unused = remove_evidence(spot, spot.row(number), reason, actor=HOUSE)
        db.session.commit()
    with writing():
        clear_files(unused, actor=HOUSE)
        db.session.commit()


def name_proof(unit: str, period: str, indicator: str, number: int, caption: str, *, seen: str) -> None:
    """Say what a piece shows."""
    with writing():
        spot = spot_of(unit, period, indicator)
        caption_evidence(spot, spot.row(number), caption, seen=seen, actor=HOUSE)
        db.session.commit()
