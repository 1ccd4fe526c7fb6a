"""The door of the set-up: every address leads to it while it waits, and it asks for the code."""

from __future__ import annotations

from flask import Flask, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tracker.core.access import public
from tracker.core.audit import STRANGER
from tracker.core.db import db, writing
from tracker.core.errors import Answer as Refusal
from tracker.core.errors import problem
from tracker.features.setup.forms import SetupCodeForm
from tracker.features.setup.queries import is_waiting, opened_by, was_noted_lately
from tracker.features.setup.services import note_wrong_code
from tracker.features.setup.views.blueprint import Answer, bp
from tracker.features.setup.views.kept import begin_keeping, open_set_up

_OPEN = {"accounts.preferences", "health.healthz", "static"}
"""What is answered as ever, whatever the instance waits for."""


def init_setup(app: Flask) -> None:
    """Lead every address to the set-up while the instance waits for it."""
    app.before_request(_lead_to_door)


def _lead_to_door() -> Response | Refusal | None:
    is_step = request.path == "/setup" or request.path.startswith("/setup/")
    if is_step or request.endpoint in _OPEN or not is_waiting():
        return None
    if request.path.startswith("/api/"):
        return problem(503, gettext("This instance has not been set up yet."), code="not_set_up")
    return redirect(url_for("setup.door"), 303)


@bp.get("/setup")
@public
def door() -> Answer:
    """The code is asked for. It is never read from an address, which histories and logs would keep."""
    kept = open_set_up()
    if kept is not None:
        return redirect(url_for(f"setup.{kept.first_open}"), 303)
    if request.query_string:
        # Whatever was pasted behind the address does not stay in it, nor in the links of the page.
        return redirect(url_for("setup.door"), 303)
    return render_template("setup/door.html", form=SetupCodeForm(formdata=None))


@bp.post("/setup")
@public
def send_code() -> Answer:
    """Let in whoever has the code."""
    open_set_up()
    form = SetupCodeForm()
    if not form.validate_on_submit():
        return render_template("setup/door.html", form=form), 422
    return _try(form.code.data or "")


def _try(typed: str) -> Answer:
    """On to the first step with the right code; a wrong one is recorded, about once a minute."""
    digest = opened_by(typed)
    if digest is not None:
        begin_keeping(digest)
        return redirect(url_for("setup.door"), 303)
    if not was_noted_lately():
        with writing():
            note_wrong_code(actor=STRANGER)
            db.session.commit()
    form = SetupCodeForm(formdata=None)
    form.code.errors = [
        gettext(
            "This is not the code, or there is a newer one. Check it, or have a new one made as told below."
        )
    ]
    return render_template("setup/door.html", form=form), 422
