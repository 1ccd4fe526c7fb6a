"""Start, test and check the tracker with nothing but Python itself: `python run.py --help`.

Only the standard library is used, and no syntax newer than Python 3.7, so that an older Python still gets
as far as saying what is wrong in plain words.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import errno
import hashlib
import importlib.util
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / ".venv.lock"
OLDEST = (3, 11)
LAST_PORT = 65535
RUN_FILE, TEST_FILE = "requirements.txt", "requirements-test.txt"

HELP = """\
李村镇文明典范城市创建指标台账 — 启动程序
  python run.py [--port 8765] [--host 127.0.0.1] [--no-browser]
                                  启动系统；首次运行会自动安装所需软件，并建立示例镇的数据
  python run.py test [pytest 参数]  运行测试
  python run.py bench [名称 …]     运行性能测量
  python run.py check              检查代码（ruff、mypy、import-linter）
  python run.py tracker <命令> …    运行管理命令，例如 python run.py tracker --help
不能上网的电脑：先在能上网的同类电脑上运行 python -m pip download -r requirements.txt -d wheelhouse，
再把 wheelhouse 文件夹放到本文件旁边。

Township model-civilised-city tracker — start-up program
  python run.py [--port 8765] [--host 127.0.0.1] [--no-browser]
                                  start the tracker; the first run installs what it needs and
                                  creates a sample township
  python run.py test [pytest arguments]  run the tests
  python run.py bench [name ...]         run the measurements
  python run.py check                    check the code (ruff, mypy, import-linter)
  python run.py tracker <command> ...    run a management command, such as: python run.py tracker --help
Without a network: on a computer of the same kind that has one, run
python -m pip download -r requirements.txt -d wheelhouse, then put the folder wheelhouse beside this file.
"""


class Problem(Exception):
    """Something the reader can put right: in Chinese, in English, and then the details."""

    def __init__(self, chinese: str, english: str, details: Sequence[str] = ()) -> None:
        super().__init__("\n".join([chinese, english, *("  | " + line for line in details)]))


def say(chinese: str, english: str) -> None:
    """Tell the reader what happens now, in both languages."""
    print(f"> {chinese} / {english}", flush=True)


def use_utf8_output() -> None:
    """Write UTF-8 and never fail on a character, whatever code page the console has."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old for the product."""
    if tuple(version[:2]) < OLDEST:
        found = ".".join(str(part) for part in version[:3])
        raise Problem(
            f"需要 Python 3.11 或更新版本，当前是 {found}。请安装新版本后再运行。",
            f"Python 3.11 or newer is needed, this one is {found}. Please install a newer one and run again.",
        )


def check_venv_support(find: Callable[[str], object] = importlib.util.find_spec) -> None:
    """Refuse a Python from which Debian has left out the parts that make environments."""
    if find("venv") is None or find("ensurepip") is None:
        raise Problem(
            "当前 Python 缺少 venv 或 ensurepip 组件。在 Debian/Ubuntu 上请运行：apt install python3-venv",
            "This Python lacks venv or ensurepip. On Debian or Ubuntu please run: apt install python3-venv",
        )


def venv_python(venv: Path = VENV) -> Path:
    """Where the environment's own interpreter lies on this system."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def fingerprint(*names: str, root: Path = ROOT) -> str:
    """What a stamp must say: this Python, this system, and a hash of these requirement files."""
    digest = hashlib.sha256()
    for name in names:
        # Line ends are evened out, because a checkout on Windows may differ in nothing else.
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    system = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]} {sys.platform}"
    return f"{system} {digest.hexdigest()}\n"


def stamp_file(kind: str, venv: Path = VENV) -> Path:
    """The file that says that everything of this kind ("run" or "test") was installed to the end."""
    return venv / f"installed-{kind}.stamp"


def read_stamp(kind: str, venv: Path = VENV) -> str:
    """What the stamp says, or an empty text when there is none."""
    path = stamp_file(kind, venv)
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def drop_stamps(venv: Path = VENV) -> None:
    """Forget what was finished, so that an interruption from here on is recognised at the next start."""
    for kind in ("run", "test"):
        path = stamp_file(kind, venv)
        if path.exists():
            path.unlink()


def venv_is_sound(venv: Path = VENV) -> bool:
    """Whether the environment was once finished, for this Python, and its base interpreter still exists."""
    settings = venv / "pyvenv.cfg"
    if not (venv_python(venv).exists() and settings.is_file()):
        return False
    lines = settings.read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = (line.partition("=") for line in lines)
    homes = [value.strip() for key, _, value in pairs if key.strip() == "home"]
    stamp = read_stamp("run", venv).split()
    return bool(homes) and Path(homes[0]).exists() and stamp[:3] == fingerprint().split()[:3]


def child_environment() -> dict[str, str]:
    """Variables for every program started here: UTF-8 throughout, `tracker` found from any folder."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join(paths)}


