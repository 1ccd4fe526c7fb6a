"""What is urged: one report or all that are listed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField


class UrgeForm(FlaskForm):
    """The period, and the one report; none for all."""

    period = HiddenField()
    plan = HiddenField()
    unit = HiddenField()
