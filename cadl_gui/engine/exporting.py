"""Exports a run in a background job."""

import copy
from collections.abc import Callable, Generator, Sequence
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject

from cadl_gui.domain.exports import Exported, ExportedLog, ExportStage, FormatName
from cadl_gui.domain.page_lesson import PageLesson
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import ExportRequest, LogRequest, PageRequest, earlier_positions
from cadl_gui.engine.backends import TrainingBackend
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs, OneJob
from cadl_gui.engine.bending import Bending, bent_message
from cadl_gui.engine.inference_broker import InferenceBroker, InferenceClient
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _


class Exporting(OneJob):
    """Runs one export at a time: fetches the weights, starts the job that writes them, and reports progress.

    Args:
        inference: provides the weights.
        bending: knows which runs are bent.
        jobs: runs the export between the turns of the trainings.
        backend: returns the training backend; called in the training thread.
        parent: parent object.

    Signals:
        progressed: (`ExportStage`) the current stage.
        finished: (`Exported` or `ExportedLog`) the export is in place, and was loaded back.
    """

    def __init__(
        self,
        inference: InferenceBroker,
        bending: Bending,
        jobs: BackgroundJobs,
        backend: Callable[[], TrainingBackend],
        parent: QObject,
    ) -> None:
        super().__init__(jobs, parent)
        self._bending = bending
        self._backend = backend
        self._weights = InferenceClient(inference, self)

    @property
    def is_busy(self) -> bool:
        """Whether an export is under way."""
        return super().is_busy or self._weights.is_asking(FetchSnapshot)

    def start(self, run: Run, position: Position | None, made: FormatName, function: str, path: Path) -> None:
        """Export a run; for a bent one, `failed` is emitted.

        Args:
            position: position of the weights; None for the newest.
            function: name of the function to export; "" for the format's default functions.
            path: file or folder to write.
        """
        if self._refuses_bent(run):
            return

        def begin(snapshots: tuple[Snapshot, ...]) -> None:
            request = ExportRequest(run.description, snapshots[0], made, function, path)
            self._run(lambda: self._backend().export(request))

        self._fetch([(run.run_id, position)], begin)

    def start_page(
        self, shown: Sequence[tuple[Run, Position | None]], path: Path, lesson: PageLesson | None = None
    ) -> None:
        """Export runs as one web page, with earlier epochs; if one of them is bent, `failed` is emitted.

        Args:
            shown: the runs, each with the position of its weights; None for the newest.
            path: file to write.
            lesson: has steps that the page shows; None for none.
        """
        if self._refuses_bent(*(run for run, _ in shown)):
            return

        wanted: list[list[Position | None]] = [
            [*earlier_positions(run.recorded, position or run.newest, lesson), position]
            for run, position in shown
        ]

        def begin(snapshots: tuple[Snapshot, ...]) -> None:
            left = iter(snapshots)
            networks = tuple(
                (run.description, tuple(islice(left, len(positions))))
                for (run, _), positions in zip(shown, wanted, strict=True)
            )
            self._run(lambda: self._backend().export_page(PageRequest(networks, path, lesson)))

        self._fetch(
            [
                (run.run_id, position)
                for (run, _), positions in zip(shown, wanted, strict=True)
                for position in positions
            ],
            begin,
        )

    def start_log(self, run: Run, positions: Sequence[Position], path: Path) -> None:
        """Export a run as a log for TensorBoard; for a bent one, `failed` is emitted.

        Args:
            positions: recorded ends of epochs, in order.
            path: folder to write, new or empty.
        """
        if self._refuses_bent(run):
            return
        about, history = run.description, copy.deepcopy(run.history)

        def begin(snapshots: tuple[Snapshot, ...]) -> None:
            request = LogRequest(about, history, tuple(positions), snapshots, path)
            self._run(lambda: self._backend().export_log(request))

        is_on_disk = about.source is not None and about.source.is_dir() and not run.lacks_epochs
        self._fetch([] if is_on_disk else [(run.run_id, position) for position in positions], begin)

    def cancel(self) -> None:
        """Cancel the export, if one is under way."""
        super().cancel()
        if self._weights.is_asking(FetchSnapshot):
            self._weights.cancel()
            self.cancelled.emit()

    def _refuses_bent(self, *runs: Run) -> bool:
        """Whether a run is bent, which is told then: no format has bends."""
        bent = [run for run in runs if self._bending.of(run.run_id)]
        if bent:
            self.failed.emit(bent_message(bent[0]), "")
        return bool(bent)

    def _fetch(
        self,
        wanted: Sequence[tuple[str, Position | None]],
        begin: Callable[[tuple[Snapshot, ...]], None],
        fetched: tuple[Snapshot, ...] = (),
    ) -> None:
        """Fetch the weights of runs at positions, one after the other, and begin with them."""
        if not wanted:
            begin(fetched)
            return

        def proceed(snapshot: Snapshot, _: Position | None) -> None:
            self._fetch(wanted[1:], begin, (*fetched, snapshot))

        self._weights.ask(FetchSnapshot(*wanted[0]), proceed, lambda message: self._on_failed(message, ""))

    def _run(self, export: Callable[[], Generator[ExportStage, None, Exported | ExportedLog]]) -> None:
        self._begin(BackgroundJob(export, _("The export failed")), between_turns=True)
