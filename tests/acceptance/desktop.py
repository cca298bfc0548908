"""The environment of the program: X server, session bus, accessibility bus and window manager."""

import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from Xlib import X
from Xlib.display import Display

from acceptance.accessibility import AccessibilityBus, Box
from acceptance.pointer import Hand
from acceptance.waiting import eventually

PACKAGES = {
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus-daemon",
    "at-spi-bus-launcher": "at-spi2-core",
    "openbox": "openbox",
    "weston": "weston",
}
"""Programs, and the Debian packages that contain them."""

_ELSEWHERE = ("/usr/libexec", "/usr/lib/at-spi2-core")
"""Folders of programs that are not in PATH."""


def need(program: str) -> str:
    """The path of an installed program.

    Raises:
        AssertionError: if it is not installed; names the packages that the acceptance tests need.
    """
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), *_ELSEWHERE])
    found = shutil.which(program, path=places)
    packages = " ".join(PACKAGES.values())
    assert found, f"Acceptance tests need {program}: apt-get install {packages}"
    return found


class Desktop:
    """A separate desktop for one test, which leaves nothing behind.

    Args:
        screen: size at scale 1, such as “1024x768”.
        logs: folder for the output of its processes.
        scale: pixels for each of them, in both directions. Places and images are told in those of scale 1.
        has_window_manager: whether a window manager runs; without one, programs place and size windows.

    Attributes:
        scale: as above.
        has_window_manager: whether a window manager runs.
        environment: environment variables for programs on this desktop.
        bus: the accessibility bus.
        hand: its mouse and keyboard.
    """

    def __init__(self, screen: str, logs: Path, *, scale: int, has_window_manager: bool) -> None:
        self._size = "x".join(str(scale * int(side)) for side in screen.split("x"))
        self.scale = scale
        self._logs = logs
        self.has_window_manager = has_window_manager
        self._stack = ExitStack()
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End its processes, in reverse order."""
        self._stack.close()

    def spawn(self, *command: str, **variables: str) -> None:
        """Start a process that ends with the desktop."""
        self._spawn(list(command), self.environment | variables)

    @property
    def screen(self) -> Box:
        """The rectangle of the whole screen."""
        size = self.display.screen().root.get_geometry()
        return Box(0, 0, size.width // self.scale, size.height // self.scale)

    def wait_for_socket(self, name: str) -> None:
        """Wait until a spawned process listens on one of the user's sockets."""
        socket = Path(self.environment["XDG_RUNTIME_DIR"]) / name
        eventually(socket.is_socket, f"{name} to listen")

    def image(self, box: Box | None = None) -> NDArray[np.uint8]:
        """A screenshot of the screen or of a part of it, (h, w, 3) uint8 RGB."""
        x, y, width, height = box or self.screen
        left, top = max(0, x), max(0, y)
        width, height = min(x + width, self.screen.width) - left, min(y + height, self.screen.height) - top
        scale = self.scale
        place = scale * left, scale * top, scale * width, scale * height
        pixels = self.display.screen().root.get_image(*place, X.ZPixmap, 0xFFFFFFFF).data
        image = np.frombuffer(pixels, np.uint8).reshape(scale * height, scale * width, 4)
        return image[::scale, ::scale, 2::-1]

    def _start(self) -> None:
        # Sockets have short paths, which those of pytest's folders are not.
        runtime = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="cadl-"))
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": runtime,
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": runtime,
            "XDG_SESSION_TYPE": "x11",
            "QT_SCALE_FACTOR": str(self.scale),
            "DISPLAY": self._start_screen(),
        }
        self.display = Display(self.environment["DISPLAY"])
        self._stack.callback(self.display.close)
        self.hand = Hand(self.display, scale=self.scale)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._start_session_bus()
        self.spawn(need("at-spi-bus-launcher"), "--launch-immediately")
        self.bus = AccessibilityBus(self.environment["DBUS_SESSION_BUS_ADDRESS"])
        self._stack.callback(self.bus.close)
        if self.has_window_manager:
            self.spawn(need("openbox"), "--sm-disable")
            manager = self.display.intern_atom("_NET_SUPPORTING_WM_CHECK")
            root = self.display.screen().root
            eventually(lambda: root.get_full_property(manager, X.AnyPropertyType), "a window manager")

    def _start_screen(self) -> str:
        """Start the X server, which chooses a free display and prints its name."""
        screen = ["-screen", "0", f"{self._size}x24", "-nolisten", "tcp", "-noreset"]
        return ":" + self._first_line([need("Xvfb"), "-displayfd", "1", *screen], dict(os.environ))

    def _start_session_bus(self) -> str:
        bus = [need("dbus-daemon"), "--session", "--nofork", "--nopidfile", "--print-address=1"]
        return self._first_line(bus, self.environment)

    def _first_line(self, command: list[str], environment: dict[str, str]) -> str:
        """Start a process that prints its address on the first line, and return that."""
        output = self._spawn(command, environment, stdout=subprocess.PIPE).stdout
        assert output is not None
        line = output.readline().decode().strip()
        assert line, f"{command[0]} did not start; see {self._logs}"
        return line

    def _spawn(
        self, command: list[str], environment: dict[str, str], stdout: int | IO[bytes] | None = None
    ) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context((self._logs / f"{Path(command[0]).name}.log").open("wb"))
        process = subprocess.Popen(command, env=environment, stdout=stdout or log, stderr=log)
        self._stack.callback(_end, process)
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
