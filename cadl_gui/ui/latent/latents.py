"""Where the network that is shown puts the test pictures, at the kept position that is shown."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.probes import Probes
from cadl_gui.core.requests import Encode, FetchSnapshot, Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.suited_run import SuitedRun

if TYPE_CHECKING:
    from cadl_gui.core.bends import Bends
    from cadl_gui.core.position import Position

_CHANNEL = "latents"


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
        self._engine = engine
        self._shown = shown
        self._asked: tuple[str, Position, Bends] | None = None
        shown.position_changed.connect(self.fetch)
        engine.replied.connect(self._on_replied)

    @Slot()
    def fetch(self) -> None:
        """Ask for what is to be shown, unless it was asked for already."""
        run = self._shown.run
        if run is None:
            self._asked = None
            return
        position = self._shown.position or run.newest
        kept = [recorded for recorded in run.recorded if recorded <= position]
        asked = (run.run_id, kept[-1], self._shown.bends) if kept else None
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
        elif isinstance(request, Encode):
            self.arrived.emit(reply.position, Probes(latents=reply.value.astype(np.float16)))
        elif reply.value.probes is not None and reply.value.probes.latents is not None:
            self.arrived.emit(reply.position, reply.value.probes)
        else:
            self._encode_examples()

    def _encode_examples(self) -> None:
        """A checkpoint brings no probes; a run's examples show at least where its data lie."""
        run = self._shown.run
        if run is not None and run.description.examples is not None and self._asked is not None:
            run_id, position, _ = self._asked
            self._engine.ask(Encode(_CHANNEL, run_id, position, run.description.examples))
