"""The engine: owns the threads and the objects that the window calls."""

import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.dataset_source import DatasetSource
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.next_run import Checked, check
from cadl_gui.domain.precision import refusal_on
from cadl_gui.domain.requests import Reply, Request
from cadl_gui.domain.session import SessionFiles
from cadl_gui.engine.answering_worker import AnsweringWorker
from cadl_gui.engine.backends import (
    Answering,
    AnsweringFactory,
    InferenceFactory,
    RunReader,
    TrainingFactory,
)
from cadl_gui.engine.background_jobs import BackgroundJobs, TurnwiseWorker
from cadl_gui.engine.bending import Bending
from cadl_gui.engine.exporting import Exporting
from cadl_gui.engine.file_worker import FileWorker
from cadl_gui.engine.inference_broker import InferenceBroker
from cadl_gui.engine.inference_worker import InferenceWorker
from cadl_gui.engine.memory_return import MemoryReturn
from cadl_gui.engine.notifications import Notifications
from cadl_gui.engine.opened_datasets import OpenedDatasets
from cadl_gui.engine.preparing import Preparing
from cadl_gui.engine.receipt import Receipt
from cadl_gui.engine.reinterpreting import Reinterpreting
from cadl_gui.engine.run import Run
from cadl_gui.engine.run_list import RunList
from cadl_gui.engine.run_registry import RunRegistry
from cadl_gui.engine.sessions import Sessions
from cadl_gui.engine.thread import PythonThread
from cadl_gui.engine.training_controller import TrainingController
from cadl_gui.engine.training_worker import TrainingWorker
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _


