"""The small plan, fresh for each test, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Visitor


@pytest.fixture
def ready(hamlet: House) -> House:
    """The small plan with nothing entered."""
    return hamlet


@pytest.fixture
def planned(ready: House) -> Iterator[House]:
    """The small plan, and the whole test inside its application; for tests without visitors."""
    with ready.inside():
        yield ready


@pytest.fixture
def boss(ready: House) -> Visitor:
    """The administrator of the small township."""
    with ready.inside():
        make.add_sample_user("boss", "administrator", "T")
    return ready.visitor("boss")
