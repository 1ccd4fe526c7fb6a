"""The start-up program says what is wrong, in both languages, and never installs twice."""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(path: Path) -> ModuleType:
    """Import a copy of run.py as a module of its own."""
    spec = importlib.util.spec_from_file_location("run_under_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a Chinese name and a space that holds run.py and the requirements, and no environment."""
    folder = tmp_path / "创建 办"
    folder.mkdir()
    for name in ("run.py", "requirements.txt", "requirements-test.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def run(project: Path) -> ModuleType:
    """The module run.py of that folder."""
    return load(project / "run.py")


def pretend_venv(run: ModuleType) -> None:
    """Lay down the files by which an environment is recognised."""
    python = run.venv_python()
    python.parent.mkdir(parents=True)
    python.touch()
    (run.VENV / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n", encoding="utf-8")


def finish(run: ModuleType, *kinds: str) -> None:
    """Write the stamps of a finished installation."""
    files = {"run": (run.RUN_FILE,), "test": (run.RUN_FILE, run.TEST_FILE)}
    for kind in kinds:
        run.stamp_file(kind).write_text(run.fingerprint(*files[kind]), encoding="utf-8")


def spy_on_installs(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what would be made or installed, without doing it."""
    done: list[str] = []

    def make_venv() -> None:
        done.append("venv")
        shutil.rmtree(run.VENV, ignore_errors=True)
        pretend_venv(run)

    monkeypatch.setattr(run, "make_venv", make_venv)
    monkeypatch.setattr(run, "pip_install", done.append)
    return done


def call(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run run.py in a process of its own."""
    return subprocess.run(
        [sys.executable, str(folder / "run.py"), *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **variables},
        timeout=60,
        check=False,
    )


def assert_in_both_languages(text: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]", text.splitlines()[0])
    assert re.search(r"[A-Za-z]{4}", text.splitlines()[1])
    assert "Traceback" not in text


@pytest.mark.parametrize("version", [(3, 7, 16), (3, 10, 13)])
def test_an_old_python_is_refused_in_both_languages(run: ModuleType, version: tuple[int, int, int]) -> None:
    with pytest.raises(run.Problem) as caught:
        run.check_python(version)
    assert_in_both_languages(str(caught.value))
    assert "3.11" in str(caught.value)
    assert ".".join(map(str, version)) in str(caught.value)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_a_new_enough_python_is_accepted(run: ModuleType, version: tuple[int, int, int]) -> None:
    run.check_python(version)


def test_the_program_uses_no_syntax_newer_than_python_3_7() -> None:
    import ast

    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_python_without_ensurepip_is_told_what_to_install(run: ModuleType) -> None:
    with pytest.raises(run.Problem) as caught:
        run.check_venv_support(lambda name: None if name == "ensurepip" else object())
    assert_in_both_languages(str(caught.value))
    assert "apt install python3-venv" in str(caught.value)


def test_a_taken_port_is_named_and_another_suggested_before_anything_is_installed(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = call(project, "--port", str(port))
    assert result.returncode == 1
    assert_in_both_languages(result.stderr)
    assert f"端口 {port} 已被占用" in result.stderr
    assert f"Port {port} is taken" in result.stderr
    assert f"--port {port + 1 if port < 65535 else port - 1}" in result.stderr
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999999"])
def test_a_port_out_of_range_is_refused(project: Path, port: str) -> None:
    result = call(project, f"--port={port}")
    assert result.returncode == 1
    assert_in_both_languages(result.stderr)
    assert f"Port {port} is out of range" in result.stderr


def test_a_host_that_is_not_this_computer_is_refused(project: Path) -> None:
    # The address is kept for documentation, so no computer has it.
    result = call(project, "--host", "192.0.2.1")
    assert result.returncode == 1
    assert_in_both_languages(result.stderr)
    assert "192.0.2.1" in result.stderr


@pytest.mark.parametrize("arguments", [("--port", "abc"), ("--port",), ("--wrong",), ("check", "extra")])
def test_options_that_are_not_understood_are_refused(project: Path, arguments: tuple[str, ...]) -> None:
    result = call(project, *arguments)
    assert result.returncode == 1
    assert_in_both_languages(result.stderr)
    assert not (project / ".venv").exists()


def test_an_unknown_command_is_refused(project: Path) -> None:
    result = call(project, "fly")
    assert result.returncode == 1
    assert_in_both_languages(result.stderr)
    assert "fly" in result.stderr
    assert "--help" in result.stderr


def test_help_is_given_in_both_languages_in_a_folder_with_a_chinese_name(project: Path) -> None:
    result = call(project, "--help")
    assert result.returncode == 0
    assert "首次运行" in result.stdout
    assert "the first run" in result.stdout
    for command in ("test", "bench", "check", "tracker"):
        assert result.stdout.count(f"run.py {command}") >= 2


def test_help_is_readable_when_the_console_has_a_chinese_code_page(project: Path) -> None:
    result = call(project, "--help", PYTHONIOENCODING="cp936", PYTHONUTF8="0")
    assert result.returncode == 0
    assert "启动程序" in result.stdout


def test_nothing_is_installed_when_the_stamp_matches(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_venv(run)
    finish(run, "run")
    done = spy_on_installs(run, monkeypatch)
    monkeypatch.setattr(run.subprocess, "Popen", lambda *_, **__: pytest.fail("a process was started"))
    run.ensure_environment()
    assert done == []


def test_a_first_start_makes_the_environment_and_the_second_does_nothing(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = spy_on_installs(run, monkeypatch)
    run.ensure_environment()
    run.ensure_environment()
    assert done == ["venv", "requirements.txt"]


def test_an_interrupted_installation_is_begun_anew(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_venv(run)
    done = spy_on_installs(run, monkeypatch)
    run.ensure_environment()
    assert done == ["venv", "requirements.txt"]


def test_a_failing_installation_leaves_no_stamp(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_venv(run)
    finish(run, "run")
    monkeypatch.setattr(run, "run_quietly", lambda _: (1, ["ERROR: no matching distribution"]))
    with pytest.raises(run.Problem) as caught:
        run.ensure_environment(tests=True)
    assert_in_both_languages(str(caught.value))
    assert "requirements-test.txt" in str(caught.value)
    assert "wheelhouse/" in str(caught.value)
    assert "ERROR: no matching distribution" in str(caught.value)
    assert run.read_stamp("run") == ""
    assert run.read_stamp("test") == ""


def test_changed_requirements_are_installed_and_end_the_test_stamp(
    run: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_venv(run)
    finish(run, "run", "test")
    with (project / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    done = spy_on_installs(run, monkeypatch)
    run.ensure_environment()
    assert done == ["requirements.txt"]
    assert run.read_stamp("test") == ""


def test_the_tests_install_on_top_and_serve_the_product_too(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_venv(run)
    finish(run, "run")
    done = spy_on_installs(run, monkeypatch)
    run.ensure_environment(tests=True)
    run.ensure_environment()
    run.ensure_environment(tests=True)
    assert done == ["requirements-test.txt"]


def test_an_environment_of_another_python_is_made_anew(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_venv(run)
    other = run.fingerprint(run.RUN_FILE).replace(f" {sys.version_info[0]}.{sys.version_info[1]} ", " 3.1 ")
    run.stamp_file("run").write_text(other, encoding="utf-8")
    done = spy_on_installs(run, monkeypatch)
    run.ensure_environment()
    assert done == ["venv", "requirements.txt"]


def test_an_environment_whose_python_was_removed_is_made_anew(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_venv(run)
    finish(run, "run")
    (run.VENV / "pyvenv.cfg").write_text(f"home = {run.ROOT / 'gone'}\n", encoding="utf-8")
    done = spy_on_installs(run, monkeypatch)
    run.ensure_environment()
    assert done == ["venv", "requirements.txt"]


def test_a_wheelhouse_is_used_instead_of_the_network(
    run: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "wheelhouse").mkdir()
    calls: list[list[str]] = []

    def record(command: list[str]) -> tuple[int, list[str]]:
        calls.append(command)
        return 0, []

    monkeypatch.setattr(run, "run_quietly", record)
    run.pip_install("requirements.txt")
    assert "--no-index" in calls[0]
    assert calls[0][calls[0].index("--find-links") + 1] == str(project / "wheelhouse")
    assert "--require-hashes" in calls[0]


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("fd00::1", "http://[fd00::1]:80"),
    ],
)
def test_the_printed_address_can_be_opened_on_this_computer(run: ModuleType, host: str, address: str) -> None:
    assert run.address_of(host, 80) == address


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z].*?(?=^[a-z]|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert pins
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
    assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links|(?<!\S)/\w", text) == []


def test_the_test_requirements_repeat_every_pin_of_the_product() -> None:
    product, tests = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))
        for name in ("requirements.txt", "requirements-test.txt")
    )
    assert product <= tests


def test_the_package_and_the_requirements_name_the_same_libraries() -> None:
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [line for line in lines if line and not line.startswith("#")] == project["dependencies"]


def test_a_second_installation_waits_for_the_first(run: ModuleType) -> None:
    with run.installing(), run.LOCK.open("a+b") as second:
        assert not run.lock(second)
    with run.LOCK.open("a+b") as later:
        assert run.lock(later)
