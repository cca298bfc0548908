"""Opens thousands of damaged files in a monitored process, and counts the outcomes."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hostile.kind import PIPE, Files, Hole, Kind
from hostile.watched import Watched

_WALL_SECONDS = 300
"""Only a process that hangs without computing reaches this: the worker limits its processor time itself."""

MOST_BYTES_GROWN = 300_000_000
"""Limit of memory beyond what the process has before it opens a file."""

_TESTS = Path(__file__).parents[1]
_GOOD = ("opened", "refused")


@dataclass(frozen=True)
class Fault:
    """A file that was not refused properly.

    Attributes:
        kind: kind of file.
        how: how it was damaged.
        what: what happened.
        folder: folder with a copy of it.
    """

    kind: str
    how: str
    what: str
    folder: Path


@dataclass
class Tally:
    """The outcomes of the files of one kind."""

    outcomes: Counter[str] = field(default_factory=Counter)
    most_cpu_seconds: float = 0.0
    most_preparing_seconds: float = 0.0
    most_bytes: int = 0
    faults: list[Fault] = field(default_factory=list)


def campaign(
    kind: Kind,
    n: int,
    seed: int,
    keep: Path,
    reported: Callable[[int], None] = lambda _: None,
    *,
    watched: Watched | None = None,
) -> Tally:
    """Open `n` damaged files of a kind, and copy those that do harm to `keep`.

    Args:
        kind: kind of file.
        n: number of files.
        seed: seed of the damage.
        keep: folder for files that do harm.
        reported: called with the number of files done.
        watched: records system calls, too, if given.
    """
    random = np.random.default_rng([seed, zlib.crc32(kind.name.encode())])
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        room = _Room(Path(scratch), kind, watched)
        try:
            for i in range(n):
                how, files = kind.damaged(random, room.specimens)
                answer = room.open(files)
                if answer["outcome"] in _GOOD and answer["grown"] > MOST_BYTES_GROWN:
                    answer["outcome"] = f"took {answer['grown'] / 1e6:.0f} MB"
                outcome = answer["outcome"]
                tally.outcomes[outcome] += 1
                tally.most_cpu_seconds = max(tally.most_cpu_seconds, answer["cpu"])
                tally.most_preparing_seconds = max(tally.most_preparing_seconds, answer["preparing"])
                tally.most_bytes = max(tally.most_bytes, answer["grown"])
                if outcome not in _GOOD or not _is_a_message(answer):
                    folder = keep / f"{kind.name.replace(' ', '-')}-{i}"
                    write(folder, files)
                    tally.faults.append(Fault(kind.name, how, f"{outcome}: {answer['sentence']}", folder))
                reported(i + 1)
        finally:
            room.close()
        if watched is not None:
            tally.faults += [Fault(kind.name, "watched", call, keep) for call in watched.forbidden()]
    return tally


def _is_a_message(answer: dict) -> bool:
    message = answer["sentence"]
    if answer["outcome"] == "opened":
        return True
    return 0 < len(message) < 8000 and "Traceback" not in message and "Error" not in message


class _Room:
    """A folder in which files are opened; anything else that appears in it was written by a file."""

    def __init__(self, folder: Path, kind: Kind, watched: Watched | None) -> None:
        self._kind = kind
        self._watched = watched
        if watched is not None:
            watched.allow(folder)
        self._place, self._whole = folder / "place", folder / "whole"
        self._home, self._temporary = folder / "home", folder / "temporary"
        for made in (self._whole, self._home, self._temporary):
            made.mkdir()
        self.specimens: list[Files] = kind.originals(self._whole)
        self._errors = folder / "errors.txt"
        self._process: subprocess.Popen[str] | None = None

    def open(self, files: Files) -> dict:
        """Open damaged files; the death of the process is an outcome, too."""
        process = self._process or self._start()
        write(self._place, files)
        answer = self._ask(process, self._place, warm_up=False)
        strays = list(self._strays(files))
        for path in strays:
            path.unlink()
        remove(self._place)
        if strays and answer["outcome"] in _GOOD:
            return answer | {"outcome": "wrote a file", "sentence": ", ".join(map(str, strays))}
        return answer

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[str]:
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join((str(_TESTS), str(_TESTS.parent))),
            "TMPDIR": str(self._temporary),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "HOME": str(self._home),
            "XDG_CACHE_HOME": str(self._temporary / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",  # modules that are imported late would be compiled
        }
        with self._errors.open("a") as errors:
            self._process = subprocess.Popen(
                [*(self._watched.command() if self._watched else ()), sys.executable, "-m", "hostile.worker"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=self._home,
                env=environment,
            )  # fmt: skip
        for files in self.specimens:
            write(self._place, files)
            answer = self._ask(self._process, self._place, warm_up=True)
            remove(self._place)
            if answer["outcome"] != "opened":
                raise RuntimeError(
                    f"A whole {self._kind.name} was not opened: {self._errors.read_text()[-3000:]}"
                )
        for path in self._strays({}):  # Keras and others make themselves at home
            path.unlink()
        return self._process

    def _ask(self, process: subprocess.Popen[str], folder: Path, *, warm_up: bool) -> dict:
        order = {"kind": self._kind.name, "folder": str(folder), "warm_up": warm_up}
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], _WALL_SECONDS)
        line = process.stdout.readline() if ready else ""
        if line:
            return json.loads(line)
        if not ready:
            process.kill()
        status = process.wait()
        process.communicate()
        self._process = None
        return {
            "outcome": _death(status, hung=not ready),
            "sentence": self._last_words(),
            "cpu": 0.0,
            "preparing": 0.0,
            "grown": 0,
        }

    def _last_words(self) -> str:
        return self._errors.read_text(errors="replace")[-600:].strip()

    def _strays(self, files: Files) -> Iterator[Path]:
        for path in self._place.rglob("*"):
            if path.is_file() and os.path.relpath(path, self._place) not in files:
                yield path
        for folder in (self._temporary, self._home):
            for path in folder.rglob("*"):
                # TensorFlow puts its own translation of our functions there, and takes it away at its end.
                if not path.is_dir() and not path.name.startswith("__autograph_generated_file"):
                    yield path


def _death(status: int, *, hung: bool) -> str:
    from hostile.worker import EXECUTED, WROTE

    if hung:
        return "hung"
    if status == -signal.SIGPROF:
        return "too slow"
    return {EXECUTED: "executed something", WROTE: "wrote elsewhere"}.get(status, f"crashed ({status})")


def write(folder: Path, files: Files) -> None:
    """Write the files of a specimen."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data == PIPE:
            os.mkfifo(path)
        elif isinstance(data, Path):
            path.symlink_to(data)
        elif isinstance(data, Hole):
            with path.open("wb") as file:
                file.truncate(data)
        else:
            path.write_bytes(data)


def remove(folder: Path) -> None:
    """Remove a folder with all its content."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    folder.rmdir()
