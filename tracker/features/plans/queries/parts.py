"""What belongs to one initiative or indicator, and the marks by which a stale form is told."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from tracker.core.db import db
from tracker.domain.meaning import Meaning
from tracker.features.plans.models import Category, CurvePoint, Indicator, Initiative, initiative_support
from tracker.features.plans.queries.stamps import stamp_of, stamp_values


def supporting_units(initiative: Initiative) -> list[int]:
    """Ids of the units that support an initiative, in order."""
    return list(
        db.session.scalars(
            select(initiative_support.c.unit_id)
            .where(initiative_support.c.initiative_id == initiative.id)
            .order_by(initiative_support.c.unit_id)
        )
    )


def categories_of(indicator: Indicator) -> list[Category]:
    """The indicator's categories in their order."""
    return list(
        db.session.scalars(
            select(Category).where(Category.indicator_id == indicator.id).order_by(Category.position)
        )
    )


def curve_of(indicator: Indicator) -> list[CurvePoint]:
    """The indicator's planned curve in the order of days."""
    return list(
        db.session.scalars(
            select(CurvePoint).where(CurvePoint.indicator_id == indicator.id).order_by(CurvePoint.day)
        )
    )


def meaning_of(indicator: Indicator) -> Meaning:
    """All that gives the indicator's figures their meaning."""
    return Meaning(
        code=indicator.code,
        measure=indicator.measure,
        direction=indicator.direction,
        reported_as=indicator.reported_as,
        unit_of_measure=indicator.unit_of_measure,
        decimals=indicator.decimals,
        may_be_negative=indicator.may_be_negative,
        may_exceed=indicator.may_exceed,
        categories=frozenset(category.id for category in categories_of(indicator)),
    )


def stamp_of_initiative(initiative: Initiative) -> str:
    """The mark of all that the form of an initiative shows."""
    return stamp_of(initiative, supporting_units(initiative))


def stamp_of_indicator(indicator: Indicator) -> str:
    """The mark of all that the form of an indicator shows."""
    return stamp_of(indicator, [(c.id, c.name, c.name_en) for c in categories_of(indicator)])


def stamp_of_curve(indicator: Indicator) -> str:
    """The mark of an indicator's curve."""
    return stamp_values(*((point.day, point.share) for point in curve_of(indicator)))


def stamp_of_reporters(unit_ids: Collection[int]) -> str:
    """The mark of who reports an indicator."""
    return stamp_values(*sorted(unit_ids))
