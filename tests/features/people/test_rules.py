"""Giving and taking roles, switching users off: the rules, their records, and the ends of sessions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tracker.core.audit import AuditRecord
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.domain.errors import NotFoundError, RuleError, StaleError
from tracker.domain.holdings import ALWAYS, Term
from tracker.domain.roles import Permission, Role
from tracker.features.accounts.models import User
from tracker.features.people.services import (
    add_grant,
    disable_user,
    enable_user,
    end_grant,
    remove_grant,
    rename_user,
)

DAY = timedelta(days=1)


@pytest.fixture
def place(hamlet: House) -> House:
    """The small township with an administrator of the whole, and others."""
    with hamlet.inside():
        for name, role, unit in (
            ("top", "administrator", "T"),
            ("rep", "reporter", "A"),
            ("aud", "auditor", "A"),
        ):
            make.add_sample_user(name, role, unit)
    return hamlet


def give(name: str, role: Role, unit: str, term: Term = ALWAYS, *, by: str = "top") -> None:
    """Give a role, as an administrator does."""
    with writing():
        user = make.user_of(name)
        add_grant(user, role, make.unit_of(unit), term, version=user.version, actor=make.user_of(by))
        db.session.commit()


def take(name: str, *, by: str = "top", number: int = 0) -> None:
    """Take one of the user's roles away."""
    with writing():
        user = make.user_of(name)
        remove_grant(user, user.grants[number].id, version=user.version, actor=make.user_of(by))
        db.session.commit()


def end(name: str, last_day: date, *, by: str = "top") -> None:
    """Let the user's first role end."""
    with writing():
        user = make.user_of(name)
        end_grant(user, user.grants[0].id, last_day, version=user.version, actor=make.user_of(by))
        db.session.commit()


def records(name: str) -> list[tuple[str, str, str]]:
    """(action, actor, difference) of everything that was recorded about a user."""
    rows = db.session.execute(
        select(AuditRecord.action, AuditRecord.actor_name, AuditRecord.difference)
        .where(AuditRecord.subject == f"user {name}")
        .order_by(AuditRecord.id)
    )
    return [(action, actor, difference) for action, actor, difference in rows]


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(None, None, True), (0, 0, True), (1, None, False), (None, -1, False), (-5, 5, True), (-5, -1, False)],
)
def test_a_role_counts_from_its_first_to_its_last_day(
    place: House, starts: int | None, ends: int | None, holds: bool
) -> None:
    with place.inside():
        with writing():
            grant = make.user_of("rep").grants[0]
            grant.starts_on = None if starts is None else today() + starts * DAY
            grant.ends_on = None if ends is None else today() + ends * DAY
            db.session.commit()
        scope = make.user_of("rep").scope_on(today())
        assert scope.allows(Permission.FILL_REPORTS, make.unit_of("A").path) is holds
        assert scope.allows_somewhere(Permission.SEE_PROGRESS) is holds
    assert place.visitor("rep").send("GET", "/reports").status == (200 if holds else 403)


def test_terms_that_make_no_sense_are_refused(place: House) -> None:
    with place.inside():
        for term in (Term(today() + DAY, today()), Term(None, today() - DAY)):
            with pytest.raises(RuleError) as refused:
                give("rep", Role.OFFICIAL, "A", term)
            assert refused.value.field == "ends_on"


def test_a_role_that_is_held_already_is_refused_and_one_that_is_over_is_taken_up_again(place: House) -> None:
    with place.inside():
        with pytest.raises(RuleError, match="already"):
            give("rep", Role.REPORTER, "A")
        with writing():
            make.user_of("rep").grants[0].ends_on = today() - DAY
            db.session.commit()
        give("rep", Role.REPORTER, "A", Term(today() + DAY))
        (grant,) = make.user_of("rep").grants
        assert grant.term == Term(today() + DAY, None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((Role.ADMINISTRATOR, "A"), (Role.AUDITOR, "B")),
        ((Role.AUDITOR, "B"), (Role.ADMINISTRATOR, "A")),
        ((Role.REPORTER, "A1"), (Role.REVIEWER, "A")),
        ((Role.REVIEWER, "A1"), (Role.REPORTER, "A")),
        ((Role.REPORTER, "A"), (Role.REVIEWER, "A")),
    ],
)
def test_duties_that_must_stay_apart_are_not_given_to_one_user(
    place: House, first: tuple[Role, str], second: tuple[Role, str]
) -> None:
    with place.inside():
        make.add_sample_user("one", first[0].value, first[1])
        with pytest.raises(RuleError) as refused:
            give("one", *second)
        assert refused.value.field == "role"
        assert len(make.user_of("one").grants) == 1
        # One after the other is no harm: the first ends today, the second begins tomorrow.
        end("one", today())
        give("one", *second, Term(today() + DAY))
        assert len(make.user_of("one").grants) == 2


def test_reporter_and_reviewer_at_units_apart_may_be_one_user(place: House) -> None:
    with place.inside():
        give("rep", Role.REVIEWER, "B")
        assert len(make.user_of("rep").grants) == 2


def test_the_last_administrator_of_the_house_stays(place: House) -> None:
    with place.inside():
        make.add_sample_user("below", "administrator", "A")
        make.add_sample_user("second", "administrator", "T")
        give("second", Role.OFFICIAL, "T", by="below")
        # With two of them one may go.
        take("second", by="below")
        with pytest.raises(RuleError, match="last administrator"):
            end("top", today() + 30 * DAY, by="below")
        with pytest.raises(RuleError, match="last administrator"), writing():
            user = make.user_of("top")
            disable_user(user, "x", version=user.version, actor=make.user_of("below"))
        give("top", Role.OFFICIAL, "T", by="below")
        with pytest.raises(RuleError, match="last administrator"):
            take("top", by="below")


