"""What the classifier that is shown confuses, at the kept position that is shown."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.probes import Probes
from cadl_gui.core.requests import FetchSnapshot, Reply
from cadl_gui.engine.engine import Engine

if TYPE_CHECKING:
    from cadl_gui.core.bends import Bends
    from cadl_gui.core.position import Position

_CHANNEL = "judgements"


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
        self._asked: tuple[str, Position, Bends] | None = None
        engine.view.run_changed.connect(self._on_run_changed)
        engine.view.position_changed.connect(self._on_position_changed)
        engine.replied.connect(self._on_replied)

    @Slot()
    def _on_run_changed(self) -> None:
        self._asked = None

    @Slot()
    def _on_position_changed(self) -> None:
        view = self._engine.view
        run = view.run
        if run is None or not run.description.configuration.is_classifier:
            return
        kept = [position for position in run.recorded if position <= view.position]
        asked = (run.run_id, kept[-1], self._engine.bending.of(run.run_id)) if kept else None
        if asked is None or self._asked == asked:
            return
        self._asked = asked
        self._engine.ask(FetchSnapshot(_CHANNEL, run.run_id, kept[-1]))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        request = reply.request
        if request.channel != _CHANNEL or (request.run_id, request.position, request.bends) != self._asked:
            return
        if reply.sentence:
            self.failed.emit(reply.sentence)
        elif reply.value.probes is not None or request.bends:
            # What was recorded is not true of a bent network, and must not stay.
            self.arrived.emit(reply.position, reply.value.probes or Probes())
