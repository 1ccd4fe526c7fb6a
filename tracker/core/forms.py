"""The token that says that a form came from our own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

P = ParamSpec("P")
R = TypeVar("R")

csrf = CSRFProtect()
"""Checks the token of every form before its view runs."""


def checks_token_itself(view: Callable[P, R]) -> Callable[P, R]:
    """Leave the check to the view, which calls :func:`token_is_fresh` and shows the form again."""
    checked: Callable[P, R] = csrf.exempt(view)
    return checked


def token_is_fresh() -> bool:
    """Whether the sent form carries the token of this very session."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True
