"""How the window starts `cadl`, for what runs in a process of its own."""

import sys
from pathlib import Path

UTF_8 = {"PYTHONIOENCODING": "utf-8"}
"""Added to the environment of a command whose messages are shown."""


def command() -> list[str]:
    """Return how `cadl` is started: beside the window's program where the app is packaged."""
    program = Path(sys.executable)
    if hasattr(sys, "frozen"):
        return [str(program.with_name(f"cadl{program.suffix}"))]
    return [sys.executable, "-P", "-m", "cadl_gui.cli"]
