"""What a plan's workbook costs: nobody waits for its file, and rows are not asked for one by one."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from sqlalchemy import text

from tests.kit import make
from tests.kit.house import House
from tests.kit.plan_books import can_confirm, plan_book, previewed, upload
from tests.kit.plans import indicator, plan_row
from tests.kit.visitor import Visitor
from tests.scale.counting import counted_statements
from tracker.core.audit import HOUSE
from tracker.core.db import db, write_if_free, writing
from tracker.features.org.models import UnitKind
from tracker.features.org.queries import units_by_code
from tracker.features.org.services import add_unit
from tracker.features.plans.services import assign_indicator

P = make.PLAN


def test_others_can_save_while_the_file_is_read(
    ready: House, boss: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, free = subprocess.Popen, []

    def watched(*args: Any, **named: Any) -> Any:
        free.append(write_if_free(text("SELECT 1")))
        return begin(*args, **named)

    monkeypatch.setattr(subprocess, "Popen", watched)
    wrong = plan_book(目标分解=[["F", "A", None, "多", None]])
    at, _ = previewed(boss, wrong, plan=P)
    boss.get(f"{at}/marked.xlsx")
    at, answer = previewed(boss, plan_book(目标分解=[["F", "A", None, 7, None]]), plan=P)
    read = len(free)
    boss.submit(answer.page.form(""), at=at)
    assert len(free) > read
    assert all(free)


MANY = 50


def asked(house: House, visitor: Visitor, content: bytes) -> list[str]:
    """The statements behind the preview of a workbook that is sound and changes something."""
    answer = upload(visitor, content, plan=P)
    with counted_statements(house.app) as found:
        page = visitor.follow(answer)
    assert can_confirm(page)
    return found


@pytest.mark.parametrize("said", ["是", "否"])
def test_more_rows_about_who_reports_ask_the_database_no_more(ready: House, boss: Visitor, said: str) -> None:
    codes = [f"V{number:02}" for number in range(1, MANY + 1)]
    with ready.inside(), writing():
        for code in codes:
            add_unit(code, f"单位{code}", UnitKind.COMMUNITY, parent_code="T", actor=HOUSE)
        if said == "否":
            assign_indicator(
                plan_row().plan, indicator("F"), [units_by_code()[code] for code in codes], actor=HOUSE
            )
        db.session.commit()
    one = asked(ready, boss, plan_book(目标分解=[["F", codes[0], said]]))
    many = asked(ready, boss, plan_book(目标分解=[["F", code, said] for code in codes]))
    assert len(many) == len(one), "\n".join(many)


def test_what_was_entered_is_asked_for_once_however_many_indicators_change(
    ready: House, boss: Visitor
) -> None:
    with ready.inside():
        make.save("A", "2022-01", {"F": "1", "S": "1"})
    rows = [["抓手", "举措", code, f"新{code}"] for code in ("F", "S", "R", "M", "RT", "C")]
    for part in (rows[:1], rows):
        found = asked(ready, boss, plan_book(任务分解表=part))
        assert sum("FROM entries" in statement for statement in found) <= 2, "\n".join(found)
