"""Shows an error message when no window can be opened."""

import shutil
import subprocess
import sys

_TITLE = "CADL"
_WAITS_SECONDS = 600.0


def show_fatal_error(message: str) -> None:
    """Print a message to standard error and, without a terminal, show it in a system dialog.

    A double-clicked program has no console: on Windows there never is one, elsewhere standard error is then
    not a terminal. If the system has no program to show a dialog, the message is only printed.
    """
    print(message, file=sys.stderr, flush=True)  # noqa: T201 - there is no window to show it in
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, message, _TITLE, 0x10)
        return
    if sys.stderr.isatty():
        return
    for command in _boxes(message):
        if shutil.which(command[0]) and _shows(command):
            return


def _boxes(message: str) -> list[list[str]]:
    """Commands that show a dialog, at least one of which exists on most desktops."""
    if sys.platform == "darwin":
        script = "on run {title, sentence}\ndisplay alert title message sentence\nend run"
        return [["osascript", "-e", script, _TITLE, message]]
    return [
        ["zenity", "--error", "--no-markup", f"--title={_TITLE}", f"--text={message}"],
        ["kdialog", "--title", _TITLE, "--error", message],
        ["notify-send", _TITLE, message],
        ["xmessage", "-center", message],
    ]


def _shows(command: list[str]) -> bool:
    """Show a dialog and wait until it is closed; returns whether it could be shown."""
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(command, stdout=quiet, stderr=quiet, timeout=_WAITS_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    # zenity and kdialog return 1 if the dialog was closed other than by its button.
    return done.returncode in {0, 1}
