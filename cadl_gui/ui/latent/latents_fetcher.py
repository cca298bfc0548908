"""The latent vectors of the test images at the recorded position shown."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Encode
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.artifacts_fetcher import ArtifactsFetcher
from cadl_gui.ui.tab_run import TabRun


class LatentsFetcher(QObject):
    """Fetches the evaluation artifacts of the newest recorded position up to the one shown.

    Args:
        engine: Supplies the artifacts.
        shown: The run and position to track.

    Signals:
        arrived: (`Position`, `EvaluationArtifacts`, bool) The artifacts to show, and whether they are of test
            images, with labels or without; else they are of the run's examples.
        failed: (str) A sentence saying why nothing could be fetched.
    """

    arrived = Signal(object, object, bool)
    failed = Signal(str)

    def __init__(self, engine: Engine, shown: TabRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._retained = ArtifactsFetcher(engine, self._on_snapshot, self.failed.emit, self)
        shown.position_changed.connect(self.fetch)

    @Slot()
    def fetch(self) -> None:
        """Request the artifacts, unless they were requested already."""
        run = self._shown.run
        if run is None:
            self._retained.forget()
        else:
            self._retained.fetch(run, self._shown.position or run.newest)

    def _on_snapshot(self, snapshot: Snapshot, position: Position | None) -> None:
        if snapshot.artifacts is not None and snapshot.artifacts.latents is not None:
            self.arrived.emit(position, snapshot.artifacts, True)
        else:
            self._encode_examples(position)

    def _encode_examples(self, position: Position | None) -> None:
        """Encode the run's examples instead, since a checkpoint has no evaluation artifacts."""
        run = self._shown.run
        if run is not None and run.description.examples is not None:
            request = Encode(run.run_id, position, run.description.examples)
            self._retained.client.ask(request, self._on_latents, self.failed.emit)

    def _on_latents(self, latents: NDArray[np.float32], position: Position | None) -> None:
        self.arrived.emit(position, EvaluationArtifacts(latents=latents.astype(np.float16)), False)
