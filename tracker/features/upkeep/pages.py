"""What the pages of upkeep and settings show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.format import number
from tracker.core.instance import instance_facts
from tracker.features.upkeep.queries import (
    Backup,
    Checked,
    Health,
    SettingRow,
    days_since,
    is_too_old,
)
from tracker.features.upkeep.sheets import sentence_of

LARGE = 200_000_000
"""Bytes of database above which a backup in the browser takes long enough to be told."""

_PILLS = {Health.OK: "on_track", Health.WARNING: "at_risk", Health.FAILURE: "behind"}


@dataclass(frozen=True)
class BackupRow:
    """A backup in the list."""

    name: str
    made_at: datetime
    size: str
    digest: str | None
    download_url: str
    delete_url: str


@dataclass(frozen=True)
class CheckRow:
    """A check with what it has found; ``pill`` names the drawing and colour of its state."""

    label: str
    health: Health
    pill: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class UpkeepPage:
    """Backups and health."""

    notice: str | None
    sentence: str
    is_large: bool
    size: str
    folder: str
    backups: tuple[BackupRow, ...]
    checks: tuple[CheckRow, ...]
    is_thorough: bool
    sum_of_checks: str


@dataclass(frozen=True)
class SettingLine:
    """A setting with its texts."""

    name: str
    variable: str
    help: str
    value: str
    default: str
    source: str
    is_changed: bool


def upkeep_page(
    backups: list[Backup],
    checked: list[Checked],
    *,
    last: datetime | None,
    size: int,
    folder: str,
    is_thorough: bool,
) -> UpkeepPage:
    """The page of backups and health."""
    return UpkeepPage(
        notice=age_notice(last),
        sentence=_age(last),
        is_large=size > LARGE,
        size=megabytes(size),
        folder=folder,
        backups=tuple(backup_row(backup) for backup in backups),
        checks=tuple(_check_row(one) for one in checked),
        is_thorough=is_thorough,
        sum_of_checks=_sum(checked),
    )


def backup_row(backup: Backup) -> BackupRow:
    """A backup as the list and the question before deleting show it."""
    return BackupRow(
        backup.name,
        backup.made_at,
        megabytes(backup.size),
        backup.digest,
        url_for("upkeep.download", name=backup.name),
        url_for("upkeep.confirm_delete", name=backup.name),
    )


def age_notice(last: datetime | None) -> str | None:
    """What to tell an administrator when a backup is due; a sample holds nothing that would be missed."""
    if instance_facts().is_sample or not is_too_old(last):
        return None
    return gettext("%(age)s Make one now, and keep a copy on another disk.", age=_age(last))


def setting_lines(rows: list[SettingRow]) -> list[SettingLine]:
    """The settings as their page shows them."""
    return [
        SettingLine(
            name=row.setting.name,
            variable=f"TRACKER_{row.setting.name}",
            help=gettext(row.setting.help),
            value=row.value,
            default="" if row.setting.is_secret else str(row.setting.default),
            source=row.source.value,
            is_changed=row.source.value in {"file", "environment", "program", "setup"},
        )
        for row in rows
    ]


def megabytes(size: int) -> str:
    """A size in megabytes, to one place below ten."""
    whole = size >= 10_000_000
    return f"{number(size // 1_000_000)} MB" if whole else f"{max(size, 100_000) // 100_000 / 10:.1f} MB"


def _age(last: datetime | None) -> str:
    if last is None:
        return gettext("There is no backup yet.")
    days = days_since(last)
    if days == 0:
        return gettext("The last backup was made within the last day.")
    return ngettext("The last backup is %(num)s day old.", "The last backup is %(num)s days old.", days)


def _check_row(checked: Checked) -> CheckRow:
    return CheckRow(
        gettext(checked.check.label),
        checked.health,
        _PILLS[checked.health],
        tuple(sentence_of(finding) for finding in checked.findings),
    )


def _sum(checked: list[Checked]) -> str:
    count = {health: sum(one.health is health for one in checked) for health in Health}
    return gettext(
        "%(ok)s in order, %(warnings)s with a warning, %(failures)s failed",
        ok=count[Health.OK],
        warnings=count[Health.WARNING],
        failures=count[Health.FAILURE],
    )
