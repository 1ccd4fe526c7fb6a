"""Backups and the check of health, for whoever administers the whole house."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import requires
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.domain.errors import RuleError
from tracker.domain.roles import Permission
from tracker.features.upkeep.pages import backup_row, megabytes, upkeep_page
from tracker.features.upkeep.queries import (
    backup_folder,
    database_size,
    get_backup,
    last_backup_at,
    list_backups,
    manages_house,
    run_checks,
)
from tracker.features.upkeep.services import (
    drop_backup,
    record_backup,
    record_deletion,
    record_download,
    take_backup,
)

bp = Blueprint("upkeep", __name__, url_prefix="/upkeep")


@bp.get("")
@requires(Permission.MANAGE_HOUSE, where=manages_house)
def index() -> str:
    """The backups, and the quick checks; all of them when asked."""
    thorough = request.args.get("checks") == "all"
    page = upkeep_page(
        list_backups(backup_folder()),
        run_checks(slow=thorough),
        last=last_backup_at(),
        size=database_size(),
        folder=str(backup_folder()),
        is_thorough=thorough,
    )
    return render_template("upkeep/index.html", page=page)


@bp.post("/backups")
@requires(Permission.MANAGE_HOUSE, where=manages_house)
def make() -> Response:
    """Make a backup now, while others work on."""
    try:
        taken = take_backup(actor=current_user)
    except RuleError as error:
        flash(say(error), "error")
        return redirect(url_for(".index"), 303)
    try:
        with writing():
            record_backup(taken, actor=current_user)
            db.session.commit()
    except Exception:
        # A copy of everything that no record tells of must not be left lying about.
        drop_backup(taken.backup)
        raise
    flash(
        gettext(
            "The backup %(name)s was made and checked (%(size)s).",
            name=taken.backup.name,
            size=megabytes(taken.backup.size),
        ),
        "success",
    )
    return redirect(url_for(".index"), 303)


@bp.get("/backups/<name>")
@requires(Permission.MANAGE_HOUSE, where=manages_house)
def download(name: str) -> Response:
    """Hand a backup out; that it was taken away is recorded first."""
    backup = get_backup(name)
    with writing():
        record_download(backup, actor=current_user)
        db.session.commit()
    answer = send_file(backup.path, mimetype="application/zip", as_attachment=True, download_name=backup.name)
    # No browser or proxy may keep the whole database.
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/backups/<name>/delete")
@requires(Permission.MANAGE_HOUSE, where=manages_house)
def confirm_delete(name: str) -> str:
    """Ask before a backup is deleted."""
    return render_template("upkeep/delete.html", backup=backup_row(get_backup(name)))


@bp.post("/backups/<name>/delete")
@requires(Permission.MANAGE_HOUSE, where=manages_house)
def delete(name: str) -> Response:
    """Delete a backup."""
    backup = get_backup(name)
    with writing():
        record_deletion(backup, actor=current_user)
        db.session.commit()
    drop_backup(backup)
    flash(gettext("The backup %(name)s was deleted.", name=name), "success")
    return redirect(url_for(".index"), 303)
