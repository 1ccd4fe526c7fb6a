"""Whatever is sent gets a sentence and never a failure, and what was typed is still in the form."""

from __future__ import annotations

import random
import re

import pytest

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor

ADDRESS = "/reports/LC-2022/LC01/2022-07"
"""July of the sample has not been reported by anyone."""

BAD = {
    "letters": ("twelve", "not a number"),
    "an exponent": ("1e9999", "not a number"),
    "a huge exponent": ("1" + "0" * 30, "too large"),
    "a comma in the wrong place": ("12,3", "comma"),
    "a negative number": ("-5", "negative"),
    "more decimals": ("1.25", "whole numbers"),
    "not a number": ("NaN", "not a number"),
    "infinity": ("Infinity", "not a number"),
    "a formula": ("=1+1", "not a number"),
    "a tag": ('"><script>alert(1)</script>', "not a number"),
    "digits of another script": ("١٢", "not a number"),
    "a long text": ("9" * 10_000, "too long"),
    "a replacement character": ("1\ufffd2", "not a number"),
    "a line break": ("1\n2", "not a number"),
}


def cell_of(house: House, name: str = "I01", unit: str = "LC01") -> str:
    """The beginning of the names of a cell's fields."""
    with house.inside():
        return "c{}-{}".format(*make.cell_key(make.sheet_of(unit, "2022-07", plan="LC-2022"), name))


def send(visitor: Visitor, fields: dict[str, object], status: int) -> Answer:
    """Open the form and send it with some fields changed."""
    form = visitor.get(ADDRESS).page.form("")
    return visitor.submit(form, fields, at=ADDRESS, status=status)


def saved(house: House) -> int:
    """How many cells of the report hold something."""
    with house.inside():
        return make.sheet_of("LC01", "2022-07", plan="LC-2022").filled


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_number_gets_its_sentence_at_the_cell_and_stays(small: House, kind: str) -> None:
    typed, sentence = BAD[kind]
    cell, other = cell_of(small), cell_of(small, "I08")
    fields = {f"{cell}-value": typed, f"{cell}-note": "a note", f"{other}-value": "12", "action": "submit"}
    page = send(small.visitor("jiqing"), fields, 422).page
    field = page.root.one("input", name=f"{cell}-value")
    assert field["value"] == typed
    assert field["aria-invalid"] == "true"
    assert sentence in page.root.one("p", id=f"{cell}-error").text
    assert page.root.one("input", name=f"{other}-value")["value"] == "12"
    assert "a note" in page.root.one("textarea", name=f"{cell}-note").text
    assert saved(small) == 0


@pytest.mark.parametrize(("megabytes", "status"), [(10, 422), (20, 413)])
@pytest.mark.parametrize("field", ["value", "note"])
def test_megabytes_of_text_in_a_cell_get_a_sentence(
    small: House, megabytes: int, status: int, field: str
) -> None:
    text = "x" * (megabytes * 1024 * 1024)
    cell = cell_of(small)
    answer = send(small.visitor("jiqing"), {f"{cell}-{field}": text, "action": "save"}, status)
    said = answer.page.root.one("p", id=f"{cell}-error") if status == 422 else answer.page.root.one("main")
    assert re.search("too l(ong|arge)|At most", said.text)
    if status == 422:
        # Below the limit of the server what was typed is still in the form.
        assert text in answer.page.source
    assert saved(small) == 0


@pytest.mark.parametrize("length", [500, 501])
def test_a_note_may_have_500_characters(story: House, length: int) -> None:
    cell = cell_of(story)
    fields = {f"{cell}-value": "3", f"{cell}-note": "字" * length, "action": "save"}
    answer = send(story.visitor("jiqing"), fields, 303 if length == 500 else 422)
    if length == 501:
        assert "字" * 501 in answer.page.source
        assert "At most 500 characters" in answer.page.text
    assert saved(story) == (1 if length == 500 else 0)


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"\xc3(", b"%ff%fe", b"%C3%28", b"\x00", b"%00", b"%ED%A0%80"])
def test_broken_bytes_and_nul_in_a_form_get_a_sentence(story: House, bad: bytes) -> None:
    visitor, cell = story.visitor("jiqing"), cell_of(story).encode()
    form = visitor.get(ADDRESS).page.form("")
    known = f"csrf_token={form.fields['csrf_token']}&version=0&action=save&".encode()
    kind = {"content_type": "application/x-www-form-urlencoded"}
    for field in (b"value", b"note", b"reason", b"na", b"whole"):
        answer = visitor.send("POST", ADDRESS, data=known + cell + b"-" + field + b"=1" + bad, **kind)
        assert answer.status in {303, 400, 409, 422}
    for other in (b"version=", b"csrf_token=", b"action=", cell + b"-value=1&"):
        answer = visitor.send("POST", ADDRESS, data=known + other + bad + b"=1", **kind)
        assert answer.status in {303, 400, 409, 422}
    for path in ("/sign-in/sample", "/sign-in", "/sign-out", f"{ADDRESS}/withdraw".replace("07", "06")):
        visitor.send("POST", path, data=known + b"username=" + bad + b"&password=" + bad, **kind)


