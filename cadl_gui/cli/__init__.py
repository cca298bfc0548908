"""The command line: the same machinery as the window, without it."""

import sys
from collections.abc import Sequence

from cadl_gui.cli.interruption import STATUS, ignore_from_now_on, leaving_at_once, message_of


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: its arguments; by default those of the process, which then ends with it.

    Returns:
        Exit status: 0 if all went well, 1 for a failure, 2 for a user's mistake, 130 after Ctrl+C.
    """
    try:
        with leaving_at_once():
            from cadl_gui.cli.command_line import run_command
        status = run_command(sys.argv[1:] if argv is None else argv)
        if argv is None:
            ignore_from_now_on()
    except KeyboardInterrupt as interruption:
        if argv is None:
            ignore_from_now_on()
        print(message_of(interruption), file=sys.stderr)
        return STATUS
    return status
