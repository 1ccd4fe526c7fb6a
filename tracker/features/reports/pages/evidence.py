"""Evidence on pages: beside the figures of a sheet, and on a page of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for
from flask_babel import gettext, ngettext

from tracker.core.access import Scope
from tracker.core.format import number, period_label
from tracker.core.i18n import Named, name_of
from tracker.domain.roles import Permission
from tracker.features.accounts.queries import names_of_users
from tracker.features.plans.queries import IndicatorRow
from tracker.features.reports.forms import EvidenceForm
from tracker.features.reports.queries import (
    EvidenceRow,
    EvidenceSpot,
    OtherUse,
    ReportHandle,
    Sheet,
    other_uses,
)

ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf,.jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx"
"""What browsers offer first; what is taken is decided by content alone. Phones turn HEIC into JPG by it."""

_TOLD = 3
"""Other uses that are told one by one."""


@dataclass(frozen=True)
class Piece:
    """One file as pages show it; texts are ready to print."""

    number: int
    name: str
    caption: str
    title: str
    kind: str
    size_text: str
    category: str | None
    is_picture: bool
    width: int | None
    height: int | None
    taken_at: datetime | None
    added_at: datetime
    added_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str | None
    remarks: tuple[str, ...]
    url: str
    small_url: str | None
    photo_url: str | None
    file_url: str
    caption_url: str
    remove_url: str


@dataclass(frozen=True)
class EvidenceMark:
    """What a sheet shows beside a figure: how many pieces, which, and what is odd."""

    url: str
    count: int
    text: str
    is_needed: bool
    pieces: tuple[Piece, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Trouble:
    """What was refused: of a piece by its number, or of a file by its name."""

    sentence: str
    name: str = ""
    number: int | None = None
    field: str = ""
    typed: str = ""


@dataclass(frozen=True)
class EvidencePage:
    """The evidence of one indicator in one report."""

    report: ReportHandle
    indicator: IndicatorRow
    pieces: tuple[Piece, ...]
    withdrawn: tuple[Piece, ...]
    form: EvidenceForm
    troubles: tuple[Trouble, ...]
    read_only_reason: str | None
    needs_reason: bool
    back_url: str
    is_reporter: bool
    accepted: str
    file_mb: int
    request_mb: int
    most: int

    def trouble(self, number: int, field: str) -> Trouble | None:
        """What was refused of this piece."""
        return next((one for one in self.troubles if (one.number, one.field) == (number, field)), None)


@dataclass(frozen=True)
class ViewerPage:
    """One piece of evidence, large, between its neighbours."""

    report: ReportHandle
    indicator: IndicatorRow
    piece: Piece
    place: int
    count: int
    previous_url: str | None
    next_url: str | None
    close_url: str


def evidence_marks(sheet: Sheet, scope: Scope | None = None) -> dict[int, EvidenceMark]:
    """What stands beside the figures, by indicator id; with a scope also where files are used elsewhere."""
    present = {
        indicator_id: [row for row in rows if not row.is_withdrawn]
        for indicator_id, rows in sheet.evidence.items()
    }
    uses = other_uses(scope, [row for rows in present.values() for row in rows]) if scope else {}
    marks = {}
    for indicator in {cell.indicator.id: cell.indicator for cell in sheet.cells}.values():
        rows = present.get(indicator.id, [])
        pieces = _pieces(sheet, indicator, rows, uses, {})
        marks[indicator.id] = EvidenceMark(
            url=_address("evidence", sheet, indicator),
            count=len(rows),
            text=ngettext("Evidence: %(num)s file", "Evidence: %(num)s files", len(rows)),
            is_needed=indicator.needs_evidence,
            pieces=pieces,
            remarks=tuple(dict.fromkeys(remark for piece in pieces for remark in piece.remarks)),
        )
    return marks


def evidence_page(
    spot: EvidenceSpot,
    scope: Scope,
    form: EvidenceForm,
    *,
    read_only_reason: str | None,
    needs_reason: bool,
    troubles: Collection[Trouble] = (),
) -> EvidencePage:
    """The page of one indicator's evidence."""
    report, reviews = spot.report, scope.allows(Permission.SEE_REPORTS, spot.report.unit.path)
    is_reporter = scope.allows(Permission.FILL_REPORTS, report.unit.path)
    uses = other_uses(scope, spot.rows) if reviews else {}
    who = names_of_users(
        {user for row in spot.rows for user in (row.added_by_id, row.withdrawn_by_id) if user is not None}
    )
    pieces = _pieces(report, spot.indicator, spot.rows, uses, who)
    config = current_app.config
    return EvidencePage(
        report=report,
        indicator=spot.indicator,
        pieces=tuple(piece for piece in pieces if piece.withdrawn_at is None),
        withdrawn=tuple(piece for piece in pieces if piece.withdrawn_at is not None),
        form=form,
        troubles=tuple(troubles),
        read_only_reason=read_only_reason,
        needs_reason=needs_reason,
        back_url=_report_url("edit" if is_reporter else "review", report),
        is_reporter=is_reporter,
        accepted=ACCEPTED,
        file_mb=int(config["EVIDENCE_FILE_MB"]),
        request_mb=int(config["EVIDENCE_REQUEST_MB"]),
        most=int(config["EVIDENCE_FILES"]),
    )


