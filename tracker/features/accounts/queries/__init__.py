"""Reading users, their sign-ins, and the limits that hold for both."""

from tracker.features.accounts.queries.limits import (
    is_change_due,
    lock_limits,
    password_rules,
    sign_in_limits,
)
from tracker.features.accounts.queries.sign_ins import (
    FoundSignIn,
    find_sign_in,
    latest_sign_in,
    open_sign_ins,
    sign_in_id,
)
from tracker.features.accounts.queries.users import (
    KnownName,
    SampleUser,
    UserName,
    all_users,
    known_name,
    names_of_users,
    offered_users,
    sample_users,
    user_by_name,
)

__all__ = [
    "FoundSignIn",
    "KnownName",
    "SampleUser",
    "UserName",
    "all_users",
    "find_sign_in",
    "is_change_due",
    "known_name",
    "latest_sign_in",
    "lock_limits",
    "names_of_users",
    "offered_users",
    "open_sign_ins",
    "password_rules",
    "sample_users",
    "sign_in_id",
    "sign_in_limits",
    "user_by_name",
]
