"""Records of the audit log as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext

from tracker.core.actions import action_word, subject_words
from tracker.core.clock import now, zone
from tracker.core.format import exact_moment
from tracker.core.history import actor_text, in_words
from tracker.core.i18n import name_of
from tracker.excel.columns import Align, Book, Column, Sheet, Table
from tracker.excel.write import write
from tracker.features.audit.queries import Found, RecordRow

MOST_ROWS = 10_000
"""Records in a workbook of the page: it is written while others wait for their pages."""

MOST_ROWS_OF_COMMAND = 50_000
"""Records in a workbook of the command."""

EXPORT_WINDOW = 1_000_000
"""Records that are looked through for a workbook: it may take longer than a page."""


def audit_file(found: Found, *, filters: str, made_by: str) -> tuple[str, bytes]:
    """(file name, content) of a workbook with the records, in the language being spoken."""
    made_at = now().astimezone(zone())
    title = gettext("Audit log")
    book = Book(title, (_sheet(title, found, filters, made_by, made_at),), made_at)
    return f"{title}_{made_at:%Y-%m-%d}.xlsx", write(book)


def _sheet(title: str, found: Found, filters: str, made_by: str, made_at: datetime) -> Sheet:
    return Sheet(
        name=title,
        title=title,
        left=gettext("Filters: %(filters)s", filters=filters or gettext("None")),
        right=gettext("Made at %(time)s by %(user)s", time=exact_moment(made_at), user=made_by),
        tables=(Table(columns=_columns(), rows=found.rows),),
        notes=_notes(found),
        footer=gettext("Page &P of &N"),
        freeze_columns=1,
    )


def _notes(found: Found) -> tuple[str, ...]:
    notes = [
        gettext("The hash ties each record to all before it; the command “tracker audit verify” checks.")
    ]
    if found.older is not None:
        sentence = gettext(
            "There are more: this workbook holds the newest %(count)s of the records that were asked for. "
            "Ask for fewer days to get the others.",
            count=f"{len(found.rows):,}",
        )
        notes.insert(0, sentence)
    return tuple(notes)


def _columns() -> tuple[Column[RecordRow], ...]:
    left = Align.LEFT
    return (
        Column("number", (gettext("Number"),), lambda row: row.number, 9),
        Column("at", (gettext("When"),), lambda row: exact_moment(row.at), 20),
        Column("who", (gettext("Who"),), lambda row: actor_text(row.actor, row.actor_name), 20, align=left),
        Column("username", (gettext("User name"),), lambda row: row.actor_name, 16, align=left),
        Column("source", (gettext("From where"),), lambda row: row.source, 16),
        Column("action", (gettext("Action"),), lambda row: action_word(row.action), 18, align=left),
        Column("subject", (gettext("Object"),), lambda row: subject_words(row.subject), 30, align=left),
        Column(
            "unit", (gettext("Unit"),), lambda row: name_of(row.unit) if row.unit else None, 16, align=left
        ),
        Column("changes", (gettext("What changed"),), _changes, 50, align=left),
        Column("hash", (gettext("Hash"),), lambda row: row.hash, 35, align=left),
    )


def _changes(row: RecordRow) -> str:
    """One line for each change, before and after; a cell holds no more than 32,767 letters."""
    lines: Sequence[str] = [
        f"{change.name}: {'—' if change.before is None else change.before} → "
        f"{'—' if change.after is None else change.after}"
        for change in in_words(row.changes)
    ]
    return "\n".join(lines)[:32_000]
