"""Types of the part of Flask-Babel that the product uses; the library ships none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from gettext import NullTranslations

from babel import Locale
from flask import Flask

class Babel:
    def __init__(
        self,
        app: Flask | None = None,
        *,
        default_locale: str = ...,
        default_translation_directories: str = ...,
        locale_selector: Callable[[], str | None] | None = ...,
    ) -> None: ...

class Domain:
    def get_translations(self) -> NullTranslations: ...

def format_date(date: date, format: str = ...) -> str: ...
def get_domain() -> Domain: ...
def get_locale() -> Locale | None: ...
def gettext(message: str, /, **variables: object) -> str: ...
def ngettext(singular: str, plural: str, num: int, /, **variables: object) -> str: ...
def lazy_gettext(message: str, /, **variables: object) -> str: ...
@contextmanager
def force_locale(locale: str) -> Iterator[None]: ...
