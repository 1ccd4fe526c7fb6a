"""The words of the audit log for what changed of an object, and for what it was and became.

What has no words, because it was recorded by another version of the program, is shown as it is kept.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from flask_babel import gettext

from tracker.core.format import day, moment, period_label
from tracker.core.i18n import frequency_word, word
from tracker.domain.errors import N_
from tracker.domain.periods import Frequency
from tracker.domain.units import FactKind

FIELDS: dict[str, str] = {
    "accountable": N_("Accountable leader"),
    "amber_limit": N_("On track from a gap of"),
    "asks_why_behind": N_("Ask for a sentence on what is behind"),
    "baseline": N_("Baseline"),
    "because": N_("Because"),
    "begin": N_("How to begin"),
    "by": N_("Successor"),
    "caption": N_("Caption"),
    "categories": N_("Categories"),
    "changed": N_("Changed"),
    "category": N_("Category"),
    "code": N_("Code"),
    "copied_from": N_("Copied from"),
    "day": N_("Day"),
    "decimals": N_("Decimal places"),
    "definition": N_("Definition"),
    "definition_en": N_("Definition in English"),
    "guide": N_("Help for filling in"),
    "guide_en": N_("Help for filling in, in English"),
    "direction": N_("Direction"),
    "due": N_("Report due on"),
    "due_on": N_("To be finished by"),
    "due_workdays": N_("Working days until due"),
    "end hash": N_("Hash of the last one removed"),
    "ended": N_("Sign-ins ended"),
    "ends_on": N_("Last day"),
    "file": N_("File"),
    "filters": N_("Filters"),
    "first_period": N_("First period to report"),
    "first day": N_("First day"),
    "former data": N_("Former data kept in"),
    "frequency": N_("How often it is reported"),
    "from": N_("From"),
    "from_on": N_("In force from"),
    "indicator": N_("Indicator"),
    "initiative": N_("Initiative"),
    "kind": N_("Kind"),
    "label": N_("Name"),
    "label in English": N_("Name in English"),
    "language": N_("Language"),
    "last day": N_("Last day"),
    "lead_unit": N_("Lead unit"),
    "lock_workdays": N_("Working days until locked"),
    "locked": N_("Locked"),
    "made at": N_("Backup made at"),
    "may_be_negative": N_("May be below zero"),
    "may_exceed": N_("May exceed its whole"),
    "measure": N_("Kind of number"),
    "method": N_("Method"),
    "name": N_("Name"),
    "name_en": N_("English name"),
    "needs_evidence": N_("Evidence is needed"),
    "new": N_("Added"),
    "number": N_("Number in the rule book"),
    "open_until": N_("Last day open"),
    "parent": N_("Code of the unit above"),
    "path": N_("Place in the tree"),
    "pillar": N_("Pillar"),
    "place": N_("Place"),
    "reason": N_("Reason"),
    "red_limit": N_("At risk from a gap of"),
    "refused": N_("Refused"),
    "refused before": N_("Refused before"),
    "removed": N_("Removed"),
    "replaces": N_("In place of"),
    "reported_as": N_("What is typed"),
    "retired": N_("Retired from"),
    "review_steps": N_("Steps of review"),
    "revision": N_("Version of the tables"),
    "role": N_("Role"),
    "rows": N_("Rows"),
    "schedule": N_("Schedule"),
    "sha256": N_("SHA-256"),
    "sha256 of the database": N_("Checksum of the database"),
    "size": N_("Size"),
    "starts_on": N_("First day"),
    "state": N_("State"),
    "successor": N_("Merged into"),
    "supporting": N_("Supporting units"),
    "target": N_("Target"),
    "targets added": N_("Targets added to those of the other unit"),
    "targets left": N_("Targets left as they were"),
    "time_zone": N_("Time zone"),
    "unit": N_("Unit"),
    "unit_of_measure": N_("Unit of measure"),
    "unit_of_measure_en": N_("Unit of measure in English"),
    "units": N_("Reporting units"),
    "until": N_("Until"),
    "valid until": N_("Valid until"),
    "with_targets": N_("Targets taken along"),
    "wrong codes": N_("Wrong codes"),
}


_WORDED = frozenset({"direction", "kind", "measure", "reported_as", "schedule", "state"})
"""What is kept by the names in the program."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?")
_MOMENT = re.compile(r"[0-9]{4}(-[0-9]{2}){2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(\+00:00| UTC)")
_YES_OR_NO = frozenset(
    {"asks_why_behind", "locked", "may_be_negative", "may_exceed", "needs_evidence", "with_targets"}
)


def field_word(name: str) -> str:
    """What changed of an object; figures stand under their indicator's code and are left as they are."""
    if name in FIELDS:
        return gettext(FIELDS[name])
    kind, _, since = name.partition(" ")
    if kind in set(FactKind) and since:
        return gettext("%(fact)s from %(day)s", fact=word(kind), day=day(date.fromisoformat(since)))
    if kind in FIELDS and _PERIOD.fullmatch(since):
        return gettext("%(field)s: %(period)s", field=gettext(FIELDS[kind]), period=period_label(since))
    return name


def value_words(name: str, value: str) -> str:
    """What it was or became; states, kinds and roles are kept by their names in the program."""
    if name in _WORDED:
        return _word(value)
    if name == "role":
        role, _, unit = value.partition(" ")
        return f"{_word(role)} {unit}".strip()
    if name == "frequency" and value in set(Frequency):
        return frequency_word(Frequency(value))
    if _MOMENT.fullmatch(value):
        return moment(datetime.fromisoformat(value.replace(" UTC", "+00:00")).replace(tzinfo=UTC))
    if name in _YES_OR_NO:
        return {"yes": gettext("Yes"), "no": gettext("No")}.get(value, value)
    return _day_words(value) if _DAY.fullmatch(value) else value


def _day_words(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def _word(value: str) -> str:
    try:
        return word(value)
    except KeyError:
        return value