@pytest.mark.parametrize("kind", ["disabled", "awaiting", "ending", "ahead"])
def test_an_administrator_who_cannot_be_relied_on_is_no_successor(place: House, kind: str) -> None:
    with place.inside():
        make.add_sample_user("second", "administrator", "T")
        with writing():
            second = make.user_of("second")
            if kind == "disabled":
                second.disabled_at = second.created_at
            elif kind == "awaiting":
                second.awaits_password = True
            elif kind == "ending":
                second.grants[0].ends_on = today() + DAY
            else:
                second.grants[0].starts_on = today() + DAY
            db.session.commit()
        make.add_sample_user("below", "administrator", "A")
        with pytest.raises(RuleError, match="last administrator"):
            end("top", today(), by="below")


def test_nobody_changes_their_own_rights(place: House) -> None:
    with place.inside():
        make.add_sample_user("second", "administrator", "T")
        for attempt in (
            lambda: give("top", Role.OFFICIAL, "T"),
            lambda: take("top"),
            lambda: end("top", today()),
        ):
            with pytest.raises(RuleError, match="own rights"):
                attempt()
        for service in (disable_user, enable_user):
            with pytest.raises(RuleError, match="own rights"), writing():
                user = make.user_of("top")
                service(user, "x", version=user.version, actor=user)


def test_the_last_role_of_a_user_is_ended_but_not_taken_away(place: House) -> None:
    with place.inside():
        with pytest.raises(RuleError, match="last role"):
            take("rep")
        end("rep", today())
        assert make.user_of("rep").grants[0].ends_on == today()
        with pytest.raises(NotFoundError), writing():
            user = make.user_of("rep")
            other = make.user_of("aud").grants[0].id
            end_grant(user, other, today(), version=user.version, actor=make.user_of("top"))


def test_a_change_on_an_older_version_is_refused(place: House) -> None:
    with place.inside():
        before = make.user_of("rep").version
        give("rep", Role.OFFICIAL, "A")
        with pytest.raises(StaleError), writing():
            user = make.user_of("rep")
            rename_user(user, "x", None, version=before, actor=make.user_of("top"))


def signed_out(place: House, act: str) -> None:
    visitor = place.visitor("rep")
    visitor.get("/overview")
    with place.inside():
        ACTS[act]()
    assert visitor.get("/overview", status=303).location.startswith("/sign-in")


def disable(name: str = "rep") -> None:
    with writing():
        user = make.user_of(name)
        disable_user(user, "The post is vacant.", version=user.version, actor=make.user_of("top"))
        db.session.commit()


def enable(name: str = "rep") -> None:
    with writing():
        user = make.user_of(name)
        enable_user(user, "The post is filled.", version=user.version, actor=make.user_of("top"))
        db.session.commit()


def give_and_take() -> None:
    give("rep", Role.OFFICIAL, "A")
    take("rep", number=1)


ACTS = {
    "give": lambda: give("rep", Role.OFFICIAL, "A"),
    "end": lambda: end("rep", today()),
    "take": give_and_take,
    "disable": disable,
}


@pytest.mark.parametrize("act", ACTS)
def test_a_change_of_rights_ends_the_sessions_of_the_user_alone(place: House, act: str) -> None:
    other = place.visitor("aud")
    signed_out(place, act)
    other.get("/overview")


def test_a_disabled_user_gets_in_by_no_way_until_enabled(place: House) -> None:
    with place.inside():
        disable()
        assert not make.user_of("rep").scope_on(today()).holds
    visitor = place.visitor()
    page = visitor.get("/sign-in").page
    assert "rep" not in {field["value"] for field in page.root.all("input", name="username")}
    form = page.form("")
    visitor.submit(form, {"username": "rep", "password": make.PASSWORD}, at="/sign-in", status=422)
    fields = {**form.fields, "username": "rep"}
    visitor.post("/sign-in/sample", fields, status=404)
    with place.inside():
        enable()
    visitor.submit(form, {"username": "rep", "password": make.PASSWORD}, at="/sign-in")
    visitor.get("/reports")


def test_every_change_is_recorded_with_who_and_what(place: House) -> None:
    with place.inside():
        give("rep", Role.OFFICIAL, "B", Term(today(), today() + DAY))
        end("rep", today() + 2 * DAY)
        take("rep", number=1)
        with writing():
            user = make.user_of("rep")
            rename_user(user, "新名称", "New", version=user.version, actor=make.user_of("top"))
            db.session.commit()
        disable()
        enable()
        assert records("rep")[2:] == [
            (
                "user.grant",
                "top",
                "role: — → official B\nfirst day: — → 2022-03-03\nlast day: — → 2022-03-04",
            ),
            ("user.end_grant", "top", "role: reporter A → reporter A\nlast day: — → 2022-03-05"),
            ("user.remove_grant", "top", "role: official B → —"),
            ("user.rename", "top", "label: rep → 新名称\nlabel in English: — → New"),
            ("user.disable", "top", "state: active → disabled\nreason: — → The post is vacant."),
            ("user.enable", "top", "state: disabled → active\nreason: — → The post is filled."),
        ]


def test_a_refused_change_leaves_no_record(place: House) -> None:
    with place.inside():
        before = records("rep")
        with pytest.raises(RuleError):
            give("rep", Role.REVIEWER, "T")
        assert records("rep") == before
        assert db.session.scalars(select(User.version).where(User.username == "rep")).one() == 1
