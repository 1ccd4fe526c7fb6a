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
    "export.audit": N_("Audit log exported"),
    "export.progress": N_("Progress sheet exported"),
    "indicator.add": N_("Indicator added"),
    "indicator.assign": N_("Indicator assigned to units"),
    "initiative.add": N_("Initiative added"),
    "password.change": N_("Password changed"),
    "pillar.add": N_("Pillar added"),
    "plan.create": N_("Plan created"),
    "report.approve": N_("Approved"),
    "report.reopen": N_("Reopened for correction"),
    "report.return": N_("Returned to be mended"),
    "report.save": N_("Figures saved"),
    "report.submit": N_("Submitted for review"),
    "report.withdraw": N_("Withdrawn by the reporter"),
    "sessions.end": N_("Open sessions ended"),
    "sign_in": N_("Signed in"),
    "sign_in.refused": N_("Sign-in refused"),
    "sign_out": N_("Signed out"),
    "target.set": N_("Target set"),
    "unit.add": N_("Unit added"),
    "user.add": N_("User added"),
    "user.grant": N_("Role granted"),
    "user.reset_password": N_("Password set anew by the operator"),
}
"""Every action that is recorded, with its words; a test refuses one without."""

SUBJECTS: dict[str, str] = {
    "address": N_("Address"),
    "audit log": N_("Audit log"),
    "indicator": N_("Indicator"),
    "pillar": N_("Pillar"),
    "plan": N_("Plan"),
    "progress sheet": N_("Progress sheet"),
    "report": N_("Report"),
    "target": N_("Target"),
    "unit": N_("Unit"),
    "user": N_("User"),
}
"""The words with which the name of an object begins."""

_FIELDS: dict[str, str] = {
    "baseline": N_("Baseline"),
    "end hash": N_("Hash of the last one removed"),
    "filters": N_("Filters"),
    "initiative": N_("Initiative"),
    "method": N_("Method"),
    "name": N_("Name"),
    "pillar": N_("Pillar"),
    "reason": N_("Reason"),
    "removed": N_("Removed"),
    "role": N_("Role"),
    "rows": N_("Rows"),
    "state": N_("State"),
    "target": N_("Target"),
    "units": N_("Units"),
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
    """What it was or became; states and roles are kept by their names in the program."""
    if name == "state":
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
