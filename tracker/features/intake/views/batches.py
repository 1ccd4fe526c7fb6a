"""The imports that were made, and taking one back."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.core.paging import page_bounds
from tracker.domain.errors import RuleError
from tracker.features.intake.pages.batches import list_page
from tracker.features.intake.queries import batch_list, count_batches, get_batch
from tracker.features.intake.services import withdraw_batch
from tracker.features.intake.views.blueprint import IMPORT, bp


@bp.get("/import/batches")
@requires(IMPORT)
def index() -> str:
    """One's own imports, and those below that one reviews."""
    scope = current_scope()
    total = count_batches(scope, current_user.id)
    size = int(current_app.config["PAGE_SIZE"])
    number, pages, offset = page_bounds(request.args.get("page"), total, size)
    rows = batch_list(scope, current_user.id, limit=size, offset=offset)
    return render_template("intake/index.html", page=list_page(rows, number, pages))


@bp.get("/import/batches/<int:number>")
@requires(IMPORT)
def show(number: int) -> str:
    """One import, and the way back."""
    batch = get_batch(current_scope(), current_user.id, number)
    return render_template("intake/show.html", batch=batch)


@bp.post("/import/batches/<int:number>/withdraw")
@requires(IMPORT)
def withdraw(number: int) -> Response:
    """Put back what stood there before the import."""
    try:
        with writing():
            batch = get_batch(current_scope(), current_user.id, number)
            withdraw_batch(batch, current_scope(), actor=current_user)
            db.session.commit()
        flash(gettext("The import is withdrawn. What stood there before stands there again."), "success")
    except RuleError as error:
        flash(say(error), "error")
    return redirect(url_for(".show", number=number), 303)
