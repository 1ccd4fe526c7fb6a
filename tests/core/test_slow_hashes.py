"""Passwords and codes are hashed slowly, and nobody's hash is like any other."""

from __future__ import annotations

import subprocess
import sys

import pytest
from werkzeug.security import check_password_hash, generate_password_hash

from tests.conftest import QUICK_HASHES
from tracker.config import ROOT
from tracker.core import slow_hashes

IN_EARNEST = "scrypt:32768:8:1"


@pytest.fixture
def in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as the product does; other tests do it quickly."""
    assert slow_hashes.METHOD == QUICK_HASHES
    monkeypatch.setattr(slow_hashes, "METHOD", IN_EARNEST)


def test_the_product_hashes_slowly() -> None:
    told = (
        "from tracker.core import slow_hashes; print(slow_hashes.slow_hash('x'), slow_hashes.nobodys_hash())"
    )
    run = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert [made.partition("$")[0] for made in run.stdout.split()] == [IN_EARNEST] * 2


def test_the_way_of_hashing_is_not_weaker_than_that_of_the_library() -> None:
    assert generate_password_hash("x").partition("$")[0] == IN_EARNEST


def test_only_the_right_password_matches(in_earnest: None) -> None:
    made = slow_hashes.slow_hash("Three quiet rivers 7")
    assert made != slow_hashes.slow_hash("Three quiet rivers 7")
    assert check_password_hash(made, "Three quiet rivers 7")
    assert not check_password_hash(made, "Three quiet rivers 8")


def test_nobodys_hash_looks_like_any_other_and_matches_nothing(in_earnest: None) -> None:
    method, salt, digest = slow_hashes.nobodys_hash().split("$")
    real_method, real_salt, real_digest = slow_hashes.slow_hash("x").split("$")
    assert (method, len(salt), len(digest)) == (real_method, len(real_salt), len(real_digest))
    assert slow_hashes.nobodys_hash() != slow_hashes.nobodys_hash()
    for typed in ("", "x", digest, f"{salt}${digest}"):
        assert not check_password_hash(f"{method}${salt}${digest}", typed)
