"""Writes in a background job how a network reinterprets a dataset."""

from collections.abc import Generator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.moving_images import ImageOrder
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs, OneJob
from cadl_gui.engine.inference_broker import InferenceBroker, InferenceClient
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.pictures.reinterpretation import Reinterpreted

_SECONDS_BETWEEN_LOOKS = 0.05
"""The job looks so often whether it was cancelled while it waits for an answer."""

_Answers = SimpleQueue[NDArray[np.float32] | str]
"""Receives a reconstruction, or a sentence saying why there is none."""


class Reinterpreting(OneJob):
    """Writes one film at a time.

    Its thread reads, encodes and writes; whenever it has a few images, the inference thread reconstructs them
    in between what the window asks.

    Args:
        inference: reconstructs.
        jobs: runs the job.
        library: opens datasets.
        parent: parent object.

    Signals:
        finished: (`Reinterpreted`) the film is complete.
    """

    # Emitted in the working thread.
    _asked = Signal(object, object)

    def __init__(
        self, inference: InferenceBroker, jobs: BackgroundJobs, library: DatasetLibrary, parent: QObject
    ) -> None:
        super().__init__(jobs, parent)
        self._library = library
        self._client = InferenceClient(inference, self)
        self._name = ""
        self._asked.connect(self._ask, Qt.ConnectionType.QueuedConnection)

    @property
    def name(self) -> str:
        """File name of the film that is being written; "" if there is none."""
        return self._name

    @property
    def progress(self) -> tuple[int, int]:
        """Number of frames so far, and their total as far as it is known."""
        return self._progress or (0, 0)

    def start(self, run: Run, position: Position | None, dataset: str, order: ImageOrder, path: Path) -> None:
        """Write a film, unless another one is being written.

        Args:
            position: position of its weights; None for the newest.
            dataset: a dataset that the user chose, by its name in a configuration.
            order: which images, and how fast, if it is no film.
            path: film to write; an existing one is replaced once the new one is complete.
        """
        if self.is_busy:
            return
        about = run.description

        def write() -> Generator[tuple[int, int], None, "Reinterpreted"]:
            # Not earlier: it imports Pillow, and the window is there sooner without.
            from cadl_gui.pictures.reinterpretation import write_reinterpretation

            def reconstruct(images: NDArray[np.float32]) -> NDArray[np.float32]:
                return self._reconstruct(Reconstruct(run.run_id, position, images), job)

            with self._library.open_moving_images(dataset, about.image_shape, order) as images:
                return (yield from write_reinterpretation(images, reconstruct, path))

        job = BackgroundJob(write, _("{name} could not be made").format(name=path.name))
        self._name = path.name
        self._begin(job)

    def _end(self) -> None:
        self._name = ""
        self._client.cancel()
        super()._end()

    def _reconstruct(self, request: Reconstruct, job: BackgroundJob) -> NDArray[np.float32]:
        """Ask the inference thread, and wait for its answer; called in the working thread."""
        answers: _Answers = SimpleQueue()
        self._asked.emit(request, answers)
        while True:
            job.raise_if_cancelled()
            try:
                answer = answers.get(timeout=_SECONDS_BETWEEN_LOOKS)
            except Empty:
                continue
            if isinstance(answer, str):
                raise CadlError(answer)
            return answer

    @Slot(object, object)
    def _ask(self, request: Reconstruct, answers: _Answers) -> None:
        self._client.ask(request, lambda made, _: answers.put(made), answers.put)