def run_quietly(arguments: Sequence[str]) -> tuple[int, list[str]]:
    """Run a program, name the packages it collects, and return its exit code and last lines."""
    last: collections.deque[str] = collections.deque(maxlen=15)
    with subprocess.Popen(
        arguments,
        cwd=str(ROOT),
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                last.append(line.rstrip())
                if line.startswith("Collecting "):
                    print("    " + line.split()[1], flush=True)
        except BaseException:
            process.terminate()
            raise
    return process.returncode, list(last)


def make_venv() -> None:
    """Make the environment from nothing, also where an interrupted one lies."""
    check_venv_support()
    if VENV.exists():
        say("运行环境不完整或已过期，重新建立 .venv", "Making the unfinished or outdated .venv anew")
    else:
        say("建立运行环境 .venv", "Making the environment .venv")
    code, lines = run_quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if code:
        raise Problem(
            "无法建立运行环境 .venv。在 Debian/Ubuntu 上请先运行：apt install python3-venv",
            "Making the environment .venv failed. On Debian or Ubuntu first run: apt install python3-venv",
            lines,
        )


def pip_install(name: str) -> None:
    """Install one pinned requirements file, from the folder wheelhouse when there is one."""
    wheelhouse = ROOT / "wheelhouse"
    offline = ["--no-index", "--find-links", str(wheelhouse)] if wheelhouse.is_dir() else []
    if offline:
        say(f"从 wheelhouse 文件夹安装 {name}，请稍候", f"Installing {name} from the folder wheelhouse")
    else:
        say(f"从网络安装 {name}，请稍候几分钟", f"Installing {name} from the network, a few minutes")
    pip = [str(venv_python()), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    code, lines = run_quietly([*pip, *offline, "--require-hashes", "-r", name])
    if code:
        raise Problem(
            f"安装 {name} 失败。安装需要网络，或在本文件旁放置完整的 wheelhouse/ 文件夹。pip 的最后几行：",
            f"Installing {name} failed. It needs the network, or a complete folder wheelhouse/ "
            "beside this file (see --help). The last lines of pip:",
            lines,
        )


def ensure_environment(*, tests: bool = False) -> None:
    """Install what is missing; when the stamps match, do nothing at all."""
    kinds = {"run": (RUN_FILE,), "test": (RUN_FILE, TEST_FILE)}
    kind = "test" if tests else "run"
    wanted = {each: fingerprint(*names) for each, names in kinds.items()}
    if venv_is_sound() and read_stamp(kind) == wanted[kind]:
        return
    with installing():
        # Another start may have finished the work while this one waited.
        sound = venv_is_sound()
        if sound and read_stamp(kind) == wanted[kind]:
            return
        if not sound:
            make_venv()
        drop_stamps()
        # The file of the tests repeats every pin of the product, so one installation serves both.
        pip_install(TEST_FILE if tests else RUN_FILE)
        for each in ("run", "test") if tests else ("run",):
            stamp_file(each).write_text(wanted[each], encoding="utf-8")
        say("安装完成", "Everything is installed")


@contextlib.contextmanager
def installing() -> Iterator[None]:
    """Let one installation run at a time: a second start waits; a dead one holds no lock."""
    with LOCK.open("a+b") as file:
        if not lock(file):
            say("另一个安装正在进行，请稍候", "Another installation is running; waiting for it")
            while not lock(file):
                time.sleep(0.5)
        yield


def lock(file: BinaryIO) -> bool:
    """Try to lock an open file for this process alone."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def check_port(host: str, port: int) -> None:
    """Refuse a port that is out of range, taken or not allowed, before any work is done."""
    if not 1 <= port <= LAST_PORT:
        raise Problem(
            f"端口 {port} 超出范围，应为 1 到 {LAST_PORT}。",
            f"Port {port} is out of range; it must be 1 to {LAST_PORT}.",
        )
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # Elsewhere than on Windows this lets a port be used again at once after the server has stopped.
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        other = port + 1 if port < LAST_PORT else port - 1
        if error.errno == errno.EADDRINUSE:
            raise Problem(
                f"端口 {port} 已被占用。请关闭占用它的程序，或换一个端口：python run.py --port {other}",
                f"Port {port} is taken. Close the program that uses it, or choose another: --port {other}",
            ) from None
        raise Problem(
            f"无法在 {host} 的端口 {port} 上提供服务。请检查 --host，或换一个端口：--port 8766",
            f"Cannot serve on {host}, port {port}. Please check --host, or choose another port: --port 8766",
            [str(error)],
        ) from None


def address_of(host: str, port: int) -> str:
    """The address to open in a browser on this computer."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def announce(process: subprocess.Popen[bytes], address: str, browser: bool) -> None:
    """Wait until the server answers, then print its address and open the browser."""
    # A proxy set for the internet must not be asked for this computer's own address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while process.poll() is None:
        try:
            with opener.open(address + "/healthz", timeout=5):
                break
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
    else:
        return
    say(f"系统已启动：{address} 按 Ctrl+C 停止", f"The tracker is running at {address} - Ctrl+C stops it")
    # Without a screen, a Linux system may start a text browser in this very terminal.
    screen = not sys.platform.startswith("linux") or {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ)
    if browser and screen:
        webbrowser.open(address)


def start(arguments: Sequence[str], folder: Path | None = ROOT) -> subprocess.Popen[bytes]:
    """Start the environment's Python with these arguments."""
    return subprocess.Popen(
        [str(venv_python()), *arguments], cwd=str(folder) if folder else None, env=child_environment()
    )


def wait_for(process: subprocess.Popen[bytes]) -> int:
    """Return the exit code of a program, and leave none behind when this one is stopped."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The console has sent the same signal to the program, which may need a moment to finish its work.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        raise
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def refuse_options(message: str) -> NoReturn:
    """Say in both languages that the options are not understood."""
    raise Problem(
        f"无法识别的参数：{message}。运行 python run.py --help 查看说明。",
        f"These options are not understood: {message}. See python run.py --help.",
    )


def serve(arguments: Sequence[str]) -> int:
    """Install what is missing, then serve until Ctrl+C."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.error = refuse_options  # type: ignore[method-assign]
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args(arguments)
    check_port(options.host, options.port)
    ensure_environment()
    command = ["-m", "tracker", "serve", "--host", options.host, "--port", str(options.port)]
    if not os.environ.get("TRACKER_DATABASE_URL"):
        command.append("--sample-if-empty")
    say("启动系统；首次运行会建立示例数据", "Starting the tracker; the first run creates the sample data")
    process = start(command)
    details = (process, address_of(options.host, options.port), not options.no_browser)
    threading.Thread(target=announce, args=details, daemon=True).start()
    try:
        return wait_for(process)
    except KeyboardInterrupt:
        say("系统已停止", "The tracker has stopped")
        return 0


def forward(arguments: Sequence[str]) -> int:
    """Run a management command; file names are meant from the folder where the reader stands."""
    ensure_environment()
    return wait_for(start(["-m", "tracker", *arguments], folder=None))


def test(arguments: Sequence[str]) -> int:
    """Run the tests."""
    ensure_environment(tests=True)
    return wait_for(start(["-m", "pytest", *arguments]))


def bench(arguments: Sequence[str]) -> int:
    """Run the measurements."""
    ensure_environment(tests=True)
    return wait_for(start(["-m", "tests.bench", *arguments]))


def check(arguments: Sequence[str]) -> int:
    """Check style, types and import rules; run all of them, also after one has failed."""
    if arguments:
        refuse_options(" ".join(arguments))
    ensure_environment(tests=True)
    checks = {
        "ruff check": ["-m", "ruff", "check", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "."],
        "mypy": ["-m", "mypy"],
        "lint-imports": ["-c", "from importlinter.cli import lint_imports_command as f; f(['--no-logo'])"],
    }
    failed = []
    for title, command in checks.items():
        say(f"检查 {title}", f"Checking with {title}")
        if wait_for(start(command)):
            failed.append(title)
    if failed:
        raise Problem(f"未通过的检查：{'；'.join(failed)}", f"These checks failed: {'; '.join(failed)}")
    say("全部检查通过", "All checks passed")
    return 0


COMMANDS = {"test": test, "bench": bench, "check": check, "tracker": forward}


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks and return the exit code."""
    use_utf8_output()
    # A request to end, as a service manager sends it, must end the program started here as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    first = arguments[0] if arguments else ""
    try:
        # Behind a command, --help is that command's own.
        if first == "help" or (first not in COMMANDS and {"-h", "--help"} & set(arguments)):
            print(HELP, end="")
            return 0
        check_python(sys.version_info[:3])
        if first in COMMANDS:
            return COMMANDS[first](arguments[1:])
        if first and not first.startswith("-"):
            raise Problem(
                f"没有“{first}”这个命令。运行 python run.py --help 查看全部命令。",
                f"There is no command '{first}'. See python run.py --help for all commands.",
            )
        return serve(arguments)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("已停止", "Stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
