"""What the grid's script is told about cells: texts ready to show, so that no rule is written twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from tracker.core.clock import now
from tracker.core.format import time_of_day
from tracker.core.i18n import name_of, word
from tracker.features.reports.forms import CellForm, saved_form
from tracker.features.reports.pages.cells import CellView, RowView
from tracker.features.reports.pages.sheet import said_in, sheet_page
from tracker.features.reports.queries import CellKey, Sheet, Written, last_writers
from tracker.features.reports.services import Outcome


def cells_answer(
    sheet: Sheet, sent: Sequence[CellForm], outcomes: Mapping[CellKey, Outcome] | None = None
) -> dict[str, Any]:
    """The answer for some cells: each with its outcome and texts, their rows' sums, and the bar.

    ``sheet`` is what stands now; without ``outcomes`` nothing was to be saved, and the texts are
    those of the cells as they were sent.
    """
    form = saved_form(sheet)
    if outcomes is None:
        for one in sent:
            one.judge()
            form.cells[one.cell.key] = one
    page = sheet_page(sheet, form)
    rows = [row for pillar in page.pillars for row in pillar.rows]
    views = {cell.id: cell for row in rows for cell in row.cells}
    concerned = {one.cell.indicator.id for one in sent}
    disputed = {key for key, outcome in (outcomes or {}).items() if outcome is Outcome.CONFLICT}
    writers = last_writers([cell for cell in sheet.cells if cell.key in disputed]) if disputed else {}
    cells = {}
    for one in sent:
        cells[one.name] = _cell(views[one.name], outcomes[one.cell.key].value if outcomes else "checked")
        if one.cell.key in disputed:
            held = form.cells[one.cell.key]
            cells[one.name]["dispute"] = _dispute(held, one, writers.get(one.cell.key))
    return {
        "cells": cells,
        "rows": {str(row.indicator.id): _row(row) for row in rows if row.indicator.id in concerned},
        "bar": {"filled": page.bar.filled, "errors": page.bar.errors, "checks": page.bar.checks},
        "said": gettext("%(time)s saved by itself", time=time_of_day(now())),
    }


def _cell(view: CellView, outcome: str) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "seen": view.seen,
        "value": view.value,
        "whole": view.denominator_value,
        "na": view.is_na,
        "reason": view.reason,
        "note": view.note,
        "carried": view.is_carried,
        "error": view.error,
        "warning": view.warning,
        "returned": view.return_reason,
        "state": view.state_text,
        "tone": view.tone,
        "change": view.change_text,
    }


def _row(row: RowView) -> dict[str, str | None]:
    return {
        "entered": row.entered_text,
        "total": row.total_text,
        "rate": row.rate_text,
        "signal": row.signal.value if row.signal else None,
        "signal_text": word(row.signal) if row.signal else "",
    }


def _dispute(held: CellForm, sent: CellForm, written: Written | None) -> str:
    """Both values in one sentence, with who wrote the other one and when."""
    theirs = said_in(held) or gettext("nothing")
    yours = said_in(sent) or gettext("nothing")
    if written is None:
        return gettext("Here stands %(theirs)s now. You typed: %(yours)s.", theirs=theirs, yours=yours)
    return gettext(
        "%(who)s entered this at %(time)s: %(theirs)s. You typed: %(yours)s.",
        who=name_of(written.by) if written.by else gettext("The program"),
        time=time_of_day(written.at),
        theirs=theirs,
        yours=yours,
    )
