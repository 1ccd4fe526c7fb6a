"""Review in two steps on the pages: which step it is, who took the first, and what the reporter sees."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.features.reports.test_two_steps import JAN, counted, do, hand_in, plan, propose
from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.domain.review import ReportState
from tracker.features.reports.services import approve_report, check_report

__all__ = ["plan"]

REVIEW = f"/review/P/A/{JAN}"


def send(visitor: Visitor, address: str, form: str, **more: str) -> Visitor:
    """Send a form of a page as it stands there."""
    fields = visitor.get(address).page.form(form).fields
    assert visitor.send("POST", form, data={**fields, **more}).status == 303
    return visitor


def state(house: House, unit: str = "A") -> ReportState:
    """Where the report stands."""
    with house.inside():
        return make.sheet_of(unit, JAN).state


WORDS = {
    "en": (
        "Step 1 of 2: first check, near the unit",
        "Pass the first check",
        "Step 2 of 2: approval by the office",
        "Give the final approval",
        "Checked, waiting for approval",
        "First check passed by head, ",
    ),
    "zh": (
        "第一步（共两步）：初审",
        "初审通过",
        "第二步（共两步）：终审",
        "终审通过",
        "已初审，待终审",
        "head于",
    ),
}


@pytest.mark.parametrize("lang", WORDS)
def test_the_page_says_which_step_it_is_and_who_took_the_first(plan: House, lang: str) -> None:
    first, passes, second, approves, pill, checked = WORDS[lang]
    with plan.inside():
        hand_in()
    head, office, rita = (plan.visitor(name) for name in ("head", "office", "rita"))
    seen = head.get(f"{REVIEW}?lang={lang}").page
    assert first in seen.text
    assert passes in [button.text for button in seen.root.all("button")]
    elsewhere = office.get(f"{REVIEW}?lang={lang}").page
    assert "head, head-too" in elsewhere.text.replace("、", ", ")
    assert passes not in [button.text for button in elsewhere.root.all("button")]
    send(head, REVIEW, f"{REVIEW}/check")
    seen = office.get(f"{REVIEW}?lang={lang}").page
    assert second in seen.text
    assert approves in [button.text for button in seen.root.all("button")]
    assert checked in seen.text
    assert pill in rita.get(f"/reports/P/A/{JAN}?lang={lang}").page.text
    assert pill in rita.get(f"/reports?lang={lang}").page.text
    send(office, REVIEW, f"{REVIEW}/approve")
    assert state(plan) is ReportState.APPROVED
    assert checked in office.get(f"{REVIEW}?lang={lang}").page.text


def test_the_list_offers_to_each_what_waits_for_them(plan: House) -> None:
    with plan.inside():
        hand_in()
        hand_in("A1", "2")
    head, office = plan.visitor("head"), plan.visitor("office")
    assert "Pass those ticked" in head.get("/review").page.text
    assert "ticked" not in office.get("/review").page.text
    fields = head.get("/review").page.form("/review/approve").fields
    listed = [box["value"] for box in head.get("/review").page.root.all("input", name="report")]
    assert len(listed) == 2
    token = fields["csrf_token"]
    for value in listed:
        assert head.send("POST", "/review/approve", data={"csrf_token": token, "report": value}).status == 303
    assert "passed the first check" in head.get("/review").page.text
    assert (state(plan), state(plan, "A1")) == (ReportState.CHECKED, ReportState.CHECKED)
    page = office.get("/review").page  # what waits for the office comes first there
    assert "Approve those ticked" in page.text
    value = page.root.all("input", name="report")[0]["value"]
    token = page.form("/review/approve").fields["csrf_token"]
    assert office.send("POST", "/review/approve", data={"csrf_token": token, "report": value}).status == 303
    assert {state(plan), state(plan, "A1")} == {ReportState.CHECKED, ReportState.APPROVED}


@pytest.mark.parametrize(
    ("lang", "who", "approves"),
    [
        ("en", "Can be done by: office-too", "Approve the correction"),
        ("zh", "可由以下用户办理：office-too", "更正审核通过"),
    ],
)
def test_only_who_can_approve_a_correction_is_offered_it(
    plan: House, lang: str, who: str, approves: str
) -> None:
    with plan.inside():
        hand_in()
        do(check_report, "head")
        do(approve_report, "office")
        propose("office", "7")
        key = "{}-{}".format(*make.cell_key(make.sheet_of("A", JAN), "F"))
    figure = f"{REVIEW}/figures/{key}"
    for name, is_offered in (("office", False), ("head", False), ("office-too", True)):
        page = plan.visitor(name).get(f"{figure}?lang={lang}").page
        buttons = [button["value"] for button in page.root.all("button", name="action")]
        assert buttons == (["approve", "refuse"] if is_offered else ["refuse"])
        assert who in page.text
        assert (approves in page.text) is is_offered
    send(plan.visitor("office-too"), figure, f"{figure}/decide", action="approve")
    with plan.inside():
        assert counted() == Decimal(7)


def test_only_the_office_is_offered_reopening(plan: House) -> None:
    with plan.inside():
        hand_in()
        do(check_report, "head")
        do(approve_report, "office")
    for name, is_offered in (("office", True), ("head", False)):
        page = plan.visitor(name).get(REVIEW).page
        assert ("Reopen for correction" in page.text) is is_offered


def test_a_refused_step_is_said_on_the_page(plan: House) -> None:
    with plan.inside():
        hand_in()
    office, head = plan.visitor("office"), plan.visitor("head")
    token = office.get(REVIEW).page.root.all("input", name="csrf_token")[0]["value"]
    data = {"csrf_token": token, "version": "2"}
    assert office.send("POST", f"{REVIEW}/approve", data=data).status == 303
    assert "has not passed the first" in office.get(REVIEW).page.text
    assert head.get(f"{REVIEW}/check", status=303).location == REVIEW
    assert state(plan) is ReportState.SUBMITTED