def test_nul_in_a_reason_or_a_password_gets_a_sentence(story: House) -> None:
    reviewer, address = story.visitor("chuangjianban"), "/review/LC-2022/LC03/2022-06"
    form = reviewer.get(address).page.form(f"{address}/return")
    answer = reviewer.submit(form, {"reason": "too\0many"}, status=None)
    assert answer.status in {303, 400, 422}
    stranger = story.visitor()
    form = stranger.get("/sign-in").page.form("")
    for fields in ({"username": "a\0b", "password": "x"}, {"username": "jiqing", "password": "a\0b"}):
        assert stranger.submit(form, fields, at="/sign-in", status=None).status in {400, 422}


@pytest.mark.parametrize(
    "bad", ["%ff%fe", "%00", "%ED%A0%80", "%F0%9F%92%A9", "'\"<>%27--", "%", "%25s", "%(x)s"]
)
def test_broken_bytes_and_nul_in_an_address_get_a_sentence(story: House, bad: str) -> None:
    for name in ("chuangjianban", "jiqing"):
        visitor = story.visitor(name)
        for path in (
            "/overview?unit={}",
            "/overview?as_of={}",
            "/overview?plan={}",
            "/overview?signal={}",
            "/overview?{}=1",
            "/overview?lang={}",
            "/indicators/{}?unit=LC",
            "/exports/progress.xlsx?as_of={}",
            "/api/v1/positions?unit={}&as_of=2022-06-30",
            "/api/v1/positions?unit=LC&as_of={}",
            "/api/v1/{}",
            "/reports?state={}",
            "/reports?page={}",
            "/review?state={}",
            "/reports/LC-2022/{}/2022-06",
            "/reports/{}/LC01/2022-06",
            "/review/LC-2022/LC01/{}",
            "/preferences?language={}&text={}&next={}",
            "/sign-in?next={}",
            "/static/{}",
            "/{}",
        ):
            answer = visitor.send("GET", path.replace("{}", bad))
            assert answer.status in {200, 302, 303, 400, 403, 404}, (path, answer.status)


@pytest.mark.parametrize(
    "as_of", ["garbage", "2022-13-01", "2022-02-30", "20220630x", "0000-00-00", "١٢", "-1"]
)
def test_a_data_date_that_is_no_day_gets_a_sentence(small: House, as_of: str) -> None:
    visitor = small.visitor("fenguan")
    for path in ("/overview", "/indicators/I01", "/exports/progress.xlsx"):
        assert "not a day" in visitor.get(f"{path}?as_of={as_of}", status=400).page.text
    error = visitor.get(f"/api/v1/positions?unit=LC&as_of={as_of}", status=400).json["error"]
    assert (error["code"], error["field"]) == ("bad_request", "as_of")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("as_of", ["1900-01-01", "2021-12-31", "2022-01-30", "2023-01-01", "2199-12-31"])
def test_a_data_date_outside_the_plan_is_answered(story: House, as_of: str, language: str) -> None:
    visitor = story.visitor("fenguan", language=language)
    for path in ("/overview", "/indicators/I01", "/exports/progress.xlsx"):
        visitor.get(f"{path}?as_of={as_of}")
    answer = visitor.get(f"/api/v1/positions?unit=LC&as_of={as_of}")
    assert len(answer.json["data"]) == 16


@pytest.mark.parametrize("as_of", ["0001-01-01", "0999-12-31", "9999-12-31"])
def test_a_data_date_of_another_age_gets_a_sentence(small: House, as_of: str) -> None:
    visitor = small.visitor("fenguan")
    for path in ("/overview", "/indicators/I01", "/exports/progress.xlsx"):
        assert "data date" in visitor.get(f"{path}?as_of={as_of}", status=400).page.text
    error = visitor.get(f"/api/v1/positions?unit=LC&as_of={as_of}", status=400).json["error"]
    assert error["field"] == "as_of"


def test_an_unknown_plan_or_indicator_is_not_found(small: House) -> None:
    visitor = small.visitor("fenguan")
    for path in (
        "/overview?plan=NO",
        "/indicators/I01?plan=NO",
        "/exports/progress.xlsx?plan=NO",
        "/indicators/I99",
    ):
        assert visitor.get(path, status=404).page.heading
    assert visitor.get("/api/v1/positions?unit=LC&as_of=2022-06-30&plan=NO", status=404).json["error"][
        "message"
    ]


@pytest.mark.parametrize("token", [None, "", "wrong", "a.b.c"])
def test_a_form_without_its_token_is_refused_with_a_sentence(small: House, token: str | None) -> None:
    visitor, cell = small.visitor("jiqing"), cell_of(small)
    fields = {"version": "0", "action": "save", f"{cell}-value": "3"} | (
        {} if token is None else {"csrf_token": token}
    )
    answer = visitor.post(ADDRESS, fields, status=400)
    assert "signed in anew" in answer.page.text
    assert answer.page.form("").fields[f"{cell}-value"] == "3"
    other = small.visitor("jiqing").token()
    visitor.post(ADDRESS, {**fields, "csrf_token": other}, status=400)
    assert saved(small) == 0


