"""Long imports: progress that outlives a browser, a process that ends, and others who write meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.features.intake.test_plain_sheets import JAN, REPORTER, small
from tests.kit import figures, make
from tests.kit.databases import SqliteShelf
from tests.kit.figures import plain
from tests.kit.house import House
from tracker.core.clock import now
from tracker.core.kept_files import keep_note
from tracker.core.remember import data_version
from tracker.features.intake.services import Comparison
from tracker.features.intake.views.work import PURPOSE, take_over


@pytest.fixture
def plan(sqlite: SqliteShelf) -> Iterator[House]:
    """A house with the small plan."""
    with sqlite.house("blank") as house:
        small(house)
        yield house


def note(house: House, token: str, beat: float) -> None:
    """Have an import of this upload be under way, last heard of at this moment."""
    with house.inside():
        job = {
            "name": "import",
            "state": "running",
            "step": "writing",
            "done": 3,
            "total": 12,
            "said": "",
            "result": {},
            "beat": beat,
        }
        keep_note(job, token=token, owner_id=make.user_of(REPORTER).id, purpose=PURPOSE)


def test_the_page_shows_how_far_it_is_and_refreshes_itself_without_script(plan: House) -> None:
    visitor = plan.visitor(REPORTER)
    at, _ = figures.previewed(visitor, plain(["A", "S", JAN, None, 6]))
    note(plan, at.rpartition("/")[2], now().timestamp())
    page = visitor.get(at).page
    assert "Writing: 3 of 12 reports" in page.text
    assert page.root.one("progress")["value"] == "25"
    metas = [meta for aside in page.root.all("noscript") for meta in aside.all("meta")]
    assert [meta["http-equiv"] for meta in metas] == ["refresh"]
    # A second click while it is under way begins nothing.
    again = visitor.post(at, {"csrf_token": visitor.token(), "fingerprint": "x"})
    assert "Writing: 3 of 12" in visitor.follow(again).page.text


def test_an_import_whose_process_ended_is_told_and_can_begin_anew(plan: House) -> None:
    visitor = plan.visitor(REPORTER)
    at, _ = figures.previewed(visitor, plain(["A", "S", JAN, None, 6]))
    note(plan, at.rpartition("/")[2], now().timestamp() - 1000)
    _, answer = figures.arrived(visitor, at)
    assert "The program was stopped meanwhile. Nothing was changed" in answer.page.messages
    figures.arrived(visitor, visitor.submit(answer.page.form(""), at=at).location)
    with plan.inside():
        assert make.sheet_of("A", JAN).filled == 1


def test_an_upload_is_its_owners_alone(plan: House) -> None:
    at, _ = figures.previewed(plan.visitor(REPORTER), plain(["A", "S", JAN, None, 6]))
    other = plan.visitor("rep-b")
    for path in (at, f"{at}/marked.xlsx"):
        assert "no longer kept" in other.follow(other.get(path, status=303)).page.messages


def test_a_change_during_the_comparison_has_it_made_again(plan: House) -> None:
    made: list[Comparison] = []

    def compare() -> Comparison:
        made.append(Comparison(data_version()))
        if len(made) == 1:
            make.save("A", JAN, {"S": "4"})
        return made[-1]

    with plan.inside():
        assert take_over(compare, made.index) == 1
