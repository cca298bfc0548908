"""The one home of what a hand has bent: for each run its bends, with undo and redo."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.bends import BendHistory, Bends
from cadl_gui.engine.run import Run


class Bending(QObject):
    """Bends last as long as the run is open, and are never written anywhere.

    Signals:
        changed: (str) other bends are in force for the run of that id.
    """

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._histories: dict[str, BendHistory] = {}

    def of(self, run_id: str) -> Bends:
        """Those in force; () where nothing is bent."""
        return self.history(run_id).bends

    def history(self, run_id: str) -> BendHistory:
        """Of one run, to be read."""
        return self._histories.get(run_id) or BendHistory()

    def bend(self, run_id: str, bends: Bends, *, goes_on: bool = False) -> None:
        """Let these be in force, and no others; see `BendHistory.put`."""
        self._change(run_id, lambda history: history.put(bends, goes_on=goes_on))

    def undo(self, run_id: str) -> None:
        """Take back the last change."""
        self._change(run_id, BendHistory.undo)

    def redo(self, run_id: str) -> None:
        """Do again what was undone last."""
        self._change(run_id, BendHistory.redo)

    def straighten(self, run_id: str) -> None:
        """Let the network be as it learned; can be undone."""
        self.bend(run_id, ())

    def _change(self, run_id: str, change: Callable[[BendHistory], None]) -> None:
        history = self._histories.setdefault(run_id, BendHistory())
        before = history.bends
        change(history)
        if history.bends != before:
            self.changed.emit(run_id)


def bent_sentence(run: Run) -> str:
    """Why a bent run is not written."""
    return (
        f"{run.letter} {run.description.name} is bent, and files hold networks as they learned: "
        "straighten it first."
    )