def viewer_page(spot: EvidenceSpot, row: EvidenceRow) -> ViewerPage:
    """One piece, large; its neighbours are those that were not withdrawn."""
    shown = [one for one in spot.rows if not one.is_withdrawn or one.id == row.id]
    place = shown.index(row)
    who = names_of_users({user for user in (row.added_by_id, row.withdrawn_by_id) if user is not None})

    def link(at: int) -> str | None:
        if not 0 <= at < len(shown):
            return None
        return _address("view_evidence", spot.report, spot.indicator, number=shown[at].id)

    return ViewerPage(
        spot.report,
        spot.indicator,
        _pieces(spot.report, spot.indicator, [row], {}, who)[0],
        place + 1,
        len(shown),
        link(place - 1),
        link(place + 1),
        _address("evidence", spot.report, spot.indicator),
    )


def _pieces(
    report: ReportHandle,
    indicator: IndicatorRow,
    rows: Sequence[EvidenceRow],
    uses: Mapping[int, Sequence[OtherUse]],
    who: Mapping[int, Named],
) -> tuple[Piece, ...]:
    categories = {one.id: name_of(one) for one in indicator.categories}

    def name(user_id: int | None) -> str:
        return name_of(who[user_id]) if user_id is not None and user_id in who else ""

    def to(endpoint: str, row: EvidenceRow, **more: str) -> str:
        return _address(endpoint, report, indicator, number=row.id, **more)

    return tuple(
        Piece(
            number=row.id,
            name=row.name,
            caption=row.caption,
            title=row.caption or row.name,
            kind=row.kind.value.upper(),
            size_text=_size(row.size),
            category=categories.get(row.category_id or 0),
            is_picture=row.is_picture,
            width=row.width,
            height=row.height,
            taken_at=row.taken_at,
            added_at=row.added_at,
            added_by=name(row.added_by_id),
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=name(row.withdrawn_by_id),
            withdrawn_reason=row.withdrawn_reason,
            remarks=_remarks(uses.get(row.id, ())),
            url=to("view_evidence", row),
            small_url=to("evidence_file", row, what="small") if row.is_picture else None,
            photo_url=to("evidence_file", row, what="photo") if row.is_picture else None,
            file_url=to("evidence_file", row, what="file"),
            caption_url=to("caption_evidence", row),
            remove_url=to("remove_evidence", row),
        )
        for row in rows
    )


def _remarks(uses: Sequence[OtherUse]) -> tuple[str, ...]:
    """Where else the same file is used, in one sentence."""
    if not uses:
        return ()
    places = [
        gettext(
            "%(unit)s, %(period)s, %(indicator)s",
            unit=name_of(use.unit),
            period=period_label(use.period_code),
            indicator=name_of(use.indicator),
        )
        for use in uses[:_TOLD]
    ]
    more = len(uses) - len(places)
    said = gettext("The same file is also used for: %(places)s", places="; ".join(places))
    if more:
        said += ngettext(" and %(num)s more", " and %(num)s more", more)
    return (said,)


def _size(size: int) -> str:
    """A size in words: kilobytes up to a megabyte, then megabytes to one place."""
    if size < 1_000_000:
        return f"{number(max(1, size // 1000))} KB"
    return f"{size // 100_000 / 10:.1f} MB"


def _address(endpoint: str, report: ReportHandle, indicator: IndicatorRow, **more: object) -> str:
    return url_for(
        f"reports.{endpoint}",
        plan=report.plan.code,
        unit=report.unit.code,
        period=report.period.code,
        indicator=indicator.code,
        **more,  # type: ignore[arg-type]  # named things of several types
    )


def _report_url(endpoint: str, report: ReportHandle) -> str:
    return url_for(
        f"reports.{endpoint}", plan=report.plan.code, unit=report.unit.code, period=report.period.code
    )
