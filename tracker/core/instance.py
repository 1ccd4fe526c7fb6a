"""What this instance is: a real township, or the sample with its own 'today'; and what was chosen for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from flask import current_app, g
from sqlalchemy import CheckConstraint, String, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from tracker.config import Source
from tracker.core.db import Base, db


class InstanceRow(Base):
    """The single row that says what the instance is.

    ``setup_digest`` is the digest of the code that opens the set-up in the browser: there is one while
    the set-up waits for its first administrator, and never again afterwards.
    """

    __tablename__ = "instance"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    is_sample: Mapped[bool]
    sample_today: Mapped[date | None]
    setup_digest: Mapped[str | None] = mapped_column(String(255))
    language: Mapped[str | None] = mapped_column(String(8))
    time_zone: Mapped[str | None] = mapped_column(String(64))


@dataclass(frozen=True)
class InstanceFacts:
    """Whether the data is a sample, the day on which its story stands, and whether the set-up waits.

    Language and time zone are those that were chosen at the set-up.
    """

    is_sample: bool = False
    sample_today: date | None = None
    setup_digest: str | None = field(default=None, repr=False)
    language: str | None = None
    time_zone: str | None = None


_FACTS = select(
    InstanceRow.is_sample,
    InstanceRow.sample_today,
    InstanceRow.setup_digest,
    InstanceRow.language,
    InstanceRow.time_zone,
)
"""Made once: every request and every change asks it."""


def instance_facts() -> InstanceFacts:
    """Read once per request or command, since pages and changes ask several times."""
    if "instance_facts" not in g:
        row = db.session.connection().execute(_FACTS).first()
        g.instance_facts = InstanceFacts(*row) if row else InstanceFacts()
    known: InstanceFacts = g.instance_facts
    return known


def _forget() -> None:
    g.pop("chosen_settings", None)
    g.pop("instance_facts", None)


def is_set_up() -> bool:
    """Whether someone has decided what this instance is to be."""
    return db.session.scalar(select(InstanceRow.id)) is not None


def mark_as_real() -> None:
    """Keep that this instance is a real township's, unless it is decided already. The caller commits."""
    if not is_set_up():
        db.session.add(InstanceRow(id=1, is_sample=False))
        _forget()


def mark_as_sample(today: date) -> None:
    """Keep that this instance holds sample data, told on ``today``. The caller commits."""
    db.session.merge(InstanceRow(id=1, is_sample=True, sample_today=today))
    db.session.flush()
    _forget()


# Setting it up in the browser


def open_setup(digest: str) -> None:
    """Let the set-up wait for whoever has the code of this digest. The caller commits."""
    db.session.execute(update(InstanceRow).values(setup_digest=digest))
    _forget()


def close_setup() -> None:
    """End the set-up for good, as the first user does. The caller commits."""
    db.session.execute(
        update(InstanceRow).where(InstanceRow.setup_digest.is_not(None)).values(setup_digest=None)
    )
    _forget()


def setup_digest() -> str | None:
    """The digest as it is at this moment, for whoever decides by it inside a write."""
    return db.session.scalar(select(InstanceRow.setup_digest))


# What was chosen for it

_CHOSEN = {"LANGUAGE": "language", "TIME_ZONE": "time_zone"}
"""Settings that are chosen when the instance is set up, with their columns."""


def keep_choices(*, language: str, time_zone: str) -> None:
    """Keep what was chosen at the set-up. The caller commits."""
    db.session.execute(update(InstanceRow).values(language=language, time_zone=time_zone))
    _forget()


def chosen_settings() -> dict[str, str]:
    """What was chosen at the set-up, by the names of settings, where nothing that wins says otherwise.

    ``config.py``, the environment and the program win. Where the database cannot be asked, as on the
    page that says so, nothing was chosen.
    """
    if "chosen_settings" not in g:
        facts = InstanceFacts()
        try:
            facts = instance_facts()
        except SQLAlchemyError:
            with suppress(SQLAlchemyError):
                db.session.rollback()
        sources: dict[str, Source] = current_app.extensions["setting_sources"]
        g.chosen_settings = {
            name: value
            for name, column in _CHOSEN.items()
            if sources[name] is Source.DEFAULT and (value := getattr(facts, column))
        }
    known: dict[str, str] = g.chosen_settings
    return known


def setting_here(name: str) -> str:
    """A setting with what was chosen at the set-up between its default and everything else."""
    return chosen_settings().get(name) or str(current_app.config[name])
