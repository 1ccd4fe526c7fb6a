"""Rows for programs, and the table of settings that the documents show."""

from __future__ import annotations

from flask_babel import force_locale, gettext

from tracker.config import SETTINGS
from tracker.core.i18n import speak
from tracker.core.preferences import LANGUAGES
from tracker.features.upkeep.queries import Checked, Finding

HEAD = (
    "| name 名称 | environment 环境变量 | default 默认值 | meaning | 说明 |",
    "|---|---|---|---|---|",
)


def sentence_of(finding: Finding) -> str:
    """A finding in the language being spoken."""
    return speak(finding.message, finding.params)


def check_rows(checked: list[Checked]) -> list[dict[str, object]]:
    """The checks for other programs, their sentences in both languages."""
    said: dict[str, list[str]] = {}
    for language in LANGUAGES:
        with force_locale(language):
            said[language] = [" ".join(map(sentence_of, one.findings)) for one in checked]
    return [
        {
            "check": one.check.name,
            "state": one.health.value,
            "message": {language: said[language][number] for language in LANGUAGES},
        }
        for number, one in enumerate(checked)
    ]


def settings_table() -> str:
    """The table of settings in Markdown, as docs/settings.md has it."""
    with force_locale("zh"):
        chinese = [gettext(setting.help) for setting in SETTINGS]
    lines = []
    for each, said in zip(SETTINGS, chinese, strict=True):
        default = "(empty 空)" if each.default == "" else f"`{each.default}`"
        lines.append(f"| `{each.name}` | `TRACKER_{each.name}` | {default} | {each.help} | {said} |")
    return "\n".join([*HEAD, *lines]) + "\n"
