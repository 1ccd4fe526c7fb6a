"""Managing users: their names and state, their grants, and the invitations by which they come in."""

from tracker.features.people.services.grants import add_grant, end_grant, remove_grant
from tracker.features.people.services.invitations import (
    Newcomer,
    Prepared,
    Secret,
    accept_code,
    accept_link,
    invite_user,
    prepare_invitations,
    renew_invitation,
    try_code,
    try_link,
    withdraw_invitation,
)
from tracker.features.people.services.rosters import RefusedLinesError, invite_newcomers, try_newcomers
from tracker.features.people.services.users import disable_user, enable_user, release_user, rename_user

__all__ = [
    "Newcomer",
    "Prepared",
    "RefusedLinesError",
    "Secret",
    "accept_code",
    "accept_link",
    "add_grant",
    "disable_user",
    "enable_user",
    "end_grant",
    "invite_newcomers",
    "invite_user",
    "prepare_invitations",
    "release_user",
    "remove_grant",
    "rename_user",
    "renew_invitation",
    "try_code",
    "try_link",
    "try_newcomers",
    "withdraw_invitation",
]
