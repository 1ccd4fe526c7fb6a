"""Signing in and out, one's own account, and the door through which every request comes."""

from flask import Blueprint

from tracker.features.accounts.views import account, sign_in

bp = Blueprint("accounts", __name__)
account.add_views(bp)
sign_in.add_views(bp)

__all__ = ["bp"]
