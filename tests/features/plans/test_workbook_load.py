"""What a plan's workbook costs the others: nobody waits for its file, and rows are not asked for one by one."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from sqlalchemy import text

from tests.kit import make
from tests.kit.house import House
from tests.kit.plan_books import plan_book, previewed
from tests.kit.visitor import Visitor
from tracker.core.db import write_if_free

P = make.PLAN


@pytest.fixture
def boss(ready: House) -> Visitor:
    """The administrator of the small township."""
    with ready.inside():
        make.add_sample_user("boss", "administrator", "T")
    return ready.visitor("boss")


def test_others_can_save_while_the_file_is_read(
    ready: House, boss: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, free = subprocess.run, []

    def watched(*args: Any, **named: Any) -> Any:
        free.append(write_if_free(text("SELECT 1")))
        return run(*args, **named)

    monkeypatch.setattr(subprocess, "run", watched)
    wrong = plan_book(目标分解=[["F", "A", None, "多", None]])
    at, _ = previewed(boss, wrong, plan=P)
    boss.get(f"{at}/marked.xlsx")
    at, answer = previewed(boss, plan_book(目标分解=[["F", "A", None, 7, None]]), plan=P)
    read = len(free)
    boss.submit(answer.page.form(""), at=at)
    assert len(free) > read
    assert all(free)
