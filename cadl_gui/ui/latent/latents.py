"""Where the network that is shown puts the test pictures, at the kept position that is shown."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.probes import Probes
from cadl_gui.domain.requests import Encode
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.kept_probes import KeptProbes
from cadl_gui.ui.suited_run import SuitedRun


class Latents(QObject):
    """Follows a tab's run and fetches the probes of the newest kept position up to the one shown.

    Args:
        engine: that is asked.
        shown: run and position to follow.

    Signals:
        arrived: (`Position`, `Probes`) what is to be shown from now on.
        failed: (str) why nothing could be fetched.
    """

    arrived = Signal(object, object)
    failed = Signal(str)

    def __init__(self, engine: Engine, shown: SuitedRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._kept = KeptProbes(engine, self._on_snapshot, self.failed.emit, self)
        shown.position_changed.connect(self.fetch)

    @Slot()
    def fetch(self) -> None:
        """Ask for what is to be shown, unless it was asked for already."""
        run = self._shown.run
        if run is None:
            self._kept.forget()
        else:
            self._kept.fetch(run, self._shown.position or run.newest)

    def _on_snapshot(self, snapshot: Snapshot, position: Position | None) -> None:
        if snapshot.probes is not None and snapshot.probes.latents is not None:
            self.arrived.emit(position, snapshot.probes)
        else:
            self._encode_examples(position)

    def _encode_examples(self, position: Position | None) -> None:
        """A checkpoint brings no probes; a run's examples show at least where its data lie."""
        run = self._shown.run
        if run is not None and run.description.examples is not None:
            request = Encode(run.run_id, position, run.description.examples)
            self._kept.client.ask(request, self._on_codes, self.failed.emit)

    def _on_codes(self, codes: NDArray[np.float32], position: Position | None) -> None:
        self.arrived.emit(position, Probes(latents=codes.astype(np.float16)))
