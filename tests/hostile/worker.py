"""Opens the files whose paths it reads, one per line, and prints each outcome; dies of anything forbidden.

Run as a separate process, once for many files. A file may take two seconds of processor time to be opened:
then the system ends the process (SIGPROF). What is done with it then, such as preparing a dataset, may take
two seconds and what so many images need. Memory may grow by a gigabyte: then allocation fails. Starting a
program or writing elsewhere from Python ends it, too. The processes that decode files may take a gigabyte.
"""

import contextlib
import json
import os
import resource
import shutil
import signal
import sys
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hostile.kind import Kind

SECONDS = 2.0
SECONDS_PER_IMAGE, BYTES_PER_IMAGE = 0.005, 40
"""What an image may take in preparing, and how small it may be: a file cannot claim to hold more."""

SECONDS_OF_PROCESSES = 4.0
"""What it takes to start the processes that decode images."""

BYTES = 2**30
FORBIDDEN = (
    "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.symlink", "os.chmod",
    "subprocess.Popen", "pickle.find_class", "socket.connect", "socket.bind", "ctypes.dlopen",
)  # fmt: skip
EXECUTED, WROTE = 86, 87


def main() -> None:
    """Warm up on valid files, then answer."""
    # Not at the top: the processes that decode images read that, too.
    from hostile.kinds import KINDS
    from hostile.watched import BEGIN

    warnings.simplefilter("ignore")
    kinds = {kind.name: kind for kind in KINDS}
    guard = _Guard(Path.cwd())
    limit = None
    for line in sys.stdin:
        order = json.loads(line)
        kind, folder = kinds[order["kind"]], Path(order["folder"])
        if order["warm_up"]:
            result = kind.open(kind.path_in(folder))
            if kind.then is not None:
                kind.then(result)
            _parts_left()
            _report(outcome="opened", message="", cpu=0.0, preparing=0.0, grown=0)
            continue
        if limit is None:
            limit = _limit_memory()
            guard.watch()
            Path(BEGIN).exists()
        guard.inside = folder
        _report(**_opened(kind, folder))


def _opened(kind: "Kind", folder: Path) -> dict:
    from cadl_gui.domain.errors import CadlError

    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    before, others_before = _peak_bytes(), _others_peak_bytes()
    start, end = _seconds(), None
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        result = kind.open(kind.path_in(folder))
        end = _seconds()
        if kind.then is not None:
            signal.setitimer(signal.ITIMER_PROF, _most_seconds(folder, result))
            kind.then(result)
        outcome, message = "opened", ""
    except CadlError as error:
        outcome, message = "refused", str(error)
    except MemoryError:
        outcome, message = "too much memory", "MemoryError"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is a fault
        outcome, message = "no sentence", f"{type(error).__name__}: {error}"[:500]
    signal.setitimer(signal.ITIMER_PROF, 0)
    last = _seconds()
    end = last if end is None else end
    grown = _peak_bytes() - before
    if _others_peak_bytes() > max(others_before, BYTES):
        outcome, message = "too much memory", "a process that decodes took it"
    parts = _parts_left()
    if parts and outcome in {"opened", "refused"}:
        outcome, message = "left a part", parts
    if last - end > _most_seconds(folder, None) + SECONDS_OF_PROCESSES + SECONDS_PER_IMAGE * _n_most(folder):
        outcome, message = "too slow", f"preparing took {last - end:.1f} s"
    return {
        "outcome": outcome,
        "sentence": message.encode("utf-8", "replace").decode(),
        "cpu": end - start,
        "preparing": last - end,
        "grown": grown,
    }


def _most_seconds(folder: Path, result: object) -> float:
    """Time for what follows opening: a moment, and more for a dataset that may hold so many images."""
    n = getattr(getattr(result, "preview", None), "n", 0)
    return SECONDS + SECONDS_PER_IMAGE * min(n, _n_most(folder))


def _n_most(folder: Path) -> int:
    n_bytes = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
    return n_bytes // BYTES_PER_IMAGE


def _seconds() -> float:
    """Processor time of this process and of those that it has started, which are over."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _others_peak_bytes() -> int:
    return 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def _parts_left() -> str:
    """Remove what was prepared; returns the names of what was left half done."""
    cache = Path(os.environ["XDG_CACHE_HOME"])
    parts = ", ".join(path.name for path in cache.rglob(".part-*"))
    shutil.rmtree(cache, ignore_errors=True)
    return parts


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
        if event == "pickle.find_class" and (
            threading.current_thread() is not threading.main_thread()
            or str(arguments[0]).startswith(("cadl_gui.", "numpy"))
        ):
            return  # what the processes that decode files return
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
