"""Evidence through the pages: adding several files, what browsers are told, and who gets to see a file."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tests.kit.proofs import add_proof, spot_of
from tests.kit.uploads import SCRIPTED_PDF, package, photo, picture
from tests.kit.visitor import Answer, Visitor
from tracker.core.db import db, writing
from tracker.domain.roles import Role
from tracker.features.plans.models import Indicator
from tracker.features.reports.queries import EvidenceSpot
from tracker.features.reports.services import withdraw_report

PLAN, UNIT, PERIOD = "LC-2022", "LC07", "2022-06"
"""June of Donghu Community: a draft in the sample's story."""

SHEET = f"/reports/{PLAN}/{UNIT}/{PERIOD}"
PAGE = f"{SHEET}/evidence/I01"
EMPTY = "default-src 'none'; sandbox"


def send(
    visitor: Visitor, *files: tuple[bytes, str], status: int = 303, json: bool = False, **fields: Any
) -> Answer:
    """Add files by the form of the page."""
    sent = {"csrf_token": visitor.token(), "files": [(BytesIO(content), name) for content, name in files]}
    headers = {"Accept": "application/json"} if json else {}
    return visitor.post(PAGE, sent | fields, status=status, headers=headers)


def spot(unit: str = UNIT, period: str = PERIOD) -> EvidenceSpot:
    return spot_of(unit, period, "I01", PLAN)


def test_several_files_are_added_at_once_and_shown(story: House) -> None:
    donghu = story.visitor("donghu")
    answer = send(
        donghu,
        (photo(), "a.jpg"),
        (SCRIPTED_PDF, "验收.pdf"),
        (package("xlsx"), "b.xlsx"),
        caption="3 号楼前",
    )
    shown = donghu.follow(answer).page
    assert "3 files were added." in shown.text
    assert shown.text.count("3 号楼前") >= 3
    sheet = donghu.get(SHEET).page
    assert "Evidence: 3 files" in sheet.text
    assert "Add evidence" in sheet.text
    with story.inside():
        assert [row.kind.value for row in spot().rows] == ["jpg", "pdf", "xlsx"]


def test_what_is_refused_is_told_by_name_and_the_others_are_kept(story: House) -> None:
    donghu = story.visitor("donghu")
    answer = send(
        donghu, (photo(), "a.jpg"), (b"<svg/>", "b.jpg"), (photo(), "c.jpg"), status=422, caption="x"
    )
    assert "b.jpg: Web pages" in answer.page.text
    assert "c.jpg: This file is here already." in answer.page.text
    assert "1 file was added." in answer.page.text
    with story.inside():
        assert [row.name for row in spot().rows] == ["a.jpg"]


def test_nothing_chosen_and_a_caption_that_is_too_long_are_told(story: House) -> None:
    donghu = story.visitor("donghu")
    assert "Choose at least one" in send(donghu, status=422).page.text
    answer = send(donghu, (photo(), "a.jpg"), status=422, caption="x" * 201)
    assert "At most 200 characters" in answer.page.text
    assert 'value="' + "x" * 201 in answer.body.decode()
    many = [(photo(shade=n), f"{n}.jpg") for n in range(21)]
    assert "at most 20 files" in send(donghu, *many, status=422).page.text


def test_a_program_on_the_page_is_told_in_json(story: House) -> None:
    donghu = story.visitor("donghu")
    assert send(donghu, (photo(), "a.jpg"), status=200, json=True).json == {"added": 1, "refused": []}
    answer = send(donghu, (b"MZ", "a.jpg"), status=422, json=True)
    assert (answer.json["added"], answer.json["refused"][0]["name"]) == (0, "a.jpg")
    assert "programs are not taken" in answer.json["refused"][0]["message"]


