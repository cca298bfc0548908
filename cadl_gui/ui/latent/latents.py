"""Where the network that is shown puts the test pictures, at the kept position that is shown."""

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.probes import Probes
from cadl_gui.core.requests import Encode, Reply, Request
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.kept_probes import KeptProbes
from cadl_gui.ui.suited_run import SuitedRun

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
        self._kept = KeptProbes(engine, _CHANNEL)
        shown.position_changed.connect(self.fetch)
        engine.replied.connect(self._on_replied)

    @Slot()
    def fetch(self) -> None:
        """Ask for what is to be shown, unless it was asked for already."""
        run = self._shown.run
        if run is None:
            self._kept.forget()
        else:
            self._kept.fetch(run, self._shown.position or run.newest)

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        if not self._kept.answers(reply):
            return
        if reply.sentence:
            self.failed.emit(reply.sentence)
        elif isinstance(reply.request, Encode):
            self.arrived.emit(reply.position, Probes(latents=reply.value.astype(np.float16)))
        elif reply.value.probes is not None and reply.value.probes.latents is not None:
            self.arrived.emit(reply.position, reply.value.probes)
        else:
            self._encode_examples(reply.request)

    def _encode_examples(self, fetched: Request) -> None:
        """A checkpoint brings no probes; a run's examples show at least where its data lie."""
        run = self._shown.run
        if run is not None and run.description.examples is not None:
            examples = run.description.examples
            self._engine.ask(Encode(_CHANNEL, fetched.run_id, fetched.position, examples))
