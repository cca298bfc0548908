"""Without a window, a sentence still reaches somebody."""

import io
import subprocess

import pytest

from cadl_gui.system import last_words
from cadl_gui.system.last_words import say_without_window


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def shown(monkeypatch):
    """The boxes that are shown; every program that shows one is there, and the first fails."""
    shown = []

    def run(command, **_):
        shown.append(command)
        return subprocess.CompletedProcess(command, 127 if len(shown) == 1 else 0)

    monkeypatch.setattr(last_words.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(last_words.subprocess, "run", run)
    monkeypatch.setattr(last_words.sys, "platform", "linux")
    return shown


def test_a_terminal_is_enough(shown, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(last_words.sys, "stderr", terminal)
    say_without_window("There is no display.")
    assert terminal.getvalue() == "There is no display.\n"
    assert not shown


def test_without_a_terminal_the_first_box_that_works_is_shown(shown, capsys):
    say_without_window("There is no display.")
    assert capsys.readouterr().err == "There is no display.\n"
    assert [command[0] for command in shown] == ["zenity", "kdialog"]
    assert "There is no display." in shown[1]


def test_a_mac_shows_its_own(shown, monkeypatch, capsys):
    monkeypatch.setattr(last_words.sys, "platform", "darwin")
    say_without_window('A "quoted" word.')
    ((program, *arguments),) = shown
    assert program == "osascript"
    assert arguments[-1] == 'A "quoted" word.', "it is an argument, not a part of the script"


def test_where_no_program_shows_a_box_the_print_has_to_do(shown, monkeypatch, capsys):
    monkeypatch.setattr(last_words.shutil, "which", lambda _: None)
    say_without_window("There is no display.")
    assert capsys.readouterr().err == "There is no display.\n"
    assert not shown
