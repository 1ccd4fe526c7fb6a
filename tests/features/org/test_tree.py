"""The tree and its pages: what an administrator sees, adds and changes, and nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tests.scale.counting import counted_statements
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.domain.units import UnitKind
from tracker.features.org.queries import units_by_code
from tracker.features.org.services import UnitDraft, add_unit, found_unit

ADMIN = "guanli"
NEW = {"code": "LC09", "name": "新城社区", "name_en": "New Town", "kind": "community"}


def records(house: House, action: str) -> list[tuple[str, str, str]]:
    """Subject, actor and difference of every record of this action made by people."""
    with house.inside():
        rows = db.session.execute(
            select(AuditRecord.subject, AuditRecord.actor_name, AuditRecord.difference)
            .where(AuditRecord.action == action, AuditRecord.actor_id.is_not(None))
            .order_by(AuditRecord.id)
        )
        return [(subject, actor, difference) for subject, actor, difference in rows]


def local_admin(house: House, unit: str = "LC01") -> str:
    """An administrator of one subtree."""
    with house.inside():
        make.add_sample_user("admin-local", "administrator", unit)
    return "admin-local"


def test_the_tree_shows_every_unit_in_scope_with_what_lies_below(house: House) -> None:
    page = house.visitor(ADMIN).get("/units").page
    names = [link.text for link in page.root.all("a", class_="tree__name")]
    assert names[:5] == [
        "Licun Township",
        "Jiqing Community",
        "Jiqing Garden, first cluster",
        "Jiqing Garden, second cluster",
        "Jiqing Garden, third cluster",
    ]
    assert len(names) == 30
    # The first one on the page is the menu of administration.
    assert [one.text for one in page.root.all("summary")][1:3] == [
        "29 units below: Licun Township",
        "3 units below: Jiqing Community",
    ]
    assert ["open" in one.attributes for one in page.root.all("details", class_="tree__below")][:2] == [
        True,
        False,
    ]


def test_an_administrator_of_a_subtree_sees_that_alone(house: House) -> None:
    visitor = house.visitor(local_admin(house))
    page = visitor.get("/units").page
    codes = [one.text for one in page.root.all("span", class_="tree__code")]
    assert codes == ["LC01", "LC0101", "LC0102", "LC0103"]
    shown = visitor.get("/units/LC01").page
    assert "Stands under" not in shown.text
    assert '/units/LC"' not in shown.source
    for path in (
        "/units/LC",
        "/units/LC02",
        "/units/LC02/edit",
        "/units/LC/add",
        "/units?under=LC02",
        "/units/NONE",
    ):
        visitor.get(path, status=404)
    token = {"csrf_token": visitor.token()}
    for path in (
        "/units/LC02/edit",
        "/units/LC/add",
        "/units/LC02/facts",
        "/units/LC02/facts/area/2022-01-01/remove",
    ):
        visitor.post(path, {**token, **NEW, "value": "1", "from_on": "2022-02-02"}, status=404)
    assert "LC02" not in visitor.get("/units?q=LC02").page.root.one("section", class_="card").text.replace(
        "“LC02”", ""
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("东湖", ["LC07", "LC0701"]),
        ("lc07", ["LC07", "LC0701"]),
        ("donghu g", ["LC0701"]),
        ("ｄｈｓｑ", ["LC07"]),
        ("DH", ["LC07", "LC0701"]),
        ("07", []),
        ("%", []),
        ("无此", []),
    ],
)
def test_a_search_finds_by_names_and_code(library: House, text: str, found: list[str]) -> None:
    page = library.visitor(ADMIN).get("/units", query_string={"q": text}).page
    assert [
        link["href"].rpartition("/")[2]
        for link in page.root.one("main").all("a")
        if "/units/LC" in link["href"]
    ] == found


def test_a_branch_is_a_page_of_its_own(library: House) -> None:
    page = library.visitor(ADMIN).get("/units?under=LC01").page
    assert page.heading == "Units below Jiqing Community"
    assert [one.text for one in page.root.all("span", class_="tree__code")] == [
        "LC01",
        "LC0101",
        "LC0102",
        "LC0103",
    ]


def test_a_large_tree_unfolds_by_branches_and_asks_as_often_as_a_small_one(sqlite: SqliteShelf) -> None:
    with sqlite.house("sample") as house:
        visitor = house.visitor(ADMIN)
        visitor.get("/units")
        with counted_statements(house.app) as few:
            visitor.get("/units")
        with house.inside(), writing():
            for number in range(900):
                add_unit(f"X{number}", f"小区{number}", UnitKind.COMPOUND, parent_code="LC08", actor=HOUSE)
            db.session.commit()
        with counted_statements(house.app) as many:
            page = visitor.get("/units").page
        assert len(many) == len(few)
        assert len(page.root.all("a", class_="tree__name")) == 14
        more = (
            page.root.one("p", class_="tree__more").one("a")
            if len(page.root.all("p", class_="tree__more")) == 1
            else next(one.one("a") for one in page.root.all("p", class_="tree__more") if "902" in one.text)
        )
        assert len(visitor.get(more["href"]).page.root.all("a", class_="tree__name")) == 903
        found = visitor.get("/units?q=小区1").page
        assert len(found.root.one("tbody").all("tr")) == 50
        assert "Page 1 of 3" in found.text


def test_a_unit_is_added_below_another_and_kept_in_its_history(house: House) -> None:
    visitor = house.visitor(ADMIN)
    form = visitor.get("/units/LC/add").page.form("")
    answer = visitor.submit(form, NEW, at="/units/LC/add")
    page = visitor.follow(answer).page
    assert page.heading == "New Town"
    assert "Unit added" in page.text
    with house.inside():
        unit = units_by_code()["LC09"]
        assert unit.path == f"{units_by_code()['LC'].path}{unit.id}/"
        assert (unit.name, unit.name_en, unit.kind) == ("新城社区", "New Town", "community")
    assert records(house, "unit.add") == [
        ("unit LC09", ADMIN, "name: — → 新城社区\nname_en: — → New Town\nkind: — → community\nparent: — → LC")
    ]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"code": "lc01"}, "code", "is taken"),
        ({"code": "L 9"}, "code", "2 to 32 letters"),
        ({"code": ""}, "code", "Enter a code"),
        ({"name": " "}, "name", "Enter the name"),
        ({"name": "字" * 101}, "name", "At most 100"),
        ({"kind": "city"}, "kind", "Not a valid choice"),
        ({"name_en": "x\u200by"}, "name_en", "cannot be seen"),
    ],
)
def test_a_refused_unit_keeps_what_was_typed(
    small: House, changes: dict[str, str], field: str, sentence: str
) -> None:
    visitor = small.visitor(ADMIN)
    form = visitor.get("/units/LC/add").page.form("")
    page = visitor.submit(form, {**NEW, **changes}, at="/units/LC/add", status=422).page
    assert sentence in page.root.one("p", id=f"{field}-error").text
    if changes.get("name", "x").strip():
        assert page.form("").fields["name"] == {**NEW, **changes}["name"]
    with small.inside():
        assert "LC09" not in units_by_code()


def test_only_kinds_that_fit_are_offered(small: House) -> None:
    visitor = small.visitor(ADMIN)
    for code, kinds in (("LCD1", ["department"]), ("LC0101", ["compound", "building", "department"])):
        page = visitor.get(f"/units/{code}/add").page
        assert [option["value"] for option in page.root.one("select").all("option")] == kinds
    offered = visitor.get("/units/LC01/edit").page.root.one("select").all("option")
    # It holds compounds and stands under a township.
    assert [option["value"] for option in offered] == ["community", "compound"]


def test_names_and_kind_are_changed_with_old_and_new_in_the_record(house: House) -> None:
    visitor = house.visitor(ADMIN)
    form = visitor.get("/units/LCD1/edit").page.form("")
    visitor.submit(form, {"name": "文明办", "name_en": ""}, at="/units/LCD1/edit")
    assert records(house, "unit.change") == [
        ("unit LCD1", ADMIN, "name: 创建办 → 文明办\nname_en: Creation Office → —")
    ]
    visitor.submit(visitor.get("/units/LCD1/edit").page.form(""), {}, at="/units/LCD1/edit")
    assert len(records(house, "unit.change")) == 1


def test_a_code_is_changed_only_by_somebody_who_says_so_and_takes_its_history_along(house: House) -> None:
    visitor = house.visitor(ADMIN)
    form = visitor.get("/units/LC01/edit").page.form("")
    page = visitor.submit(form, {"code": "JQ-01"}, at="/units/LC01/edit", status=422).page
    assert "tick" in page.root.one("p", id="code_agreed-error").text
    form = page.form("")
    answer = visitor.submit(form, {"code_agreed": "y"}, at="/units/LC01/edit")
    assert answer.location == "/units/JQ-01"
    page = visitor.follow(answer).page
    assert "Code before LC01 → after JQ-01" in page.text
    assert "Unit added" in page.text
    visitor.get("/units/LC01", status=404)
    assert house.visitor("fenguan").get("/overview?unit=JQ-01").page.heading


def test_a_code_that_differs_only_in_case_is_the_units_own(small: House) -> None:
    visitor = small.visitor(ADMIN)
    form = visitor.get("/units/LC01/edit").page.form("")
    for code, status in (("lc02", 422), ("lc01", 303)):
        visitor.submit(form, {"code": code, "code_agreed": "y"}, at="/units/LC01/edit", status=status)


def test_the_second_of_two_people_sees_what_changed_and_decides(house: House) -> None:
    first, second = house.visitor(ADMIN), house.visitor(ADMIN)
    at = "/units/LC01/edit"
    form, older = first.get(at).page.form(""), second.get(at).page.form("")
    first.submit(form, {"name": "吉庆一社区"}, at=at)
    page = second.submit(older, {"name": "吉庆二社区"}, at=at, status=409).page
    table = page.root.one("table", class_="table--plain").text
    assert "吉庆一社区" in table
    assert "吉庆二社区" in table
    assert page.form("").fields["name"] == "吉庆二社区"
    with house.inside():
        assert units_by_code()["LC01"].name == "吉庆一社区"
    second.submit(page.form(""), {}, at=at)
    with house.inside():
        assert units_by_code()["LC01"].name == "吉庆二社区"


def test_a_second_root_and_misplaced_kinds_are_refused_by_the_service(blank: House) -> None:
    with blank.inside(), writing():
        root = found_unit(UnitDraft("ZZ", "镇", UnitKind.TOWNSHIP), None, actor=HOUSE)
        with pytest.raises(RuleError, match="highest unit"):
            found_unit(UnitDraft("YY", "镇", UnitKind.TOWNSHIP), None, actor=HOUSE)
        place = units_by_code()[root.code]
        with pytest.raises(RuleError, match="cannot stand"):
            found_unit(UnitDraft("YY", "市", UnitKind.CITY), place, actor=HOUSE)
        with pytest.raises(RuleError, match="taken"):
            add_unit("zz", "x", UnitKind.COMMUNITY, parent_code="ZZ", actor=HOUSE)
        db.session.commit()


def test_names_that_look_like_markup_or_formulas_stay_texts(house: House) -> None:
    visitor = house.visitor(ADMIN)
    form = visitor.get("/units/LC/add").page.form("")
    visitor.submit(form, {**NEW, "name": "=<b>1</b>", "name_en": ""}, at="/units/LC/add")
    assert visitor.get("/units/LC09").page.heading == "=<b>1</b>"
