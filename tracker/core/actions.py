"""The words of the audit log for actions and objects, in the language being spoken.

What has no words, because it was recorded by another version of the program, is shown as it is kept.
"""

from __future__ import annotations

from flask_babel import gettext

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


def action_word(action: str) -> str:
    """What was done."""
    return gettext(ACTIONS[action]) if action in ACTIONS else action


def subject_words(subject: str) -> str:
    """The name of an object, its first word translated."""
    for name in sorted(SUBJECTS, key=len, reverse=True):
        if subject == name or subject.startswith(f"{name} "):
            return gettext(SUBJECTS[name]) + subject[len(name) :]
    return subject
