"""What forms share: the token that says that one came from our own page, and how they read and refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ParamSpec, TypeVar

from flask import flash, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import validate_csrf
from wtforms import Form, ValidationError

from tracker.core.i18n import say
from tracker.domain.errors import RuleError

P = ParamSpec("P")
R = TypeVar("R")

csrf = CSRFProtect()
"""Checks the token of every form before its view runs."""


def checks_token_itself(view: Callable[P, R]) -> Callable[P, R]:
    """Leave the check to the view, which calls :func:`token_is_fresh` and shows the form again."""
    checked: Callable[P, R] = csrf.exempt(view)
    return checked


def token_is_fresh() -> bool:
    """Whether the sent form, or for a script the header, carries the token of this very session."""
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError:
        return False
    return True


def sent_json() -> Mapping[str, Any]:
    """The JSON object that a script of ours has sent; empty for anything else."""
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def tidy(typed: str | None) -> str:
    """What was typed without control characters and outer blanks."""
    return "".join(char for char in typed or "" if char.isprintable()).strip()


def typed_day(typed: str | None) -> date | None:
    """A day written 2022-06-30 between 2000 and 2100; None for anything else."""
    try:
        day = date.fromisoformat(tidy(typed))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def typed_number(typed: str | None) -> int | None:
    """A short whole number from 0; None for anything else."""
    text = tidy(typed)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def show_refusal(form: Form, error: RuleError) -> None:
    """Put the sentence at the field it belongs to, or above the page when it belongs to none."""
    field = form._fields.get(error.field or "")
    if field is None:
        flash(say(error), "error")
    else:
        field.errors = [*field.errors, say(error)]