def test_a_file_is_handed_out_so_that_it_can_do_nothing(story: House) -> None:
    donghu = story.visitor("donghu")
    send(donghu, (photo(), "旧 a;b?.jpg"), (SCRIPTED_PDF, "../x\ty.pdf"), (picture("PNG"), "c.html"))
    with story.inside():
        first, document, other = spot().rows
    for row, kind in ((first, "image/jpeg"), (document, "application/pdf"), (other, "image/jpeg")):
        answer = donghu.get(f"{PAGE}/{row.id}/file")
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Security-Policy"] == EMPTY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith(f'attachment; filename="evidence-{row.id}.')
        assert len(answer.body) == row.size
    assert (
        "filename*=UTF-8''%E6%97%A7%20a%3Bb_.jpg"
        in donghu.get(f"{PAGE}/{first.id}/file").headers["Content-Disposition"]
    )
    assert document.name == "xy.pdf"
    for what in ("photo", "small"):
        answer = donghu.get(f"{PAGE}/{first.id}/{what}")
        assert (answer.headers["Content-Type"], answer.body[:3]) == ("image/jpeg", b"\xff\xd8\xff")
        assert answer.headers["Content-Disposition"].startswith("inline;")
        assert answer.headers["Content-Security-Policy"] == EMPTY
        # A document is never shown, whatever is asked for.
        donghu.get(f"{PAGE}/{document.id}/{what}", status=404)
    for way in ("html", "..%2f..%2fsecret_key", ""):
        donghu.get(f"{PAGE}/{first.id}/{way}", status=404)


