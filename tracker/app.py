"""The application factory: settings, plumbing, blueprints, in that order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from whitenoise import WhiteNoise

from tracker.api.health import bp as health_bp
from tracker.api.v1 import bp as api_bp
from tracker.config import ROOT, find_sources, instance_folder, load_settings
from tracker.core.db import db, engine_options, init_db
from tracker.core.errors import init_errors
from tracker.core.format import init_format
from tracker.core.forms import csrf
from tracker.core.headers import init_headers
from tracker.core.history import init_history
from tracker.core.hosts import init_hosts
from tracker.core.i18n import init_i18n
from tracker.core.readable import ReadableJSON
from tracker.core.remember import Pages
from tracker.core.uploads import init_uploads
from tracker.features.accounts.queries import names_of_users
from tracker.features.accounts.views import bp as accounts_bp
from tracker.features.accounts.views.door import init_door
from tracker.features.audit.views import bp as audit_bp
from tracker.features.calendar.views import bp as calendar_bp
from tracker.features.dashboards.views import bp as dashboards_bp
from tracker.features.dashboards.views.frame import init_frame
from tracker.features.intake.views import bp as intake_bp
from tracker.features.org.queries import ASK_WHO_HOLDS, ASK_WHO_MERGED
from tracker.features.org.views import bp as org_bp
from tracker.features.people.queries import holders_of_unit
from tracker.features.people.views import bp as people_bp
from tracker.features.periods.views import bp as periods_bp
from tracker.features.places.queries import mergers_of_unit
from tracker.features.plans.queries import ASK_FOR_FIGURES
from tracker.features.plans.views import bp as plans_bp
from tracker.features.reports.queries import ASK_FOR_URGES, figures_of_plan
from tracker.features.reports.views import bp as reports_bp
from tracker.features.restructure.views import bp as places_bp
from tracker.features.setup.views import bp as setup_bp
from tracker.features.setup.views import init_setup
from tracker.features.upkeep.views import init_notice, settings_bp, upkeep_bp
from tracker.features.urging.queries import last_urges
from tracker.features.urging.views import bp as urging_bp

MIGRATIONS = ROOT / "tracker" / "migrations"


def create_app(overrides: Mapping[str, object] | None = None, *, folder: Path | None = None) -> Flask:
    """The application of one instance folder; ``overrides`` win over every other source of settings."""
    folder = folder or instance_folder()
    app = Flask(
        "tracker",
        instance_path=str(folder),
        root_path=str(ROOT / "tracker"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "tracker" / "static"),
    )
    app.json = ReadableJSON(app)
    _configure(app, folder, overrides)
    init_db(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    init_uploads(app)
    init_i18n(app)
    init_format(app)
    init_headers(app)
    init_hosts(app)
    init_errors(app)
    init_history(app, names_of_users)
    csrf.init_app(app)
    init_door(app)
    init_setup(app)
    for blueprint in (
        accounts_bp,
        audit_bp,
        calendar_bp,
        dashboards_bp,
        intake_bp,
        org_bp,
        people_bp,
        periods_bp,
        places_bp,
        plans_bp,
        reports_bp,
        settings_bp,
        setup_bp,
        upkeep_bp,
        urging_bp,
        api_bp,
        health_bp,
    ):
        app.register_blueprint(blueprint)
    init_frame(app)
    init_notice(app)
    # Units come before users, plans before reports, and do not know them; they are told whom to ask.
    app.extensions[ASK_WHO_HOLDS] = holders_of_unit
    app.extensions[ASK_WHO_MERGED] = mergers_of_unit
    app.extensions[ASK_FOR_FIGURES] = figures_of_plan
    # Likewise reports are told whom to ask about reminders.
    app.extensions[ASK_FOR_URGES] = last_urges
    app.extensions["remembered_pages"] = Pages(int(app.config["REMEMBERED_PAGES"]))
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=app.static_folder, prefix="static/", max_age=3600)  # type: ignore[method-assign]  # the documented way to wrap
    return app


def _mark(secret: str) -> str:
    """A few letters of an instance's own, since browsers share cookies between ports of one host."""
    return hashlib.sha256(f"cookie {secret}".encode()).hexdigest()[:8]


def _configure(app: Flask, folder: Path, overrides: Mapping[str, object] | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings(folder, overrides)
    app.extensions["setting_sources"] = find_sources(folder, overrides)
    largest = int(str(settings["LARGEST_REQUEST_MB"])) * 1024 * 1024
    app.config.update(
        settings,
        SQLALCHEMY_DATABASE_URI=settings["DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(str(settings["DATABASE_URL"])),
        MAX_CONTENT_LENGTH=largest,
        MAX_FORM_MEMORY_SIZE=largest,
        SESSION_COOKIE_NAME=f"tracker_{_mark(str(settings['SECRET_KEY']))}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings["COOKIE_SECURE"],
        # The server ends a sign-in; the cookie outlives it, so that the sign-in page can say why.
        PERMANENT_SESSION_LIFETIME=timedelta(hours=int(str(settings["SESSION_HOURS"])) + 24),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_TIMEZONE=settings["TIME_ZONE"],
    )
    app.config.update({name: value for name, value in (overrides or {}).items() if name.isupper()})
