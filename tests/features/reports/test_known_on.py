"""What was known on an earlier day is what the pages said on that day, whatever was done since."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from tests.conftest import Shelf
from tests.kit import make, tree_in_time
from tests.kit.house import House
from tests.kit.sequences import (
    CELLS,
    PERIODS,
    UNITS,
    from_seeds,
    import_said,
    said_by,
    withdraw_latest,
)
from tests.scale.counting import counted_statements
from tracker.core.audit import HOUSE
from tracker.core.clock import present_day
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.domain.review import ReportState
from tracker.features.plans.models import TargetChange
from tracker.features.plans.queries import all_plans
from tracker.features.progress.queries import Standing, clockwork, standings
from tracker.features.reports.models import EntryRevision
from tracker.features.reports.queries import known_at, waiting_correction
from tracker.features.reports.services import (
    approve_correction,
    approve_report,
    find_differences,
    propose_correction,
    reopen_report,
    save_report,
    submit_report,
)

DAYS = 5
LOOKED_AT = [(unit, day) for unit, _ in make.UNITS for day in (tree_in_time.ENDS[1], tree_in_time.LAST)]

Pages = dict[tuple[str, date], list[Standing]]


@pytest.fixture(scope="module")
def plan(shelf: Shelf) -> Iterator[House]:
    """The small plan, cleared for each history."""
    with shelf.house("hamlet") as house:
        yield house


@from_seeds(6)
def test_every_evening_can_be_asked_for_later(plan: House, seed: int) -> None:
    chance = Random(seed)
    with plan.inside():
        make.start_over()
        if chance.random() < 0.5:
            tree_in_time.History().move("A2", "B", date(2022, 3, 1))
        evenings: list[Pages] = []
        for _ in range(DAYS):
            night_falls()
            for _ in range(6):
                with contextlib.suppress(RuleError):
                    act(chance)
            evenings.append(pages())
        assert list(find_differences()) == []
        assert len({str(evening) for evening in evenings}) > 1
        for back, evening in enumerate(reversed(evenings)):
            assert pages(present_day() - timedelta(days=back)) == evening, back


def pages(known_on: date | None = None) -> Pages:
    """Where everything stands, now or as known on a day."""
    plan = all_plans()[0]
    found: Pages = {}
    for code, day in LOOKED_AT:
        unit, clock = make.unit_of(code), clockwork(plan, day)
        if known_on is not None:
            clock = replace(clock, known=known_at(unit, clock, known_on))
        found[code, day] = standings(unit, clock)
    return found


def night_falls() -> None:
    """Everything that was done becomes a day older."""
    day = timedelta(days=1)
    with writing():
        for row in db.session.scalars(select(EntryRevision)):
            row.entered_at -= day
            row.approved_at = row.approved_at and row.approved_at - day
            row.uncounted_at = row.uncounted_at and row.uncounted_at - day
        for change in db.session.scalars(select(TargetChange)):
            change.recorded_at = change.recorded_at and change.recorded_at - day
        db.session.commit()


def act(chance: Random) -> None:
    """Report, import, withdraw an import, reopen, correct, or set a target."""
    unit, period = chance.choice([*UNITS, "A2"]), chance.choice(PERIODS)
    kind = chance.choice(["report"] * 4 + ["correct"] * 3 + ["import"] * 2 + ["withdraw", "reopen", "aim"])
    if kind == "aim":
        day = chance.choice([date(2022, 1, 1), date(2022, 2, 15)])
        make.aim_for(chance.choice(["F", "S", "R"]), unit, str(chance.randint(1, 20)), from_on=day)
        return
    if kind == "import":
        import_said(unit, period, said_by(chance)[:3], ReportState.APPROVED)
        return
    if kind == "withdraw":
        withdraw_latest()
        return
    with writing():
        sheet = make.sheet_of(unit, period)
        if kind == "correct":
            (cell, text) = said_by(chance)[0]
            draft = make.draft_of(sheet, cell, text)
            entry = next(c.entry for c in sheet.cells if c.key == draft.key)
            revision = entry.revision if entry else 0
            propose_correction(sheet, draft, reason="because", revision=revision, actor=HOUSE)
            waiting = waiting_correction(sheet, draft.key)
            assert waiting is not None
            approve_correction(sheet, draft.key, correction_id=waiting.id, actor=HOUSE)
        elif sheet.state is ReportState.APPROVED or kind == "reopen":
            reopen_report(sheet, "because", version=sheet.version, actor=HOUSE)
        else:
            drafts = [make.draft_of(sheet, cell, text, "because") for cell, text in said_by(chance)]
            save_report(sheet, drafts, version=sheet.version, actor=HOUSE)
            submit_report(make.sheet_of(unit, period), actor=HOUSE)
            sheet = make.sheet_of(unit, period)
            approve_report(sheet, version=sheet.version, actor=HOUSE)
        db.session.commit()


def test_it_takes_the_same_number_of_statements_however_much_there_is(plan: House) -> None:
    assert set(CELLS) <= {"F", "FC/甲", "FC/乙", "S", "SC/甲", "SC/乙", "R", "M", "RT", "C"}
    counts = []
    with plan.inside():
        make.start_over()
        # What was chosen for the instance is read once and remembered.
        pages(present_day())
        for unit in ("A", "A1", "A2", "B"):
            make.approved(unit, PERIODS[0], {"F": "1", "S": "2", "SC/甲": "3"})
            with counted_statements(plan.app) as statements:
                pages(present_day())
            counts.append(len(statements))
    assert len(set(counts)) == 1
    assert counts[0] <= 16 * len(LOOKED_AT)


def test_the_overview_says_what_was_known_and_what_was_restated(house: House) -> None:
    official = house.visitor("fenguan")
    with house.inside():
        today = present_day()
    yesterday = today - timedelta(days=1)
    address = "/overview?unit=LC&as_of=2022-06-30&known_on="
    page = official.get(f"{address}{today}").page
    assert "As known at the end of" in page.text
    assert "Nothing of it has been restated since" in page.text
    with house.inside():
        night_falls()
        night_falls()
        with writing():
            sheet = make.sheet_of("LC03", "2022-05", plan="LC-2022")
            draft = make.draft_of(sheet, "I01", "400")
            propose_correction(sheet, draft, reason="because", revision=1, actor=HOUSE)
            waiting = waiting_correction(sheet, draft.key)
            assert waiting is not None
            approve_correction(sheet, draft.key, correction_id=waiting.id, actor=HOUSE)
            db.session.commit()
    page = official.get(f"{address}{yesterday}").page
    assert "1 indicator has been restated since" in page.text
    links = [link["href"] for link in page.root.all("a", class_="board__link")]
    assert links
    assert all(f"known_on={yesterday}" in link for link in links)
    assert "As known at the end of" in official.get(links[0]).page.text
    assert "Nothing of it has been restated" in official.get(f"{address}{today}").page.text
    answer = official.get(f"/exports/progress.xlsx?unit=LC&as_of=2022-06-30&known_on={yesterday}")
    assert yesterday.isoformat() in answer.headers["Content-Disposition"]
    found = official.get(f"/api/v1/positions?unit=LC&as_of=2022-06-30&known_on={yesterday}").json
    assert found["meta"]["known_on"] == yesterday.isoformat()
    for wrong in ("tomorrow", (today + timedelta(days=1)).isoformat()):
        official.get(f"{address}{wrong}", status=400)
