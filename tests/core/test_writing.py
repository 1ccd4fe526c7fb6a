"""The one way to write: begun at once, committed once, and nothing left behind."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tracker.core.audit import HOUSE, AuditRecord, record
from tracker.core.db import db, writing


def subjects() -> list[str]:
    return list(db.session.scalars(select(AuditRecord.subject)))


def test_what_is_not_committed_is_an_error_and_is_undone(blank: House) -> None:
    with blank.inside():
        with pytest.raises(RuntimeError, match="not committed"), writing():
            record("test", actor=HOUSE, subject="lost")
        assert subjects() == []


def test_an_exception_undoes_everything_and_lets_the_next_in(blank: House) -> None:
    with blank.inside():
        with pytest.raises(KeyError), writing():
            record("test", actor=HOUSE, subject="lost")
            raise KeyError
        with writing():
            record("test", actor=HOUSE, subject="kept")
            db.session.commit()
        assert subjects() == ["kept"]


def test_a_change_made_before_the_write_began_is_an_error(story: House) -> None:
    with story.inside():
        make.user_of("jiqing").label = "changed"
        with pytest.raises(RuntimeError, match="before the write began"), writing():
            db.session.commit()


def test_many_writers_wait_for_each_other(blank: House) -> None:
    failed: list[BaseException] = []

    def write(name: str) -> None:
        try:
            with blank.inside():
                for number in range(10):
                    with writing():
                        record("test", actor=HOUSE, subject=f"{name}-{number}")
                        db.session.commit()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(str(n),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with blank.inside():
        assert len(set(subjects())) == 60
