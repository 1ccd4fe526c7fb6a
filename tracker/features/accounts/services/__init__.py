"""Changing users, passwords and sign-ins."""

from tracker.core.visits import Visit
from tracker.features.accounts.services.attempts import (
    Attempt,
    confirm_password,
    try_password,
    unlock_user,
)
from tracker.features.accounts.services.passwords import (
    GoodPassword,
    NewPassword,
    change_password,
    choose_password,
    judge_password,
    prepare_password,
    reset_password,
    take_password,
)
from tracker.features.accounts.services.sessions import (
    Entry,
    begin_sign_in,
    end_all_sign_ins,
    end_sign_in,
    end_sign_ins,
    enter_user,
    note_seen,
)
from tracker.features.accounts.services.users import add_user, grant_role

__all__ = [
    "Attempt",
    "Entry",
    "GoodPassword",
    "NewPassword",
    "Visit",
    "add_user",
    "begin_sign_in",
    "change_password",
    "choose_password",
    "confirm_password",
    "end_all_sign_ins",
    "end_sign_in",
    "end_sign_ins",
    "enter_user",
    "grant_role",
    "judge_password",
    "note_seen",
    "prepare_password",
    "reset_password",
    "take_password",
    "try_password",
    "unlock_user",
]
