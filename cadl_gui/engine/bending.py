"""The one home of what a hand has bent: the bends of each run."""

from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.bends import Bends
from cadl_gui.engine.run import Run


class Bending(QObject):
    """Bends last as long as the run is open, and are never written anywhere.

    Signals:
        changed: (str) other bends are in force for the run of that id.
    """

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._bends: dict[str, Bends] = {}

    def of(self, run_id: str) -> Bends:
        """Those in force; () where nothing is bent."""
        return self._bends.get(run_id, ())

    def bend(self, run_id: str, bends: Bends) -> None:
        """Let these be in force, and no others; () lets the network be as it learned."""
        if bends != self.of(run_id):
            self._bends[run_id] = bends
            self.changed.emit(run_id)


def bent_message(run: Run) -> str:
    """Why a bent run is not written."""
    return f"{run.letter} {run.description.name} is bent; reset the bends before saving."
