"""Reading backups, health and settings."""

from tracker.features.upkeep.queries.backups import (
    Backup,
    backup_folder,
    days_since,
    get_backup,
    is_too_old,
    last_backup_at,
    list_backups,
)
from tracker.features.upkeep.queries.checks import CHECKS, run_checks
from tracker.features.upkeep.queries.findings import Check, Checked, Finding, Health
from tracker.features.upkeep.queries.house import SERVING, database_file, database_size, home, manages_house
from tracker.features.upkeep.queries.settings import SettingRow, setting_rows

__all__ = [
    "CHECKS",
    "SERVING",
    "Backup",
    "Check",
    "Checked",
    "Finding",
    "Health",
    "SettingRow",
    "backup_folder",
    "database_file",
    "database_size",
    "days_since",
    "get_backup",
    "home",
    "is_too_old",
    "last_backup_at",
    "list_backups",
    "manages_house",
    "run_checks",
    "setting_rows",
]
