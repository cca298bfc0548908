"""What the classifier that is shown confuses, at the kept position that is shown."""

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.probes import Probes
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.kept_probes import KeptProbes


class Judgements(QObject):
    """Follows the view state and fetches the probes of the newest kept position up to there.

    Confusion and mistakes are recorded with each kept position, since they take too long to compute while a
    hand drags. Between two of them the earlier one stays.

    Signals:
        arrived: (`Position`, `Probes`) what is to be shown from now on.
        failed: (str) why nothing could be fetched.
    """

    arrived = Signal(object, object)
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._kept = KeptProbes(engine, self._on_snapshot, self.failed.emit, self)
        engine.view.run_changed.connect(self._on_run_changed)
        engine.view.position_changed.connect(self._on_position_changed)

    @Slot()
    def _on_run_changed(self) -> None:
        self._kept.forget()

    @Slot()
    def _on_position_changed(self) -> None:
        view = self._engine.view
        run = view.run
        if run is not None and run.description.config.model.is_classifier:
            self._kept.fetch(run, view.position)

    def _on_snapshot(self, snapshot: Snapshot, position: Position | None) -> None:
        run = self._engine.view.run
        is_bent = run is not None and bool(self._engine.bending.of(run.run_id))
        if snapshot.probes is not None or is_bent:
            # What was recorded is not true of a bent network, and must not stay.
            self.arrived.emit(position, snapshot.probes or Probes())
