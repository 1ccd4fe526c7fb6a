"""Evidence of one indicator in one report: adding, captions, taking away, looking, handing out."""

from __future__ import annotations

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from tracker.core.access import current_scope, requires
from tracker.core.db import db, writing
from tracker.core.download import file_answer
from tracker.core.i18n import say
from tracker.core.uploads import takes_files
from tracker.domain.errors import RuleError
from tracker.domain.roles import Permission
from tracker.features.evidence.queries import read_stored
from tracker.features.evidence.services import HandedIn, clear_files, judge_file, put_file
from tracker.features.reports import services
from tracker.features.reports.forms import EvidenceForm, PieceForm
from tracker.features.reports.pages import Trouble, evidence_page, viewer_page
from tracker.features.reports.queries import EvidenceSpot, get_evidence_spot, was_approved
from tracker.features.reports.views.blueprint import bp

Answer = BaseResponse | str | tuple[str, int] | tuple[Response, int]

EVIDENCE = "/reports/<plan>/<unit>/<period>/evidence/<indicator>"
PIECE = f"{EVIDENCE}/<int:number>"
MIMETYPES = {
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get(EVIDENCE)
@requires(Permission.SEE_EVIDENCE)
def evidence(plan: str, unit: str, period: str, indicator: str) -> str:
    """The evidence of an indicator, and a form to add some."""
    spot = _spot(Permission.SEE_EVIDENCE, plan, unit, period, indicator)
    return _page(spot, EvidenceForm(spot, formdata=None))


@bp.post(EVIDENCE)
@takes_files
@requires(Permission.FILL_REPORTS)
def add_evidence(plan: str, unit: str, period: str, indicator: str) -> Answer:
    """Add files; those that are not taken are told one by one, the others are kept."""
    spot = _spot(Permission.FILL_REPORTS, plan, unit, period, indicator)
    form = EvidenceForm(spot)
    if not form.validate_on_submit():
        said = [str(sentence) for sentence in (*form.caption.errors, *form.files.errors)]
        return _refused(spot, form, [Trouble(one, field="form") for one in said])
    try:
        services.check_evidence_open(spot.report)
        judged, troubles = _judged(form.handed_in())
    except RuleError as error:
        return _refused(spot, form, [Trouble(say(error), field="form")])
    added = 0
    with writing():
        for one in judged:
            try:
                spot = _spot(Permission.FILL_REPORTS, plan, unit, period, indicator)
                _add(spot, form, one)
                added += 1
            except RuleError as error:
                troubles.append(Trouble(say(error), name=one.name))
        db.session.commit()
    return _added(spot, form, added, troubles)


@bp.post(f"{PIECE}/caption")
@requires(Permission.FILL_REPORTS)
def caption_evidence(plan: str, unit: str, period: str, indicator: str, number: int) -> Answer:
    """Say what a piece shows."""
    form, at = PieceForm(), (plan, unit, period, indicator)
    try:
        with writing():
            spot = _spot(Permission.FILL_REPORTS, *at)
            said, seen = form.text("caption"), form.text("seen")
            services.caption_evidence(spot, spot.row(number), said, seen=seen, actor=current_user)
            db.session.commit()
    except RuleError as error:
        return _refused_piece(at, Trouble(say(error), "", number, "caption", form.text("caption")))
    flash(gettext("The caption is saved."), "success")
    return redirect(_address(spot), 303)


@bp.post(f"{PIECE}/remove")
@requires(Permission.FILL_REPORTS)
def remove_evidence(plan: str, unit: str, period: str, indicator: str, number: int) -> Answer:
    """Take a piece away; with a trace once the report was approved."""
    form, at = PieceForm(), (plan, unit, period, indicator)
    try:
        with writing():
            spot = _spot(Permission.FILL_REPORTS, *at)
            row = spot.row(number)
            unused = services.remove_evidence(spot, row, form.text("reason") or None, actor=current_user)
            db.session.commit()
    except RuleError as error:
        return _refused_piece(at, Trouble(say(error), "", number, "reason", form.text("reason")))
    if unused:
        # The content goes last: whatever happens before, nothing that the database names is missing.
        with writing():
            clear_files(unused, actor=current_user)
            db.session.commit()
    flash(gettext("The file is removed.") if unused else gettext("The file is taken away."), "success")
    return redirect(_address(spot), 303)


@bp.get(PIECE)
@requires(Permission.SEE_EVIDENCE)
def view_evidence(plan: str, unit: str, period: str, indicator: str, number: int) -> str:
    """One piece, large, with the way to its neighbours."""
    spot = _spot(Permission.SEE_EVIDENCE, plan, unit, period, indicator)
    return render_template("reports/evidence_view.html", page=viewer_page(spot, spot.row(number)))


@bp.get(f"{PIECE}/<any(small, photo, file):what>")
@requires(Permission.SEE_EVIDENCE)
def evidence_file(plan: str, unit: str, period: str, indicator: str, *, number: int, what: str) -> Response:
    """The content: a safe picture to look at, or anything as a download; never as active content."""
    row = _spot(Permission.SEE_EVIDENCE, plan, unit, period, indicator).row(number)
    digest = row.small_sha256 if what == "small" else row.sha256
    if digest is None or (what == "photo" and not row.is_picture):
        abort(404)
    return file_answer(
        read_stored(digest),
        mimetype=MIMETYPES[row.kind.value],
        name=row.name,
        plain=f"evidence-{number}.{row.kind.value}",
        inline=what != "file",
    )


def _spot(permission: Permission, plan: str, unit: str, period: str, indicator: str) -> EvidenceSpot:
    return get_evidence_spot(
        current_scope(),
        permission,
        plan_code=plan,
        unit_code=unit,
        period_code=period,
        indicator_code=indicator,
    )


def _judged(files: list[tuple[str, bytes]]) -> tuple[list[HandedIn], list[Trouble]]:
    """Look at the files and put those that are taken on the disk, before the write begins."""
    judged, troubles = [], []
    for name, content in files:
        try:
            handed = judge_file(content, name)
        except RuleError as error:
            troubles.append(Trouble(say(error), name=name))
        else:
            put_file(handed)
            judged.append(handed)
    return judged, troubles


def _add(spot: EvidenceSpot, form: EvidenceForm, handed: HandedIn) -> None:
    category, caption = form.chosen_category(), form.said()
    services.add_evidence(spot, handed, category=category, caption=caption, actor=current_user)


def _added(spot: EvidenceSpot, form: EvidenceForm, added: int, troubles: list[Trouble]) -> Answer:
    said = ngettext("%(num)s file was added.", "%(num)s files were added.", added)
    if _wants_json():
        refused = [{"name": one.name, "message": one.sentence} for one in troubles]
        return jsonify(added=added, refused=refused), 422 if troubles else 200
    if added:
        flash(said, "success")
    if troubles:
        return _refused(_spot(Permission.FILL_REPORTS, *_codes(spot)), form, troubles)
    return redirect(_address(spot), 303)


def _refused(spot: EvidenceSpot, form: EvidenceForm, troubles: list[Trouble]) -> Answer:
    if _wants_json():
        refused = [{"name": one.name, "message": one.sentence} for one in troubles]
        return jsonify(added=0, refused=refused), 422
    return _page(spot, form, *troubles), 422


def _refused_piece(at: tuple[str, str, str, str], trouble: Trouble) -> Answer:
    spot = _spot(Permission.FILL_REPORTS, *at)
    return _page(spot, EvidenceForm(spot, formdata=None), trouble), 422


def _page(spot: EvidenceSpot, form: EvidenceForm, *troubles: Trouble) -> str:
    report = spot.report
    refusal = None
    try:
        services.check_evidence_open(report)
    except RuleError as error:
        refusal = say(error)
    page = evidence_page(
        spot,
        current_scope(),
        form,
        read_only_reason=refusal,
        needs_reason=was_approved(report.report.id if report.report else None),
        troubles=troubles,
    )
    return render_template("reports/evidence.html", page=page)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _codes(spot: EvidenceSpot) -> tuple[str, str, str, str]:
    report = spot.report
    return report.plan.code, report.unit.code, report.period.code, spot.indicator.code


def _address(spot: EvidenceSpot) -> str:
    plan, unit, period, indicator = _codes(spot)
    return url_for(".evidence", plan=plan, unit=unit, period=period, indicator=indicator)
