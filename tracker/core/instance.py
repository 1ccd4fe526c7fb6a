"""What this instance is: a real township, or the sample with its own 'today'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import g, has_request_context
from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, db


class InstanceRow(Base):
    """The single row that says what the instance is."""

    __tablename__ = "instance"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    is_sample: Mapped[bool]
    sample_today: Mapped[date | None]


@dataclass(frozen=True)
class InstanceFacts:
    """Whether the data is a sample, and the day on which the sample's story stands."""

    is_sample: bool = False
    sample_today: date | None = None


_FACTS = select(InstanceRow.is_sample, InstanceRow.sample_today)
"""Made once: every request and every change asks it."""


def instance_facts() -> InstanceFacts:
    """Read once per request, since a page asks several times."""
    if has_request_context() and "instance_facts" in g:
        known: InstanceFacts = g.instance_facts
        return known
    row = db.session.connection().execute(_FACTS).first()
    facts = InstanceFacts(row.is_sample, row.sample_today) if row else InstanceFacts()
    if has_request_context():
        g.instance_facts = facts
    return facts


def is_set_up() -> bool:
    """Whether someone has decided what this instance is to be."""
    return db.session.scalar(select(InstanceRow.id)) is not None


def mark_as_real() -> None:
    """Keep that this instance is a real township's, unless it is decided already. The caller commits."""
    if not is_set_up():
        db.session.add(InstanceRow(id=1, is_sample=False))


def mark_as_sample(today: date) -> None:
    """Keep that this instance holds sample data, told on ``today``. The caller commits."""
    db.session.merge(InstanceRow(id=1, is_sample=True, sample_today=today))
    db.session.flush()
