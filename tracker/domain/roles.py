"""Roles, granted to a user at a unit and holding for everything below it, and what each may do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the house."""

    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"
    REPORTER = "reporter"
    OFFICIAL = "official"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a page or command asks for, at a unit."""

    SEE_PROGRESS = "see_progress"
    EXPORT_PROGRESS = "export_progress"
    SEE_REPORTS = "see_reports"
    SEE_EVIDENCE = "see_evidence"
    FILL_REPORTS = "fill_reports"
    REVIEW_REPORTS = "review_reports"
    MANAGE_UNITS = "manage_units"
    MANAGE_USERS = "manage_users"
    MANAGE_PLANS = "manage_plans"
    MANAGE_HOUSE = "manage_house"
    READ_AUDIT = "read_audit"


_ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SEE_PROGRESS,
            Permission.EXPORT_PROGRESS,
            Permission.SEE_REPORTS,
            Permission.SEE_EVIDENCE,
            Permission.MANAGE_UNITS,
            Permission.MANAGE_USERS,
            Permission.MANAGE_PLANS,
            Permission.MANAGE_HOUSE,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            Permission.SEE_PROGRESS,
            Permission.EXPORT_PROGRESS,
            Permission.SEE_REPORTS,
            Permission.SEE_EVIDENCE,
            Permission.REVIEW_REPORTS,
        }
    ),
    Role.REPORTER: frozenset(
        {
            Permission.SEE_PROGRESS,
            Permission.EXPORT_PROGRESS,
            Permission.FILL_REPORTS,
            Permission.SEE_EVIDENCE,
        }
    ),
    Role.OFFICIAL: frozenset({Permission.SEE_PROGRESS, Permission.EXPORT_PROGRESS}),
    Role.AUDITOR: frozenset(
        {
            Permission.SEE_PROGRESS,
            Permission.SEE_REPORTS,
            Permission.SEE_EVIDENCE,
            Permission.READ_AUDIT,
        }
    ),
}


def permissions_of(role: Role) -> frozenset[Permission]:
    """What the role may do at its unit and below."""
    return _ALLOWED[role]


def roles_with(permission: Permission) -> frozenset[Role]:
    """The roles that carry the permission."""
    return frozenset(role for role in Role if permission in _ALLOWED[role])
