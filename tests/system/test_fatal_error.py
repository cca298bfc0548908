"""Without a window, an error message still reaches the user."""

import io
import subprocess

import pytest

from cadl_gui.system import fatal_error
from cadl_gui.system.fatal_error import show_fatal_error


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def shown(monkeypatch):
    """The message boxes; all programs that can show one exist, and the first fails."""
    shown = []

    def run(command, **_):
        shown.append(command)
        return subprocess.CompletedProcess(command, 127 if len(shown) == 1 else 0)

    monkeypatch.setattr(fatal_error.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(fatal_error.subprocess, "run", run)
    monkeypatch.setattr(fatal_error.sys, "platform", "linux")
    return shown


def test_a_terminal_is_enough(shown, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(fatal_error.sys, "stderr", terminal)
    show_fatal_error("There is no display.")
    assert terminal.getvalue() == "There is no display.\n"
    assert not shown


def test_without_a_terminal_the_first_box_that_works_is_shown(shown, capsys):
    show_fatal_error("There is no display.")
    assert capsys.readouterr().err == "There is no display.\n"
    assert [command[0] for command in shown] == ["zenity", "kdialog"]
    assert "There is no display." in shown[1]


def test_a_mac_shows_its_own(shown, monkeypatch, capsys):
    monkeypatch.setattr(fatal_error.sys, "platform", "darwin")
    show_fatal_error('A "quoted" word.')
    ((program, *arguments),) = shown
    assert program == "osascript"
    assert arguments[-1] == 'A "quoted" word.', "it is an argument, not a part of the script"


def test_where_no_program_shows_a_box_the_print_has_to_do(shown, monkeypatch, capsys):
    monkeypatch.setattr(fatal_error.shutil, "which", lambda _: None)
    show_fatal_error("There is no display.")
    assert capsys.readouterr().err == "There is no display.\n"
    assert not shown
