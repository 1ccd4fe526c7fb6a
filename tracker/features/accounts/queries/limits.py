"""The limits of this instance, as its settings give them."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from tracker.domain.passwords import PasswordRules, must_change
from tracker.domain.sign_in import LockLimits, SignInLimits
from tracker.features.accounts.models import User


def sign_in_limits() -> SignInLimits:
    """How long a sign-in lasts."""
    idle = _number("IDLE_MINUTES")
    return SignInLimits(
        timedelta(minutes=idle) if idle > 0 else None, timedelta(hours=_number("SESSION_HOURS"))
    )


def lock_limits() -> LockLimits:
    """When an account is locked, and for how long."""
    return LockLimits(_number("LOCK_AFTER"), timedelta(minutes=_number("LOCK_MINUTES")))


def password_rules() -> PasswordRules:
    """What a password has to be."""
    return PasswordRules(
        shortest=_number("PASSWORD_LENGTH"),
        kinds=_number("PASSWORD_KINDS"),
        days=_number("PASSWORD_DAYS"),
        kept=_number("PASSWORD_HISTORY"),
    )


def is_change_due(user: User, signed_in_at: datetime) -> bool:
    """Whether the user has to change the password before anything else.

    Sample users never have to: they are entered by one click, and nobody knows their passwords.
    """
    return not user.is_sample and must_change(
        is_marked=user.must_change_password,
        set_at=user.password_set_at,
        signed_in_at=signed_in_at,
        rules=password_rules(),
    )


def _number(name: str) -> int:
    return int(current_app.config[name])
