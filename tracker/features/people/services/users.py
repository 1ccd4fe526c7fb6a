"""Names of users, switching them off and on, and ending a lock."""

from __future__ import annotations

from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.features.accounts.models import User
from tracker.features.accounts.services import end_sign_ins, unlock_user
from tracker.features.people.queries import locked_until, open_invitation
from tracker.features.people.services.guards import begin_change, check_house_is_managed


def rename_user(user: User, label: str, label_en: str | None, *, version: int, actor: Actor) -> None:
    """Change what the user is called on pages."""
    begin_change(user, version=version, actor=actor)
    changes: dict[str, tuple[object, object]] = {}
    if user.label != label:
        changes["label"] = (user.label, label)
    if user.label_en != label_en:
        changes["label in English"] = (user.label_en, label_en)
    user.label, user.label_en = label, label_en
    db.session.flush()
    record("user.rename", actor=actor, subject=f"user {user.username}", changes=changes)


def disable_user(user: User, reason: str, *, version: int, actor: Actor) -> None:
    """Switch a user off: sessions end, an open invitation is withdrawn, everything they did stays."""
    begin_change(user, version=version, actor=actor)
    if not user.is_active:
        raise RuleError(N_("This user is disabled already."))
    if not reason.strip():
        raise RuleError(N_("Give a reason; it stays in the history."), field="reason")
    check_house_is_managed(user, user.grants)
    invitation = open_invitation(user)
    if invitation is not None:
        invitation.closed_at = now()
    user.disabled_at, user.disabled_reason = now(), reason.strip()
    end_sign_ins(user, actor=actor)
    db.session.flush()
    _record("user.disable", user, ("active", "disabled"), reason.strip(), actor)


def enable_user(user: User, reason: str, *, version: int, actor: Actor) -> None:
    """Switch a user on again, with the roles that still hold."""
    begin_change(user, version=version, actor=actor)
    if user.is_active:
        raise RuleError(N_("This user is not disabled."))
    if not reason.strip():
        raise RuleError(N_("Give a reason; it stays in the history."), field="reason")
    user.disabled_at = user.disabled_reason = None
    db.session.flush()
    _record("user.enable", user, ("disabled", "active"), reason.strip(), actor)


def release_user(user: User, *, version: int, actor: Actor) -> None:
    """Let a user who was locked after wrong passwords sign in again at once."""
    begin_change(user, version=version, actor=actor)
    if locked_until(user) is None:
        raise RuleError(N_("This user is not locked."))
    unlock_user(user, actor=actor)
    db.session.flush()


def _record(action: str, user: User, states: tuple[str, str], reason: str, actor: Actor) -> None:
    record(
        action,
        actor=actor,
        subject=f"user {user.username}",
        changes={"state": states, "reason": (None, reason)},
    )
