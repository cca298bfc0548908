"""Renders films, one at a time, while the hand plays on."""

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.errors import CadlError
from cadl_gui.core.requests import Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.pictures.files import save
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.ui.aside import Aside

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Job:
    rendering: Rendering
    path: Path
    answers: list[Any] = field(default_factory=list)


class RenderJob(QObject):
    """Asks what a rendering needs, one request at a time, and writes its film in a thread of its own.

    A new one, or `cancel`, drops the one before; one that is being written already is written.

    Args:
        engine: that is asked.
        channel: for its requests.

    Signals:
        progressed: (str, int, int) the file's name, and how many answers of how many are there.
        ended: nothing is asked or written any more.
        told: (str) a sentence: it is saved.
        failed: (str) a sentence: why it is not.
    """

    progressed = Signal(str, int, int)
    ended = Signal()
    told = Signal(str)
    failed = Signal(str)

    def __init__(self, engine: Engine, channel: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._channel = channel
        self._job: _Job | None = None
        self._in_flight: _Job | None = None
        engine.replied.connect(self._on_replied)

    def start(self, rendering: Rendering, path: Path) -> None:
        """Render into a file, which is replaced once the new one is whole."""
        self._job = _Job(rendering, path)
        self._ask()

    @Slot()
    def cancel(self) -> None:
        """Ask for no more."""
        self._job = None
        self.ended.emit()

    def _ask(self) -> None:
        job = self._job
        if job is None or self._in_flight is not None:
            return
        self._in_flight = job
        request = job.rendering.requests[len(job.answers)]
        self._engine.ask(replace(request, channel=self._channel))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        if reply.request.channel != self._channel or self._in_flight is None:
            return
        job, self._in_flight = self._in_flight, None
        if job is self._job:
            self._take(job, reply)
        self._ask()

    def _take(self, job: _Job, reply: Reply) -> None:
        if reply.sentence:
            self._job = None
            self._end("", reply.sentence)
            return
        job.answers.append(reply.value)
        n = len(job.rendering.requests)
        self.progressed.emit(job.path.name, len(job.answers), n)
        if len(job.answers) == n:
            self._job = None
            writing = Aside(lambda: _write(job))
            writing.done.connect(self._on_written)
            writing.start()

    @Slot(object)
    def _on_written(self, sentences: tuple[str, str]) -> None:
        self._end(*sentences)

    def _end(self, told: str, failed: str) -> None:
        if self._job is None:
            self.ended.emit()
        if told:
            self.told.emit(told)
        if failed:
            self.failed.emit(failed)


def _write(job: _Job) -> tuple[str, str]:
    """Make the film and save it: a sentence if that went well, or one why it did not."""
    name = job.path.name
    try:
        save(job.rendering.compose(job.answers), job.path)
    except CadlError as error:
        return "", str(error)
    except OSError as error:
        return "", f"{name} could not be saved: {error.strerror or error}."
    except Exception as error:  # noqa: BLE001 - the user reads a sentence
        _log.exception("A film could not be made")
        return "", f"{name} could not be made: {error}"
    return f"{name} is saved.", ""
