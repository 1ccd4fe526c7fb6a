"""What administrators send about users, and what somebody sends who was invited."""

from tracker.features.people.forms.rosters import MOST_AT_ONCE, RosterForm, RosterLine
from tracker.features.people.forms.users import (
    CodeForm,
    EndForm,
    GrantForm,
    InviteForm,
    LabelForm,
    PasswordForm,
    ReasonForm,
    RenewForm,
    SeenForm,
)

__all__ = [
    "MOST_AT_ONCE",
    "CodeForm",
    "EndForm",
    "GrantForm",
    "InviteForm",
    "LabelForm",
    "PasswordForm",
    "ReasonForm",
    "RenewForm",
    "RosterForm",
    "RosterLine",
    "SeenForm",
]
