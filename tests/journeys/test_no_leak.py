"""Nobody finds a figure of the unit beside theirs, nor the sum above that would betray it.

Every address that answers somebody is opened: each page, all that it links to, each search, each export
and each answer for programs. Two communities stand under a township; the figures of one of them, and the
sums of both, occur nowhere else.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from tests.house.test_endpoints import ADDRESSES
from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.roles import Role
from tracker.domain.units import FactKind
from tracker.features.org.services import FactDraft, add_fact

OWN, BESIDE, ABOVE = "A", "B", "T"
FLOW, STOCK, AIM, HOMES = ("1003", "73194"), ("2011", "61477"), ("3007", "58391"), ("4019", "47653")
"""What A and B have: an increase, a number in place, a target, and households."""

SUMS = [str(int(one) + int(other)) for one, other in (FLOW, STOCK, AIM, HOMES)]
SECRETS = [FLOW[1], STOCK[1], AIM[1], HOMES[1], *SUMS, "旁人缘由"]
"""What only B has, in figures and words, and what they make together."""

GUESS, WRONG = FLOW[1], "71469"
SEARCHED = (GUESS, "旁人", "单位B", "Unit B", BESIDE, ABOVE)
pytestmark = pytest.mark.slow

MOST = 1500
"""Addresses that are opened for one person; the crawl has to end before."""

_EVERYWHERE = [address.format(unit=unit) for address in ADDRESSES.values() for unit in (OWN, BESIDE, ABOVE)]
_OURS = [
    address.replace("LC-2022", make.PLAN)
    .replace("2022-06-30", "2022-03-31")
    .replace("2022-06", "2022-01")
    .replace("/I01", "/S")
    .replace("/I03", "/S")
    for address in _EVERYWHERE
]


@pytest.fixture(scope="module")
def place(sqlite: SqliteShelf) -> Iterator[House]:
    """Two communities with approved figures, targets and facts, one of them with somebody of each role."""
    with sqlite.house("blank") as house:
        with house.inside():
            make.small_plan()
            make.tell_on(date(2022, 6, 1))
            for unit, flow, stock, aim, homes in zip((OWN, BESIDE), FLOW, STOCK, AIM, HOMES, strict=True):
                reason = "旁人缘由" if unit == BESIDE else "自己缘由"
                make.approved(unit, "2022-01", {"F": flow, "S": stock}, reason=reason)
                make.save(unit, "2022-02", {"F": flow, "S": stock}, reason=reason)
                make.aim_for("S", unit, aim)
                fact = FactDraft(FactKind.HOUSEHOLDS, date(2022, 1, 1), Decimal(homes))
                with writing():
                    add_fact(make.unit_of(unit), fact, actor=HOUSE)
                    db.session.commit()
            for role in Role:
                make.add_sample_user(f"own-{role}", role.value, OWN)
            for role in Role:
                make.add_sample_user(f"top-{role}", role.value, ABOVE)
        yield house


@pytest.mark.parametrize(
    ("role", "language"),
    [
        (Role.ADMINISTRATOR, "zh"),
        (Role.REVIEWER, "en"),
        (Role.REPORTER, "zh"),
        (Role.OFFICIAL, "en"),
        (Role.AUDITOR, "zh"),
    ],
)
def test_no_address_tells_a_figure_of_the_unit_beside_or_the_sum_above(
    place: House, role: Role, language: str
) -> None:
    # Somebody who may see them all has been here before: nothing that is remembered may be handed on.
    top = place.visitor(f"top-{Role.OFFICIAL.value}", language=language)
    assert found_in(top.get("/overview?unit=T&as_of=2022-01-31")) >= {SUMS[0], SUMS[1]}
    visitor = place.visitor(f"own-{role.value}", language=language)
    leaks = {}
    for path, answer in opened_by(visitor):
        leaks[path] = found = found_in(answer)
        if GUESS in path:
            leaks[path] = found - {GUESS}
        if GUESS in path and answer.is_page:
            # Whoever guesses the figure learns no more than whoever guesses wrongly.
            other = visitor.send("GET", path.replace(GUESS, WRONG)).page.text.replace(WRONG, GUESS)
            assert answer.page.text == other, path
    assert {path: found for path, found in leaks.items() if found} == {}


def test_the_same_search_finds_them_all_for_those_who_may_see_them(place: House) -> None:
    missing = {*SECRETS} - {SUMS[3]}
    for role in (Role.ADMINISTRATOR, Role.REVIEWER, Role.AUDITOR):
        for _, answer in opened_by(place.visitor(f"top-{role.value}")):
            missing -= found_in(answer)
            if not missing:
                return
    assert missing == set()


def opened_by(visitor: Visitor) -> Iterator[tuple[str, Answer]]:
    """Every address that leads on from those that are known, with what it answers."""
    waiting = deque(dict.fromkeys(["/", *_OURS]))
    known = set(waiting)
    while waiting:
        path = waiting.popleft()
        answer = visitor.send("GET", path)
        yield path, answer
        assert len(known) < MOST, f"the crawl does not end: {sorted(known)[-30:]}"
        for more in leads(path, answer):
            if more not in known:
                known.add(more)
                waiting.append(more)


def leads(path: str, answer: Answer) -> Iterator[str]:
    """Where an answer leads: redirects, links, and forms that ask, filled with what might be looked for."""
    if answer.location:
        yield from _kept(urljoin(path, answer.location))
    if not answer.is_page or answer.status != 200:
        return
    for link in answer.page.root.all("a"):
        yield from _kept(urljoin(path, link["href"]))
    for form in answer.page.root.all("form"):
        if form["method"].lower() == "post":
            continue
        for field in form.all("input"):
            if field["type"] in {"search", "text"}:
                for words in SEARCHED:
                    asked = urlencode({field["name"]: words})
                    yield from _kept(f"{urljoin(path, form['action'] or path).partition('?')[0]}?{asked}")


def _kept(address: str) -> Iterator[str]:
    """The address without its fragment, unless it only changes how things look."""
    parts = urlsplit(address)
    if not parts.netloc and parts.scheme in {"", "http"} and not parts.path.startswith("/preferences"):
        yield parts._replace(fragment="").geturl()


def found_in(answer: Answer) -> set[str]:
    """The secrets that an answer tells, in whatever way numbers are written in it."""
    said = "\n".join(_texts(answer))
    plain = re.sub(r"(?<=\d)[,，\s](?=\d{3})", "", said)
    there = [secret for secret in SECRETS if secret in plain]
    return {secret for secret in there if re.search(rf"(?<!\d){secret}(?!\d)", plain)}


def _texts(answer: Answer) -> Iterator[str]:
    if answer.body[:2] != b"PK":
        yield answer.body.decode()
        return
    with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
        for name in book.namelist():
            yield book.read(name).decode(errors="replace")
