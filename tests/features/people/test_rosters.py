"""Several people are invited with one list: all of them, or nobody, and each gets a slip once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tests.scale.counting import counted_statements
from tracker.core.audit import AuditRecord
from tracker.core.clock import today
from tracker.core.db import db, taken_back
from tracker.domain.holdings import Term
from tracker.domain.roles import Role
from tracker.features.accounts.models import Grant, User
from tracker.features.accounts.queries import all_users
from tracker.features.people.models import Invitation
from tracker.features.people.queries import get_people
from tracker.features.people.services import Newcomer, try_newcomers

MANY = "/people/invite/many"
GOOD = (
    "用户名\t名称\t角色\t单位代码\n"
    "a1-teller\tA1 填报员\t填报员\tA1\tA1 reporter\n"
    "\n"
    "b-checker, B reviewer, REVIEWER, B\n"
    "Leader-2，分管领导，official，T\n"
)


@pytest.fixture
def boss(hamlet: House) -> Visitor:
    """The administrator of the small township; another one of A alone."""
    with hamlet.inside():
        make.add_sample_user("boss", "administrator", "T")
        make.add_sample_user("of-a", "administrator", "A")
    return hamlet.visitor("boss")


def send(visitor: Visitor, people: str, action: str, *, status: int = 200) -> Answer:
    """Send a list."""
    fields = {"csrf_token": visitor.token(), "people": people, "action": action}
    return visitor.post(MANY, fields, status=status)


def count(house: House) -> tuple[int, int]:
    with house.inside():
        users = db.session.scalar(select(func.count()).select_from(User)) or 0
        return users, db.session.scalar(select(func.count()).select_from(Invitation)) or 0


def test_a_list_is_shown_then_everybody_invited_with_a_slip_each(boss: Visitor, hamlet: House) -> None:
    before = count(hamlet)
    shown = send(boss, GOOD, "preview")
    for said in ("3 users", "a1-teller", "Unit A1 · A1", "Reviewer", "leader-2", "A1 reporter"):
        assert said in shown.page.text, said
    assert count(hamlet) == before
    slips = boss.submit(shown.page.form(MANY), {"action": "confirm"}, status=200)
    assert "no-store" in slips.headers["Cache-Control"]
    codes = re.findall(r"slip__code[^>]*>([^<]+)<", slips.body.decode())
    assert len(set(codes)) == 3
    assert count(hamlet) == (before[0] + 3, before[1] + 3)
    with hamlet.inside():
        held = db.session.execute(
            select(User.username, User.label, User.label_en, Grant.role, Grant.unit_id)
            .join(Grant, Grant.user_id == User.id)
            .where(User.awaits_password)
            .order_by(User.username)
        ).all()
        unit = make.unit_of
        assert [tuple(row) for row in held] == [
            ("a1-teller", "A1 填报员", "A1 reporter", "reporter", unit("A1").id),
            ("b-checker", "B reviewer", None, "reviewer", unit("B").id),
            ("leader-2", "分管领导", None, "official", unit("T").id),
        ]
        said = "\n".join(db.session.scalars(select(AuditRecord.difference)))
        assert not any(code.replace("-", "") in said.replace("-", "") for code in codes)
    # Each code opens its own invitation.
    stranger = hamlet.visitor()
    page = stranger.get("/welcome").page
    sent = {"username": "b-checker", "code": codes[1], "password": "Three quiet rivers 7"}
    stranger.submit(page.form("/welcome"), {**sent, "again": sent["password"]}, status=303)
    # Sent once more, nobody is invited again.
    assert "taken" in send(boss, GOOD, "confirm", status=422).page.text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x-1, X, reporter", "four columns"),
        ("x-1, , reporter, A", "four columns"),
        ("x-1, X, boss, A", "no such role"),
        ("x-1, X, reporter, Z9", "no unit with this code"),
        ("!, X, reporter, A", "2 to 63 letters"),
        ("boss, X, reporter, A", "is taken"),
        ("GOOD-1, X, reporter, A", "in the list twice"),
        (f"x-1, {'X' * 101}, reporter, A", "too long"),
    ],
)
def test_one_wrong_line_and_nobody_is_invited(boss: Visitor, hamlet: House, line: str, said: str) -> None:
    before = count(hamlet)
    for action in ("preview", "confirm"):
        answer = send(boss, f"good-1, 好, 填报员, A\n{line}", action, status=422)
        assert said in answer.page.text
        assert "1 line needs to be mended" in answer.page.text
        assert "good-1, 好" in answer.body.decode()
        assert MANY not in [form["action"] for form in answer.page.root.all("form")]
    assert count(hamlet) == before


def test_units_outside_ones_area_are_unknown(boss: Visitor, hamlet: House) -> None:
    visitor = hamlet.visitor("of-a")
    for unit in ("B", "T"):
        answer = send(visitor, f"x-1, X, reporter, {unit}", "confirm", status=422)
        assert "no unit with this code in your area" in answer.page.text
    send(visitor, "x-1, X, reporter, A1", "confirm")


@pytest.mark.parametrize("people", ["", " \n\t\n", "\n".join(f"u-{n}, U, reporter, A" for n in range(51))])
def test_nothing_and_too_much_is_refused(boss: Visitor, hamlet: House, people: str) -> None:
    before = count(hamlet)
    for action in ("preview", "confirm"):
        send(boss, people, action, status=422)
    assert count(hamlet) == before


def test_the_slips_cost_the_same_number_of_questions_for_few_and_many(boss: Visitor, hamlet: House) -> None:
    with hamlet.inside():
        every = [user.username for user in all_users()]
        assert len(every) > 1
        scope, asked = make.user_of("boss").scope_on(today()), []
        for names in (every[:1], every):
            with counted_statements(hamlet.app) as statements:
                assert [person.user.username for person in get_people(scope, names)] == names
            asked.append(len(statements))
        assert asked[0] == asked[1] == 4


def test_the_trial_judges_what_the_invitation_itself_judges(hamlet: House, boss: Visitor) -> None:
    with hamlet.inside():
        ended = Term(None, today() - timedelta(days=1))
        newcomer = Newcomer("late", "迟到者", None, Role.REPORTER, make.unit_of("A"), ended)
        with taken_back():
            refused = try_newcomers({7: newcomer}, actor=make.user_of("boss"))
        assert "last day has passed" in str(refused[7])
