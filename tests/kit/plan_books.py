"""Plans' workbooks as people hand them in, and the way through their pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from tests.kit import make
from tests.kit.visitor import Answer, Visitor
from tests.kit.workbooks import opened, saved

COVER = [
    "方案编号",
    "名称",
    "单位",
    "起始日期",
    "截止日期",
    "填报频次",
    "“正常”的进度差下限",
    "“有风险”的进度差下限",
]
TASKS = [
    "抓手",
    "举措",
    "指标编号",
    "指标",
    "口径",
    "计量单位",
    "牵头单位",
    "配合单位",
    "责任领导",
    "完成时限",
]
SETTINGS = [
    "指标编号",
    "数据类型",
    "方向",
    "填报方式",
    "序时安排",
    "小数位数",
    "可以为负数",
    "可以超过总数",
    "分类",
]
TARGETS = ["指标编号", "单位编码", "是否填报", "目标", "基数"]
CURVES = ["指标编号", "截至日期", "计划累计完成（%）"]
ENGLISH = ["抓手", "举措", "指标编号", "英文名称", "英文计量单位", "英文分类"]
HEADS = {
    "工作方案": COVER,
    "任务分解表": TASKS,
    "指标设置": SETTINGS,
    "目标分解": TARGETS,
    "计划曲线": CURVES,
    "英文名称": ENGLISH,
}
"""The headings of each sheet, as far as tests fill them in."""

FLOW, STOCK = "各期相加（增量）", "取最新值（存量）"

Rows = Sequence[Sequence[object]]


def plan_book(**sheets: Rows) -> bytes:
    """A workbook with these rows below the headings of each sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        ws: Any = book.create_sheet(name)
        ws.append(HEADS[name])
        for row in rows:
            ws.append(list(row))
    return saved(book)


def changed_book(content: bytes, changes: Mapping[tuple[str, tuple[str, ...], str], object]) -> bytes:
    """An exported workbook with some cells changed, each named by sheet, the row's first texts, heading."""
    book = opened(content)
    for (sheet, key, heading), value in changes.items():
        ws: Any = book[sheet]
        head = next(row for row in range(1, 9) if heading in [cell.value for cell in ws[row]])
        column = [cell.value for cell in ws[head]].index(heading) + 1
        rows = [
            row
            for row in range(head + 1, ws.max_row + 1)
            if set(key) <= {str(cell.value).strip() for cell in ws[row]}
        ]
        assert rows, (sheet, key)
        ws.cell(rows[0], column).value = value
    return saved(book)


def upload(visitor: Visitor, content: bytes, *, plan: str | None, status: int = 303) -> Answer:
    """Choose a workbook on the page of a plan, or on that of a new one."""
    path = f"/plans/{plan}/import" if plan else "/import/plans"
    token = visitor.get(path).page.form("").fields["csrf_token"]
    fields: dict[str, Any] = {"csrf_token": token, "file": (BytesIO(content), "方案.xlsx")}
    return visitor.post(path, fields, status=status, content_type="multipart/form-data")


def previewed(visitor: Visitor, content: bytes, *, plan: str | None) -> tuple[str, Answer]:
    """The address of the preview and the page there."""
    answer = upload(visitor, content, plan=plan)
    return answer.location, visitor.follow(answer)


def confirmed(
    visitor: Visitor, content: bytes, *, plan: str | None, fields: Mapping[str, str] | None = None
) -> Answer:
    """The page after everything was taken over."""
    at, answer = previewed(visitor, content, plan=plan)
    return visitor.follow(visitor.submit(answer.page.form(""), fields, at=at))


def can_confirm(answer: Answer) -> bool:
    """Whether the preview offers to take the workbook over."""
    return bool(answer.page.root.all("input", name="fingerprint"))


def wrong(visitor: Visitor, content: bytes, *, plan: str | None) -> dict[str, str]:
    """What the preview says is wrong, by sheet and cell; nothing can be confirmed then."""
    _, answer = previewed(visitor, content, plan=plan)
    assert not can_confirm(answer)
    body = answer.page.root.one("section", class_="summary").one("tbody")
    return {row.one("th").text: row.one("td").text for row in body.all("tr")}


def changes(answer: Answer) -> list[str]:
    """Every change that the preview lists: list, name, what happens, what it says."""
    found = []
    for section in answer.page.root.all("section"):
        for row in section.all("tr"):
            if row.all("td", class_="rows__wide") and not section["class"].startswith("summary"):
                found.append(" | ".join([row.one("th").text, *(cell.text for cell in row.all("td")[:2])]))
    return found


def export(visitor: Visitor, plan: str = make.PLAN) -> bytes:
    """The plan's workbook, as its page hands it out."""
    return visitor.get(f"/plans/{plan}/export.xlsx").body
