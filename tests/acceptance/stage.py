"""A desktop and a user's folder, in which a test starts the program once or several times."""

import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from Xlib.error import ConnectionClosedError

from acceptance.accessibility import Role
from acceptance.desktop import Desktop
from acceptance.program import Program, profile
from acceptance.window import Window

_LOADS_WITHIN_S = _ENDS_WITHIN_S = 120.0
_LAST_SHIPPED = "G softmax, * epochs"
"""The last of the shipped runs; the next one is H."""


@dataclass(frozen=True)
class Options:
    """Command-line options of the acceptance tests.

    Attributes:
        app: program to start.
        screen: size of the screen at scale 1, such as “1024x768”.
        scale: pixels for each of them, in both directions.
        has_window_manager: whether a window manager runs.
    """

    app: Path
    screen: str
    scale: int
    has_window_manager: bool

    @classmethod
    def of(cls, config: pytest.Config) -> "Options":
        """The options of a run of pytest; the default program is the one installed beside its Python."""
        app = config.getoption("app") or Path(sys.executable).parent / "cadl-gui"
        screen, scale = config.getoption("screen"), config.getoption("scale")
        return cls(app, screen, scale, not config.getoption("no_window_manager"))


class Stage:
    """A desktop and a user's folder, in which the program can be started several times.

    Args:
        folder: folder for all files of the test.
        options: command-line options.

    Attributes:
        folder: folder for all files of the test.
        home: the user's home folder.
        desktop: desktop on which the program appears.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        self.folder = folder
        self.home = folder / "user"
        self._app = options.app
        self._programs: list[Program] = []
        self._expected: list[str] = []
        self.desktop = Desktop(
            options.screen, folder, scale=options.scale, has_window_manager=options.has_window_manager
        )

    @property
    def program(self) -> Program:
        """The process that was started last."""
        return self._programs[-1]

    def launch(self, *arguments: str, **variables: str) -> Program:
        """Start the program without waiting."""
        command = [str(self._app), *arguments]
        program = Program(command, self.desktop, self.home, self.folder, **variables)
        self._programs.append(program)
        return program

    def start(self, *arguments: str, **variables: str) -> Window:
        """Start the program, and wait until it is ready and has opened the shipped runs."""
        window = Window(self.launch(*arguments, **variables).appear(), self.desktop)
        window.see(Role.LIST_ITEM, _LAST_SHIPPED, patience_s=_LOADS_WITHIN_S)

        def is_loaded() -> bool:
            status = window.find(Role.LABEL, called="statusLabel")
            return status is not None and not status.name.startswith("TensorFlow is loading")

        window.wait(is_loaded, "TensorFlow to be loaded", _LOADS_WITHIN_S)
        window.take_keyboard()
        return window

    def command(self, *arguments: str) -> None:
        """Run the command-line program of the same user, and wait for its end."""
        command = [self._app.with_name("cadl"), *arguments]
        subprocess.run(
            command, env=self.desktop.environment | profile(self.home), check=True, timeout=_ENDS_WITHIN_S
        )

    def expect_complaints(self, *parts: str) -> None:
        """Accept lines of the log that contain one of these texts."""
        self._expected += parts

    @property
    def complaints(self) -> str:
        """Errors that were logged by any process, except the expected ones."""
        lines = [line for program in self._programs for line in program.complaints.splitlines()]
        return "\n".join(line for line in lines if not any(part in line for part in self._expected))

    def close(self) -> None:
        """End all processes that are still running."""
        for program in self._programs:
            program.end()
        self.desktop.close()

    def keep_evidence(self) -> None:
        """Save a screenshot and the accessible tree."""
        with suppress(ConnectionClosedError):  # an X server that died shows nothing
            Image.fromarray(self.desktop.image()).save(self.folder / "screen.png")
        trees = [program.tree() for program in self._programs]
        (self.folder / "tree.txt").write_text("\n\n".join(trees))
