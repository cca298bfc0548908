"""Holds the bends of each run."""

from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.bends import Bends
from cadl_gui.engine.run import Run


class Bending(QObject):
    """The bends of each run, for as long as the run is open; they are never saved.

    Signals:
        changed: (run_id) the bends of this run have changed.
    """

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._bends: dict[str, Bends] = {}

    def of(self, run_id: str) -> Bends:
        """Return the bends of a run; () if it has none."""
        return self._bends.get(run_id, ())

    def bend(self, run_id: str, bends: Bends) -> None:
        """Replace all bends of a run; () restores the trained network."""
        if bends != self.of(run_id):
            self._bends[run_id] = bends
            self.changed.emit(run_id)


def bent_message(run: Run, before: str = "saving") -> str:
    """Return the message that explains why a bent run cannot be saved, or what else has to wait."""
    return f"{run.letter} {run.description.name} is modified; undo all changes before {before}."