class Engine(QObject):
    """Creates the threads and the engine's parts, connects them, and shuts them down.

    Everything here is called, and every signal handled, in the window's thread; TensorFlow runs only in those
    for training and inference.

    Args:
        training: factory, called once in the training thread.
        inference: factory, called once in the inference thread.
        runs_folder: where runs are written, each into its own folder; None keeps them in memory.
        dataset_sources: kinds of datasets that runs can be trained on.
        datasets: factory, called once in the dataset thread; without it, questions about datasets fail.
        library: previews and finds datasets.
        read_early: reads runs in the training thread before TensorFlow is loaded; without it, all wait.
        memory: returns free memory to the system; by default some seconds after a training.
        sessions: reads and writes sessions; without it, none can be opened.

    Attributes:
        threads: those for training, inference and datasets.
        runs: the open runs.
        training: controls the trainings.
        inference: answers requests about networks, the usual ones also before TensorFlow is loaded.
        datasets: answers requests about datasets, also before TensorFlow is loaded.
        jobs: runs other long tasks: exports, films, reading files.
        sessions: opens and saves sessions.
        exporting: exports runs for other programs.
        opened_datasets: the datasets that the user has opened.
        preparing: prepares datasets.
        reinterpreting: writes films of how networks reinterpret datasets.
        notifications: messages for the user.
        view: the run and the position that the window shows.
        bending: the bends of each run.
    """

    _start = Signal()
    _load = Signal()
    _ask = Signal(int, object)
    _ask_about_dataset = Signal(int, object)
    _finish = Signal()

    def __init__(
        self,
        training: TrainingFactory,
        inference: InferenceFactory,
        runs_folder: Path | None,
        dataset_sources: Sequence[DatasetSource] = (),
        datasets: AnsweringFactory | None = None,
        *,
        library: DatasetLibrary | None = None,
        read_early: RunReader = lambda _: None,
        memory: MemoryReturn | None = None,
        sessions: SessionFiles | None = None,
    ) -> None:
        super().__init__()
        self.sessions = Sessions(sessions)
        self.dataset_sources = tuple(dataset_sources)
        self.library = library or DatasetLibrary()
        listed = RunList()
        self.view = ViewState(listed)
        self.bending = Bending(self.view, listed)
        self.notifications = Notifications()
        self._device, self._refusal = "", refusal_on("")
        self.threads = (PythonThread(), PythonThread(), PythonThread())
        self._trainer = TrainingWorker(training)
        self._files = FileWorker(lambda: self._trainer.backend, read_early)
        self._between_turns = TurnwiseWorker()
        self._memory = memory or MemoryReturn()
        self._answerer = InferenceWorker(inference)
        self._dataset_answerer = AnsweringWorker(datasets or _NoDatasets, "dataset")
        self.inference = InferenceBroker(self._ask.emit, self.bending.of)
        self.datasets = InferenceBroker(self._ask_about_dataset.emit, self.bending.of)
        self.runs = RunRegistry(
            self._files,
            self.inference,
            self.bending,
            listed,
            self.view,
            self.notifications,
            runs_folder,
            self._is_trained,
        )
        self.training = TrainingController(self._trainer, self.runs, self.view, self.notifications)
        self.jobs = BackgroundJobs(self._between_turns)
        self.exporting = Exporting(
            self.inference, self.bending, self.jobs, lambda: self._trainer.backend, self
        )
        self.opened_datasets = OpenedDatasets(self.dataset_sources, self.library, self.jobs, self.view, self)
        self.preparing = Preparing(self.jobs, self.training, self)
        self.reinterpreting = Reinterpreting(self.inference, self.jobs, self.library, self)
        self._receipts = (Receipt(), Receipt())
        self._move()
        self._connect()

    def _move(self) -> None:
        training, inference, datasets = self.threads
        training.setObjectName("training")
        inference.setObjectName("inference")
        datasets.setObjectName("datasets")
        self._dataset_answerer.moveToThread(datasets)
        for trainer in (self._trainer, self._files, self._between_turns, self._memory):
            trainer.moveToThread(training)
        for answerer in (self._answerer, self._receipts[0]):
            answerer.moveToThread(inference)

    def _connect(self) -> None:
        trainer, answerer, dataset_answerer = self._trainer, self._answerer, self._dataset_answerer
        queued = Qt.ConnectionType.QueuedConnection
        self._start.connect(answerer.load, queued)
        self._start.connect(dataset_answerer.load, queued)
        self._load.connect(self._files.prepare, queued)
        self._load.connect(trainer.load, queued)
        self._ask.connect(answerer.respond, queued)
        self._ask_about_dataset.connect(dataset_answerer.respond, queued)
        self.runs.forgotten.connect(answerer.unregister, queued)
        self.runs.forgotten.connect(self._memory.forget, queued)
        trainer.events_arrived.connect(self._memory.take, queued)
        self._finish.connect(answerer.close, queued)
        working = (self._between_turns, self._files, self._memory, trainer, answerer, dataset_answerer)
        for worker in working:
            self._finish.connect(worker.finish, queued)
        trainer.loaded.connect(self._files.complete, queued)
        trainer.loaded.connect(answerer.complete, queued)
        for waiting in (self._files, answerer):
            trainer.load_failed.connect(waiting.give_up, queued)
        # The inference thread receives weights directly, before the window can ask about them.
        for teller in (self._files, trainer):
            teller.events_arrived.connect(answerer.handle_events, queued)
            teller.events_arrived.connect(self.runs.handle_events, queued)
        for receipt in self._receipts:
            trainer.wait_for(receipt)
        trainer.loaded.connect(self._on_loaded, queued)
        trainer.load_failed.connect(self._on_load_failed, queued)
        answerer.replied.connect(self._on_replied, queued)
        dataset_answerer.replied.connect(self._on_dataset_replied, queued)

    @property
    def is_ready(self) -> bool:
        """Whether TensorFlow is loaded."""
        return self.training.is_ready

    @property
    def is_running(self) -> bool:
        """Whether any of the threads is still running."""
        return any(thread.isRunning() for thread in self.threads)

    @property
    def device(self) -> str:
        """The device that computes: "CPU" or "GPU"; "" while loading."""
        return self._device

    def check_next(self) -> Checked:
        """Return what can be made of the settings of the next run, on its dataset and this device."""
        next_run = self.view.value.next
        return _check(next_run, self.opened_datasets.preview_of(next_run["dataset"]), self._refusal)

    def start(self) -> None:
        """Start the threads: from now on, runs are read and requests answered, as far as NumPy can."""
        for thread in self.threads:
            thread.start()
        self._start.emit()

    @Slot()
    def load(self) -> None:
        """Import TensorFlow, after the runs that were opened until now; starts the threads if necessary."""
        if not self.is_running:
            self.start()
        self._load.emit()

    def shut_down(self, timeout_ms: int = 1500) -> bool:
        """Stop all trainings, record their weights, and end the threads.

        The interpreter waits for jobs that take longer.

        Returns:
            Whether the threads ended in time. They do not while TensorFlow is inside an import or a
            compilation, which cannot be interrupted; the caller then exits the process, since a thread is
            never killed.
        """
        self.inference.close()
        self.datasets.close()
        self.preparing.cancel()
        self.reinterpreting.cancel()
        self._finish.emit()
        deadline = time.monotonic() + timeout_ms / 1000
        ended = [
            thread.wait(max(1, round((deadline - time.monotonic()) * 1000)))
            for thread in self.threads
            if thread.isRunning()
        ]
        self.jobs.join(max(0.0, deadline - time.monotonic()))
        return all(ended)

    def _is_trained(self, run: Run) -> bool:
        return self.training.trains(run)

    @Slot(str)
    def _on_loaded(self, device: str) -> None:
        self._device, self._refusal = device, refusal_on(device)
        self.training.set_loaded(is_there=True)
        self.runs.look_for_interrupted()

    @Slot(str, str)
    def _on_load_failed(self, message: str, details: str) -> None:
        self.training.set_loaded(is_there=False)
        self.notifications.fail(message, details)

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        self.inference.handle(reply)

    @Slot(object)
    def _on_dataset_replied(self, reply: Reply) -> None:
        self.datasets.handle(reply)


_check = lru_cache(maxsize=2)(check)
"""Asked whenever an action is refreshed, and for the same settings each time."""


class _NoDatasets:
    """Stands in for what answers about datasets."""

    def respond_in_parts(self, request: Request[Any]) -> Answering:
        """Refuse."""
        yield
        raise CadlError(_("Nothing here answers {name}.").format(name=type(request).__name__))
