"""Reading users, what they hold and their invitations, as far as an administrator's scope reaches."""

from tracker.features.people.queries.conflicts import (
    has_reviewer_from,
    has_reviewer_within,
    reviewers_at,
    users_brought_into_conflict,
    users_in_conflict,
)
from tracker.features.people.queries.holders import holders_of_unit
from tracker.features.people.queries.invitations import hash_token, invitation_by_token, open_invitation
from tracker.features.people.queries.users import (
    MANAGE,
    GrantRow,
    Person,
    PersonRow,
    Question,
    count_people,
    get_managed,
    get_people,
    get_person,
    history_of_user,
    list_people,
    locked_until,
    other_administrators,
    own_grants,
    state_of,
    units_in,
)

__all__ = [
    "MANAGE",
    "GrantRow",
    "Person",
    "PersonRow",
    "Question",
    "count_people",
    "get_managed",
    "get_people",
    "get_person",
    "has_reviewer_from",
    "has_reviewer_within",
    "hash_token",
    "history_of_user",
    "holders_of_unit",
    "invitation_by_token",
    "list_people",
    "locked_until",
    "open_invitation",
    "other_administrators",
    "own_grants",
    "reviewers_at",
    "state_of",
    "units_in",
    "users_brought_into_conflict",
    "users_in_conflict",
]
