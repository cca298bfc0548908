"""Where windows and fonts are rendered if there is no screen."""

import os
import sys


def without_display() -> None:
    """On Linux without a display, let Qt render offscreen unless QT_QPA_PLATFORM is set."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def unseen() -> None:
    """Let Qt render offscreen: a window that plays a lesson for its pictures would come over the user's."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
