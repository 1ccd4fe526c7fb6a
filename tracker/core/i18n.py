"""Languages: which one a request speaks, words of enumerations, and names of data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from gettext import NullTranslations
from pathlib import Path
from typing import Protocol, runtime_checkable

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, format_date, get_domain, get_locale, gettext

from tracker.config import ROOT
from tracker.core.instance import setting_here
from tracker.core.preferences import LANGUAGE_COOKIE, LANGUAGES
from tracker.domain.errors import N_, HouseError, SeveralRulesError
from tracker.domain.periods import Frequency

WORDS: dict[str, str] = {
    "completed": N_("Completed"),
    "on_track": N_("On track"),
    "at_risk": N_("At risk"),
    "behind": N_("Behind"),
    "no_data": N_("Not reported"),
    "no_target": N_("No target"),
    "not_started": N_("Not started"),
    "draft": N_("Being filled in"),
    "submitted": N_("Waiting for review"),
    "checked": N_("Checked, waiting for approval"),
    "returned": N_("Returned to be mended"),
    "approved": N_("Approved"),
    "waiting": N_("Waiting for review"),
    "refused": N_("Turned down"),
    "taken_back": N_("Taken back"),
    "administrator": N_("Administrator"),
    "reviewer": N_("Reviewer"),
    "reporter": N_("Reporter"),
    "official": N_("Official"),
    "auditor": N_("Auditor"),
    "city": N_("City"),
    "district": N_("District"),
    "township": N_("Township"),
    "community": N_("Community"),
    "compound": N_("Compound"),
    "building": N_("Building"),
    "department": N_("Department"),
    "households": N_("Households"),
    "residents": N_("Residents"),
    "compounds": N_("Number of compounds"),
    "area": N_("Area"),
    "flow": N_("Adds up over the periods"),
    "stock": N_("Latest number in place"),
    "ratio": N_("Share of a whole"),
    "milestone": N_("Stages done"),
    "month": N_("Month by month"),
    "day": N_("Day by day"),
    "curve": N_("By its own curve"),
    "none": N_("At any time"),
    "at_least": N_("To be reached"),
    "at_most": N_("Not to be passed"),
    "invited": N_("Invited"),
    "active": N_("Active"),
    "locked": N_("Locked"),
    "disabled": N_("Disabled"),
    "see": N_("See"),
    "change": N_("Enter"),
    "approve": N_("Review"),
    "export": N_("Export"),
    "manage": N_("Manage"),
    "see_progress": N_("Progress"),
    "export_progress": N_("Progress sheets"),
    "see_reports": N_("Reports"),
    "see_evidence": N_("Evidence"),
    "fill_reports": N_("Reports"),
    "review_reports": N_("Reports"),
    "import_reports": N_("Figures from Excel"),
    "manage_units": N_("Units"),
    "manage_users": N_("Users and rights"),
    "manage_plans": N_("Plans and targets"),
    "manage_house": N_("Settings and backup"),
    "read_audit": N_("Audit log"),
    "not_begun": N_("Not begun"),
    "running": N_("Running"),
    "due": N_("To be handed in"),
    "past_due": N_("Past due"),
    "not_asked": N_("Not asked for"),
    "ok": N_("In order"),
    "warning": N_("Warning"),
    "failure": N_("Failure"),
    "default": N_("Default"),
    "file": N_("Settings file"),
    "environment": N_("Environment"),
    "program": N_("Program"),
    "instance": N_("Instance folder"),
    "setup": N_("Chosen at the set-up"),
    "increase": N_("The increase of the period"),
    "running_total": N_("The running total since the plan began"),
}
"""The word of each member of the enumerations that people read, to be translated."""

_FREQUENCIES = {
    Frequency.MONTH: N_("Every month"),
    Frequency.QUARTER: N_("Every quarter"),
    Frequency.HALF_YEAR: N_("Every half-year"),
    Frequency.YEAR: N_("Once a year"),
}


@runtime_checkable
class Named(Protocol):
    """Anything with a name in both languages."""

    @property
    def name(self) -> str:
        """The Chinese name."""

    @property
    def name_en(self) -> str | None:
        """The English name, where there is one."""


class Defined(Protocol):
    """Anything with a definition in both languages."""

    @property
    def definition(self) -> str:
        """The Chinese definition."""

    @property
    def definition_en(self) -> str | None:
        """The English definition, where there is one."""


class Guided(Protocol):
    """Anything with help for whoever fills it in, in both languages."""

    @property
    def guide(self) -> str | None:
        """The Chinese help, where there is one."""

    @property
    def guide_en(self) -> str | None:
        """The English help, where there is one."""


def choose_language() -> str:
    """The language of this request: address, then cookie, then the instance's own."""
    if has_request_context():
        asked = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
        if asked in LANGUAGES:
            return asked
    setting = setting_here("LANGUAGE")
    return setting if setting in LANGUAGES else "zh"


def init_i18n(app: Flask) -> None:
    """Load the catalogues and choose a language for each request."""
    Babel(
        app,
        default_locale="zh",
        default_translation_directories=str(Path(ROOT, "tracker", "translations")),
        locale_selector=choose_language,
    )
    _translations(app)


def _translations(app: Flask) -> None:
    """Give the templates a gettext that finds the request's catalogue once, not once per word."""

    def catalogue() -> NullTranslations:
        if "catalogue" not in g:
            g.catalogue = get_domain().get_translations()
        found: NullTranslations = g.catalogue
        return found

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # Jinja's extension adds it
        lambda text: catalogue().gettext(text),
        lambda one, many, n: catalogue().ngettext(one, many, n),
        newstyle=True,
    )


def language() -> str:
    """The code of the language being spoken: zh or en."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def word(value: StrEnum | str) -> str:
    """The word of an enumeration's member."""
    return gettext(WORDS[str(value)])


def frequency_word(value: Frequency) -> str:
    """How often a plan is reported; the same names mean something else for a schedule."""
    return gettext(_FREQUENCIES[value])


def name_of(thing: Named) -> str:
    """The name of a unit, indicator or other data in the language being spoken."""
    return thing.name_en if language() == "en" and thing.name_en else thing.name


def definition_of(indicator: Defined) -> str:
    """The definition (口径) of an indicator in the language being spoken."""
    return indicator.definition_en if language() == "en" and indicator.definition_en else indicator.definition


def guide_of(indicator: Guided) -> str:
    """The help for filling an indicator in (填报说明) in the language being spoken, or else in Chinese."""
    return (indicator.guide_en if language() == "en" else None) or indicator.guide or ""


def say(error: HouseError) -> str:
    """The sentence of a broken rule in the language being spoken; of several rules, all sentences."""
    if isinstance(error, SeveralRulesError):
        return sentences(say(each) for each in error.errors)
    return speak(error.message, error.params)


def speak(message: str, params: Mapping[str, object]) -> str:
    """A sentence with what it is about, both in the language being spoken."""
    spoken = {name: _spoken(value) for name, value in params.items()}
    return gettext(message, **spoken) if spoken else gettext(message)


def sentences(said: Iterable[str]) -> str:
    """Several sentences one after another; Chinese puts no blank between them."""
    return (" " if language() == "en" else "").join(said)


def _spoken(value: object) -> object:
    """The name of data, a day and a list of words in the language being spoken; anything else as it is."""
    if isinstance(value, Named):
        return name_of(value)
    if isinstance(value, date):
        return format_date(value, "d MMMM y" if language() == "en" else "y年M月d日")
    if not isinstance(value, tuple):
        return value
    said = (name_of(each) if isinstance(each, Named) else gettext(each) for each in value)
    return (", " if language() == "en" else "、").join(said)
