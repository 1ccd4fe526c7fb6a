"""Rules of signing in: how long a sign-in lasts, when an account is locked, and who may enter by one click.

GB/T 22239-2019 asks at level 2 for a limit on failed sign-ins and for an end of idle ones (7.1.4.1 b).
Moments are aware; this module has no clock of its own and is told what time it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class SignInEnd(StrEnum):
    """Why a sign-in is over."""

    SIGNED_OUT = "signed_out"
    IDLE = "idle"
    AGE = "age"
    PASSWORD = "password"
    ELSEWHERE = "elsewhere"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class SignInLimits:
    """How long a sign-in lasts without a click, and at all; no ``idle`` means as long as ``age``."""

    idle: timedelta | None
    age: timedelta


def end_by_time(
    *, started_at: datetime, seen_at: datetime, now: datetime, limits: SignInLimits
) -> SignInEnd | None:
    """Why time alone has ended a sign-in, or None while it lasts."""
    if now - started_at >= limits.age:
        return SignInEnd.AGE
    if limits.idle is not None and now - seen_at >= limits.idle:
        return SignInEnd.IDLE
    return None


@dataclass(frozen=True)
class LockLimits:
    """How many wrong passwords in a row lock an account (0: none do), and for how long."""

    failures: int
    span: timedelta


@dataclass(frozen=True)
class Failures:
    """The wrong passwords of one account that count towards a lock, and the lock itself."""

    in_a_row: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether even the right password is refused."""
        return self.locked_until is not None and now < self.locked_until


def after_failure(before: Failures, now: datetime, limits: LockLimits) -> Failures:
    """What a wrong password makes of the account.

    A lock is never prolonged from outside, so that its end can be told. Failures that lie as long
    apart as a lock lasts are no row: who waits that long gains nothing over who is locked.
    """
    if before.is_locked(now):
        return before
    fresh = before.last_at is None or before.locked_until is not None or now - before.last_at >= limits.span
    in_a_row = 1 if fresh else before.in_a_row + 1
    if 0 < limits.failures <= in_a_row:
        return Failures(0, now, now + limits.span)
    return Failures(in_a_row, now, None)


_NEAR = frozenset({"127.0.0.1", "::1", "localhost"})
_PROXIED = frozenset({"forwarded", "x-forwarded-for", "x-real-ip", "via"})


def may_enter_by_one_click(*, is_sample: bool, peer: str | None, host: str, headers: Iterable[str]) -> bool:
    """Whether somebody may sign in without a password.

    Only into the sample township, and only from the machine that it runs on: ``peer`` is the address
    that asks, ``host`` the name that it asked for, with or without a port, and none of the names of
    ``headers`` may say that the request came through a proxy.
    """
    if any(name.lower() in _PROXIED for name in headers):
        return False
    name = host.rsplit(":", 1)[0].strip("[]")
    return is_sample and peer in _NEAR and name in _NEAR
