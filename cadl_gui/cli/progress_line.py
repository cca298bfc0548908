"""Shows the progress of a command on standard error."""

import sys
import time

from cadl_gui.system.words import _

_SECONDS_BETWEEN_UPDATES = 0.2


class ProgressLine:
    """A line on a terminal that counts; nothing elsewhere, where it would fill a log.

    Args:
        noun: what is counted, in the plural.
    """

    def __init__(self, noun: str = _("images")) -> None:
        self._noun = noun
        self._is_terminal = _is_terminal()
        self._shown_at = 0.0

    def show(self, done: int, n: int) -> None:
        """Show how many of `n` are done."""
        now = time.monotonic()
        is_due = now - self._shown_at >= _SECONDS_BETWEEN_UPDATES or done == n
        if self._is_terminal and is_due:
            self._shown_at = now
            line = _("{done:,} of {n:,} {noun}").format(done=done, n=n, noun=self._noun)
            print(f"\r{line}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the line, if there is one."""
        if self._shown_at:
            print(file=sys.stderr)


def show_stage(stage: str) -> None:
    """Say on a terminal what is done next, such as “Loading TensorFlow”."""
    if _is_terminal():
        print(f"{stage}…", file=sys.stderr, flush=True)


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
