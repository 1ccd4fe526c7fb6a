"""Remembering finished pages until anything in the house changes.

A dashboard is asked for far more often than its figures change. A remembered page is used only for
the same person with the same roles, at the same address, in the same language and on the same day,
and only while the data stands exactly as it stood when the page was made: the key holds the version
of the data, so nothing ever has to be thrown away in time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec

from flask import current_app, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from tracker.core.access import current_scope
from tracker.core.audit import AuditChain
from tracker.core.clock import now, zone
from tracker.core.db import db
from tracker.core.i18n import language
from tracker.core.preferences import TEXT_COOKIE

P = ParamSpec("P")

Page = tuple[bytes, ...]
"""A finished page as it is sent, cut wherever the token of whoever asks stands in it."""


class Pages:
    """The pages last used, up to a number of them; safe for several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Page | None:
        """The page, if it is remembered."""
        with self._lock:
            page = self._kept.get(key)
            if page is not None:
                self._kept.move_to_end(key)
            return page

    def put(self, key: Hashable, page: Page) -> None:
        """Remember a page, and forget the one that was used longest ago."""
        if self._most <= 0:
            return
        with self._lock:
            self._kept[key] = page
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def remembered(view: Callable[P, str]) -> Callable[P, str | bytes]:
    """Answer with the remembered page when nothing has changed since it was made."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> str | bytes:
        if "_flashes" in session:
            # A message is shown once; the page around it is not worth remembering.
            return view(*args, **kwargs)
        pages: Pages = current_app.extensions["remembered_pages"]
        key = _key()
        page = pages.get(key)
        token: bytes = generate_csrf().encode()
        if page is None:
            page = tuple(view(*args, **kwargs).encode().split(token))
            pages.put(key, page)
        return token.join(page)

    return wrapped


def data_version() -> str:
    """A text that differs whenever anything that was committed and that a page may show differs.

    Writers come one after another, on PostgreSQL by the lock of the house, and each leaves an audit
    record, so the last record of a change that this page's snapshot holds says it.
    """
    return str(db.session.connection().execute(_LAST_CHANGE).scalar_one())


_LAST_CHANGE = select(AuditChain.changed_number)


def _key() -> Hashable:
    return (
        data_version(),
        current_user.id,
        current_scope().holds,
        request.full_path,
        language(),
        request.cookies.get(TEXT_COOKIE),
        now().astimezone(zone()).date(),
    )
