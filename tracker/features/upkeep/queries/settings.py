"""The settings with the values that the running program has, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy.engine import make_url

from tracker.config import SETTINGS, Setting, Source
from tracker.core.instance import chosen_settings

MASK = "••••••••"


@dataclass(frozen=True)
class SettingRow:
    """A setting as it is shown: secrets are masked."""

    setting: Setting
    value: str
    source: Source


def setting_rows() -> list[SettingRow]:
    """All settings, in the order of their table."""
    sources: dict[str, Source] = current_app.extensions["setting_sources"]
    chosen = chosen_settings()
    return [
        SettingRow(setting, chosen[setting.name], Source.SETUP)
        if setting.name in chosen
        else SettingRow(setting, _shown(setting), sources[setting.name])
        for setting in SETTINGS
    ]


def _shown(setting: Setting) -> str:
    value = str(current_app.config[setting.name])
    if setting.is_secret:
        return MASK if value else ""
    if setting.name == "DATABASE_URL":
        # The part behind the question mark can hold a password as well.
        return make_url(value).set(query={}).render_as_string(hide_password=True)
    return value
