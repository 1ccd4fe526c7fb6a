"""The two long jobs: comparing an upload, and taking it over. They run in a thread, as whoever asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask_login import current_user

from tracker.core.access import current_scope
from tracker.core.db import db, writing
from tracker.core.i18n import language
from tracker.core.jobs import Place, Tell, start_job
from tracker.core.kept_files import KeptFile, forget_file, keep_note, kept_file, kept_note
from tracker.core.remember import data_version
from tracker.domain.review import ReportState
from tracker.excel.tables import LongTable
from tracker.features.intake.pages import preview_result
from tracker.features.intake.services import Comparison, Way, compare_figures, import_batch, needed_for
from tracker.features.intake.sheets import read_figures

PURPOSE = "figures"
_WAY = "figures-way"
WAIT = 2.0
"""Seconds that an answer waits for a job, so that small files need no page of progress."""

_TRIES = 3
"""How often a comparison is made before the lock is taken; the last one is made while others wait."""


def place_of(token: str) -> Place:
    """Where the job of this upload keeps its progress."""
    return Place(token, current_user.id, PURPOSE)


def kept_upload(token: str) -> tuple[KeptFile, Way] | None:
    """The upload of this token with the way in which it is to be taken over, if it is one's own."""
    kept = kept_file(token, owner_id=current_user.id, purpose=PURPOSE)
    note = kept_note(token, owner_id=current_user.id, purpose=_WAY)
    if kept is None or note is None:
        return None
    return kept, Way(ReportState(note["into"]), note["because"])


def keep_way(token: str, way: Way) -> None:
    """Keep beside the upload how it is to be taken over."""
    note = {"into": way.into.value, "because": way.because}
    keep_note(note, token=token, owner_id=current_user.id, purpose=_WAY)


def read_and_compare(kept: KeptFile, way: Way, tell: Tell) -> tuple[list[LongTable], Comparison]:
    """The upload's rows, and what they would change."""
    tables = read_figures(kept.content, tell=lambda rows: tell("reading", rows, 0))
    return tables, _compare(tables, way, tell)


def _compare(tables: list[LongTable], way: Way, tell: Tell) -> Comparison:
    needed = needed_for(way.into)
    return compare_figures(
        tables, current_scope(), needed, way, tell=lambda done, total: tell("comparing", done, total)
    )


def start_check(token: str, kept: KeptFile, way: Way) -> None:
    """Compare the upload and keep what the preview is to show."""
    lang = language()

    def work(tell: Tell) -> dict[str, Any]:
        tables, found = read_and_compare(kept, way, tell)
        return {**preview_result(found, tables), "lang": lang}

    start_job(place_of(token), "check", work, wait=WAIT)


def start_import(token: str, kept: KeptFile, way: Way, fingerprint: str) -> None:
    """Take the upload over in one transaction, if it still says what the preview showed."""

    def work(tell: Tell) -> dict[str, Any]:
        tables = read_figures(kept.content, tell=lambda rows: tell("reading", rows, 0))

        def take(found: Comparison) -> int:
            total, done = len(found.changes), 0

            def count(reports: int) -> None:
                nonlocal done
                done += reports
                tell("writing", done, total)

            digest = hashlib.sha256(kept.content).hexdigest()
            return import_batch(
                found,
                way,
                name=kept.name,
                digest=digest,
                fingerprint=fingerprint,
                actor=current_user,
                tell=count,
            )

        batch = take_over(lambda: _compare(tables, way, tell), take)
        forget_file(token, owner_id=current_user.id, purpose=PURPOSE)
        return {"batch": batch}

    start_job(place_of(token), "import", work, wait=WAIT)


def take_over(compare: Callable[[], Comparison], take: Callable[[Comparison], int]) -> int:
    """Compare while others may write, and write at once if nothing has changed meanwhile.

    Somebody may write again and again just then, so the last time it is compared under the lock.
    """
    for _ in range(_TRIES - 1):
        found = compare()
        with writing():
            if data_version() == found.version:
                batch = take(found)
                db.session.commit()
                return batch
            db.session.rollback()
    with writing():
        batch = take(compare())
        db.session.commit()
        return batch
