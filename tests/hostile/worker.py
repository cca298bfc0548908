"""Opens the files whose paths it reads, one per line, and prints each outcome; dies of anything forbidden.

Run as a separate process, once for many files. A file may take two seconds of processor time: then the system
ends the process (SIGPROF). Memory may grow by a gigabyte: then allocation fails. Starting a program or
writing elsewhere from Python ends it, too.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import time
import warnings
from pathlib import Path

from hostile.kinds import KINDS
from hostile.watched import BEGIN

SECONDS = 2.0
BYTES = 2**30
FORBIDDEN = (
    "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.symlink", "os.chmod",
    "subprocess.Popen", "pickle.find_class", "socket.connect", "socket.bind", "ctypes.dlopen",
)  # fmt: skip
EXECUTED, WROTE = 86, 87


def main() -> None:
    """Warm up on valid files, then answer."""
    warnings.simplefilter("ignore")
    folder = Path.cwd()
    kinds = {kind.name: kind for kind in KINDS}
    guard = _Guard(folder)
    limit = None
    for line in sys.stdin:
        order = json.loads(line)
        kind, path = kinds[order["kind"]], Path(order["path"])
        if order["warm_up"]:
            kind.open(path)
            _report(outcome="opened", message="", cpu=0.0, grown=0)
            continue
        if limit is None:
            limit = _limit_memory()
            guard.watch()
            Path(BEGIN).exists()
        guard.inside = path if path.is_dir() else path.parent
        _report(**_opened(kind.open, path))


def _opened(open_, path: Path) -> dict:
    from cadl_gui.domain.errors import CadlError

    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    before, start = _peak_bytes(), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        open_(path)
        outcome, message = "opened", ""
    except CadlError as error:
        outcome, message = "refused", str(error)
    except MemoryError:
        outcome, message = "too much memory", "MemoryError"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is a fault
        outcome, message = "no sentence", f"{type(error).__name__}: {error}"[:500]
    signal.setitimer(signal.ITIMER_PROF, 0)
    return {
        "outcome": outcome,
        "sentence": message.encode("utf-8", "replace").decode(),
        "cpu": time.process_time() - start,
        "grown": _peak_bytes() - before,
    }


class _Guard:
    """Ends the process when Python is about to do something that no file may cause."""

    def __init__(self, folder: Path) -> None:
        self.inside = folder
        self._watching = False
        sys.addaudithook(self._audit)

    def watch(self) -> None:
        self._watching = True

    def _audit(self, event: str, arguments: tuple) -> None:
        if not self._watching:
            return
        if event.startswith(FORBIDDEN):
            self._end(EXECUTED, f"{event} {arguments!r:.200}")
        if event == "open" and isinstance(arguments[0], str | bytes) and self._writes(*arguments[1:3]):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            allowed = (
                os.path.realpath(os.environ["TMPDIR"]),
                "/dev/null",
                "/proc/self/",
                f"/proc/{os.getpid()}/",
            )
            if not path.startswith(allowed):
                self._end(WROTE, f"open for writing {path}")

    @staticmethod
    def _writes(mode: object, flags: int) -> bool:
        return bool(flags & (os.O_WRONLY | os.O_RDWR)) or (isinstance(mode, str) and set(mode) & set("wax+"))

    @staticmethod
    def _end(status: int, text: str) -> None:
        os.write(2, f"{text}\n".encode())
        os._exit(status)


def _limit_memory() -> int:
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + BYTES, size + BYTES))
    return size


def _peak_bytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return 1024 * int(line.split()[1])
    return 0


def _report(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # What libraries print must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.stdout = answers
    main()
