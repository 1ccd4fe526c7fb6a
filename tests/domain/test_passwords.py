"""Rules for passwords: each says what is missing, and all of them at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.common_passwords import COMMON_PASSWORDS
from tracker.domain.passwords import LONGEST, PasswordRules, is_common, must_change, password_faults

RULES = PasswordRules(shortest=10, kinds=3, days=90, kept=5)
SET_AT = datetime(2026, 1, 1, 8, tzinfo=UTC)


def said(password: str, username: str = "jiqing", rules: PasswordRules = RULES) -> list[str]:
    return [str(fault) for fault in password_faults(password, username=username, rules=rules)]


@pytest.mark.parametrize(
    "password",
    ["correct horse Battery 7", "Kx7#mPq2vL", "三个社区 Parking 20", "q8Rt-1975-Loom", "Summer-kettle-77"],
)
def test_a_good_password_has_no_fault(password: str) -> None:
    assert said(password) == []


@pytest.mark.parametrize(("length", "faults"), [(9, 1), (10, 0), (LONGEST, 0), (LONGEST + 1, 1)])
def test_the_length_has_two_ends(length: int, faults: int) -> None:
    password = ("xK7" + "qwtzpvmdhg" * 20)[:length]
    assert len(said(password)) == faults
    assert all(str(length) in sentence for sentence in said(password))


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("kettle-loom-rain", ("capital letters", "digits")),
        ("KETTLELOOMRAIN", ("small letters", "digits", "other signs")),
        ("kettle7loom7rain", ("capital letters", "other signs")),
        ("水壶织机下雨天晴了呀呀", ("capital letters", "small letters", "digits")),
    ],
)
def test_the_kinds_that_are_missing_are_named(password: str, missing: tuple[str, ...]) -> None:
    (fault,) = password_faults(password, username="jiqing", rules=RULES)
    assert fault.params["missing"] == missing
    assert (fault.params["needed"], fault.params["given"]) == (3, 4 - len(missing))


@pytest.mark.parametrize("kinds", [0, 1, 4, 9])
def test_more_kinds_than_there_are_cannot_be_asked_for(kinds: int) -> None:
    rules = PasswordRules(shortest=1, kinds=kinds)
    assert said("Kettle7-loom", rules=rules) == []


def test_the_user_name_is_not_part_of_the_password() -> None:
    assert "jiqing" in said("Loom7-JIQING-rain")[0]
    # A short name is part of too many words; as the whole password it is refused.
    assert said("Kettle-abacus-7", username="ab") == []
    assert said("ab", username="ab", rules=PasswordRules(shortest=1, kinds=1))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert len(said("jiqing", rules=RULES)) == 3


COMMON = """
    Admin@123 Woaini1314! woaini1314 Qwer1234. qwer1234 P@ssw0rd2024 Password123! !QAZ2wsx#EDC 1qaz@WSX3edc
    Abc1234567890! Aa123456789. aaaaaaaaaaA1 Abcd.1234 1234567890Aa ADMIN@#123456 Root-2022-10 123qwe!@#QWE
    Licun@2022 5201314Abc. Aa@123456789 Zhangwei1988! Huawei@2023 Beijing@2026 2024Admin!! Test884199261!
"""


@pytest.mark.parametrize("password", COMMON.split())
def test_a_common_password_stays_common_with_digits_and_signs_around_it(password: str) -> None:
    assert is_common(password)
    assert any("first that others would try" in sentence for sentence in said(password, username="zhou"))


@pytest.mark.parametrize(
    "password",
    ["admin blue kettle 41", "Blue-Kettle-41-Rain", "Kx7#mPq2vL!9", "Zhouyi2tree.", "8841-loom-9926"],
)
def test_a_common_word_among_others_does_no_harm(password: str) -> None:
    assert not is_common(password)


def test_the_list_is_folded_and_holds_single_words() -> None:
    assert len(COMMON_PASSWORDS) > 500
    assert all(word == word.lower() and word.isalnum() for word in COMMON_PASSWORDS)


def test_a_very_long_text_is_judged_at_once() -> None:
    assert len(said("aA1-" * 250_000)) == 1


@pytest.mark.parametrize(("days", "age", "due"), [(90, 89, False), (90, 90, True), (0, 9999, False)])
def test_a_password_grows_old(days: int, age: int, due: bool) -> None:
    rules = PasswordRules(days=days)
    moment = SET_AT + timedelta(days=age)
    assert must_change(is_marked=False, set_at=SET_AT, signed_in_at=moment, rules=rules) is due
    assert must_change(is_marked=True, set_at=SET_AT, signed_in_at=SET_AT, rules=rules)
