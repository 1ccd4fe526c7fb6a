"""The words of the audit log: actions, objects and what changed, in the language being spoken.

What has no words, because it was recorded by another version of the program, is shown as it is kept.
"""

from __future__ import annotations

from flask_babel import gettext

from tracker.core.i18n import word
from tracker.domain.errors import N_

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
    "export.audit": N_("Audit log exported"),
    "export.progress": N_("Progress sheet exported"),
    "export.units": N_("Units exported"),
    "indicator.add": N_("Indicator added"),
    "indicator.assign": N_("Indicator assigned to units"),
    "initiative.add": N_("Initiative added"),
    "period.due": N_("Due date changed"),
    "period.lock": N_("Period locked"),
    "period.recompute": N_("Due date worked out anew"),
    "period.reopen": N_("Period reopened"),
    "pillar.add": N_("Pillar added"),
    "plan.create": N_("Plan created"),
    "plan.due_rule": N_("Rule for due dates changed"),
    "report.approve": N_("Approved"),
    "report.reopen": N_("Reopened for correction"),
    "report.return": N_("Returned to be mended"),
    "report.save": N_("Figures saved"),
    "report.submit": N_("Submitted for review"),
    "report.withdraw": N_("Withdrawn by the reporter"),
    "sign_in.begin": N_("Signed in"),
    "sign_in.end": N_("Sign-in ended"),
    "sign_in.end_all": N_("All sign-ins ended"),
    "sign_in.refuse": N_("Sign-in refused"),
    "target.set": N_("Target set"),
    "unit.add": N_("Unit added"),
    "unit.change": N_("Unit changed"),
    "unit.fact.add": N_("Figure recorded"),
    "unit.fact.correct": N_("Figure corrected"),
    "unit.fact.remove": N_("Figure removed"),
    "unit.import.add": N_("Unit added by import"),
    "unit.import.change": N_("Unit changed by import"),
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

_FIELDS: dict[str, str] = {
    "baseline": N_("Baseline"),
    "because": N_("Because"),
    "code": N_("Unit code"),
    "day": N_("Day"),
    "due": N_("Due date"),
    "due_workdays": N_("Working days until due"),
    "end hash": N_("Hash of the last one removed"),
    "ended": N_("Sign-ins ended"),
    "file": N_("File"),
    "filters": N_("Filters"),
    "first day": N_("First day"),
    "from_on": N_("In force from"),
    "initiative": N_("Initiative"),
    "kind": N_("Kind"),
    "label": N_("Name"),
    "label in English": N_("Name in English"),
    "last day": N_("Last day"),
    "locked": N_("Locked"),
    "method": N_("Method"),
    "name": N_("Name"),
    "name_en": N_("English name"),
    "parent": N_("Code of the unit above"),
    "pillar": N_("Pillar"),
    "reason": N_("Reason"),
    "refused": N_("Refused"),
    "refused before": N_("Refused before"),
    "removed": N_("Removed"),
    "role": N_("Role"),
    "rows": N_("Rows"),
    "sha256": N_("SHA-256"),
    "size": N_("Size"),
    "state": N_("State"),
    "target": N_("Target"),
    "units": N_("Reporting units"),
    "until": N_("Until"),
    "valid until": N_("Valid until"),
    "wrong codes": N_("Wrong codes"),
}


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
    return gettext(_FIELDS[name]) if name in _FIELDS else name


def value_words(name: str, value: str) -> str:
    """What it was or became; states, kinds and roles are kept by their names in the program."""
    if name in {"state", "kind"}:
        return _word(value)
    if name == "role":
        role, _, unit = value.partition(" ")
        return f"{_word(role)} {unit}".strip()
    return value


def _word(value: str) -> str:
    try:
        return word(value)
    except KeyError:
        return value
