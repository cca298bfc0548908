"""Uncaught exceptions are reported once with a message, and logged completely."""

import logging
import os
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QTimer, qCritical

from cadl_gui.ui.window.error_reporter import ErrorReporter

pytestmark = pytest.mark.gui


@pytest.fixture
def reported():
    return []


@pytest.fixture
def reporter(qtbot, reported):
    """A reporter for one test, after which the former hooks are restored."""
    hooks = sys.excepthook, threading.excepthook
    reporter = ErrorReporter(pytest.fail)
    reporter.failed.connect(lambda message, details: reported.append((message, details)))
    yield reporter
    reporter.uninstall()
    assert (sys.excepthook, threading.excepthook) == hooks


def divide():
    return 1 / 0


def test_an_exception_in_a_slot_is_reported_and_logged_with_its_traceback(qtbot, reporter, reported, caplog):
    QTimer.singleShot(0, divide)
    qtbot.waitUntil(lambda: len(reported) == 1)
    ((message, details),) = reported
    assert message == "Unexpected error: division by zero."
    assert "ZeroDivisionError" in details
    assert "in divide" in details
    assert details in caplog.text


def test_an_exception_in_a_thread_is_reported_in_the_thread_of_the_window(qtbot, reporter, reported):
    where = []
    reporter.failed.connect(lambda: where.append(threading.current_thread()))
    thread = threading.Thread(target=divide)
    thread.start()
    thread.join()
    assert not reported, "the event loop tells, in its own time"
    qtbot.waitUntil(lambda: len(reported) == 1)
    assert where == [threading.main_thread()]


def test_an_error_that_comes_back_at_once_is_reported_once_and_logged_each_time(
    qtbot, reporter, reported, caplog
):
    for _ in range(5):
        QTimer.singleShot(0, divide)
    QTimer.singleShot(0, [].pop)
    qtbot.waitUntil(lambda: len(reported) == 2)
    assert caplog.text.count("ZeroDivisionError") == 5


def test_an_exception_without_words_is_reported_by_its_name(qtbot, reporter, reported):
    def stop():
        raise RuntimeError

    QTimer.singleShot(0, stop)
    qtbot.waitUntil(lambda: len(reported) == 1)
    assert reported[0][0].endswith(": RuntimeError.")


def test_a_thread_that_ends_reports_nothing(qtbot, reporter, reported, caplog):
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert not caplog.records


@pytest.mark.qt_log_ignore("the loom is on fire")
def test_messages_of_qt_are_logged_and_still_reach_the_former_handler(qtlog, reporter, caplog):
    qCritical("the loom is on fire")
    assert ("cadl_gui.qt", logging.ERROR, "default: the loom is on fire") in caplog.record_tuples
    assert [record.message for record in qtlog.records] == ["the loom is on fire"]


def test_ctrl_c_ends_the_program_as_a_shell_expects(qtbot, reporter, reported, monkeypatch):
    statuses = []
    monkeypatch.setattr(QCoreApplication, "exit", statuses.append)

    def interrupt():
        raise KeyboardInterrupt

    QTimer.singleShot(0, interrupt)
    qtbot.waitUntil(lambda: statuses == [130])
    assert not reported


def test_where_qt_would_abort_its_reason_is_reported():
    program = "from cadl_gui.app import main; raise SystemExit(main([]))"
    environment = os.environ | {"QT_QPA_PLATFORM": "loom", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    assert done.stderr.startswith('No window can open here: Could not find the Qt platform plugin "loom"')
    assert len(done.stderr.splitlines()) == 1
    assert done.returncode == 1
