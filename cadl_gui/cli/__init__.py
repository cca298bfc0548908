"""The command line, `cadl`: the functions of the program without the window."""

import sys
from collections.abc import Sequence

from cadl_gui.cli.interruption import STATUS, ignore_from_now_on, leaving_at_once, message_of, raising


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: arguments of the command; by default those of the process, which is then expected to exit.

    Returns:
        Exit status: 0 for success, 1 for a failure, 2 for invalid use, 130 after Ctrl+C or SIGTERM.
    """
    try:
        with leaving_at_once():
            from cadl_gui.cli.command_line import run_command
        with raising():
            status = run_command(sys.argv[1:] if argv is None else argv)
        if argv is None:
            ignore_from_now_on()
    except KeyboardInterrupt as interruption:
        if argv is None:
            ignore_from_now_on()
        print(message_of(interruption), file=sys.stderr)
        return STATUS
    return status
