"""Setting an empty instance up: everything that the pages have asked for, at once or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.core.audit import Actor, record
from tracker.core.instance import keep_choices, setup_digest
from tracker.domain.errors import N_, NotFoundError, RuleError
from tracker.domain.roles import Role
from tracker.features.accounts.models import User
from tracker.features.accounts.services import GoodPassword, add_user, grant_role
from tracker.features.org.queries import UnitRow, root_unit
from tracker.features.org.services import UnitDraft, found_unit
from tracker.features.setup.queries import mark_of
from tracker.sample.structure import create_own_plan


class Begin(StrEnum):
    """What the first plan is made from."""

    EMPTY = "empty"
    SAMPLE = "sample"
    EXCEL = "excel"


@dataclass(frozen=True)
class Place:
    """Language and time zone of the instance."""

    language: str
    time_zone: str


@dataclass(frozen=True)
class Start:
    """How to begin; the days count for the sample's structure only."""

    begin: Begin
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class FirstUser:
    """The first administrator."""

    username: str
    label: str
    label_en: str | None
    password: GoodPassword = field(repr=False)


@dataclass(frozen=True)
class SetupDraft:
    """All answers; without a unit there is a highest one already."""

    place: Place
    unit: UnitDraft | None
    start: Start
    user: FirstUser


def set_up(draft: SetupDraft, *, mark: str, actor: Actor) -> User:
    """Set the instance up and return its administrator, who has done all of it but being added.

    ``mark`` is what the browser got for the code. Raises :class:`NotFoundError` when somebody else was
    quicker or another code was made, and :class:`RuleError` for what cannot be.
    """
    digest = setup_digest()
    if digest is None or mark_of(digest) != mark:
        raise NotFoundError(N_("This instance has been set up, or another code was made for it."))
    first = draft.user
    # Adding the first user ends the set-up.
    user = add_user(first.username, first.label, first.password, label_en=first.label_en, actor=actor)
    keep_choices(language=draft.place.language, time_zone=draft.place.time_zone)
    top = _top(draft.unit, actor=user)
    grant_role(user, Role.ADMINISTRATOR, top, actor=user)
    if draft.start.begin is Begin.SAMPLE:
        create_own_plan(top, draft.start.starts_on, draft.start.ends_on, actor=user)
    told = {
        "unit": top.code,
        "language": draft.place.language,
        "time_zone": draft.place.time_zone,
        "begin": draft.start.begin.value,
    }
    changes: dict[str, tuple[object, object]] = {name: (None, value) for name, value in told.items()}
    record("instance.set_up", actor=user, subject="instance", unit_id=top.id, changes=changes)
    return user


def _top(draft: UnitDraft | None, *, actor: Actor) -> UnitRow:
    """The highest unit, made unless an operator was quicker."""
    if root_unit() is None and draft is not None:
        found_unit(draft, None, actor=actor)
    top = root_unit()
    if top is None:
        raise RuleError(N_("There is no top unit yet. Go back to the second step."))
    return top
