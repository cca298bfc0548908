"""Renders films, one at a time, while the hand plays on."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.errors import CadlError
from cadl_gui.engine.engine import Engine
from cadl_gui.pictures.files import save
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.ui.aside import Aside
from cadl_gui.ui.request_series import RequestSeries

_log = logging.getLogger(__name__)


class _DroppedError(Exception):
    """Nobody wants the film any more."""


@dataclass(eq=False)
class _Job:
    rendering: Rendering
    path: Path
    is_dropped: Event = field(default_factory=Event)

    def demand_wanted(self) -> None:
        """End the writing of a film that was cancelled; called in the thread that writes."""
        if self.is_dropped.is_set():
            raise _DroppedError


@dataclass(frozen=True, eq=False)
class _Written:
    """How it went: a sentence if well, or one why not."""

    job: _Job
    told: str = ""
    failed: str = ""


class RenderJob(QObject):
    """Asks what a rendering needs, one request at a time, and writes its film in a thread of its own.

    A new one, or `cancel`, drops the one before, also while its film is being written: no file is left then.

    Args:
        engine: that is asked.

    Signals:
        progressed: (str, int, int) the file's name, and how many answers of how many are there.
        writing: (str) all are there, and the file of this name is being written.
        ended: nothing is asked or written any more.
        told: (str) a sentence: it is saved.
        failed: (str) a sentence: why it is not.
    """

    progressed = Signal(str, int, int)
    writing = Signal(str)
    ended = Signal()
    told = Signal(str)
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: _Job | None = None
        self._series = RequestSeries(engine, self)
        self._series.progressed.connect(self._on_progressed)
        self._series.finished.connect(self._on_answers)
        self._series.failed.connect(self._on_failed)

    def start(self, rendering: Rendering, path: Path) -> None:
        """Render into a file, which is replaced once the new one is whole."""
        self._drop()
        self._job = _Job(rendering, path)
        self._series.start(rendering.requests)

    @Slot()
    def cancel(self) -> None:
        """Ask for no more, and write no further."""
        self._drop()
        self._series.cancel()
        self.ended.emit()

    def _drop(self) -> None:
        if self._job is not None:
            self._job.is_dropped.set()
            self._job = None

    @Slot(int, int)
    def _on_progressed(self, n: int, total: int) -> None:
        if self._job is not None:
            self.progressed.emit(self._job.path.name, n, total)

    @Slot(object)
    def _on_answers(self, answers: list[Any]) -> None:
        job = self._job
        if job is None:
            return
        self.writing.emit(job.path.name)
        writing = Aside(lambda: _write(job, answers))
        writing.done.connect(self._on_written)
        writing.start()

    @Slot(object)
    def _on_written(self, written: _Written) -> None:
        if written.job is not self._job:
            return
        self._job = None
        self.ended.emit()
        if written.told:
            self.told.emit(written.told)
        if written.failed:
            self.failed.emit(written.failed)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._job = None
        self.ended.emit()
        self.failed.emit(sentence)


def _write(job: _Job, answers: list[Any]) -> _Written:
    name = job.path.name
    try:
        save(job.rendering.compose(answers), job.path, job.demand_wanted)
    except _DroppedError:
        return _Written(job)
    except CadlError as error:
        return _Written(job, failed=str(error))
    except OSError as error:
        return _Written(job, failed=f"{name} could not be saved: {error.strerror or error}.")
    except Exception as error:  # noqa: BLE001 - the user reads a sentence
        _log.exception("A film could not be made")
        return _Written(job, failed=f"{name} could not be made: {error}")
    return _Written(job, told=f"{name} is saved.")
