"""Rules of signing in: how long it lasts, when an account is locked, and who enters by one click."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.browsers import browser_words
from tracker.domain.sign_in import (
    Failures,
    LockLimits,
    SignInEnd,
    SignInLimits,
    after_failure,
    end_by_time,
    may_enter_by_one_click,
)

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
LIMITS = SignInLimits(timedelta(minutes=30), timedelta(hours=12))
LOCK = LockLimits(5, timedelta(minutes=15))


def minutes(number: int) -> datetime:
    return START + timedelta(minutes=number)


@pytest.mark.parametrize(
    ("seen", "now", "end"),
    [
        (0, 0, None),
        (0, 29, None),
        (0, 30, SignInEnd.IDLE),
        (700, 719, None),
        (700, 720, SignInEnd.AGE),
        (0, 900, SignInEnd.AGE),
        # A clock that was set back ends nothing.
        (10, 5, None),
    ],
)
def test_a_sign_in_ends_when_nothing_is_done_and_in_any_case_at_its_age(
    seen: int, now: int, end: SignInEnd | None
) -> None:
    assert end_by_time(started_at=START, seen_at=minutes(seen), now=minutes(now), limits=LIMITS) is end


def test_without_a_limit_for_idleness_only_the_age_counts() -> None:
    limits = SignInLimits(None, timedelta(hours=12))
    assert end_by_time(started_at=START, seen_at=START, now=minutes(719), limits=limits) is None
    assert end_by_time(started_at=START, seen_at=START, now=minutes(720), limits=limits) is SignInEnd.AGE


def failed(*at: int, limits: LockLimits = LOCK) -> Failures:
    found = Failures()
    for minute in at:
        found = after_failure(found, minutes(minute), limits)
    return found


def test_the_fifth_wrong_password_in_a_row_locks_for_its_time() -> None:
    assert not failed(0, 1, 2, 3).is_locked(minutes(3))
    locked = failed(0, 1, 2, 3, 4)
    assert locked.is_locked(minutes(4))
    assert locked.is_locked(minutes(18))
    assert not locked.is_locked(minutes(19))


def test_a_lock_is_not_prolonged_and_afterwards_counting_begins_anew() -> None:
    locked = failed(0, 1, 2, 3, 4)
    assert after_failure(locked, minutes(18), LOCK) == locked
    after = failed(0, 1, 2, 3, 4, 20)
    assert (after.in_a_row, after.locked_until) == (1, None)
    assert not failed(0, 1, 2, 3, 4, 20, 21, 22, 23).is_locked(minutes(23))
    assert failed(0, 1, 2, 3, 4, 20, 21, 22, 23, 24).is_locked(minutes(24))


def test_wrong_passwords_that_lie_far_apart_are_no_row() -> None:
    assert not failed(0, 15, 30, 45, 60, 75).is_locked(minutes(75))
    assert failed(0, 14, 28, 42, 56).is_locked(minutes(56))


def test_a_limit_of_zero_locks_nothing() -> None:
    assert not failed(*range(100), limits=LockLimits(0, timedelta(minutes=15))).is_locked(minutes(100))


NEAR = {"is_sample": True, "peer": "127.0.0.1", "host": "localhost:8765", "headers": ("Host", "Cookie")}


@pytest.mark.parametrize(
    ("change", "may"),
    [
        ({}, True),
        ({"peer": "::1", "host": "[::1]:8765"}, True),
        ({"host": "127.0.0.1"}, True),
        ({"is_sample": False}, False),
        ({"peer": "192.0.2.7"}, False),
        ({"peer": None}, False),
        ({"host": "tracker.example"}, False),
        ({"host": "localhost.evil.example"}, False),
        ({"headers": ("Host", "X-Forwarded-For")}, False),
        ({"headers": ("via",)}, False),
    ],
)
def test_one_click_is_for_the_sample_on_its_own_machine(change: dict[str, object], may: bool) -> None:
    assert may_enter_by_one_click(**{**NEAR, **change}) is may  # type: ignore[arg-type]


KIT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (f"{KIT} Chrome/109.0.0.0 Safari/537.36", "Chrome 109, Windows"),
        (f"{KIT} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91", "Edge 120, Windows"),
        (f"{KIT} Chrome/86.0 Safari/537.36 QIHU 360SE", "360, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.0 Mobile/15E148 Safari/604.1",
            "Safari 17, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0 Mobile MicroMessenger/8.0.44",
            "WeChat 微信 8, Android",
        ),
        ("", ""),
        ("<script>alert(1)</script>", ""),
        ("Chrome/" + "9" * 5000, "Chrome 9999"),
    ],
)
def test_a_browser_is_told_in_a_few_words_of_our_own(said: str, words: str) -> None:
    assert browser_words(said) == words
