"""What the page of the audit log shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from tracker.core.actions import action_word, subject_words
from tracker.core.chain import Fault, FaultKind
from tracker.core.history import Change, actor_text, in_words
from tracker.core.i18n import name_of, say
from tracker.domain.errors import N_, HouseError
from tracker.features.audit.forms import FilterForm
from tracker.features.audit.queries import ChainFacts, Checked, Found, RecordRow

CHECKED_ON_A_PAGE = 20_000
"""The newest records that the page checks at once; the command checks all."""

_TOLD_ON_A_PAGE = 5


@dataclass(frozen=True)
class RecordView:
    """One record in words; the addresses lead to all records of the same person or object."""

    number: int
    at: datetime
    actor: str
    actor_name: str
    actor_url: str
    source: str | None
    action_text: str
    subject: str
    subject_url: str
    unit: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class AuditPage:
    """The log with its filters and the state of its chain."""

    form: FilterForm
    records: tuple[RecordView, ...]
    facts: ChainFacts
    is_filtered: bool
    older_url: str | None
    newest_url: str | None
    export_url: str | None
    looked_to: int | None


def record_view(row: RecordRow) -> RecordView:
    """A record in the language being spoken."""
    return RecordView(
        number=row.number,
        at=row.at,
        actor=actor_text(row.actor, row.actor_name),
        actor_name=row.actor_name,
        actor_url=url_for("audit.index", who=row.actor_name),
        source=row.source,
        action_text=action_word(row.action),
        subject=subject_words(row.subject),
        subject_url=url_for("audit.index", subject=row.subject),
        unit=name_of(row.unit) if row.unit else None,
        changes=in_words(row.changes),
    )


def audit_page(form: FilterForm, found: Found, facts: ChainFacts, *, before: int | None) -> AuditPage:
    """The page of the records that were found."""
    given: dict[str, Any] = {**form.given()}
    return AuditPage(
        form=form,
        records=tuple(record_view(row) for row in found.rows),
        facts=facts,
        is_filtered=bool(given),
        older_url=_address(given, found.older) if found.older is not None else None,
        newest_url=_address(given, None) if before is not None else None,
        export_url=None if form.errors else url_for("audit.export", **given),
        looked_to=found.looked_to,
    )


def _address(given: Mapping[str, Any], before: int | None) -> str:
    more: dict[str, Any] = {} if before is None else {"before": before}
    return url_for("audit.index", **given, **more)


_FAULTS = {
    FaultKind.CHANGED: (
        N_("Record %(first)s was changed."),
        N_("Records %(first)s to %(last)s were changed."),
    ),
    FaultKind.REMOVED: (
        N_("Record %(first)s was removed."),
        N_("Records %(first)s to %(last)s were removed."),
    ),
    FaultKind.INSERTED: (
        N_("The record at number %(first)s was inserted; it is not part of the chain."),
        N_("The records at numbers %(first)s to %(last)s were inserted; they are not part of the chain."),
    ),
    FaultKind.MOVED: (N_("Record %(first)s was moved; it now stands at number %(last)s."),) * 2,
    FaultKind.TOO_MANY: (N_("There is more. Records after number %(first)s were not looked at."),) * 2,
}


def fault_sentence(fault: Fault) -> HouseError:
    """What happened to records, as a sentence that can be said in either language."""
    one, several = _FAULTS[fault.kind]
    return HouseError(several if fault.last > fault.first else one, first=fault.first, last=fault.last)


def verdict_sentences(checked: Checked) -> list[tuple[str, str]]:
    """(category, text) of the messages that tell what a check has found, in few sentences."""
    facts = checked.facts
    if checked.is_whole:
        count = facts.end.number - checked.looked_from + 1
        text = gettext(
            "The chain is whole: %(count)s records, number %(first)s to %(last)s. Hash of the last: %(hash)s",
            count=f"{count:,}",
            first=checked.looked_from,
            last=facts.end.number,
            hash=facts.end.hash,
        )
        found = [("success", text)]
    else:
        told: Sequence[Fault] = checked.faults[:_TOLD_ON_A_PAGE]
        found = [("error", gettext("The chain is broken. Tell whoever is responsible for the system."))]
        found += [("error", say(fault_sentence(fault))) for fault in told]
    if checked.looked_from > facts.first:
        found.append(
            (
                "info",
                gettext(
                    "Only the newest %(count)s records were checked here. The command “tracker audit "
                    "verify” checks all of them.",
                    count=f"{CHECKED_ON_A_PAGE:,}",
                ),
            )
        )
    return found
