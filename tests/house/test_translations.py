"""Both languages are complete: every text in the code is in the catalogue, translated, and compiled."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from .source import PACKAGE, ROOT, Breach, refuse

FOLDER = PACKAGE / "translations" / "zh" / "LC_MESSAGES"
CATALOGUE, COMPILED = FOLDER / "messages.po", FOLDER / "messages.mo"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "N_": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")

Text = tuple[str, ...]
"""A text's singular, and its plural where it has one."""


def parts(text: object) -> Text:
    return tuple(str(part) for part in text) if isinstance(text, (tuple, list)) else (str(text),)


@cache
def in_the_code() -> dict[Text, tuple[str, int]]:
    """Every text that is to be translated, with the first place where it stands."""
    found: dict[Text, tuple[str, int]] = {}
    for folder, pattern, method in ((PACKAGE, "**.py", "python"), (ROOT / "templates", "**.html", "jinja2")):
        for name, line, text, _, _ in extract_from_dir(
            folder,
            method_map=[(pattern, method)],
            options_map={pattern: {"silent": "false", "encoding": "utf-8"}},
            keywords=KEYWORDS,
        ):
            found.setdefault(parts(text), (f"{folder.name}/{name}".replace("\\", "/"), line))
    return found


@cache
def catalogue() -> Catalog:
    assert CATALOGUE.is_file(), "tracker/translations/zh/LC_MESSAGES/messages.po is missing"
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def messages() -> Iterator[Message]:
    return (message for message in catalogue() if message.id)


def po_breaches(found: Iterator[tuple[Message, str]]) -> Iterator[tuple[str, Breach]]:
    for message, what in found:
        yield CATALOGUE.relative_to(ROOT).as_posix(), Breach(message.lineno or 1, f"{what}: {message.id!r}")


def test_every_text_in_the_code_is_in_the_catalogue() -> None:
    known = {parts(message.id) for message in messages()}
    refuse(
        "Every text is in the catalogue: extract and update it",
        (
            (path, Breach(line, repr(text[0])))
            for text, (path, line) in in_the_code().items()
            if text not in known
        ),
    )


def test_the_catalogue_has_no_text_that_the_code_has_lost() -> None:
    refuse(
        "The catalogue has only texts that the code has: extract and update it",
        po_breaches((m, "is nowhere in the code") for m in messages() if parts(m.id) not in in_the_code()),
    )
    assert not catalogue().obsolete, "the catalogue keeps obsolete texts (#~): remove them"


def test_every_text_is_translated() -> None:
    refuse(
        "Every text is translated, and no translation is only guessed (fuzzy)",
        po_breaches(
            (message, "is fuzzy" if message.fuzzy else "has no translation")
            for message in messages()
            if message.fuzzy or not all(part.strip() for part in parts(message.string))
        ),
    )


def test_translations_have_the_placeholders_of_their_text() -> None:
    def wrong() -> Iterator[tuple[Message, str]]:
        for message in messages():
            given = set(PLACEHOLDER.findall(parts(message.id)[-1]))
            for translation in parts(message.string):
                if translation and set(PLACEHOLDER.findall(translation)) != given:
                    yield message, f"has other placeholders than {translation!r}"

    refuse("A translation has exactly the placeholders of its text", po_breaches(wrong()))


def test_the_compiled_catalogue_is_what_its_source_gives() -> None:
    assert COMPILED.is_file(), "messages.mo is missing: compile the catalogue"
    made = io.BytesIO()
    write_mo(made, catalogue())
    made.seek(0)
    with COMPILED.open("rb") as file:
        stored = {parts(m.id): parts(m.string) for m in read_mo(file) if m.id}
    assert stored == {parts(m.id): parts(m.string) for m in read_mo(made) if m.id}, (
        "messages.mo is not what messages.po gives: compile the catalogue"
    )
