"""Monitors the program during monkey testing: its log, its frames, its memory."""

import ctypes
import logging
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from other_stack import stack_of
from PySide6.QtCore import QObject, Qt, QTimer, Slot

from cadl_gui.inference.snapshot_cache import SnapshotCache

_TICK_MS = 20
_SAMPLE_EVERY = 250
WARM_EVENTS, _MAY_GROW_MIB = 5000, 150
"""Until then each kind of network is asked for the first time whatever it can be, which takes its room."""

_N_COMPARED = 10
"""Samples at either end, of which the least is compared: a leak raises it, and trainings under way do not.
Each holds its images until it ends, 42 MB for each way to split MNIST, and what its turns compute with."""

_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Returns free memory to the system; only in glibc."""


_caches: list[SnapshotCache] = []
_make_cache = SnapshotCache.__init__


def _noted(cache: SnapshotCache, *arguments: Any) -> None:
    _caches.append(cache)
    _make_cache(cache, *arguments)


SnapshotCache.__init__ = _noted  # type: ignore[method-assign]


class _Errors(logging.Handler):
    """Passes on log records from level ERROR."""

    def __init__(self, tell: Any) -> None:
        super().__init__(logging.ERROR)
        self._report = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._report(self.format(record))


class Watch(QObject):
    """Records faults, frames and memory from `start` on.

    Args:
        longest_frame_ms: frames that take longer are faults.

    Attributes:
        faults: logged errors, frames that were too long, and growing memory.
    """

    def __init__(self, longest_frame_ms: int) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._longest_frame_ms = longest_frame_ms
        self.is_on = False
        self._n_events = 0
        self._snapshots: SnapshotCache | None = None
        self._recent: deque[str] = deque(maxlen=6)
        self._samples: list[tuple[int, float, float]] = []
        self._frames: list[tuple[float, float, str]] = []
        self._before = (0.0, 0.0)
        logging.getLogger().addHandler(_Errors(self._on_error))

    def start(self) -> None:
        """Begin once all tabs have been visited; recorded snapshots are then not mistaken for a leak."""
        self.is_on = True
        self._snapshots = _caches[-1] if _caches else None
        self._before = time.monotonic(), time.process_time()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._main = threading.get_ident()
        threading.Thread(target=self._look_after_frames, daemon=True).start()
        self._take_sample()

    def stop(self) -> None:
        """Stop after the last event."""
        self._take_sample()
        self._timer.stop()
        self.is_on = False
        before, after = self._least_warm()
        if after - before > _MAY_GROW_MIB:
            self._note(f"memory that grew by {after - before:.0f} MiB from {WARM_EVENTS} events on")

    def report_event(self, words: str) -> None:
        """Count an event that was sent."""
        self._recent.append(words)

    def sample(self, n_events: int) -> None:
        """Measure the memory."""
        self._n_events = n_events
        if n_events % _SAMPLE_EVERY == 0:
            self._take_sample()

    def report(self) -> str:
        """All results as text."""
        lines = [_sample_text(*sample) for sample in self._samples]
        for own, wall, words in sorted(self._frames, reverse=True)[:10]:
            lines.append(f"frame of {own:.0f} ms ({wall:.0f} ms with other processes') after {words}")
        before, after = self._least_warm()
        lines.append(f"least memory without snapshots: warm {before:.0f} MiB, at the end {after:.0f} MiB")
        lines += [f"{len(self.faults)} faults", *self.faults]
        return "\n".join(lines)

    def _least_warm(self) -> tuple[float, float]:
        """Own memory in MiB, without recorded snapshots, once the program is warm, and at the end."""
        warm = [own - retained for n_events, own, retained in self._samples if n_events >= WARM_EVENTS]
        n = min(_N_COMPARED, len(warm) // 2)
        return (min(warm[:n]), min(warm[-n:])) if n else (0.0, 0.0)

    def _on_error(self, text: str) -> None:
        self._note(text)

    def _note(self, text: str) -> None:
        self.faults.append(f"after {self._n_events} events ({', '.join(self._recent)}):\n{text}")
        print(self.faults[-1], flush=True)

    @Slot()
    def _tick(self) -> None:
        (began, computed), self._before = self._before, (time.monotonic(), time.process_time())
        wall_ms, computed_ms = 1000 * (self._before[0] - began), 1000 * (self._before[1] - computed)
        # Where the process had no processor, another one's work was done.
        own_ms = min(wall_ms, computed_ms)
        if wall_ms > 100:
            self._frames.append((own_ms, wall_ms, ", ".join(self._recent)))
        if own_ms > self._longest_frame_ms:
            self._note(f"a frame of {own_ms:.0f} ms ({wall_ms:.0f} ms with other processes')")

    def _look_after_frames(self) -> None:
        """Record the stack during frames that are too long, in a separate thread.

        Not by `faulthandler.dump_traceback_later`, which does not wait for the lock of the interpreter, reads
        the stacks of running threads, and has crashed on it.
        """
        reported = self._before
        while self.is_on:
            time.sleep(_TICK_MS / 1000)
            frame = self._before
            if frame is not reported and 1000 * (time.monotonic() - frame[0]) > self._longest_frame_ms:
                reported = frame
                lines = stack_of(self._main).splitlines()[:16]
                print("a long frame is at", *lines, sep="\n", flush=True)

    def _take_sample(self) -> None:
        if _TRIM is not None:  # free memory is no leak, and returning it is part of no frame
            _TRIM(0)
            self._before = time.monotonic(), time.process_time()
        retained = 0.0 if self._snapshots is None else self._snapshots.n_bytes / 2**20
        self._samples.append((self._n_events, _own_mib(), retained))
        print(_sample_text(*self._samples[-1]), flush=True)


def _own_mib() -> float:
    """Anonymous memory of this process, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


def _sample_text(n_events: int, own_mib: float, retained_mib: float) -> str:
    return f"{n_events:6} events: own memory {own_mib:6.0f} MiB, recorded snapshots {retained_mib:5.0f} MiB"
