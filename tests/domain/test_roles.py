"""Who may do what: five roles, and the duties that must stay apart."""

from __future__ import annotations

import pytest

from tracker.domain.roles import Permission, Role, permissions_of, roles_with


@pytest.mark.parametrize("role", Role)
def test_every_role_may_see_progress(role: Role) -> None:
    assert Permission.SEE_PROGRESS in permissions_of(role)


def test_only_reporters_fill_and_only_reviewers_review() -> None:
    assert roles_with(Permission.FILL_REPORTS) == {Role.REPORTER}
    assert roles_with(Permission.REVIEW_REPORTS) == {Role.REVIEWER}


def test_no_role_both_fills_and_reviews() -> None:
    for role in Role:
        assert not {Permission.FILL_REPORTS, Permission.REVIEW_REPORTS} <= permissions_of(role)


def test_who_manages_the_house_does_not_read_its_audit_log() -> None:
    assert roles_with(Permission.READ_AUDIT) == {Role.AUDITOR}
    for role in Role:
        manages = any(permission.startswith("manage_") for permission in permissions_of(role))
        assert manages == (role is Role.ADMINISTRATOR)


def test_an_administrator_changes_no_figure() -> None:
    changing = {Permission.FILL_REPORTS, Permission.REVIEW_REPORTS}
    assert not changing & permissions_of(Role.ADMINISTRATOR)


def test_an_auditor_and_an_official_change_nothing() -> None:
    reading = {Permission.SEE_PROGRESS, Permission.EXPORT_PROGRESS, Permission.SEE_REPORTS}
    harmless = ("see_", "export_", "read_")
    changing = {permission for permission in Permission if not permission.startswith(harmless)}
    assert permissions_of(Role.AUDITOR) & reading
    assert not permissions_of(Role.AUDITOR) & changing
    assert not permissions_of(Role.OFFICIAL) & changing


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_belongs_to_someone(permission: Permission) -> None:
    assert roles_with(permission)


def test_whoever_reviews_a_report_may_see_it() -> None:
    for role in roles_with(Permission.REVIEW_REPORTS):
        assert Permission.SEE_REPORTS in permissions_of(role)


def test_whoever_may_see_a_report_may_see_its_evidence_and_nobody_else() -> None:
    seeing = roles_with(Permission.SEE_REPORTS) | roles_with(Permission.FILL_REPORTS)
    assert roles_with(Permission.SEE_EVIDENCE) == seeing


def test_both_directions_of_the_table_agree() -> None:
    for role in Role:
        for permission in Permission:
            assert (permission in permissions_of(role)) == (role in roles_with(permission))
