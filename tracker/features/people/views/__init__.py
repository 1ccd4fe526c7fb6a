"""The pages about users; each file adds its views to the one blueprint."""

from tracker.features.people.views import grants, invitations, rights, rosters, welcome
from tracker.features.people.views.users import bp

__all__ = ["bp", "grants", "invitations", "rights", "rosters", "welcome"]
