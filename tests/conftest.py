"""Fixtures for all tests: offscreen Qt, temporary folders, and a check for threads that are left running."""

import faulthandler
import gc
import logging
import os
import sys
import threading
from functools import partialmethod
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import hypothesis
import numpy as np
import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from file_dialogs import FileDialogs
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from cadl_gui.system.garbage import Collector

_PATIENCE_MS = 60_000

# The duration of an example depends more on the load of the machine than on the code.
# Said, since on a CI service (where CI is set) Hypothesis itself would choose the same examples each time.
hypothesis.settings.register_profile("search", deadline=None, derandomize=False, print_blob=True)
# The same examples each time: a verdict is about the code. New ones are looked for with
# `--hypothesis-profile=search`.
hypothesis.settings.register_profile("cadl", deadline=None, derandomize=True)
hypothesis.settings.load_profile("cadl")

# They are of X11 and of Linux's accessibility bus.
collect_ignore = [] if sys.platform == "linux" else ["acceptance"]


def pytest_addoption(parser):
    """Options of `pytest -m acceptance`: the program to start, and its screen."""
    group = parser.getgroup("acceptance", "the program used from outside")
    group.addoption("--app", type=Path, help="the program to start; default: the installed cadl-gui")
    group.addoption("--screen", default="1024x768", help="size of the screen; default: %(default)s")
    scale = "how large everything is, on a screen of as many more pixels; default: %(default)s"
    group.addoption("--scale", type=int, default=1, help=scale)
    group.addoption("--no-window-manager", action="store_true", help="run no window manager")


def pytest_terminal_summary(terminalreporter, config):
    """Print how to repeat this order of files and tests."""
    if seed := config.getoption("randomly_seed", None):
        terminalreporter.write_line(f"The order was random; for the same again: --randomly-seed={seed}")


class PatientBot(QtBot):
    """A bot with a long timeout, since a test that fails on a busy machine proves nothing."""

    waitUntil = partialmethod(QtBot.waitUntil, timeout=_PATIENCE_MS)  # noqa: N815
    waitSignal = partialmethod(QtBot.waitSignal, timeout=_PATIENCE_MS)  # noqa: N815
    waitSignals = partialmethod(QtBot.waitSignals, timeout=_PATIENCE_MS)  # noqa: N815


@pytest.fixture
def qtbot(qapp, request):
    """Replaces pytest-qt's bot, which waits for five seconds."""
    return PatientBot(request)


@pytest.fixture
def rng():
    """Random numbers that are the same in whatever order tests run."""
    return np.random.default_rng(4)


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """Settings and runs are stored in a folder of the test, on every system, and never in the user's."""
    home = tmp_path / "home"
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    if sys.platform == "darwin":
        monkeypatch.setenv("HOME", str(home))
    for name in ("APPDATA", "LOCAL_APPDATA"):
        monkeypatch.setenv(f"WIN_PD_OVERRIDE_{name}", str(home / name.lower()))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home" / "keras"))
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")


@pytest.fixture
def processor(tmp_path_factory, monkeypatch):
    """Takes the flags that Linux tells of the processor, such as "avx amx_bf16", and perhaps its name."""

    def tell(flags, model="Some Processor"):
        path = tmp_path_factory.mktemp("processor") / "cpuinfo"
        path.write_text(f"processor\t: 0\nmodel name\t: {model}\nflags\t\t: {flags}\nbugs\t\t:\n")
        monkeypatch.setenv("CADL_CPU_INFO", str(path))

    return tell


@pytest.fixture
def no_display(monkeypatch):
    """On Linux, there is no display, and none is made offscreen."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.setenv(name, "")


@pytest.fixture
def gpus(monkeypatch):
    """Takes what GPUs tell of themselves; what believes that it is on them is on the processor."""
    import tensorflow as tf

    listed = tf.config.list_physical_devices

    def tell(*details):
        found = {"GPU": list(details)}
        monkeypatch.setattr(
            tf.config, "list_physical_devices", lambda kind=None: found.get(kind) or listed(kind)
        )
        monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: gpu)

    return tell


@pytest.fixture
def file_dialogs():
    """Answers file dialogs, and records what they asked."""
    with FileDialogs() as dialogs:
        yield dialogs


@pytest.fixture(autouse=True)
def own_log(request):
    """Closes the log of a program that a test started; pytest reports crashes of the process again."""
    package = logging.getLogger("cadl_gui")
    before = package.handlers[:]
    yield
    opened = [handler for handler in package.handlers if handler not in before]
    for handler in opened:
        package.removeHandler(handler)
        handler.close()
    if opened:
        faulthandler.enable(request.config.stash[fault_handler_stderr_fd_key])


_collector = Collector()


@pytest.fixture(autouse=True)
def garbage_of_the_main_thread():
    """Collects garbage after each test in the main thread, as the window does."""
    yield
    _collector.collect_due()


@pytest.fixture
def automatic_collection():
    """Enables Python's automatic garbage collection, as at the start of a program."""
    gc.enable()
    yield
    gc.disable()


@pytest.fixture
def collecting_threads():
    """The identifiers of the threads in which garbage is collected."""
    threads = set()

    def note(phase, _):
        if phase == "start":
            threads.add(threading.get_ident())

    gc.callbacks.append(note)
    yield threads
    gc.callbacks.remove(note)


@pytest.fixture(autouse=True)
def no_dangling_threads(monkeypatch):
    """Fails a test that leaves a thread running.

    On a busy machine the program leaves without waiting for TensorFlow, because it ends as a process then. In
    here, the thread would go on beside all later tests, so it is waited for.
    """
    started = []

    def start(thread, *arguments):
        started.append(thread)
        original(thread, *arguments)

    original = QThread.start
    monkeypatch.setattr(QThread, "start", start)
    yield
    left = [thread.objectName() for thread in started if thread.isRunning() and not thread.wait(_PATIENCE_MS)]
    assert not left, f"threads left running: {left}"
