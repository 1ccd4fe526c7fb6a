"""Random sequences of what people do: seeds, what they type, and imports as single steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.review import ReportState
from tracker.excel.tables import LongTable
from tracker.features.intake.models import IntakeBatch
from tracker.features.intake.queries import get_batch
from tracker.features.intake.services import (
    FIELDS,
    Line,
    Way,
    compare_figures,
    import_batch,
    needed_for,
    withdraw_batch,
)

UNITS = ["A", "A1", "B"]
PERIODS = ["2022-01", "2022-02", "2022-04"]
CELLS = ["F", "FC/甲", "FC/乙", "S", "SC/甲", "SC/乙", "R", "M", "RT", "C"]

Said = Sequence[tuple[str, str]]
"""Cells by name, with what is typed into each."""

Test = Callable[..., None]


def from_seeds(examples: int) -> Callable[[Test], Test]:
    """Run a test with so many seeds, the same ones each time."""

    def decorate(test: Test) -> Test:
        chosen = settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        )
        decorated: Test = chosen(given(seed=st.integers(0, 10**6))(test))
        return decorated

    return decorate


def said_by(chance: Random, cells: Sequence[str] = CELLS) -> tuple[tuple[str, str], ...]:
    """What is typed: in most cells a number or a share, in some not applicable, in some nothing."""
    found = []
    for cell in chance.sample(cells, chance.randint(4, len(cells))):
        whole = chance.randint(1, 5)
        number = f"{chance.randint(0, whole)}/{whole}" if cell in {"R", "M"} else str(chance.randint(0, 12))
        found.append((cell, chance.choice([number, number, number, "n/a", ""])))
    return tuple(found)


def import_said(unit: str, period: str, said: Said, into: ReportState) -> None:
    """Import what is typed as a workbook would bring it; nothing for a cell says nothing."""
    way = Way(into, "filed")
    rows: dict[int, tuple[object, ...]] = {}
    for number, (cell, text) in enumerate(said, 2):
        if text:
            code, _, category = cell.partition("/")
            value, _, whole = text.partition("/")
            is_not = text == "n/a"
            rows[number] = Line(
                unit,
                code,
                period,
                category or None,
                None if is_not else value,
                None if is_not else whole or None,
                is_not,
                "because",
                None,
                None,
                None,
            )
    fields = {name: number for number, name in enumerate(FIELDS, 1)}
    with writing():
        found = compare_figures(
            [LongTable("Figures", 1, fields, (), rows)],
            WHOLE_HOUSE,
            needed_for(into),
            way,
            tell=lambda *_: None,
        )
        if not found.changes:
            db.session.rollback()
            return
        import_batch(
            found,
            way,
            name="figures.xlsx",
            digest="0" * 64,
            fingerprint=found.fingerprint,
            actor=HOUSE,
            tell=lambda _: None,
        )
        db.session.commit()


def withdraw_latest() -> None:
    """Withdraw the latest import that still stands."""
    with writing():
        query = (
            select(IntakeBatch.id).where(IntakeBatch.withdrawn_at.is_(None)).order_by(IntakeBatch.id.desc())
        )
        batch_id = db.session.scalars(query).first()
        if batch_id is not None:
            withdraw_batch(get_batch(WHOLE_HOUSE, None, batch_id), WHOLE_HOUSE, actor=HOUSE)
            db.session.commit()
        else:
            db.session.rollback()
