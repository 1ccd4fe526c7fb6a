"""What the pages of one's own account show, and the sentences around signing in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext, ngettext

from tracker.core.format import moment
from tracker.core.i18n import name_of, sentences, word
from tracker.domain.passwords import LONGEST, PasswordRules
from tracker.domain.sign_in import LockLimits, SignInEnd, SignInLimits
from tracker.features.accounts.models import SignIn, User
from tracker.features.accounts.services import Entry


@dataclass(frozen=True)
class SignInRow:
    """One place where somebody is signed in."""

    id: str
    browser: str
    source: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class AccountPage:
    """One's own account."""

    username: str
    label: str
    roles: tuple[str, ...]
    password_set_at: datetime
    password_due_at: datetime | None
    sign_ins: tuple[SignInRow, ...]
    has_others: bool


def account_page(user: User, rows: Sequence[SignIn], this_id: str, rules: PasswordRules) -> AccountPage:
    """The page of somebody who is signed in as ``this_id``."""
    due = user.password_set_at + timedelta(days=rules.days) if rules.days > 0 and not user.is_sample else None
    return AccountPage(
        username=user.username,
        label=name_of(user),
        roles=tuple(
            gettext("%(role)s, %(unit)s", role=word(grant.role), unit=name_of(grant.unit))
            for grant in user.grants
        ),
        password_set_at=user.password_set_at,
        password_due_at=due,
        sign_ins=tuple(_row(row, this_id) for row in sorted(rows, key=lambda row: row.id != this_id)),
        has_others=any(row.id != this_id for row in rows),
    )


def _row(row: SignIn, this_id: str) -> SignInRow:
    return SignInRow(
        id=row.id,
        browser=row.browser,
        source=row.source or gettext("Unknown address"),
        started_at=row.started_at,
        seen_at=row.seen_at,
        is_this=row.id == this_id,
    )


@dataclass(frozen=True)
class PasswordPage:
    """The change of one's own password; ``why`` says why it cannot wait."""

    why: str | None
    rules: tuple[str, ...]
    next: str


def password_page(user: User, rules: PasswordRules, *, is_due: bool, next: str) -> PasswordPage:
    """The page with what a password has to be, before anything is typed."""
    why = None
    if is_due and user.must_change_password:
        why = gettext("Somebody else has chosen your password. Choose one that only you know; then go on.")
    elif is_due:
        why = ngettext(
            "Your password is older than %(num)s day. Choose a new one; then go on.",
            "Your password is older than %(num)s days. Choose a new one; then go on.",
            rules.days,
        )
    return PasswordPage(why, password_demands(rules), next)


def password_demands(rules: PasswordRules, *, is_first: bool = False) -> tuple[str, ...]:
    """What a password has to be, one demand each; the first one of an account has none before it."""
    found = [gettext("has %(least)s to %(most)s characters", least=rules.shortest, most=LONGEST)]
    if rules.kinds > 1:
        found.append(
            gettext(
                "has at least %(kinds)s of these four: capital letters, small letters, digits, other signs",
                kinds=min(rules.kinds, 4),
            )
        )
    found.append(
        gettext("does not contain your user name, and is no common password with digits or signs around it")
    )
    if rules.kept > 1 and not is_first:
        found.append(gettext("is none of your last %(kept)s passwords", kept=rules.kept))
    return tuple(found)


def refused_sentence(limits: LockLimits) -> str:
    """The one answer to every sign-in that is refused, whatever the reason."""
    if limits.failures <= 0:
        return gettext("User name or password is not right. Check both and try again.")
    return gettext(
        "User name or password is not right, or the account is locked. After %(failures)s wrong passwords "
        "in a row an account is locked for %(minutes)s minutes, and then the right one is refused as well.",
        failures=limits.failures,
        minutes=int(limits.span.total_seconds() // 60),
    )


def welcome_sentence(entry: Entry) -> str | None:
    """When the account was last used and what was refused since; nothing on the very first time."""
    if entry.last_at is None and not entry.refused:
        return None
    if entry.refused:
        refused = gettext(
            "Attempts that were refused before this one: %(count)s. If they were not yours, change your "
            "password and tell your administrator.",
            count=entry.refused,
        )
    else:
        refused = gettext("No attempt was refused since.")
    if entry.last_at is None:
        return sentences((gettext("This is your first sign-in."), refused))
    return sentences((gettext("Last sign-in: %(when)s.", when=moment(entry.last_at)), refused))


def ended_sentence(end: SignInEnd, limits: SignInLimits) -> str:
    """Why somebody has to sign in again."""
    if end is SignInEnd.IDLE and limits.idle is not None:
        minutes = int(limits.idle.total_seconds() // 60)
        return ngettext(
            "You were signed out because nothing was done for %(num)s minute.",
            "You were signed out because nothing was done for %(num)s minutes.",
            minutes,
        )
    if end is SignInEnd.AGE:
        hours = int(limits.age.total_seconds() // 3600)
        return ngettext(
            "You were signed out because a sign-in ends after %(num)s hour.",
            "You were signed out because a sign-in ends after %(num)s hours.",
            hours,
        )
    return {
        SignInEnd.IDLE: gettext("You were signed out because nothing was done for a while."),
        SignInEnd.PASSWORD: gettext("You were signed out because the password of this account was changed."),
        SignInEnd.ELSEWHERE: gettext("You were signed out from another browser, on the page My account."),
        SignInEnd.ADMINISTRATOR: gettext(
            "You were signed out because an administrator changed this account or what it may do."
        ),
    }.get(end, gettext("You have signed out."))
