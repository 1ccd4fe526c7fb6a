"""Making, keeping and restoring backups."""

from tracker.features.upkeep.services.backups import (
    Taken,
    drop_backup,
    record_backup,
    record_deletion,
    record_download,
    take_backup,
)
from tracker.features.upkeep.services.restore import Restored, check_backup, record_restore

__all__ = [
    "Restored",
    "Taken",
    "check_backup",
    "drop_backup",
    "record_backup",
    "record_deletion",
    "record_download",
    "record_restore",
    "take_backup",
]
