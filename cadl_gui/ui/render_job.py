"""Renders films in the background, one at a time."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.engine.background_jobs import BackgroundJob, OneJob
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.pictures.files import save
from cadl_gui.pictures.frame_sequence import Check
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.system.words import _


class RenderJob(QObject):
    """Requests what a rendering needs, one request at a time, and writes its film in another thread.

    A new rendering, or `cancel`, drops the previous one, even while its film is being written; no file is
    then left behind.

    Args:
        engine: answers the requests.
        parent: parent object.

    Signals:
        progressed: (str, int, int) name of the file, number of answers so far, and their total.
        writing: (str) all answers have arrived, and the file of this name is being written.
        ended: the rendering has ended, in whatever way.
    """

    progressed = Signal(str, int, int)
    writing = Signal(str)
    ended = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notifications = engine.notifications
        self._writing = OneJob(engine.jobs, self)
        self._writing.finished.connect(self._on_written)
        self._writing.failed.connect(self._on_failed)
        self._question = Question(engine, self, self._render, self._on_failed)

    def start(self, rendering: Rendering, path: Path) -> None:
        """Render into a file; an existing file is replaced once the new one is complete."""
        self._writing.drop()
        self._question.ask_anew(rendering, path)

    @Slot()
    def cancel(self) -> None:
        """Stop requesting and writing."""
        self._writing.drop()
        self._question.cancel()
        self.ended.emit()

    async def _render(self, rendering: Rendering, path: Path) -> None:
        answers: list[Any] = []
        for request in rendering.requests:
            answers.append((await request)[0])
            self.progressed.emit(path.name, len(answers), len(rendering.requests))
        self.writing.emit(path.name)
        writing = BackgroundJob(
            lambda: _write(rendering, answers, path, writing.raise_if_cancelled),
            _("{name} could not be saved").format(name=path.name),
        )
        self._writing.replace(writing)

    @Slot(object)
    def _on_written(self, path: Path) -> None:
        self.ended.emit()
        self._notifications.report_saved(path)

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self.ended.emit()
        self._notifications.unanswered.emit(message)


def _write(rendering: Rendering, answers: list[Any], path: Path, check: Check) -> Path:
    save(rendering.compose(answers), path, check)
    return path
