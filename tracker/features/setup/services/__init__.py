"""The code that opens the set-up, and the set-up itself."""

from tracker.features.setup.services.codes import PreparedCode, make_code, note_wrong_code, prepare_code
from tracker.features.setup.services.first_run import (
    Begin,
    FirstUser,
    Place,
    SetupDraft,
    Start,
    set_up,
)

__all__ = [
    "Begin",
    "FirstUser",
    "Place",
    "PreparedCode",
    "SetupDraft",
    "Start",
    "make_code",
    "note_wrong_code",
    "prepare_code",
    "set_up",
]
