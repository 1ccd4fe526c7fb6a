"""Addresses of reports that somebody opens who was not meant by them lead to where they can go on."""

from __future__ import annotations

import pytest

from tests.kit.house import House

REPORT = "/LC-2022/LC03/2022-06"


@pytest.mark.parametrize("user", ["chuangjianban", "shenji", "guanli"])
def test_whoever_reviews_is_led_from_the_reporters_address_to_the_review(small: House, user: str) -> None:
    visitor = small.visitor(user)
    answer = visitor.get(f"/reports{REPORT}", status=303)
    assert answer.location == f"/review{REPORT}"
    visitor.follow(answer)
    visitor.get("/reports/LC-2022/LC99/2022-06", status=404)


def test_whoever_sees_no_report_is_still_refused(small: House) -> None:
    small.visitor("fenguan").get(f"/reports{REPORT}", status=403)
    small.visitor("donghu").get(f"/reports{REPORT}", status=404)


@pytest.mark.parametrize("step", ["approve", "return", "reopen"])
def test_the_address_of_a_decision_leads_back_to_the_review(small: House, step: str) -> None:
    visitor = small.visitor("chuangjianban")
    answer = visitor.get(f"/review{REPORT}/{step}", status=303)
    assert visitor.follow(answer).page.heading
    visitor.get(f"/review{REPORT}/forget", status=404)