def test_a_browser_may_keep_a_picture_but_asks_each_time(story: House) -> None:
    donghu = story.visitor("donghu")
    send(donghu, (photo(), "a.jpg"))
    with story.inside():
        (row,) = spot().rows
    answer = donghu.get(f"{PAGE}/{row.id}/small")
    again = donghu.get(
        f"{PAGE}/{row.id}/small", status=304, headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.body == b""


def test_nothing_of_the_folder_is_served_by_its_place(story: House) -> None:
    donghu = story.visitor("donghu")
    send(donghu, (photo(), "a.jpg"))
    with story.inside():
        (row,) = spot().rows
    for path in (
        f"/evidence/{row.sha256[:2]}/{row.sha256}",
        f"/static/../evidence/{row.sha256}",
        f"/{row.sha256}",
    ):
        donghu.get(path, status=404)


def test_the_reporter_names_and_removes_a_piece(story: House) -> None:
    donghu = story.visitor("donghu")
    send(donghu, (photo(), "a.jpg"))
    with story.inside():
        (row,) = spot().rows
    form = donghu.get(PAGE).page.form(f"{PAGE}/{row.id}/caption")
    donghu.follow(donghu.submit(form, {"caption": "new bays"}))
    answer = donghu.submit(form, {"caption": "others"}, status=422)
    assert "Someone else changed this caption" in answer.page.text
    assert 'value="others"' in answer.body.decode()
    form = donghu.get(PAGE).page.form(f"{PAGE}/{row.id}/remove")
    assert "The file is removed." in donghu.follow(donghu.submit(form)).page.text
    donghu.get(f"{PAGE}/{row.id}", status=404)
    donghu.submit(form, status=404)


def test_pieces_have_a_page_each_with_the_way_to_their_neighbours(story: House) -> None:
    donghu = story.visitor("donghu")
    send(donghu, (photo(), "a.jpg"), (SCRIPTED_PDF, "b.pdf"), caption="bays")
    with story.inside():
        first, second = (row.id for row in spot().rows)
    page = donghu.get(f"{PAGE}/{first}").page
    assert [link["href"] for link in page.root.all("a", rel="next")] == [f"{PAGE}/{second}"]
    assert page.root.all("a", rel="prev") == []
    assert "1 of 2" in page.text
    assert "Download it to read it" in donghu.get(f"{PAGE}/{second}").page.text


def test_the_reviewer_sees_it_beside_the_figure_and_where_else_it_is_used(story: House) -> None:
    with story.inside():
        add_proof(UNIT, PERIOD, "I01", plan=PLAN)
        with writing():
            withdraw_report(make.sheet_of("LC03", PERIOD, PLAN), actor=make.user_of("anning"))
            db.session.commit()
        other = make.sheet_of("LC03", PERIOD, PLAN).cells[1].indicator
        add_proof("LC03", PERIOD, other.code, photo(taken=None), plan=PLAN)
    office = story.visitor("chuangjianban")
    review = office.get(f"/review/{PLAN}/{UNIT}/{PERIOD}").page
    assert "Evidence: 1 file" in review.text
    assert f"The same file is also used for: Anning Community, June 2022, {other.name_en}" in review.text
    page = office.get(PAGE).page
    assert "The same file is also used for" in page.text
    assert page.root.all("form", enctype="multipart/form-data") == []
    # Whoever reports is not told about others.
    assert "also used" not in story.visitor("donghu").get(PAGE).page.text


def test_needed_evidence_is_asked_for_when_the_report_is_submitted(story: House) -> None:
    with story.inside(), writing():
        db.session.execute(update(Indicator).where(Indicator.code == "I01").values(needs_evidence=True))
        db.session.commit()
    donghu = story.visitor("donghu")
    page = donghu.get(SHEET).page
    assert "needed" in page.text
    form = page.form("")
    answer = donghu.submit(form, {"action": "submit"}, at=SHEET, status=422)
    assert "This figure needs evidence" in answer.page.text


def test_what_is_too_large_is_refused_before_it_is_read(sqlite: SqliteShelf) -> None:
    with sqlite.house("story", EVIDENCE_REQUEST_MB=1, LARGEST_REQUEST_MB=1) as house:
        donghu = house.visitor("donghu")
        send(donghu, (bytes(1_100_000), "a.jpg"), status=413)
    with sqlite.house("story", EVIDENCE_FILE_MB=1, EVIDENCE_REQUEST_MB=3, LARGEST_REQUEST_MB=1) as house:
        donghu = house.visitor("donghu")
        answer = send(donghu, (photo() + bytes(1_100_000), "a.jpg"), status=422)
        assert "larger than 1 MB" in answer.page.text
        # Only the form for files may be so large.
        fields = {"csrf_token": donghu.token(), "note": "x" * 1_100_000}
        donghu.post(SHEET, fields, status=413)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_is_full_leaves_nothing_half(
    small: House, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    donghu = small.visitor("donghu")
    with monkeypatch.context() as failing:

        def full(_descriptor: int) -> None:
            raise OSError(code, os.strerror(code))

        failing.setattr(os, "fsync", full)
        send(donghu, (photo(), "a.jpg"), status=503)
    assert [path for path in Path(small.folder, "evidence").rglob("*") if path.is_file()] == []
    with small.inside():
        assert spot().rows == ()
    donghu.follow(send(donghu, (photo(), "a.jpg")))


def test_a_file_that_is_gone_from_the_disk_is_told_plainly(small: House) -> None:
    donghu = small.visitor("donghu")
    send(donghu, (photo(), "a.jpg"))
    with small.inside():
        (row,) = spot().rows
    Path(small.folder, "evidence", row.sha256[:2], row.sha256).unlink()
    answer = donghu.get(f"{PAGE}/{row.id}/photo", status=404)
    assert "missing on the server" in answer.page.text


@pytest.fixture(scope="module")
def peopled(sqlite: SqliteShelf) -> Iterator[tuple[House, int]]:
    """The story with one photo of Donghu Community, and each role held there, beside it, and above it."""
    with sqlite.house("story") as house:
        with house.inside():
            number = add_proof(UNIT, PERIOD, "I01", plan=PLAN)
            for role in Role:
                for place, unit in (("own", UNIT), ("sibling", "LC03"), ("above", "LC")):
                    make.add_sample_user(f"{place}-{role}", role.value, unit)
        yield house, number


@pytest.mark.parametrize("place", ["own", "above", "sibling"])
@pytest.mark.parametrize("role", Role)
def test_only_who_may_see_the_report_gets_its_files(
    peopled: tuple[House, int], role: Role, place: str
) -> None:
    house, number = peopled
    visitor = house.visitor(f"{place}-{role}")
    expected = 403 if role is Role.OFFICIAL else 404 if place == "sibling" else 200
    for address in ("", f"/{number}", *(f"/{number}/{what}" for what in ("photo", "small", "file"))):
        visitor.get(PAGE + address, status=expected)
    # An address that names another unit leads to nothing of this one, whoever asks.
    visitor.get(
        f"/reports/{PLAN}/LC03/{PERIOD}/evidence/I01/{number}/file", status=403 if expected == 403 else 404
    )
    changing = {"own": 422, "above": 422, "sibling": 404}[place] if role is Role.REPORTER else 403
    visitor.post(PAGE, {"csrf_token": visitor.token()}, status=changing)


def test_who_has_not_signed_in_or_lost_the_role_gets_no_file(peopled: tuple[House, int]) -> None:
    house, number = peopled
    house.visitor().get(f"{PAGE}/{number}/file", status=303)
    with house.inside():
        make.add_sample_user("gone", "reporter", UNIT)
    gone = house.visitor("gone")
    gone.get(f"{PAGE}/{number}/file")
    with house.inside():
        make.take_roles("gone")
    gone.get(f"{PAGE}/{number}/file", status=403)
