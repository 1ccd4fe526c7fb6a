"""Settings: which source wins, and the key that each instance keeps for itself."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from tracker.app import create_app
from tracker.config import ROOT, SETTINGS, Source, find_sources, instance_folder, load_settings


def test_later_sources_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(tmp_path)["PAGE_SIZE"] == 50
    (tmp_path / "config.py").write_text("PAGE_SIZE = 60\nLANGUAGE = 'en'\nOTHER = 1\n", encoding="utf-8")
    settings = load_settings(tmp_path)
    assert (settings["PAGE_SIZE"], settings["LANGUAGE"]) == (60, "en")
    assert "OTHER" not in settings
    monkeypatch.setenv("TRACKER_PAGE_SIZE", "70")
    assert load_settings(tmp_path)["PAGE_SIZE"] == 70
    assert load_settings(tmp_path, {"PAGE_SIZE": 80})["PAGE_SIZE"] == 80
    assert create_app({"PAGE_SIZE": 80}, folder=tmp_path).config["PAGE_SIZE"] == 80


@pytest.mark.parametrize(
    ("given", "meant"), [("1", True), ("True", True), ("on", True), ("0", False), ("", False)]
)
def test_a_switch_is_read_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, meant: bool
) -> None:
    monkeypatch.setenv("TRACKER_COOKIE_SECURE", given)
    assert load_settings(tmp_path)["COOKIE_SECURE"] is meant


def test_a_number_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_THREADS", "many")
    with pytest.raises(ValueError, match="TRACKER_THREADS: 'many' is not a whole number"):
        load_settings(tmp_path)


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = load_settings(tmp_path / "a")["SECRET_KEY"]
    assert load_settings(tmp_path / "a")["SECRET_KEY"] == first
    assert load_settings(tmp_path / "b")["SECRET_KEY"] != first
    assert len(str(first)) >= 64
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "a" / "secret_key").stat().st_mode) == 0o600


def test_an_empty_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("\n", encoding="utf-8")
    with pytest.raises(ValueError, match="secret_key"):
        load_settings(tmp_path)


def test_a_key_that_is_given_leaves_no_file(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"SECRET_KEY": "given"})["SECRET_KEY"] == "given"
    assert list(tmp_path.iterdir()) == []


def test_the_instance_folder_is_chosen_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert instance_folder() == ROOT / "instance"
    chosen = tmp_path / "示例 folder"
    monkeypatch.setenv("TRACKER_INSTANCE", str(chosen))
    assert instance_folder() == chosen
    app = create_app()
    assert Path(app.instance_path) == chosen
    assert (chosen / "secret_key").is_file()
    assert app.config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{(chosen / 'tracker.db').as_posix()}"


def test_every_setting_says_what_it_is_for() -> None:
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    for setting in SETTINGS:
        assert setting.help.endswith(".")
        assert setting.name.isupper()


def test_what_may_be_a_secret_is_one() -> None:
    """Or the page of settings would show it."""
    telling = ("KEY", "SECRET", "TOKEN")
    for setting in SETTINGS:
        assert setting.is_secret == any(word in setting.name for word in telling) or setting.name.endswith(
            "PASSWORD"
        ), setting.name


def test_each_setting_tells_where_its_value_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.py").write_text("PAGE_SIZE = 60\nTHREADS = 4\nLANGUAGE = 'en'\n", encoding="utf-8")
    monkeypatch.setenv("TRACKER_THREADS", "5")
    monkeypatch.setenv("TRACKER_LANGUAGE", "zh")
    found = find_sources(tmp_path, {"LANGUAGE": "en"})
    assert found["PAGE_SIZE"] is Source.FILE
    assert found["THREADS"] is Source.ENVIRONMENT
    assert found["LANGUAGE"] is Source.PROGRAM
    assert found["TIME_ZONE"] is Source.DEFAULT
    assert found["SECRET_KEY"] is found["DATABASE_URL"] is Source.INSTANCE
    monkeypatch.setenv("TRACKER_SECRET_KEY", "")
    assert find_sources(tmp_path)["SECRET_KEY"] is Source.INSTANCE
    monkeypatch.setenv("TRACKER_SECRET_KEY", "given")
    assert find_sources(tmp_path)["SECRET_KEY"] is Source.ENVIRONMENT
