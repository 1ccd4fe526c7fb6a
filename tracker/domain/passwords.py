"""Rules for passwords, each with a sentence that says what is missing.

GB/T 22239-2019 asks at level 2 for complexity and for a change from time to time (7.1.4.1 a) and
gives no figures; those come from the settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.domain.common_passwords import COMMON_PASSWORDS
from tracker.domain.errors import N_, RuleError

LONGEST = 128
"""Characters that a password may have at most; hashing more would cost time for no gain."""

KINDS = (
    (N_("capital letters"), str.isupper),
    (N_("small letters"), str.islower),
    (N_("digits"), str.isdigit),
    (N_("other signs"), lambda char: not (char.isupper() or char.islower() or char.isdigit())),
)
"""The kinds of characters; Chinese characters are other signs."""


@dataclass(frozen=True)
class PasswordRules:
    """The figures of the rules: ``kinds`` out of four; ``days`` and ``kept`` may be 0 for no such rule."""

    shortest: int = 10
    kinds: int = 3
    days: int = 90
    kept: int = 5


def password_faults(password: str, *, username: str, rules: PasswordRules) -> tuple[RuleError, ...]:
    """Everything that is wrong with a new password; nothing for a good one."""
    return tuple(_faults(password, username.lower(), rules))


def _faults(password: str, username: str, rules: PasswordRules) -> Iterator[RuleError]:
    if len(password) < rules.shortest:
        yield RuleError(
            N_("A password has at least %(needed)s characters; this one has %(given)s."),
            field="password",
            needed=rules.shortest,
            given=len(password),
        )
    if len(password) > LONGEST:
        yield RuleError(
            N_("A password has at most %(most)s characters; this one has %(given)s."),
            field="password",
            most=LONGEST,
            given=len(password),
        )
        return
    missing = tuple(name for name, is_one in KINDS if not any(is_one(char) for char in password))
    needed = min(rules.kinds, len(KINDS))
    if len(KINDS) - len(missing) < needed:
        yield RuleError(
            N_(
                "A password has at least %(needed)s of the four kinds of characters; this one has %(given)s. "
                "Not in it yet: %(missing)s."
            ),
            field="password",
            needed=needed,
            given=len(KINDS) - len(missing),
            missing=missing,
        )
    # A name of two letters is part of too many words to be kept out of all of them.
    if username and (username in password.lower() if len(username) > 2 else username == password.lower()):
        yield RuleError(
            N_("A password does not contain the user name %(name)s."), field="password", name=username
        )
    if is_common(password):
        yield RuleError(
            N_(
                "This password is among the first that others would try, or is one of those with digits or "
                "signs around it. Choose another, for example several words that have nothing to do with "
                "each other."
            ),
            field="password",
        )


_LIKE_LETTERS = str.maketrans("@4031!$57", "aaoeiisst")
_SHIFTED = str.maketrans("!@#$%^&*()", "1234567890")


def is_common(password: str) -> bool:
    """Whether a password is a common one, also with digits or signs around it or in place of letters.

    A word keeps its weakness when a year or a full stop follows (Admin@123, Woaini1314!), so digits
    and signs at both ends are taken off before it is looked up; digits with a few letters around them
    (abc1234567890) are looked up without the letters.
    """
    return any(_is_listed(form) for form in _forms(password.lower()))


def _forms(folded: str) -> Iterator[str]:
    yield folded
    yield re.sub(r"[\W_]", "", folded)
    yield folded.translate(_SHIFTED)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    for form in (core, folded.rstrip("0123456789"), re.sub(r"[\W\d_]+$", "", folded)):
        yield form
        yield re.sub(r"[\W_]", "", form)
        yield re.sub(r"[\W\d_]", "", form.translate(_LIKE_LETTERS))
    digits = re.sub(r"[\W_]", "", folded).strip("abcdefghijklmnopqrstuvwxyz")
    if sum(char.isalpha() for char in folded) <= 3:
        yield digits


def _is_listed(form: str) -> bool:
    if not form:
        return False
    unit = re.fullmatch(r"(.+?)\1*", form, re.DOTALL)
    # A repeated beginning is no stronger for it: adminadmin, 111111.
    part = unit[1] if unit else form
    return form in COMMON_PASSWORDS or part in COMMON_PASSWORDS or (len(part) == 1 and len(form) > 3)


def must_change(*, is_marked: bool, set_at: datetime, signed_in_at: datetime, rules: PasswordRules) -> bool:
    """Whether the password has to be changed before anything else.

    Its age is judged at the moment of signing in, so that nobody is interrupted in the middle of work.
    """
    due = set_at + timedelta(days=rules.days) if rules.days > 0 else None
    return is_marked or (due is not None and signed_in_at >= due)
