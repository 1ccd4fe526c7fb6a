"""The words of the audit log: actions, objects and what changed, in the language being spoken.

What has no words, because it was recorded by another version of the program, is shown as it is kept.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from flask_babel import gettext

from tracker.core.format import day, moment
from tracker.core.i18n import frequency_word, word
from tracker.domain.errors import N_
from tracker.domain.periods import Frequency
from tracker.domain.units import FactKind

ACTIONS: dict[str, str] = {
    "access.refused": N_("Page refused"),
    "audit.prune": N_("Old audit records removed"),
    "backup.delete": N_("Backup deleted"),
    "backup.download": N_("Backup downloaded"),
    "backup.make": N_("Backup made"),
    "backup.restore": N_("Restored from a backup"),
    "calendar.add": N_("Day entered in the calendar"),
    "calendar.change": N_("Day of the calendar changed"),
    "calendar.load": N_("Published calendar loaded"),
    "calendar.remove": N_("Day removed from the calendar"),
    "correction.approve": N_("Correction approved"),
    "correction.propose": N_("Correction proposed"),
    "correction.refuse": N_("Correction refused"),
    "correction.take_back": N_("Correction taken back"),
    "evidence.add": N_("Evidence added"),
    "evidence.caption": N_("Caption of evidence changed"),
    "evidence.clean": N_("Files that nothing refers to removed"),
    "evidence.remove": N_("Evidence removed"),
    "evidence.withdraw": N_("Evidence withdrawn"),
    "export.audit": N_("Audit log exported"),
    "export.plan": N_("Plan exported"),
    "export.progress": N_("Progress sheet exported"),
    "export.template": N_("Template with figures taken away"),
    "export.units": N_("Units exported"),
    "indicator.add": N_("Indicator added"),
    "indicator.assign": N_("Given to units to report"),
    "indicator.curve": N_("Planned curve changed"),
    "indicator.delete": N_("Indicator deleted"),
    "indicator.edit": N_("Indicator changed"),
    "indicator.go_on": N_("Replacement taken back"),
    "indicator.move": N_("Indicator moved"),
    "indicator.replace": N_("Indicator replaced"),
    "indicator.succeed": N_("Began in place of another indicator"),
    "indicator.unassign": N_("Taken from units"),
    "initiative.add": N_("Initiative added"),
    "initiative.delete": N_("Initiative deleted"),
    "initiative.edit": N_("Initiative changed"),
    "initiative.move": N_("Initiative moved"),
    "instance.open_setup": N_("Code for the set-up made"),
    "instance.set_up": N_("Set up"),
    "instance.wrong_code": N_("Wrong code for the set-up"),
    "period.due": N_("Due date changed"),
    "period.lock": N_("Period locked"),
    "period.recompute": N_("Due date worked out anew"),
    "period.reopen": N_("Period reopened"),
    "pillar.add": N_("Pillar added"),
    "pillar.delete": N_("Pillar deleted"),
    "pillar.edit": N_("Pillar changed"),
    "pillar.move": N_("Pillar moved"),
    "plan.copy": N_("Copied from an earlier plan"),
    "plan.create": N_("Plan made"),
    "plan.delete": N_("Plan deleted"),
    "plan.due_rule": N_("Rule for due dates changed"),
    "plan.edit": N_("Plan changed"),
    "plan.first_period": N_("First period to report changed"),
    "plan.lock_rule": N_("Rule for locking changed"),
    "plan.import": N_("Plan imported from a workbook"),
    "report.approve": N_("Approved"),
    "report.check": N_("First check passed"),
    "report.import": N_("Figures imported from Excel"),
    "report.import.undo": N_("Import of figures withdrawn"),
    "report.carry": N_("Blank cells filled with the last figures"),
    "report.reopen": N_("Reopened for correction"),
    "report.return": N_("Returned to be mended"),
    "report.save": N_("Figures saved"),
    "report.submit": N_("Submitted for review"),
    "report.urge": N_("Reminded"),
    "report.withdraw": N_("Withdrawn by the reporter"),
    "reports.import": N_("Workbook of figures imported"),
    "reports.import.undo": N_("Workbook of figures withdrawn"),
    "sign_in.begin": N_("Signed in"),
    "sign_in.end": N_("Sign-in ended"),
    "sign_in.end_all": N_("All sign-ins ended"),
    "sign_in.refuse": N_("Sign-in refused"),
    "target.clear": N_("Target cleared"),
    "target.set": N_("Target set"),
    "unit.add": N_("Unit added"),
    "unit.change": N_("Unit changed"),
    "unit.fact.add": N_("Figure recorded"),
    "unit.fact.correct": N_("Figure corrected"),
    "unit.fact.remove": N_("Figure removed"),
    "unit.import.add": N_("Unit added by import"),
    "unit.import.change": N_("Unit changed by import"),
    "unit.merge": N_("Unit merged"),
    "unit.move": N_("Unit moved"),
    "unit.restore": N_("Unit restored"),
    "unit.retire": N_("Unit retired"),
    "units.import": N_("Units imported"),
    "user.add": N_("User added"),
    "user.change_password": N_("Password changed"),
    "user.choose_password": N_("Password chosen by the user"),
    "user.disable": N_("Disabled"),
    "user.enable": N_("Enabled"),
    "user.end_grant": N_("Last day of a role set"),
    "user.grant": N_("Role given"),
    "user.invite": N_("One-time code made"),
    "user.lock": N_("Account locked"),
    "user.remove_grant": N_("Role taken away"),
    "user.rename": N_("Name changed"),
    "user.reset_password": N_("Password set by an operator"),
    "user.take_password": N_("Password stopped for a reset"),
    "user.unlock": N_("Account unlocked"),
    "user.withdraw_invitation": N_("One-time code withdrawn"),
    "user.wrong_code": N_("Wrong one-time code entered"),
}
"""Every action that is recorded, with its words; a test refuses one without."""

SUBJECTS: dict[str, str] = {
    "address": N_("Page"),
    "all users": N_("All users"),
    "audit log": N_("Audit log"),
    "backup": N_("Backup"),
    "calendar": N_("Calendar"),
    "import": N_("Import"),
    "evidence": N_("Evidence"),
    "indicator": N_("Indicator"),
    "instance": N_("Instance"),
    "period": N_("Period"),
    "pillar": N_("Pillar"),
    "plan": N_("Plan"),
    "progress sheet": N_("Progress sheet"),
    "report": N_("Report"),
    "target": N_("Target"),
    "unit": N_("Unit"),
    "units": N_("Tree of units"),
    "unknown user names": N_("Unknown user names"),
    "user": N_("User"),
}
"""The words with which the name of an object begins."""

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
_MOMENT = re.compile(r"[0-9]{4}(-[0-9]{2}){2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(\+00:00| UTC)")
_YES_OR_NO = frozenset(
    {"asks_why_behind", "locked", "may_be_negative", "may_exceed", "needs_evidence", "with_targets"}
)


def action_word(action: str) -> str:
    """What was done."""
    return gettext(ACTIONS[action]) if action in ACTIONS else action


def subject_words(subject: str) -> str:
    """The name of an object, its first word translated."""
    for name in sorted(SUBJECTS, key=len, reverse=True):
        if subject == name or subject.startswith(f"{name} "):
            return gettext(SUBJECTS[name]) + subject[len(name) :]
    return subject


def field_word(name: str) -> str:
    """What changed of an object; figures stand under their indicator's code and are left as they are."""
    if name in FIELDS:
        return gettext(FIELDS[name])
    kind, _, since = name.partition(" ")
    if kind in set(FactKind) and since:
        return gettext("%(fact)s from %(day)s", fact=word(kind), day=day(date.fromisoformat(since)))
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
