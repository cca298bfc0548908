"""Says a sentence where there is no window to say it in."""

import shutil
import subprocess
import sys

_TITLE = "CADL"
_WAITS_SECONDS = 600.0


def show_fatal_error(message: str) -> None:
    """Print a sentence to standard error; where nobody reads that, show it in a box of the system's own.

    A double-clicked program has no console: on Windows there never is one, elsewhere standard error is not a
    terminal then. Where the system has no program to show a box either, the print has to do.
    """
    print(message, file=sys.stderr, flush=True)  # noqa: T201 - there is no window to say it in
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
    """Commands that show a box, one of which is there on most desktops."""
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
    """Whether the box could be shown; waits until it is closed."""
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(command, stdout=quiet, stderr=quiet, timeout=_WAITS_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    # zenity and kdialog have 1 for a box that was closed otherwise than by its button.
    return done.returncode in {0, 1}
