"""What was recorded beside weights, at the newest recorded position up to the one that is shown."""

from PySide6.QtCore import QObject

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient, OnAnswer, OnFailure
from cadl_gui.engine.run import Run
from cadl_gui.engine.weights_ref import WeightsRef


class ArtifactsFetcher(QObject):
    """Asks for them once.

    Probes take too long to compute while a hand drags; between two recorded positions those of the earlier
    one stay.

    Attributes:
        client: to ask more about the weights that were asked for last.

    Args:
        engine: that is asked.
        on_snapshot: gets the weights at that position, with their probes, if any are kept.
        on_failure: gets a sentence: why there are none.
    """

    def __init__(
        self,
        engine: Engine,
        on_snapshot: OnAnswer[Snapshot],
        on_failure: OnFailure,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._on_snapshot = on_snapshot
        self._on_failure = on_failure
        self._asked: WeightsRef | None = None
        self.client = InferenceClient(engine.inference, self, lambda: self._asked)

    def fetch(self, run: Run, position: Position) -> None:
        """Ask for those up to this position of a run, unless that was asked last."""
        retained = run.retained_until(position)
        asked = (
            None if retained is None else WeightsRef.of(run, retained, self._engine.bending.of(run.run_id))
        )
        if asked == self._asked:
            return
        self._asked = asked
        if asked is not None:
            request = FetchSnapshot(asked.run_id, asked.position)
            self.client.ask(request, self._on_snapshot, self._on_failure)

    def forget(self) -> None:
        """Want nothing of what was asked for."""
        self._asked = None
