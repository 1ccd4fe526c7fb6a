"""The small plan, fresh for each test, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit import make
from tests.kit.house import House


@pytest.fixture
def planned(blank: House) -> Iterator[House]:
    """The small plan with nothing entered, and the test inside its application."""
    with blank.inside():
        make.small_plan()
        yield blank
