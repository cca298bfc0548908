"""The program as a process with a fresh profile."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from acceptance.accessibility import GoneError, Node
from acceptance.desktop import Desktop
from acceptance.waiting import eventually

_STARTS_WITHIN_S = 90.0
_ENDS_WITHIN_S = 20.0


class Program:
    """One process of the program.

    Args:
        command: command that starts it.
        desktop: desktop on which it appears.
        home: home folder of its user, which keeps settings and runs between starts.
        logs: folder for its standard error.
        variables: environment variables in addition to the desktop's.

    Attributes:
        pid: number of its process.
    """

    def __init__(
        self, command: Sequence[str], desktop: Desktop, home: Path, logs: Path, **variables: str
    ) -> None:
        self._home = home
        self._errors = logs / "program.log"
        environment = desktop.environment | profile(home) | variables
        with self._errors.open("ab") as errors:
            self._process = subprocess.Popen(command, env=environment, stdout=errors, stderr=errors)
        self.pid = self._process.pid
        self._bus = desktop.bus

    def appear(self) -> Node:
        """Wait for its window, and return the root of the accessible tree."""
        pid = self.pid
        return eventually(lambda: self._is_running() and self._bus.program(pid), "a window", _STARTS_WITHIN_S)

    @property
    def complaints(self) -> str:
        """Errors and warnings in its log and on standard error."""
        logged = [line for path in self._home.rglob("*.log") for line in _lines(path)]
        failures = [line for line in logged if " ERROR " in line or " CRITICAL " in line]
        return "\n".join(failures + [line for line in logged + _lines(self._errors) if "Traceback" in line])

    def tree(self) -> str:
        """Its accessible tree, or the reason why it cannot be read."""
        try:
            node = self._bus.program(self._process.pid)
            return node.tree() if node else f"not on the bus; exit status {self._process.poll()}"
        except (GoneError, TimeoutError) as error:
            return f"no answer: {error!r}"

    def wait(self) -> int:
        """Wait until it has ended, and return its exit status."""
        return self._process.wait(_ENDS_WITHIN_S)

    def end(self) -> None:
        """Kill it if it is still running."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _is_running(self) -> bool:
        status = self._process.poll()
        assert status is None, f"The program ended with status {status}:\n{self._errors.read_text()}"
        return True


def _lines(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines()


def profile(home: Path) -> dict[str, str]:
    """The environment variables that make a folder a user's profile."""
    folders = {"CONFIG": ".config", "DATA": ".local/share", "STATE": ".local/state", "CACHE": ".cache"}
    for folder in folders.values():
        (home / folder).mkdir(parents=True, exist_ok=True)
    return {
        "HOME": str(home),
        **{f"XDG_{name}_HOME": str(home / folder) for name, folder in folders.items()},
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    }
