"""Bends the runs of the window."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.bends import Bends
from cadl_gui.engine.run import Run
from cadl_gui.engine.run_list import RunList
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _


class Bending(QObject):
    """The bends of each run, which are in the view; checkpoints never have them.

    Args:
        view: has the bends, by key of the run.
        runs: knows the keys.

    Signals:
        changed: (run_id) the bends of this run have changed.
    """

    changed = Signal(str)

    def __init__(self, view: ViewState, runs: RunList) -> None:
        super().__init__()
        self._view = view
        self._runs = runs
        self._told: dict[str, Bends] = {}
        view.bind(self, self.of_all, self._tell)

    def of(self, run_id: str) -> Bends:
        """Return the bends of a run; () if it has none."""
        run = self._runs.find_restorable(run_id)
        return () if run is None else self._view.value.chosen(self._runs.key(run)).bends

    def bend(self, run_id: str, bends: Bends, gesture: int = 0) -> None:
        """Replace all bends of an open run, which can be undone; () restores the trained network."""
        if (run := self._runs.find(run_id)) is not None:
            of_run = self._view.value.with_run(self._runs.key(run), bends=bends)
            self._view.change(
                of_run=of_run, undo=_("change to {name}").format(name=run.description.name), gesture=gesture
            )

    @Slot()
    def reset(self) -> None:
        """Restore all networks as they were trained, which can be undone."""
        of_run = {key: replace(chosen, bends=()) for key, chosen in self._view.value.of_run.items()}
        self._view.change(of_run=of_run, undo=_("changes to all networks"))

    def of_all(self) -> dict[str, Bends]:
        """Return the bends of all bent runs, by key, be they open or not."""
        return {key: chosen.bends for key, chosen in self._view.value.of_run.items() if chosen.bends}

    @Slot()
    def _tell(self) -> None:
        before, self._told = self._told, self.of_all()
        for key in {**before, **self._told}:
            if before.get(key) != self._told.get(key) and (run := self._runs.find_key(key)) is not None:
                self.changed.emit(run.run_id)


def bent_message(run: Run, before: str = "saving") -> str:
    """Return the message that explains why a bent run cannot be saved, or what else has to wait."""
    return _("{letter} {name} is modified; undo all changes before {before}.").format(
        letter=run.letter, name=run.description.name, before=before
    )
