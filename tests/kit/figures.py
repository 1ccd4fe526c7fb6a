"""Figures from Excel in tests: uploading, waiting for the job, confirming."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

from tests.kit.visitor import Answer, Visitor
from tests.kit.workbooks import opened, saved, workbook

HEAD = ["单位", "指标", "期间", "分类", "数值", "分母", "不适用", "原因", "备注"]


def plain(*rows: list[object], head: list[str] | None = None) -> bytes:
    """A plain sheet of figures."""
    return workbook([head or HEAD, *rows])


def upload(
    visitor: Visitor,
    content: bytes,
    *,
    into: str = "draft",
    because: str = "",
    status: int | None = 303,
    name: str = "figures.xlsx",
) -> Answer:
    """Hand a workbook in."""
    token = visitor.get("/import/figures").page.form("").fields["csrf_token"]
    fields: dict[str, Any] = {
        "csrf_token": token,
        "into": into,
        "because": because,
        "file": (BytesIO(content), name),
    }
    return visitor.send(
        "POST", "/import/figures", status=status, data=fields, content_type="multipart/form-data"
    )


def arrived(visitor: Visitor, path: str) -> tuple[str, Answer]:
    """Where the job ends, and the page there; pages of progress are waited out."""
    for _ in range(2000):
        answer = visitor.send("GET", path)
        if answer.status == 303:
            path = answer.location
        elif answer.page.root.all("progress"):
            time.sleep(0.02)
        else:
            return path, answer
    raise AssertionError("the job never ended")


def previewed(visitor: Visitor, content: bytes, **way: str) -> tuple[str, Answer]:
    """The address of the preview and the page there."""
    return arrived(visitor, upload(visitor, content, **way).location)


def confirmed(visitor: Visitor, content: bytes, **way: str) -> Answer:
    """The page of the batch."""
    at, answer = previewed(visitor, content, **way)
    found = arrived(visitor, visitor.submit(answer.page.form(""), at=at).location)
    assert found[0].startswith("/import/batches/"), found[1].page.text
    return found[1]


def wrong(visitor: Visitor, content: bytes, **way: str) -> dict[str, str]:
    """What the preview says is wrong, by cell; nothing can be confirmed then."""
    _, answer = previewed(visitor, content, **way)
    assert not answer.page.root.all("input", name="fingerprint")
    sections = answer.page.root.all("section", class_="summary")
    assert sections, answer.page.text
    body = sections[0].one("tbody")
    return {row.one("th").text: row.one("td").text for row in body.all("tr")}


def template(visitor: Visitor, unit: str, period: str, plan: str = "LC-2022") -> bytes:
    """The template of a report."""
    return visitor.get(f"/reports/{plan}/{unit}/{period}/template.xlsx").body


def head_of(ws: Any) -> tuple[int, dict[str, int]]:
    """The row of a template's headings, and the columns by heading."""
    for row in range(1, 12):
        names = {str(ws.cell(row, n).value): n for n in range(1, ws.max_column + 1) if ws.cell(row, n).value}
        if names.keys() & {"Indicator code", "指标编号"}:
            return row, names
    raise AssertionError("no headings")


def filled(content: bytes, said: dict[tuple[str, str], object], *, sheet: int = 0) -> bytes:
    """A template with cells filled in: by (indicator code or code/category, heading)."""
    book = opened(content)
    ws = book.worksheets[sheet]
    head, columns = head_of(ws)
    rows: dict[str, int] = {}
    code, category = (
        next(columns[name] for name in names if name in columns)
        for names in (("Indicator code", "指标编号"), ("Category", "分类"))
    )
    for n in range(head + 1, ws.max_row + 1):
        kind = ws.cell(n, category).value
        rows[f"{ws.cell(n, code).value}{'/' if kind else ''}{kind or ''}"] = n
    for (name, heading), value in said.items():
        ws.cell(rows[name], columns[heading]).value = value  # type: ignore[assignment]  # a merged cell takes no value, and none is merged
    return saved(book)
