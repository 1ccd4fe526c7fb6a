"""The evidence of a report, of one of its indicators, and where else the same files are used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.roles import Permission
from tracker.features.evidence.models import FileKind, StoredFile
from tracker.features.org.models import OrgUnit
from tracker.features.plans.models import Indicator, Period, Plan
from tracker.features.plans.queries import Name
from tracker.features.reports.models import Entry, EntryRevision, Evidence

MOST_USES = 200


@dataclass(frozen=True)
class EvidenceRow:
    """A file bound to a figure. Sizes are in bytes and pixels."""

    id: int
    unit_id: int
    period_id: int
    indicator_id: int
    category_id: int | None
    name: str
    caption: str
    taken_at: datetime | None
    added_at: datetime
    added_by_id: int | None
    withdrawn_at: datetime | None
    withdrawn_by_id: int | None
    withdrawn_reason: str | None
    source_sha256: str
    file_id: int
    sha256: str
    small_sha256: str | None
    likeness: str
    kind: FileKind
    size: int
    width: int | None
    height: int | None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it no longer bears anything out."""
        return self.withdrawn_at is not None

    @property
    def is_picture(self) -> bool:
        """Whether it is a safe picture, which may be shown."""
        return self.kind is FileKind.PICTURE

    @property
    def marks(self) -> frozenset[str]:
        """What it has in common with every other use of the same file."""
        return frozenset({self.source_sha256, self.sha256, self.likeness})


EvidenceByIndicator = Mapping[int, tuple[EvidenceRow, ...]]
"""The evidence of a report by indicator id, in the order of adding."""

_COLUMNS = (
    Evidence.id,
    Evidence.unit_id,
    Evidence.period_id,
    Evidence.indicator_id,
    Evidence.category_id,
    Evidence.name,
    Evidence.caption,
    Evidence.taken_at,
    Evidence.added_at,
    Evidence.added_by_id,
    Evidence.withdrawn_at,
    Evidence.withdrawn_by_id,
    Evidence.withdrawn_reason,
    Evidence.source_sha256,
    StoredFile.id,
    StoredFile.sha256,
    StoredFile.small_sha256,
    StoredFile.likeness,
    StoredFile.kind,
    StoredFile.size,
    StoredFile.width,
    StoredFile.height,
)


@dataclass(frozen=True)
class OtherUse:
    """Where else the same file bears a figure out."""

    evidence_id: int
    marks: frozenset[str]
    unit: Name
    unit_code: str
    plan_code: str
    period_code: str
    starts_on: date
    ends_on: date
    indicator: Name
    indicator_code: str


def evidence_of(unit_id: int, period_id: int) -> dict[int, tuple[EvidenceRow, ...]]:
    """All evidence of a report, withdrawn or not."""
    found: dict[int, list[EvidenceRow]] = defaultdict(list)
    for row in db.session.execute(
        select(*_COLUMNS)
        .join(StoredFile, StoredFile.id == Evidence.file_id)
        .where(Evidence.unit_id == unit_id, Evidence.period_id == period_id)
        .order_by(Evidence.id)
    ):
        evidence = EvidenceRow(*tuple[Any, ...](row))
        found[evidence.indicator_id].append(evidence)
    return {indicator: tuple(rows) for indicator, rows in found.items()}


def was_approved(report_id: int | None) -> bool:
    """Whether anything of the report has ever counted."""
    approved = (
        select(EntryRevision.entry_id)
        .join(Entry, Entry.id == EntryRevision.entry_id)
        .where(Entry.report_id == report_id, EntryRevision.approved_at.is_not(None))
        .limit(1)
    )
    return report_id is not None and db.session.scalar(approved) is not None


def is_used(file_id: int) -> bool:
    """Whether anything, withdrawn or not, refers to a file."""
    return db.session.scalar(select(Evidence.id).where(Evidence.file_id == file_id).limit(1)) is not None


def other_uses(scope: Scope, rows: Collection[EvidenceRow]) -> dict[int, tuple[OtherUse, ...]]:
    """Where else the same files are used, as far as the scope reaches; by the id of the evidence.

    The same file is one of the same content, the same picture, or what was handed out before.
    """
    marks = {mark for row in rows for mark in row.marks}
    if not marks:
        return {}
    found = [
        _use(row)
        for row in db.session.execute(
            select(
                Evidence.id,
                Evidence.source_sha256,
                StoredFile.sha256,
                StoredFile.likeness,
                OrgUnit,
                Plan.code,
                Period.code,
                Period.starts_on,
                Period.ends_on,
                Indicator,
            )
            .join(StoredFile, StoredFile.id == Evidence.file_id)
            .join(OrgUnit, OrgUnit.id == Evidence.unit_id)
            .join(Period, Period.id == Evidence.period_id)
            .join(Plan, Plan.id == Period.plan_id)
            .join(Indicator, Indicator.id == Evidence.indicator_id)
            .where(
                Evidence.withdrawn_at.is_(None),
                scope.clause(Permission.SEE_EVIDENCE, OrgUnit.path),
                or_(
                    Evidence.source_sha256.in_(marks),
                    StoredFile.sha256.in_(marks),
                    StoredFile.likeness.in_(marks),
                ),
            )
            .order_by(Evidence.id)
            .limit(MOST_USES)
        )
    ]
    return {
        row.id: tuple(use for use in found if use.evidence_id != row.id and use.marks & row.marks)
        for row in rows
        if not row.is_withdrawn
    }


def _use(row: Any) -> OtherUse:
    evidence_id, source, sha256, likeness, unit, plan_code, period_code, starts_on, ends_on, indicator = row
    return OtherUse(
        evidence_id,
        frozenset({source, sha256, likeness}),
        Name(unit.name, unit.name_en),
        unit.code,
        plan_code,
        period_code,
        starts_on,
        ends_on,
        Name(indicator.name, indicator.name_en),
        indicator.code,
    )
