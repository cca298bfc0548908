"""Records the system calls of a process that opens files, with strace."""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from hostile.forgeries import CANARY

BEGIN = "/hostile-files-begin-here"
"""A path that the worker looks up after its warm-up; earlier calls are ignored."""

_CALLS = "execve,execveat,connect,bind,%file"
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CHANGES = ("unlink", "rename", "mkdir", "rmdir", "link", "symlink", "truncate", "chmod", "chown", "mknod")
_OWN = ("/dev/null", "/proc/self/", "/dev/shm/sem.")
_PROCESSES = re.compile(
    rf'execve\("{re.escape(sys.executable)}", \["[^"]+", ("-\w+", )*"-c", "from multiprocessing\.'
)
"""How the processes begin that decode images."""


class Watched:
    """Runs processes under strace, and knows which system calls files must not cause.

    Args:
        folder: folder for the recordings.

    Raises:
        RuntimeError: if strace is not installed.
    """

    def __init__(self, folder: Path) -> None:
        if shutil.which("strace") is None:
            raise RuntimeError("strace is not installed; on Debian and Ubuntu: sudo apt-get install strace")
        self._folder = folder
        self._n = 0
        self._allowed: list[str] = []

    def allow(self, folder: Path) -> None:
        """Allow writing files in a folder."""
        self._allowed.append(str(folder))

    def command(self) -> list[str]:
        """The arguments that precede the next process's own command."""
        self._n += 1
        log = self._folder / f"calls-{self._n}.txt"
        return ["strace", "-f", "-qq", "-s", "400", "-e", f"trace={_CALLS}", "-o", str(log)]

    def forbidden(self) -> list[str]:
        """Calls that started a program, used the network, wrote elsewhere, or used a path in a file."""
        return [call for log in sorted(self._folder.glob("calls-*.txt")) for call in self._forbidden_in(log)]

    def _forbidden_in(self, log: Path) -> Iterator[str]:
        with log.open(errors="replace") as lines:
            if not any(BEGIN in line for line in lines):  # reads as far as that
                return
            for line in lines:
                if self._is_forbidden(line):
                    yield line.strip()[:400]

    def _is_forbidden(self, line: str) -> bool:
        name = line.split("(", 1)[0].rsplit(maxsplit=1)[-1] if "(" in line else ""
        if _PROCESSES.search(line):
            return False
        if name.startswith(("execve", "connect", "bind")) or CANARY in line:
            return True
        writes = "O_WRONLY" in line or "O_RDWR" in line or "O_CREAT" in line
        if not writes and not name.startswith(_CHANGES):
            return False
        paths = [path for path in _QUOTED.findall(line) if path.startswith("/")]
        return not all(path.startswith((*self._allowed, *_OWN)) or "/proc/" in path for path in paths)
