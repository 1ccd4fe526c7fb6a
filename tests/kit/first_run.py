"""An instance that waits for its first administrator, and somebody who goes through the set-up."""

from __future__ import annotations

from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.core.instance import mark_as_real
from tracker.features.setup.services import make_code, prepare_code

PASSWORD = "Three quiet rivers 7"
UNIT = {"name": "李村镇", "name_en": "Licun Township", "kind": "township", "code": "LC"}
ADMINISTRATOR = {
    "username": "Admin",
    "label": "管理员",
    "label_en": "Administrator",
    "password": PASSWORD,
    "again": PASSWORD,
}
STRUCTURE = {"begin": "sample", "starts_on": "2027-01-01", "ends_on": "2027-12-31"}


def let_wait(house: House) -> str:
    """Do what ``tracker init`` does, and return the code."""
    with house.inside():
        prepared = prepare_code()
        with writing():
            mark_as_real()
            code = make_code(prepared, actor=HOUSE)
            db.session.commit()
    return code


def enter(visitor: Visitor, code: str, *, status: int = 303) -> Answer:
    """Type the code at the door."""
    return visitor.submit(visitor.get("/setup").page.form("/setup"), {"code": code}, status=status)


def step(visitor: Visitor, name: str, fields: dict[str, str] | None = None, *, status: int = 303) -> Answer:
    """Fill in a step of the set-up and send it."""
    path = f"/setup/{name}"
    return visitor.submit(visitor.get(path).page.form(""), fields, at=path, status=status)


def go_to_the_last_step(visitor: Visitor, code: str, *, start: dict[str, str] | None = None) -> None:
    """Show the code, and answer everything up to the last step."""
    enter(visitor, code)
    step(visitor, "place")
    step(visitor, "unit", UNIT)
    step(visitor, "start", start or STRUCTURE)


def set_up(house: House, *, start: dict[str, str] | None = None) -> tuple[Visitor, Answer]:
    """The whole set-up, and its last answer."""
    visitor = house.visitor()
    go_to_the_last_step(visitor, let_wait(house), start=start)
    return visitor, step(visitor, "administrator", ADMINISTRATOR)
