"""Checks for system libraries that Qt needs on Linux, before Qt aborts without naming a package."""

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

from cadl_gui.system.words import _

_ANY_PLATFORM = {"libglib-2.0.so.0": "libglib2.0-0", "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1",
                 "libfontconfig.so.1": "libfontconfig1", "libdbus-1.so.3": "libdbus-1-3",
                 "libxkbcommon.so.0": "libxkbcommon0"}  # fmt: skip
_XCB = {"libxcb-cursor.so.0": "libxcb-cursor0", "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0", "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-render-util.so.0": "libxcb-render-util0", "libxcb-shape.so.0": "libxcb-shape0",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0"}  # fmt: skip
_WAYLAND = {"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0",
            "libwayland-egl.so.1": "libwayland-egl1"}  # fmt: skip


def missing_packages(
    environment: Mapping[str, str] = os.environ, load: Callable[[str], object] = ctypes.CDLL
) -> tuple[str, ...]:
    """List the Debian packages of missing libraries that Qt needs; empty on systems other than Linux.

    Args:
        environment: environment variables, which determine the platform plugin that Qt chooses.
        load: opens a shared library by name, or raises OSError.
    """
    if not sys.platform.startswith("linux"):
        return ()
    needed = dict(_ANY_PLATFORM)
    needed |= {"xcb": _XCB, "wayland": _WAYLAND}.get(_platform(environment), {})
    missing = []
    for library, package in needed.items():
        try:
            load(library)
        except OSError:
            missing.append(package)
    return tuple(missing)


def complaint(
    environment: Mapping[str, str] = os.environ, load: Callable[[str], object] = ctypes.CDLL
) -> str:
    """Return a sentence on why no window can be opened, or "" if one can; see `missing_packages`."""
    missing = missing_packages(environment, load)
    if missing:
        return _(
            "The window needs system libraries that are not installed. On Debian or Ubuntu: "
            "sudo apt install {missing}"
        ).format(missing=" ".join(missing))
    if sys.platform.startswith("linux") and not _platform(environment):
        return _("There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set).")
    return ""


def _platform(environment: Mapping[str, str]) -> str:
    """Name of the platform plugin that Qt will choose, or "" if there is no display."""
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if chosen:
        return chosen
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environment.get("DISPLAY") else ""
