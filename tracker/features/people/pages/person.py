"""One user: what they hold, how they come in, and what has been done about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import request, url_for
from flask_babel import gettext

from tracker.core.clock import now
from tracker.core.format import days_of_term
from tracker.core.history import HistoryRow, HistoryStep, history_steps
from tracker.core.hosts import is_loopback, site_address
from tracker.domain.holdings import Term, UserState
from tracker.domain.one_time_codes import group_code
from tracker.features.people.forms import EndForm, GrantForm, LabelForm, ReasonForm, RenewForm
from tracker.features.people.queries import GrantRow, Person
from tracker.features.people.services import Secret


@dataclass(frozen=True)
class PersonForms:
    """The forms of a user's page; ``end`` are by grant."""

    label: LabelForm
    grant: GrantForm
    end: dict[int, EndForm]
    reason: ReasonForm
    renew: RenewForm


@dataclass(frozen=True)
class GrantView:
    """A grant with when it counts, in words."""

    row: GrantRow
    days: str
    state: str
    form: EndForm


@dataclass(frozen=True)
class PersonPage:
    """The page of one user; ``can_change`` is false for oneself and for users with roles elsewhere."""

    person: Person
    username: str
    version: int
    can_change: bool
    is_self: bool
    grants: tuple[GrantView, ...]
    forms: PersonForms
    invited_until: datetime | None
    invitation_state: str | None
    history: tuple[HistoryStep, ...]


@dataclass(frozen=True)
class SlipPage:
    """What opens an invitation, shown once, to be cut out and handed over."""

    person: Person
    code: str
    link: str
    address: str
    expires_at: datetime
    is_reset: bool
    is_local: bool


def person_page(
    person: Person, forms: PersonForms, history: Sequence[HistoryRow], *, is_self: bool, today: date
) -> PersonPage:
    """A user's page; ``forms`` hold what stands in the inputs."""
    invitation = person.invitation if person.user.awaits_password else None
    is_open = invitation is not None and invitation.is_open(now())
    return PersonPage(
        person=person,
        username=person.user.username,
        version=person.user.version,
        can_change=not is_self and not person.is_elsewhere,
        is_self=is_self,
        grants=tuple(
            GrantView(row, days_of_term(row.term), term_state(row.term, today), forms.end[row.id])
            for row in person.grants
        ),
        forms=forms,
        invited_until=invitation.expires_at if invitation is not None and is_open else None,
        invitation_state=None if invitation is None or is_open else _why_closed(person),
        history=history_steps(history),
    )


def slip_page(person: Person, secret: Secret, *, is_reset: bool) -> SlipPage:
    """The slip of an invitation that was just made."""
    host = site_address() or request.host_url.rstrip("/")
    return SlipPage(
        person=person,
        code=group_code(secret.code),
        link=host + url_for("people.welcome_link", token=secret.token),
        address=host + url_for("people.welcome"),
        expires_at=secret.expires_at,
        is_reset=is_reset,
        is_local=is_loopback(host),
    )


def term_state(term: Term, today: date) -> str:
    """Whether a role counts: holds, ahead or over."""
    if term.is_over(today):
        return "over"
    return "ahead" if term.is_ahead(today) else "holds"


def _why_closed(person: Person) -> str:
    if person.state is UserState.DISABLED:
        return gettext("The invitation was withdrawn when the user was disabled.")
    return gettext("The code has expired, was withdrawn, or was entered wrongly too often. Make a new one.")
