"""The command line: the same machinery as the window, without it."""

from cadl_gui.cli.main import main

__all__ = ["main"]