@pytest.mark.parametrize(
    "version", ["", "-1", "x", "1.5", "99999999", "9" * 30, "9" * 5000, "٣", " 1", "0x1"]
)
def test_a_version_that_is_not_the_present_one_is_a_conflict(story: House, version: str) -> None:
    cell = cell_of(story)
    fields = {f"{cell}-seen": version, f"{cell}-value": "3", "action": "save"}
    answer = send(story.visitor("jiqing"), fields, 409)
    assert answer.page.root.one("input", name=f"{cell}-value")["value"] == "3"
    assert saved(story) == 0
    reviewer = story.visitor("chuangjianban")
    address = "/review/LC-2022/LC03/2022-06"
    form = reviewer.get(address).page.form(f"{address}/approve")
    said = reviewer.submit(form, {"version": version}, status=None)
    assert said.status in {303, 409, 422}
    with story.inside():
        assert make.sheet_of("LC03", "2022-06", plan="LC-2022").state == "submitted"


def test_a_stale_form_shows_both_and_can_then_be_saved(small: House) -> None:
    visitor, cell = small.visitor("jiqing"), cell_of(small)
    form = visitor.get(ADDRESS).page.form("")
    visitor.submit(form, {f"{cell}-value": "3", "action": "save"}, at=ADDRESS)
    answer = visitor.submit(form, {f"{cell}-value": "4", "action": "save"}, at=ADDRESS, status=409)
    conflict = answer.page.root.one("table", class_="table--plain").text
    assert "3" in conflict
    assert "4" in conflict
    visitor.submit(answer.page.form(""), {"action": "save"}, at=ADDRESS)
    assert visitor.get(ADDRESS).page.root.one("input", name=f"{cell}-value")["value"] == "4"


def test_repeated_and_unknown_fields_do_no_harm(story: House) -> None:
    visitor, cell = story.visitor("jiqing"), cell_of(story)
    foreign = cell_of(story, "I15", "LC")
    form = visitor.get(ADDRESS).page.form("")
    fields = {
        **form.fields,
        f"{cell}-value": ["3", "4"],
        "version": ["0", "7"],
        "action": ["save", "submit"],
        "c999999-0-value": "5",
        "c-1--1-value": "5",
        f"{foreign}-value": "5",
        "unit": "LC03",
        "state": "approved",
    }
    visitor.post(ADDRESS, fields)
    with story.inside():
        sheet = make.sheet_of("LC01", "2022-07", plan="LC-2022")
        assert (sheet.state, sheet.filled) == ("draft", 1)
        values = [found.entry.value for found in sheet.cells if found.entry]
        assert values == [3]


def test_a_number_and_not_applicable_together_are_refused(small: House) -> None:
    cell = cell_of(small)
    page = send(
        small.visitor("jiqing"), {f"{cell}-value": "3", f"{cell}-na": "1", "action": "save"}, 422
    ).page
    assert "not both" in page.root.one("p", id=f"{cell}-error").text
    assert page.root.one("input", name=f"{cell}-value")["value"] == "3"
    assert "checked" in page.root.one("input", name=f"{cell}-na").attributes
    page = send(small.visitor("jiqing"), {f"{cell}-na": "1", "action": "save"}, 422).page
    assert "Say in a few words" in page.root.one("p", id=f"{cell}-error").text


def test_what_staff_write_is_understood(small: House) -> None:
    visitor, cell = small.visitor("jiqing"), cell_of(small)
    for typed, kept in (
        ("１，２５０", "1250"),
        (" 1 250 ", "1250"),
        ("0.1万", "1000"),
        ("+7", "7"),
        ("007", "7"),
    ):
        send(visitor, {f"{cell}-value": typed, "action": "save"}, 303)
        assert visitor.get(ADDRESS).page.root.one("input", name=f"{cell}-value")["value"] == kept


def test_a_multipart_form_and_other_kinds_of_bodies_are_answered(small: House) -> None:
    visitor = small.visitor("jiqing")
    for kind in (
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/plain",
        "x",
    ):
        answer = visitor.send("POST", ADDRESS, data=b'{"a": [1', content_type=kind)
        assert answer.status == 400


def test_random_bytes_never_break_the_form(small: House) -> None:
    visitor, cell, chance = small.visitor("jiqing"), cell_of(small), random.Random(2022)
    form = visitor.get(ADDRESS).page.form("")
    for _ in range(25):
        noise = "".join(
            chr(chance.choice([*range(32, 127), 0, 10, 0x5B57, 0x202E, 0x1F600])) for _ in range(20)
        )
        fields = dict.fromkeys((f"{cell}-value", f"{cell}-note", f"{cell}-reason"), noise)
        answer = visitor.submit(form, {**fields, "action": "save"}, at=ADDRESS, status=None)
        assert answer.status in {303, 400, 409, 422}
