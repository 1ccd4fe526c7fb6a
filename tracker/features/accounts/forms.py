"""Signing in, and changing one's own password."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from tracker.core.i18n import say
from tracker.domain.errors import RuleError, SeveralRulesError


class SignInForm(FlaskForm):
    """A user name and a password."""

    username = StringField(
        lazy_gettext("User name"),
        [InputRequired(lazy_gettext("Enter your user name.")), Length(max=200)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        lazy_gettext("Password"),
        [InputRequired(lazy_gettext("Enter your password.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class DemoSignInForm(FlaskForm):
    """The name of a sample user."""

    username = StringField(validators=[InputRequired(), Length(max=64)])


class PasswordForm(FlaskForm):
    """The present password, and the new one twice, since nobody sees what is typed."""

    present = PasswordField(
        validators=[InputRequired(lazy_gettext("Enter your present password.")), Length(max=200)]
    )
    password = PasswordField(
        validators=[InputRequired(lazy_gettext("Enter a new password.")), Length(max=1000)]
    )
    again = PasswordField(
        validators=[
            InputRequired(lazy_gettext("Enter the new password a second time.")),
            EqualTo(
                "password", lazy_gettext("This is not the same as the new password above. Type both again.")
            ),
        ]
    )

    def show_error(self, error: RuleError) -> None:
        """Put every sentence of a broken rule at the new password."""
        errors = error.errors if isinstance(error, SeveralRulesError) else (error,)
        self.password.errors = [say(each) for each in errors]


class EndForm(FlaskForm):
    """Which sign-in to end."""

    sign_in = StringField(validators=[InputRequired(), Length(max=64)])
