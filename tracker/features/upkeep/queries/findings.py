"""What a check of the installation's health finds, in untranslated sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Health(StrEnum):
    """How bad it is, from good to bad."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True)
class Finding:
    """One sentence: a catalogue entry with its parameters."""

    health: Health
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """Something to look at; ``slow`` ones read all data, ``on_data`` ones need a database with tables."""

    name: str
    label: str
    look: Callable[[], Iterable[Finding]]
    slow: bool = False
    on_data: bool = True


@dataclass(frozen=True)
class Checked:
    """A check with all that it has found."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def health(self) -> Health:
        """The worst of it."""
        order = list(Health)
        return max((found.health for found in self.findings), key=order.index, default=Health.OK)


def good(message: str, **params: object) -> Finding:
    """All is well."""
    return Finding(Health.OK, message, params)


def warn(message: str, **params: object) -> Finding:
    """Something should be done soon."""
    return Finding(Health.WARNING, message, params)


def fail(message: str, **params: object) -> Finding:
    """Something is broken."""
    return Finding(Health.FAILURE, message, params)
